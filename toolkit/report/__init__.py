"""Dossiers to files: CSV, JSON, Markdown, XLSX, GraphML and a statement of reasons per seller."""

from __future__ import annotations

from toolkit.report.json_book import ring_json
from toolkit.report.markdown import ring_text
from toolkit.report.write import FORMATS, check, write

__all__ = ["FORMATS", "check", "ring_json", "ring_text", "write"]
