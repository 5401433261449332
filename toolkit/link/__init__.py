"""Clean tables to links: one module a view, each with its own null."""

from __future__ import annotations

from toolkit.link.run import link

__all__ = ["link"]
