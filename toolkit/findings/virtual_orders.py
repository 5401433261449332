"""Orders that two independent reasons mark as not meant to be purchases (S6).

A mark counts only where it is commoner than in the rest of the market: at the seller, at the seller within a month, or
within a ring. A livestream rush gathers orders at the minimum spend, a bad batch brings refunds; each is one mark, and
one mark lists no order. Marks that say the same thing count once (`signal.FAMILIES`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.findings import campaigns, rings
from toolkit.findings.assembly import valid
from toolkit.findings.cells import Judged, judge, named
from toolkit.findings.draft import NO_CURRENCY
from toolkit.findings.signal import FAMILIES, Marked, Signal, excess
from toolkit.parallel import at_once

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.cells import Cells
    from toolkit.findings.sales import Sales

_ALREADY_TESTED: Final = ("seller_funded", "linked_with_seller")
"""Marks whose own test has already asked whether chance explains them."""
_ONLY_IN_RINGS: Final = ("undone", "reviewed")
"""Marks that any popular shop or bad batch has; they say something only of a ring's orders."""
_MEANT: Final = ("reviewed",)
"""Marks that accounts leave as well which mean the purchase, and are paid for the review."""
_FAIR_PART: Final = 0.25
"""Share of a ring's orders at a shop that must carry a mark before the others are taken to be of the same kind."""
_MOST_BITS: Final = 6.0
"""Most that one reason adds to the score: one in a million, past which the model and not chance decides."""


@dataclass(frozen=True)
class Reasoned:
    """Marks that count.

    Attributes:
        reasons: row, reason, weight (-log10 of how common the mark is elsewhere).
        sellers: `signal.excess` by seller and by seller and month, the least expected row of each seller and reason.
    """

    reasons: pl.DataFrame
    sellers: pl.DataFrame


