"""Benjamini-Hochberg over a family of which only the smallest p-values were computed."""

from __future__ import annotations

import numpy as np
import polars as pl


def q_values(surprise: pl.Series, family: float) -> pl.Series:
    """-log10 q of -log10 p, where `family` tests were possible and those not listed had p near 1.

    Source: Benjamini and Hochberg (1995), step-up; the family is every possible pair, not every pair seen.
    """
    values = surprise.to_numpy()
    order = np.argsort(-values, kind="stable")
    ranks = np.arange(1, values.size + 1)
    adjusted = values[order] + np.log10(ranks) - np.log10(max(family, 1.0))
    adjusted = np.maximum.accumulate(adjusted[::-1])[::-1]
    out = np.empty(values.size)
    out[order] = np.maximum(adjusted, 0.0)
    return pl.Series("q_surprise", out)


def validated(pairs: pl.DataFrame, family: float, rate: float) -> pl.DataFrame:
    """The pairs whose q-value is at most `rate`, with `q_surprise`."""
    return pairs.with_columns(q_values(pairs["surprise"], family)).filter(pl.col("q_surprise") >= -np.log10(rate))
