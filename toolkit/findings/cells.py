"""Groups of orders that honest trade alone would not have filled, and how likely each of their orders is honest.

A cell is what one ring ordered at one shop, or what one shop sold in one campaign. Where it holds n orders and honest
trade would have brought e, an order drawn from it at random is honest at odds of e to n - e. Each mark that the cell
has in excess moves these odds by its likelihood ratio, whether the order has it or not: that is a local false discovery
rate (Efron 2001) of one order, and it is what decides whether the order is named.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.findings.signal import excess

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.signal import Marked, Signal

_MORE: Final = 0.5
"""Honest orders on top of what was expected (the prior of Jeffreys for a Poisson count): no estimate excludes one."""
_MOST_BITS: Final = 6.0
"""Most that one reason adds to the score: one in a million, past which the model and not chance decides."""
ORDERS: Final = pl.Schema({"row": pl.UInt32, "cell": pl.UInt32, "n": pl.Float64, "expected": pl.Float64})
"""An order of a cell; n orders around it are in the cell, of which honest trade would have brought `expected`."""
REASONS: Final = pl.Schema({"row": pl.UInt32, "reason": pl.String, "weight": pl.Float64})


@dataclass(frozen=True)
class Cells:
    """Cells of one kind.

    Attributes:
        reasons: What being in one of them says of an order, keys of `signal.FAMILIES`.
        orders: `ORDERS`; a row is in one cell of a kind at most.
    """

    reasons: tuple[str, ...]
    orders: pl.DataFrame


@dataclass(frozen=True)
class Judged:
    """What cells say of their orders.

    Attributes:
        odds: row, cell, odds (natural logarithm) that the order is none of the honest ones.
        marks: row, cell, reason, weight of marks that are in excess in their cell.
    """

    odds: pl.DataFrame
    marks: pl.DataFrame


def numbered(reasons: tuple[str, ...], orders: pl.DataFrame, by: list[str]) -> Cells:
    """Cells of orders (row, n, expected) that are alike in `by`; a row of several cells counts for the largest."""
    cells = orders.select(by).unique().sort(by).with_row_index("cell")
    placed = orders.join(cells, on=by).sort("row", "n", "cell", descending=[False, True, False])
    once = placed.unique("row", keep="first", maintain_order=True)
    return Cells(reasons, once.select(ORDERS.names()).cast(dict(ORDERS)))  # type: ignore[arg-type]


def judge(cells: Cells, everything: Marked, signals: list[Signal], settings: FindingSettings) -> Judged:
    """The odds of every order of the cells.

    Args:
        cells: The cells.
        everything: All orders with their marks.
        signals: Marks; one counts in a cell where it is in excess there against all other orders.
        settings: Thresholds.
    """
    if cells.orders.is_empty():
        none = pl.DataFrame(schema={"row": pl.UInt32, "cell": pl.UInt32, "odds": pl.Float64})
        return Judged(none, REASONS.to_frame().with_columns(cell=pl.lit(0, dtype=pl.UInt32)))
    own = cells.orders.select("row", "cell")
    placed = own.hstack(everything.orders.select("seller", "buyer")[own["row"]])
    found = excess(everything, signals, ("cell",), settings, orders=placed)
    counting = found.filter((pl.col("q_value") < settings.q_value) & (pl.col("marked") >= settings.fewest_orders))
    rarity = (-pl.col("rate").log10()).clip(0.0, _MOST_BITS).alias("weight")
    marks = [
        own.filter(everything.on(own["row"], f"{signal.reason}:marked")).join(
            counting.filter(pl.col("reason") == signal.reason).select("cell", "reason", rarity), on="cell"
        )
        for signal in signals
    ]
    return Judged(_log_odds(cells, everything, signals, counting), pl.concat(marks))


def named(cells: Cells, judged: Judged, settings: FindingSettings) -> pl.DataFrame:
    """`REASONS` of the orders that are honest with a chance under `settings.honest`."""
    least = math.log((1 - settings.honest) / settings.honest)
    sure = judged.odds.filter(pl.col("odds") > least)
    weight = (pl.col("odds") / math.log(10)).clip(0.0, _MOST_BITS).alias("weight")
    own = [sure.select("row", pl.lit(reason).alias("reason"), weight) for reason in cells.reasons]
    beside = judged.marks.join(sure.select("row"), on="row", how="semi").select("row", "reason", "weight")
    return pl.concat([*own, beside]).sort("row", "reason")


def _log_odds(cells: Cells, everything: Marked, signals: list[Signal], counting: pl.DataFrame) -> pl.DataFrame:
    """row, cell, odds: natural logarithm of the odds that an order is not of the honest ones.

    Of the made-up orders of a cell a share q has the mark: (marked - rate x honest) / (known - honest known), with half
    an order added on either side, which keeps it from 0 and 1.
    """
    part = ((pl.col("expected") + _MORE) / pl.col("n")).clip(upper_bound=0.99)
    start = cells.orders.select("row", "cell", honest=part)
    parts = [start.select("row", "cell", odds=((1 - pl.col("honest")) / pl.col("honest")).log())]
    ratios = _ratios(counting, start.group_by("cell").agg(pl.col("honest").mean()))
    for signal in signals:
        here = ratios.filter(pl.col("reason") == signal.reason).select("cell", "with_it", "without")
        seen = start.select("row", "cell").join(here, on="cell")
        if signal.known is not None:
            seen = seen.filter(everything.on(seen["row"], f"{signal.reason}:known"))
        seen = seen.with_columns(has=everything.on(seen["row"], f"{signal.reason}:marked"))
        parts.append(seen.select("row", "cell", odds=pl.when(pl.col("has")).then("with_it").otherwise("without")))
    return pl.concat(parts).group_by("row", "cell").agg(pl.col("odds").sum()).sort("row")


def _ratios(counting: pl.DataFrame, honest: pl.DataFrame) -> pl.DataFrame:
    """The counting marks with the logarithms of their likelihood ratios: of orders with the mark, and without."""
    made_up = pl.col("known") * (1 - pl.col("honest"))
    has = (pl.col("marked") - pl.col("rate") * pl.col("known") * pl.col("honest")).clip(0.0, made_up)
    q = (has + 0.5) / (made_up + 1.0)
    return counting.join(honest, on="cell").with_columns(
        with_it=(q / pl.col("rate")).log(), without=((1 - q) / (1 - pl.col("rate"))).log()
    )
