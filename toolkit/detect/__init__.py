"""Links to communities, and communities to refined candidate rings."""

from __future__ import annotations

from toolkit.detect.propose import propose
from toolkit.detect.run import detect, settle

__all__ = ["detect", "propose", "settle"]
