"""What share of rings that score this high a null world would bring: the q-value of a ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from toolkit.contracts.results import ALERT_TIERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def calibrated(rings: pl.DataFrame, worlds: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The rings with their q-values.

    q = (1 + rings of all null worlds that score as high) / (1 + worlds) / (rings that score as high), made monotone,
    at most 1. Alerts are compared with alerts, leads with all rings. With few worlds q can't be small: the 1 is the
    real world, which might have been one of them (Phipson and Smyth 2010).

    Args:
        rings: tier, score, q_value, and whatever else there is.
        worlds: tier, score of the rings of each null world.
    """
    columns = pl.Schema({"tier": pl.String, "score": pl.Float64})
    parts = [world.select(columns.names()).cast(columns) for world in worlds]
    null = pl.concat([pl.DataFrame(schema=columns), *parts])
    alert, null_alert = (frame["tier"].is_in(ALERT_TIERS).to_numpy() for frame in (rings, null))
    scores, chance = rings["score"].to_numpy(), null["score"].to_numpy()
    values = _shares(scores, chance, len(worlds))
    values[alert] = _shares(scores[alert], chance[null_alert], len(worlds))
    return rings.with_columns(q_value=pl.Series(values, dtype=pl.Float64).round_sig_figs(9))


def _shares(scores: NDArray[np.float64], null: NDArray[np.float64], worlds: int) -> NDArray[np.float64]:
    """Q of each score, in the order given."""
    ascending = np.sort(scores)
    as_high = scores.size - np.searchsorted(ascending, ascending, "left")
    by_chance = null.size - np.searchsorted(np.sort(null), ascending, "left")
    share = np.minimum((1.0 + by_chance) / (1.0 + worlds) / np.maximum(as_high, 1), 1.0)
    monotone = np.minimum.accumulate(share)  # a higher score never has a larger q
    return np.asarray(monotone[np.searchsorted(ascending, scores, "left")])
