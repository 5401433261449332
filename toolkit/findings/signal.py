"""A signal: orders that have a mark, out of the orders of which it is known whether they have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.findings.tails import benjamini_hochberg, mixed_tail, spread_of

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings

FAMILIES: Final[dict[str, str]] = {
    "seller_funded": "funding",
    "linked_with_seller": "identity",
    "ring_member": "co_behaviour",
    "at_minimum_spend": "subsidy",
    "delivered_within_minutes": "fulfilment",
    "undone_after_subsidy": "fulfilment",
    "undone": "fulfilment",
    "voucher_shared_in_ring": "subsidy",
    "light_parcel": "weight",
    "tracking_reused": "tracking",
}
"""Reason -> the independent thing that it is observed by. Two reasons of one family count as one."""


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


def excess(orders: pl.DataFrame, signals: list[Signal], by: list[str], settings: FindingSettings) -> pl.DataFrame:
    """Where each signal is commoner than in the rest of the market, allowing for how much groups differ anyway.

    Args:
        orders: `row` and the columns of `by`, which form the groups; rows with a null there are in none.
        signals: What was marked.
        by: Columns that form a group.
        settings: Thresholds.

    Returns:
        reason, the columns of `by`, marked, known, expected, rate, p_value, q_value: one row a group with a mark,
        by beta-binomial tail against the rate of all other groups; q over all groups where the signal is known.
    """
    parts = [_excess_of(orders, signal, by, settings) for signal in signals]
    return pl.concat(parts, how="vertical") if parts else pl.DataFrame()


def _excess_of(orders: pl.DataFrame, signal: Signal, by: list[str], settings: FindingSettings) -> pl.DataFrame:
    counts = _counts(orders, signal, by)
    marked, known = (counts[name].to_numpy().astype(float) for name in ("marked", "known"))
    total = orders.height if signal.known is None else len(signal.known)
    rest = np.maximum(total - known, 1)
    rate = np.maximum((len(signal.marked) - marked) / rest, 1 / (rest + 1))
    p = mixed_tail(marked, known, rate, spread=_spread(orders, signal), variation=settings.least_variation)
    measured = counts.with_columns(
        pl.lit(signal.reason).alias("reason"),
        expected=pl.Series(rate * known),
        rate=pl.Series(rate),
        p_value=pl.Series(p),
        q_value=pl.Series(benjamini_hochberg(p)),
    )
    columns = ("reason", *by, "marked", "known", "expected", "rate", "p_value", "q_value")
    return measured.filter(pl.col("marked") > 0).select(columns).sort(by)


def _spread(orders: pl.DataFrame, signal: Signal) -> float:
    """How much sellers differ, whatever the groups are: rings are few, and picked because they stand out."""
    counts = _counts(orders, signal, ["seller"])
    return spread_of(counts["marked"].to_numpy().astype(float), counts["known"].to_numpy().astype(float))


def _counts(orders: pl.DataFrame, signal: Signal, by: list[str]) -> pl.DataFrame:
    """Marked and known orders of each group."""
    keep = np.ones(orders.height, dtype=bool)
    if signal.known is not None:
        keep = np.zeros(orders.height, dtype=bool)
        keep[signal.known.to_numpy()] = True
    mark = np.zeros(orders.height, dtype=bool)
    mark[signal.marked.to_numpy()] = True
    frame = orders.select(by).with_columns(_mark=pl.Series(mark & keep)).filter(pl.Series(keep))
    return (
        frame.drop_nulls(by)
        .group_by(by)
        .agg(marked=pl.col("_mark").sum().cast(pl.Int64), known=pl.len().cast(pl.Int64))
        .sort(by)
    )
