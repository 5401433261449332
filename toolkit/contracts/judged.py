"""What one evidence family says about each candidate ring; the frame that every module of `score` gives."""

from __future__ import annotations

from typing import Final

import polars as pl

JUDGED: Final = pl.Schema(
    {
        "candidate": pl.UInt32,
        "family": pl.String,  # one of contracts.results.FAMILIES
        "test": pl.String,
        "observed": pl.Float64,
        "expected": pl.Float64,
        "surprise": pl.Float64,  # -log10 p after every correction that the test owes
        "kind": pl.String,  # token kind behind it, null where it is a test of the whole ring
        "token": pl.UInt32,
        "note": pl.String,  # numbers for the sentence, in words
    }
)
"""One row a candidate and test."""


def empty() -> pl.DataFrame:
    """No verdict."""
    return pl.DataFrame(schema=JUDGED)
