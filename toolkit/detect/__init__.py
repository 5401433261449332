"""Links to communities, and communities to refined candidate rings."""

from __future__ import annotations

from toolkit.detect.run import detect

__all__ = ["detect"]
