"""A signal: orders that have a mark, out of the orders of which it is known whether they have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.findings.tails import benjamini_hochberg, mixed_tail, spread_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.contracts.finding_settings import FindingSettings

FAMILIES: Final[dict[str, str]] = {
    "seller_funded": "funding",
    "linked_with_seller": "identity",
    "ring_member": "co_behaviour",
    "brushing_window": "co_behaviour",
    "linked_beyond_chance": "co_behaviour",
    "shared_in_ring": "identity",
    "campaign_rush": "subsidy",
    "at_minimum_spend": "subsidy",
    "voucher_reused": "subsidy",
    "at_voucher_cap": "subsidy",
    "same_odd_amount": "subsidy",
    "delivered_within_minutes": "fulfilment",
    "undone_after_subsidy": "fulfilment",
    "undone": "fulfilment",
    "voucher_shared_in_ring": "subsidy",
    "reviewed": "review",
    "light_parcel": "weight",
    "tracking_reused": "tracking",
}
"""Reason -> the independent thing that it is observed by. Two reasons of one family count as one."""
SELLERS_HAND: Final = (
    "seller_funded",
    "linked_with_seller",
    "light_parcel",
    "tracking_reused",
    "delivered_within_minutes",
)
"""Reasons that need the seller's own hand: a competitor can place orders and cancel them, not pack or fund them."""
_GATHERED: Final = "_gathered"


@dataclass(frozen=True)
class Signal:
    """One mark on orders.

    Attributes:
        reason: Its name, a key of `FAMILIES`.
        marked: Places of the orders that have it.
        known: Places of the orders that it was looked for on; all where None.
        counted: Places of the marked orders to which it counts where it is in excess; all marked where None.
    """

    reason: str
    marked: pl.Series
    known: pl.Series | None = None
    counted: pl.Series | None = None


@dataclass(frozen=True)
class Marked:
    """Every order with its marks, and how much sellers differ in each: what any groups are compared with.

    Attributes:
        orders: row (its place), seller, buyer, and whatever groups are made of.
        flags: Of each signal two columns: whether it was looked for on the order, where not on all, and whether it is
            there.
        sellers: Marked and known orders of each seller.
        spreads: Reason -> correlation within sellers. Rings are few, and picked because they stand out.
    """

    orders: pl.DataFrame
    flags: pl.DataFrame
    sellers: pl.DataFrame
    spreads: dict[str, float]

    @classmethod
    def of(cls, orders: pl.DataFrame, signals: list[Signal]) -> Marked:
        """Look once at where each signal is."""
        columns = {f"{signal.reason}:marked": signal.marked for signal in signals}
        columns |= {f"{signal.reason}:known": signal.known for signal in signals if signal.known is not None}
        flags = pl.DataFrame({name: _at(rows, orders.height) for name, rows in columns.items()})
        sellers = _counts(orders.select("seller").hstack(flags), signals, ("seller",))
        spreads = {signal.reason: _spread(sellers, signal.reason) for signal in signals}
        return cls(orders, flags, sellers, spreads)

    def on(self, rows: pl.Series, name: str) -> pl.Series:
        """Of each of these places whether a flag is there."""
        return self.flags[name].gather(rows)


def excess(
    marked: Marked,
    signals: list[Signal],
    by: tuple[str, ...],
    settings: FindingSettings,
    *,
    orders: pl.DataFrame | None,
) -> pl.DataFrame:
    """Where each signal is commoner than in the rest of the market, allowing for how much groups differ anyway.

    Args:
        marked: All orders.
        signals: Those of its signals that are asked about.
        by: Columns; the orders that are alike in them form its groups, those with a null in them are in none.
        settings: Thresholds.
        orders: row, seller, buyer and the columns of `by`, of the orders that are in groups; all where None.

    Returns:
        reason, the columns of `by`, marked, known, expected, rate, p_value, q_value. One row a group with a mark, by
        beta-binomial tail against the rate of all other groups; q over all groups where it is known.
    """
    if by == ("seller",) and orders is None:
        counts = marked.sellers
    else:
        placed = marked.orders if orders is None else orders
        flags = marked.flags if orders is None else marked.flags[orders["row"]]
        counts = _counts(placed.select(by).hstack(flags), signals, by)
        if "seller" not in by:
            counts = counts.join(_gathered(placed, by), on=by, how="left", maintain_order="left")
    height = marked.orders.height
    parts = [_excess_of(counts, signal, height, by, marked.spreads[signal.reason], settings) for signal in signals]
    return pl.concat(parts)


def _excess_of(
    counts: pl.DataFrame, signal: Signal, height: int, by: tuple[str, ...], spread: float, settings: FindingSettings
) -> pl.DataFrame:
    if _GATHERED not in counts.columns:
        counts = counts.with_columns(pl.lit(1.0).alias(_GATHERED))
    here = counts.select(*by, _GATHERED, marked=f"{signal.reason}:marked", known=f"{signal.reason}:known").filter(
        pl.col("known") > 0
    )
    marked, known = (here[name].to_numpy().astype(float) for name in ("marked", "known"))
    total = height if signal.known is None else len(signal.known)
    rest = np.maximum(total - known, 1)
    rate = np.clip((len(signal.marked) - marked) / rest, 1 / (rest + 1), 1.0)
    p = mixed_tail(marked, known, rate, spread=spread, variation=settings.least_variation, gathered=here[_GATHERED])
    measured = here.with_columns(
        pl.lit(signal.reason).alias("reason"),
        expected=pl.Series(rate * known),
        rate=pl.Series(rate),
        p_value=pl.Series(p),
        q_value=pl.Series(benjamini_hochberg(p)),
    )
    columns = ("reason", *by, "marked", "known", "expected", "rate", "p_value", "q_value")
    return measured.filter(pl.col("marked") > 0).select(columns)


def _gathered(orders: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    """Of each group the share of pairs of orders of one seller or of one buyer, whichever is larger."""
    parts = []
    for actor in ("seller", "buyer"):
        shares = orders.drop_nulls([*by, actor]).group_by(*by, actor).agg(n=pl.len())
        parts.append(shares.group_by(by).agg(part=((pl.col("n") / pl.col("n").sum()) ** 2).sum()))
    return pl.concat(parts).group_by(by).agg(pl.col("part").max().alias(_GATHERED))


def _spread(sellers: pl.DataFrame, reason: str) -> float:
    known = sellers.filter(pl.col(f"{reason}:known") > 0)
    marked, looked = (known[f"{reason}:{part}"].to_numpy().astype(float) for part in ("marked", "known"))
    return spread_of(marked, looked)


def _at(rows: pl.Series, height: int) -> NDArray[np.bool_]:
    """Which places are among `rows`."""
    chosen = np.zeros(height, dtype=bool)
    chosen[rows.to_numpy()] = True
    return chosen


def _counts(flagged: pl.DataFrame, signals: list[Signal], by: tuple[str, ...]) -> pl.DataFrame:
    """Marked and known orders of each group, for all signals in one pass."""
    sums = []
    for signal in signals:
        there = pl.col(f"{signal.reason}:marked")
        known = pl.len() if signal.known is None else pl.col(f"{signal.reason}:known").sum()
        there = there if signal.known is None else there & pl.col(f"{signal.reason}:known")
        sums.append(there.sum().cast(pl.Int64))
        sums.append(known.cast(pl.Int64).alias(f"{signal.reason}:known"))
    return flagged.lazy().drop_nulls(by).group_by(by).agg(sums).sort(by).collect()
