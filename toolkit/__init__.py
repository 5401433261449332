"""Find groups of marketplace accounts that act together, and show the evidence row by row."""

from __future__ import annotations

__version__ = "0.1.0"
