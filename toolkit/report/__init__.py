"""Results to dossiers, and dossiers to files."""
