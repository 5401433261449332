"""One tail for every test that counts successes among trials."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy import stats

from toolkit.contracts.judged import JUDGED


def binomial(rings: pl.DataFrame, family: str, test: str, trials: str) -> pl.DataFrame:
    """A verdict a candidate: x of n at p0, as -log10 of the binomial tail; observed and expected are shares.

    Args:
        rings: candidate, n, x (rounded down), p0.
        family: Evidence family.
        test: Name of the test.
        trials: What one trial is, for the note.
    """
    n, p0 = rings["n"].to_numpy(), rings["p0"].to_numpy().clip(1e-6, 0.99)
    x = np.floor(rings["x"].to_numpy() + 1e-9)
    tail = -stats.binom.logsf(x - 1, n, p0) / np.log(10)
    return rings.select(
        "candidate",
        family=pl.lit(family),
        test=pl.lit(test),
        observed=pl.Series(x / np.maximum(n, 1)),
        expected=pl.Series(p0),
        surprise=pl.Series(tail),
        kind=pl.lit(None, pl.String),
        token=pl.lit(None, pl.UInt32),
        note=pl.format("{} of {} " + trials, pl.Series(x.astype(np.int64)), pl.Series(n.astype(np.int64))),
    ).cast(JUDGED)
