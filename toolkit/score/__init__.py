"""Candidate rings to scored, named and explained rings."""

from __future__ import annotations

from toolkit.score.run import Scored, score

__all__ = ["Scored", "score"]
