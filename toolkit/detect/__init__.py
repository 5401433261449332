"""Links to communities, and communities to refined candidate rings."""
