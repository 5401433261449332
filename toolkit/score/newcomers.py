"""Births given a code: accounts made for a newcomers' code are as old as its use, whoever made them.

Of a group that uses codes beyond chance, as many accounts are expected to be made on one day as the lags of the codes'
other users, from birth to use, would have made its members' uses fall back on it, by the one code that explains
most: those of a code for everybody are of any age. Null: Poisson at the larger of that and of the share of all
accounts. Cost: the codes' users.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy import stats

from toolkit.config import DAY

if TYPE_CHECKING:
    from toolkit.score.scope import Scope

CODES: Final = "voucher"
BIRTHS: Final = "created_on"


def given_codes(scope: Scope, values: pl.DataFrame) -> pl.DataFrame:
    """The values, with births expected of those who use the candidates' codes."""
    births = values.filter(pl.col("kind") == BIRTHS)
    codes = values.filter(pl.col("kind") == CODES).select("candidate", code="token")
    if not births.height or not codes.height:
        return values
    told = births.join(_expected(scope, births, codes), on=["candidate", "token"], how="left")
    told = told.with_columns(more=pl.max_horizontal("expected", pl.col("by_use").fill_null(0.0)))
    less = _surprise(told, "expected") - _surprise(told, "more")
    told = told.with_columns(pl.col("surprise") - less, pl.col("raw") - less, expected="more")
    rest = values.filter(pl.col("kind") != BIRTHS)
    return pl.concat([rest, told.select(values.columns)]).sort("candidate", "kind", "token")


def _expected(scope: Scope, births: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """candidate, token (day), by_use: members that their uses and the others' lags would have made on that day."""
    made = scope.linked.tokens[BIRTHS].frame.select("buyer", made="token")
    used = scope.linked.tokens[CODES].frame.select("buyer", code="token", day=pl.col("at") // DAY)
    first = used.group_by("buyer", "code").agg(pl.col("day").min()).join(made, on="buyer")
    uses = codes.join(first, on="code").with_columns(lag=pl.col("day") - pl.col("made").cast(pl.Int64))
    keys, of_code = ["candidate", "buyer"], ["candidate", "code"]
    members = scope.candidates.members.select(keys)
    others = uses.join(members, on=keys, how="anti")
    lags = others.group_by(*of_code, "lag").agg(y=pl.len())
    lags = lags.select(*of_code, "lag", share=pl.col("y") / pl.col("y").sum().over(of_code))
    ours = uses.join(members, on=keys).select("candidate", "code", "day")
    fallen = births.select("candidate", "token").join(ours, on="candidate")
    fallen = fallen.with_columns(lag=pl.col("day") - pl.col("token").cast(pl.Int64)).join(lags, on=[*of_code, "lag"])
    by_code = fallen.group_by(*of_code, "token").agg(by_use=pl.col("share").sum())
    return by_code.group_by("candidate", "token").agg(pl.col("by_use").max())


def _surprise(told: pl.DataFrame, expected: str) -> pl.Series:
    """-log10 of the Poisson tail of k at that expected count."""
    tail = stats.poisson.logsf(told["k"].to_numpy().astype(np.float64) - 1.0, told[expected].to_numpy())
    return pl.Series(-tail / np.log(10.0))
