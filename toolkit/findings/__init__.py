"""Findings about sellers and listings that are not rings: brushing, virtual orders, subsidies, categories, messages."""

from toolkit.findings.assembly import FindingSet
from toolkit.findings.finder import find

__all__ = ["FindingSet", "find"]
