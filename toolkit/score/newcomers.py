"""Births given what a group does: accounts made for a newcomers' code, or just before they act, are of one age anyway.

Of a group that uses codes beyond chance, as many accounts are expected to be made on one day as the lags of the codes'
other users, from birth to use, would have made its members' uses fall back on it, by the one code that explains most:
those of a code for everybody are of any age. Newcomers act when they have come, so as many are expected as of all who
order while the group does, too. Null: Poisson at the largest of these and of the share of all accounts. Cost: the
users of these groups' codes; one sort of the orders of the days on which they act, and the orders in their windows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy import stats

from toolkit.config import DAY
from toolkit.ranges import Line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.score.scope import Scope

CODES: Final = "voucher"
BIRTHS: Final = "created_on"
AROUND: Final = 20.0
"""Accounts of prior weight with which births of who orders meanwhile are held near those of all."""


def given_uses(scope: Scope, values: pl.DataFrame) -> pl.DataFrame:
    """The values, with births expected of those who use the candidates' codes, and of those who act when they do."""
    births = values.filter(pl.col("kind") == BIRTHS)
    if not births.height:
        return values
    codes, keys = values.filter(pl.col("kind") == CODES).select("candidate", code="token"), ["candidate", "token"]
    codes = codes.join(births.select("candidate").unique(), on="candidate", how="semi")
    told = births.join(_by_lags(scope, births, codes), on=keys, how="left") if codes.height else births
    told = told.join(_by_time(scope, births), on=keys, how="left")
    others = [pl.col(name).fill_null(0.0) for name in ("by_use", "by_time") if name in told.columns]
    told = told.with_columns(more=pl.max_horizontal("expected", *others))
    less = _surprise(told, "expected") - _surprise(told, "more")
    told = told.with_columns(pl.col("surprise") - less, pl.col("raw") - less, expected="more")
    rest = values.filter(pl.col("kind") != BIRTHS)
    return pl.concat([rest, told.select(values.columns)]).sort("candidate", "kind", "token")


def _by_time(scope: Scope, births: pl.DataFrame) -> pl.DataFrame:
    """candidate, token (day), by_time: members made on that day, if as many were as of others who ordered meanwhile.

    Of the other accounts of the members' commonest region, from the candidate's first order on its values to its last.
    """
    if not scope.orders.height:
        return pl.DataFrame(schema={"candidate": pl.UInt32, "token": pl.UInt32, "by_time": pl.Float64})
    at = pl.col("ordered_at")
    ours = scope.orders.join(births.select("candidate").unique(), on="candidate", how="semi")
    spans = ours.group_by("candidate").agg(start=at.min(), end=at.max())
    spans = spans.join(_homes(scope), on="candidate").sort("candidate")
    acts = _meanwhile(scope, spans)
    line = Line.of(acts["region"], acts["ordered_at"])
    low, high = line.window(spans["region"], spans["start"], spans["end"])
    before = _before(acts["buyer"])
    # A window is looked at once a candidate with common births, of which there are few: nothing that long is made.
    people = [np.count_nonzero(before[first:last] < first) for first, last in zip(low, high, strict=True)]
    spans = spans.with_columns(people=pl.Series(people, dtype=pl.Float64))
    keys = ["candidate", "buyer"]
    members = scope.candidates.members.select(keys).join(spans, on="candidate")
    theirs = acts.join(members, on=["buyer", "region"]).filter(at.is_between("start", "end"))
    own = theirs.group_by("candidate").agg(own=pl.col("buyer").n_unique())
    made = scope.linked.tokens[BIRTHS].frame.select("token", "buyer")
    born = births.select("candidate", "token", "n", "expected").join(made, on="token").join(spans, on="candidate")
    there = acts.join(born.join(members, on=keys, how="anti"), on=["buyer", "region"])
    there = there.filter(at.is_between("start", "end")).join(own, on="candidate", how="left")
    counted = there.group_by("candidate", "token").agg(
        pl.col("n", "expected", "people").first(), pl.col("own").first().fill_null(0), born=pl.col("buyer").n_unique()
    )
    others = (pl.col("n") * pl.col("born") + AROUND * pl.col("expected")) / (pl.col("people") - pl.col("own") + AROUND)
    return counted.select("candidate", "token", by_time=others)


def _meanwhile(scope: Scope, spans: pl.DataFrame) -> pl.DataFrame:
    """region, buyer, ordered_at of the orders of days on which a candidate of the region acts, by region and time."""
    orders = scope.market.table("orders")
    first = int(orders["ordered_at"].min()) // DAY  # type: ignore[arg-type]
    day = (orders["ordered_at"] // DAY - first).cast(pl.Int32).to_numpy()
    days, region = int(day.max()) + 1, scope.linked.region[orders["buyer"].to_numpy()]
    acting = np.zeros((int(scope.linked.region.max()) + 1, days + 1), np.int64)
    where, starts, ends = (spans[name].to_numpy() for name in ("region", "start", "end"))
    np.add.at(acting, (where, starts // DAY - first), 1)
    np.subtract.at(acting, (where, ends // DAY - first + 1), 1)
    rows = np.flatnonzero((acting.cumsum(1) > 0)[region, day])
    seconds = orders["ordered_at"].gather(rows)
    acts = pl.DataFrame({"region": region[rows], "buyer": orders["buyer"].gather(rows), "ordered_at": seconds})
    return acts.sort(pl.col("region").cast(pl.Int64) * (1 << 34) + (pl.col("ordered_at") - first * DAY))


def _before(buyers: pl.Series) -> NDArray[np.int64]:
    """The place of the same buyer's act before; -1 where there is none."""
    acts = np.sort((buyers.to_numpy().astype(np.uint64) << np.uint64(32)) | np.arange(len(buyers), dtype=np.uint64))
    buyer, place = acts >> np.uint64(32), (acts & np.uint64((1 << 32) - 1)).astype(np.int64)
    again = np.flatnonzero(buyer[1:] == buyer[:-1])
    before = np.full(len(buyers), -1, np.int64)
    before[place[again + 1]] = place[again]
    return before


def _homes(scope: Scope) -> pl.DataFrame:
    """candidate, region: where most of the members order."""
    members = scope.candidates.members.select("candidate", "buyer")
    placed = members.with_columns(region=pl.Series(scope.linked.region)[members["buyer"]])
    counts = placed.group_by("candidate", "region").len().sort("candidate", "len", "region")
    return counts.unique("candidate", keep="last", maintain_order=True).drop("len")


def _by_lags(scope: Scope, births: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """candidate, token (day), by_use: members that their uses and the others' lags would have made on that day."""
    made = scope.linked.tokens[BIRTHS].frame.select("buyer", made="token")
    used = scope.linked.tokens[CODES].frame.join(codes.select(token="code").unique(), on="token", how="semi")
    first = used.group_by("buyer", code="token").agg(day=pl.col("at").min() // DAY).join(made, on="buyer")
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
