"""Engines and stores behind the ports; same file names in each."""