def reasoned(sales: Sales, signals: list[Signal], acted: pl.DataFrame, settings: FindingSettings) -> Reasoned:
    """Keep each mark where it is commoner than elsewhere.

    Args:
        sales: Orders.
        signals: Marks.
        acted: `rings.ACTS`.
        settings: Thresholds.
    """
    month = (pl.col("ordered_at") // settings.month_s).cast(pl.Int32).alias("month")
    orders = sales.orders.select("row", "seller", "buyer", month)
    everything = Marked.of(orders, signals)
    tested = [signal for signal in signals if signal.reason not in _ALREADY_TESTED]
    grouped = (("seller",), ("seller", "month"))
    found_in = at_once(lambda by: excess(everything, tested, by, settings, orders=None), grouped)
    groups = dict(zip(grouped, found_in, strict=True))
    parts = [_weighed(signal, sales) for signal in signals if signal.reason in _ALREADY_TESTED]
    parts += [
        _counting(signal, orders, list(by), found, settings)
        for signal in tested
        for by, found in groups.items()
        if signal.reason not in _ONLY_IN_RINGS
    ]
    of_rings = (rings.work, rings.claims, rings.returns)
    parts += at_once(
        lambda found: _in_ring(sales, found(sales, acted, settings), acted, everything, signals, settings), of_rings
    )
    parts.append(_in_rush(sales, everything, signals, settings))
    together = pl.concat(parts).group_by("row", "reason").agg(pl.col("weight").max())
    columns = ["reason", "seller", "marked", "known", "expected", "p_value", "q_value"]
    by_seller = [found.select(columns) for found in groups.values()]
    strongest = pl.concat(by_seller).sort("q_value", "p_value", "marked", descending=[False, False, True])
    return Reasoned(
        together.sort("row", "reason"), strongest.unique(["reason", "seller"], keep="first").sort("seller", "reason")
    )


def _in_rush(sales: Sales, everything: Marked, signals: list[Signal], settings: FindingSettings) -> pl.DataFrame:
    """Reasons of orders of rushes on a campaign."""
    cells = campaigns.rushes(sales, settings)
    signals = [signal for signal in signals if signal.reason not in _ONLY_IN_RINGS]  # customers of a rush review too
    return named(cells, judge(cells, everything, signals, settings), settings)


def _in_ring(
    sales: Sales,
    cells: Cells,
    acted: pl.DataFrame,
    everything: Marked,
    signals: list[Signal],
    settings: FindingSettings,
) -> pl.DataFrame:
    """Reasons of orders of rings; what members share or review counts where their orders stand out otherwise as well.

    Accounts that work for reviews share and review as much, and mean the purchase.
    """
    judged = judge(cells, everything, signals, settings)
    shared = rings.shared_attributes(sales, cells, acted, settings)
    if len(cells.reasons) == 1:
        stand_out = _stand_out(cells, judged)
        shared = shared.join(stand_out, on="cell", how="semi")
        judged = Judged(judged.odds, judged.marks.join(stand_out, on="cell", how="semi"))
    odds = judged.odds.join(shared, on=["row", "cell"], how="left").select(
        "row", "cell", odds=pl.col("odds") + pl.col("ratio").fill_null(0.0)
    )
    weight = (pl.col("ratio") / math.log(10)).clip(0.0, _MOST_BITS).alias("weight")
    beside = shared.filter("shared").select("row", "cell", pl.lit("shared_in_ring").alias("reason"), weight)
    marks = judged.marks.select("row", "cell", "reason", "weight")
    return named(cells, Judged(odds, pl.concat([marks, beside])), settings)


def _stand_out(cells: Cells, judged: Judged) -> pl.DataFrame:
    """cell: cells of which a fair part carries a mark that nobody leaves who means the purchase."""
    marked = judged.marks.filter(~pl.col("reason").is_in(_MEANT)).group_by("cell").agg(marked=pl.col("row").n_unique())
    sized = cells.orders.group_by("cell").agg(size=pl.len()).join(marked, on="cell")
    return sized.filter(pl.col("marked") >= _FAIR_PART * pl.col("size")).select("cell")


def _counting(
    signal: Signal, orders: pl.DataFrame, by: list[str], found: pl.DataFrame, settings: FindingSettings
) -> pl.DataFrame:
    """Marked orders of the groups in which the mark is in excess."""
    here = found.filter(
        (pl.col("reason") == signal.reason)
        & (pl.col("q_value") < settings.q_value)
        & (pl.col("marked") >= settings.fewest_orders)
        & ((pl.col("expected") <= settings.by_chance * pl.col("marked")) | (signal.counted is not None))
    )
    rarity = (-pl.col("rate").log10()).clip(0.0, _MOST_BITS)
    counted = signal.marked if signal.counted is None else signal.counted
    rows = counted.unique() if here.height else counted.clear()
    marked = orders.select("row", *by)[rows]
    return marked.join(here.select(*by, weight=rarity), on=by).select(
        "row", pl.lit(signal.reason).alias("reason"), "weight"
    )


def _weighed(signal: Signal, sales: Sales) -> pl.DataFrame:
    share = max(len(signal.marked), 1) / max(sales.orders.height, 1)
    weight = min(-math.log10(share), _MOST_BITS)
    return pl.DataFrame({"row": signal.marked}).select(
        pl.col("row").cast(pl.UInt32), pl.lit(signal.reason).alias("reason"), pl.lit(weight).alias("weight")
    )


def with_findings(found: Reasoned, sales: Sales, rows: dict[str, pl.Series]) -> Reasoned:
    """Add the orders of findings that have a test of their own: reason -> places."""
    added = [_weighed(Signal(reason, places), sales) for reason, places in rows.items()]
    return Reasoned(pl.concat([found.reasons, *added]).sort("row", "reason"), found.sellers)


def listed(reasons: pl.DataFrame) -> pl.DataFrame:
    """row, score, reasons of the orders with reasons of two families or more."""
    of_ring = reasons.filter(pl.col("reason") == "ring_member").select("row", one_of_both=pl.lit(value=True))
    rush = (pl.col("reason") == "campaign_rush") & pl.col("one_of_both")  # to order together is the rush
    family = (
        pl.when(rush)
        .then(pl.lit("co_behaviour"))
        .otherwise(pl.col("reason").replace_strict(FAMILIES, return_dtype=pl.String))
    )
    grouped = (
        reasons.join(of_ring, on="row", how="left")
        .with_columns(family=family)
        .group_by("row")
        .agg(score=pl.col("weight").sum(), reasons=pl.col("reason").sort(), families=pl.col("family").n_unique())
    )
    return grouped.filter(pl.col("families") >= 2).drop("families").sort("row")


def table(sales: Sales, orders: pl.DataFrame, acted: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The result table `virtual_orders`."""
    facts = orders.with_columns(sales.at(orders["row"], "seller", "subsidy", "currency")).join(
        acted.sort("row", "ring").unique("row", keep="first").select("row", "ring"), on="row", how="left"
    )
    ids = found["ring_id"].gather(facts["ring"]) if found.height else pl.Series([None] * facts.height, dtype=pl.String)
    return facts.select(
        pl.Series("order_id", sales.order_ids.gather(facts["row"])),
        pl.Series("ring_id", ids, dtype=pl.String),
        pl.Series("seller_id", sales.market.decode("seller", facts["seller"])),
        pl.col("score").round_sig_figs(9),
        "reasons",
        "subsidy",
        pl.Series("currency", sales.market.decode("currency", facts["currency"])),
    ).sort("order_id")


def to_void(sales: Sales, orders: pl.DataFrame) -> pl.DataFrame:
    """The result table `seller_void`: exact sums of the listed orders by seller and currency."""
    facts = orders.select("row", *sales.at(orders["row"], "seller", "currency")).drop_nulls("seller")
    names = sales.market.decode("currency", facts["currency"]).fill_null(NO_CURRENCY)
    known = facts.with_columns(
        key=pl.Series(sales.market.decode("seller", facts["seller"]), dtype=pl.String),
        currency=pl.Series(names, dtype=pl.String),
    )
    counts = known.group_by("key", "currency").agg(orders=pl.len().cast(pl.Int64))
    kinds = counts.select("key").unique().join(pl.DataFrame({"kind": ["order_value", "subsidy"]}), how="cross")
    sums = sales.money(known.select("key", "row"), kinds)
    for kind in ("order_value", "subsidy"):
        part = sums.filter(pl.col("kind") == kind).select("key", "currency", pl.col("amount").alias(kind))
        counts = counts.join(part, on=["key", "currency"], how="left")
    return valid("seller_void", counts.rename({"key": "seller_id"}).sort("seller_id", "currency"))
