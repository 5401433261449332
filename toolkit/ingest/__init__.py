"""Exports to clean tables: read, map, clean, quarantine."""
