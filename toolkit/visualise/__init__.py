"""Dossiers to pages: the only place that knows pyvis and the browser bundle."""

from __future__ import annotations

from toolkit.visualise.write import write

__all__ = ["write"]
