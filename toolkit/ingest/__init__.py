"""Exports to clean tables: read, map, clean, quarantine."""

from toolkit.ingest.folder import ingest

__all__ = ["ingest"]
