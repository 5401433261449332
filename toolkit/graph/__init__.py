"""A case as nodes and relationships."""
