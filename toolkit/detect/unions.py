"""Candidates in which two things were taken for one: a ring and the crowd of a sale, or two rings that share a target.

The larger a market, the more of its listings are joined by chance, and of two groups in one candidate the sum of the
evidence is always the larger. So it is asked whether those whom another candidate holds as well fit better into that
one, and what the rest is by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from toolkit.config import DetectSettings

PAIR: Final = ["candidate", "part"]


def leftovers(members: pl.DataFrame, asked: pl.Series, settings: DetectSettings) -> pl.DataFrame:
    """candidate, buyer, part, whole, there: who is left of a candidate without the part that fits elsewhere.

    Args:
        members: candidate, buyer, margin.
        asked: The candidates to ask about.
        settings: Thresholds.

    Returns:
        `part` is the candidate, weaker in sum, into which the accounts that both hold fit best, and better than into
        this one; `there` their margins in it, `whole` all margins in this one.
    """
    lean = members.select("candidate", "buyer", "margin")
    these = lean.filter(pl.col("candidate").is_in(asked.implode()))
    pairs = these.join(lean.rename({"candidate": "part"}), on="buyer").filter(pl.col("candidate") != pl.col("part"))
    sums = {"common": pl.len(), "here": _sum("margin"), "there": _sum("margin_right")}
    sizes = lean.group_by("candidate").agg(size=pl.len(), whole=_sum("margin"))
    both = pairs.group_by(PAIR).agg(**sums).join(sizes, on="candidate")
    both = both.join(sizes.rename({"candidate": "part"}), on="part")
    same = pl.col("common") >= settings.overlap * pl.min_horizontal("size", "size_right")
    both = both.with_columns(gain=pl.col("there") - pl.col("here"))
    weaker = (pl.col("whole_right") < pl.col("whole")) & (pl.col("gain") > 0.0)
    fits = both.filter(same & weaker & (pl.col("size") - pl.col("common") >= settings.smallest))
    best = fits.sort("candidate", "gain", "part", descending=[False, True, False]).unique("candidate", keep="first")
    rest = these.join(best.select(*PAIR, "whole", "there"), on="candidate")
    rest = rest.join(lean.select("buyer", part="candidate"), on=["part", "buyer"], how="anti")
    return rest.select("candidate", "buyer", "part", "whole", "there").sort("candidate", "buyer")


def fallen(rest: pl.DataFrame, alone: pl.DataFrame, values: pl.DataFrame, held: pl.DataFrame, name: float) -> pl.Series:
    """The candidates whose part and rest hold as much evidence apart as together.

    Each value that both hold is said twice, and costs what it takes to name it: the halves of one ring hold the same
    things, two things that were taken for one hardly any.

    Args:
        rest: As `leftovers` gives it.
        alone: candidate, margin: the members of what was left when it was asked by itself.
        values: candidate, kind, token: what candidates hold.
        held: The same of what was left.
        name: Log odds that it costs to name a value.
    """
    pairs = rest.unique("candidate").select(*PAIR, "whole", "there")
    value = ["kind", "token"]
    shared = pairs.join(values.select("candidate", *value), left_on="part", right_on="candidate")
    shared = shared.join(held.select("candidate", *value), on=["candidate", *value])
    twice = shared.group_by("candidate").agg(twice=pl.len())
    totals = alone.group_by("candidate").agg(total=_sum("margin"))
    told = pairs.join(totals, on="candidate", how="left").join(twice, on="candidate", how="left")
    apart = pl.col("there") + pl.col("total").fill_null(0.0) - name * pl.col("twice").fill_null(0)
    return told.filter(apart >= pl.col("whole"))["candidate"].sort()


def _sum(margins: str) -> pl.Expr:
    """The sum of margins, the same in whatever order they are added up."""
    return pl.col(margins).sort().sum()
