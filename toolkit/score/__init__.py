"""Candidate rings to scored, named and explained rings."""

from __future__ import annotations

from toolkit.score.run import Scored, score, standing

__all__ = ["Scored", "score", "standing"]
