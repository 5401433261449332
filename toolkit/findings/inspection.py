"""What a platform could see in one shop's orders, for the shop itself: counts, months, causes, and what to keep.

A shop's own export holds no other shops to compare with, so nothing here is a test against a market. Marks that honest
orders hardly ever have are counted as they are; common ones only where a month stands out among the shop's own months.
No buyer is named, and neither is another seller.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.currency import exact
from toolkit.copies import folded
from toolkit.errors import UsageError
from toolkit.findings import (
    brushing,
    brushing_rule,
    category_switch,
    fulfilment,
    funding,
    identity,
    minimum_spend,
    parcels,
    price_pattern,
    voucher_use,
)
from toolkit.findings.causes import Cause, causes, of_paths
from toolkit.findings.own_cards import own_cards
from toolkit.findings.phrases import soliciting
from toolkit.findings.sales import Sales
from toolkit.findings.signal import FAMILIES, Signal
from toolkit.findings.tails import benjamini_hochberg, binomial_tail
from toolkit.findings.words import KEEP, LOOKS

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.market import Market

_COMMON: Final = ("at_minimum_spend", "undone_after_subsidy", "voucher_reused", "at_voucher_cap", "same_odd_amount")
"""Marks that many honest orders have: only a month that stands out is mentioned."""


@dataclass(frozen=True)
class Check:
    """One thing that would look wrong.

    Attributes:
        name: Short name.
        looks: What it looks like, and why a platform would ask.
        observed: Orders, messages or reviews that have the mark.
        of: Those that it was looked for on.
        first_at: Time of the first.
        last_at: Time of the last.
        months: Months, as 2026-03, in which it is commoner than in the shop's other months.
        causes: What these orders share more than the shop's other orders: agents, devices, sources, vouchers.
        keep: What to keep as proof.
        rows: Ids of the shop's own orders, messages, or reviews of its listings.
    """

    name: str
    looks: str
    observed: int
    of: int
    first_at: datetime
    last_at: datetime
    months: tuple[str, ...]
    causes: tuple[Cause, ...]
    keep: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Sum:
    """What the twice-marked orders come to, of one kind in one currency: `order_value` or `subsidy`."""

    kind: str
    currency: str
    amount: Decimal
    rows: int


@dataclass(frozen=True)
class Inspection:
    """All checks of one shop.

    Attributes:
        seller_id: The shop.
        orders: Its orders in the data.
        checks: What would look wrong, most rows first; empty where nothing would.
        twice_marked: Ids of orders with two independent marks: those that a platform would void first.
        money: What these come to, each currency by itself: the sales to be voided, and the subsidy to be claimed back.
        country: Where the shop sells, if a table says so.
    """

    seller_id: str
    orders: int
    checks: tuple[Check, ...]
    twice_marked: tuple[str, ...]
    money: tuple[Sum, ...] = ()
    country: str | None = None


def inspect(market: Market, seller_id: str, settings: FindingSettings) -> Inspection:
    """Look at one shop's own orders and messages.

    Raises:
        UsageError: The seller has no orders in the data.
    """
    sales = Sales(market)
    code = market.encode("seller", pl.Series([seller_id]))[0]
    own = sales.orders.filter(pl.col("seller") == code) if code is not None else sales.orders.clear()
    if own.is_empty():
        todo = "give the seller's id as it stands in the orders or listings"
        raise UsageError("this seller has no orders in the data", where=f"--seller {seller_id[:80]}", todo=todo)
    paths = identity.paths(identity.rare_attributes(sales, settings)).filter(pl.col("seller") == int(code))
    marks = {signal.reason: _of_shop(signal, own) for signal in _signals(sales, int(code), paths, settings)}
    checks = [_check(sales, name, own, marked, known, settings) for name, (marked, known) in marks.items()]
    checks = [_with_paths(sales, check, paths, own) for check in checks]
    checks += [_messages(sales, seller_id, settings), _switches(sales, seller_id, own, settings)]
    checks.append(_cards(sales, seller_id, own, settings))
    kept = sorted((check for check in checks if check is not None), key=lambda check: (-check.observed, check.name))
    twice = _twice(marks, {check.name for check in kept})
    ids = tuple(sales.order_ids.gather(twice).sort())
    return Inspection(seller_id, own.height, tuple(kept), ids, _sums(sales, twice), _country(sales, seller_id))


def _sums(sales: Sales, rows: pl.Series) -> tuple[Sum, ...]:
    """Exact sums of orders by kind and currency."""
    cited = pl.DataFrame({"row": rows.cast(pl.UInt32)}).with_columns(key=pl.lit("twice"))
    kinds = pl.DataFrame({"key": ["twice"] * 2, "kind": ["order_value", "subsidy"]})
    sums = sales.money(cited.select("key", "row"), kinds).select("kind", "currency", "amount", "rows")
    return tuple(Sum(kind, name, exact(amount, name), n) for kind, name, amount, n in sums.rows())


def _country(sales: Sales, seller_id: str) -> str | None:
    if not sales.has("sellers", "country"):
        return None
    sellers = sales.market.case.table("sellers").filter(pl.col("seller_id") == seller_id).select("country").collect()
    return None if sellers.is_empty() else sellers["country"][0]


def _with_paths(sales: Sales, check: Check | None, paths: pl.DataFrame, own: pl.DataFrame) -> Check | None:
    """What the shop shares with its buyers, first among the causes of that check."""
    if check is None or check.name != "linked_with_seller":
        return check
    return replace(check, causes=(*of_paths(sales, paths, own), *check.causes))


def _signals(sales: Sales, seller: int, paths: pl.DataFrame, settings: FindingSettings) -> list[Signal]:
    brushed = brushing_rule.brushed_orders(brushing.stream(sales.market).filter(pl.col("seller") == seller))
    paid = funding.fitting_payments(sales, settings).filter(pl.col("seller") == seller)
    several = paid.filter(pl.col("buyer").n_unique().over("source") >= settings.fewest_buyers)
    undone = [signal for signal in fulfilment.undone(sales) if signal.reason == "undone_after_subsidy"]
    return [
        Signal("brushing_window", brushed["row"]),
        Signal("seller_funded", several["row"]),
        identity.linked_orders(sales, paths),
        minimum_spend.at_minimum_spend(sales, settings),
        voucher_use.reused_after_cancelling(sales),
        voucher_use.at_the_cap(sales),
        price_pattern.same_odd_amount(sales, settings),
        fulfilment.instant(sales, settings),
        *undone,
        parcels.light_parcels(sales, settings),
        parcels.reused_tracking(sales),
    ]


def _of_shop(signal: Signal, own: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """The shop's marked orders, and those that the mark was looked for on."""
    known = own["row"] if signal.known is None else own.join(signal.known.to_frame("row"), on="row", how="semi")["row"]
    return own.join(signal.marked.cast(pl.UInt32).to_frame("row"), on="row", how="semi")["row"], known


def _check(
    sales: Sales, name: str, own: pl.DataFrame, marked: pl.Series, known: pl.Series, settings: FindingSettings
) -> Check | None:
    months = _months(own, marked, known, settings)
    if len(marked) < settings.fewest_orders or (name in _COMMON and not months):
        return None
    orders = own.join(marked.to_frame("row"), on="row", how="semi")
    times = pl.from_epoch(orders["ordered_at"], time_unit="s").dt.replace_time_zone("UTC")
    return Check(
        name=name,
        looks=LOOKS[name],
        observed=len(marked),
        of=len(known),
        first_at=times.min(),  # type: ignore[arg-type]
        last_at=times.max(),  # type: ignore[arg-type]
        months=months,
        causes=causes(sales, own, orders, settings),
        keep=KEEP[name],
        rows=tuple(sales.order_ids.gather(orders["row"]).sort()),
    )


def _months(own: pl.DataFrame, marked: pl.Series, known: pl.Series, settings: FindingSettings) -> tuple[str, ...]:
    """Months in which the mark is commoner than in the shop's other months (binomial tail, q over months)."""
    looked = own.join(known.to_frame("row"), on="row", how="semi").with_columns(
        month=pl.from_epoch("ordered_at", time_unit="s").dt.strftime("%Y-%m"),
        mark=pl.col("row").is_in(marked.implode()),
    )
    counts = looked.group_by("month").agg(marked=pl.col("mark").sum(), known=pl.len()).sort("month")
    if counts.height < 2:
        return ()
    rest_marked, rest = counts["marked"].sum() - counts["marked"], counts["known"].sum() - counts["known"]
    p = binomial_tail(counts["marked"], counts["known"], ((rest_marked + 1) / (rest + 2)).to_numpy())
    high = benjamini_hochberg(p) < settings.q_value
    return tuple(counts.filter(pl.Series(high) & (pl.col("marked") >= settings.fewest_orders))["month"])


def _switches(sales: Sales, seller_id: str, own: pl.DataFrame, settings: FindingSettings) -> Check | None:
    """Orders that the shop's listings took while they stood in a campaign's category."""
    drafts = [draft for draft in category_switch.switches(sales, settings) if draft.seller_id == seller_id]
    if not drafts:
        return None
    rows = pl.concat([draft.orders for draft in drafts]).unique()
    return _check(sales, "category_switch", own, rows, own["row"], settings)


def _messages(sales: Sales, seller_id: str, settings: FindingSettings) -> Check | None:
    """The shop's own messages that solicit."""
    if not sales.has("messages", "text"):
        return None
    sent = sales.market.case.table("messages").filter((pl.col("seller_id") == seller_id) & pl.col("text").is_not_null())
    read = sent.select("message_id", "sent_at", folded=folded(pl.col("text"))).collect()
    marked = read.filter(soliciting(pl.col("folded")).is_not_null())
    if marked.height < settings.message_buyers:
        return None
    return Check(
        name="solicitation",
        looks=LOOKS["solicitation"],
        observed=marked.height,
        of=read.height,
        first_at=marked["sent_at"].min(),  # type: ignore[arg-type]
        last_at=marked["sent_at"].max(),  # type: ignore[arg-type]
        months=(),
        causes=(),
        keep=KEEP["solicitation"],
        rows=tuple(marked["message_id"].sort()),
    )


def _cards(sales: Sales, seller_id: str, own: pl.DataFrame, settings: FindingSettings) -> Check | None:
    """Gift cards that reviewers of the shop's listings redeemed soon after."""
    listings = sales.market.decode("listing", own["listing"].unique().sort())
    found = own_cards(sales, seller_id, listings, settings)
    if found is None:
        return None
    return Check(
        name="gift_card_cashback",
        looks=LOOKS["gift_card_cashback"],
        observed=found.reviews.height,
        of=found.known,
        first_at=found.reviews["reviewed_at"].min(),  # type: ignore[arg-type]
        last_at=found.reviews["reviewed_at"].max(),  # type: ignore[arg-type]
        months=(),
        causes=found.causes,
        keep=KEEP["gift_card_cashback"],
        rows=tuple(found.reviews["review_id"]),
    )


def _twice(marks: dict[str, tuple[pl.Series, pl.Series]], names: set[str]) -> pl.Series:
    """Places of orders with marks of two families among the checks that are mentioned."""
    parts = [
        pl.DataFrame({"row": marked}).with_columns(family=pl.lit(FAMILIES[name]))
        for name, (marked, _) in marks.items()
        if name in names and name in FAMILIES
    ]
    if not parts:
        return pl.Series("row", [], dtype=pl.UInt32)
    families = pl.concat(parts).group_by("row").agg(n=pl.col("family").n_unique())
    return families.filter(pl.col("n") >= 2)["row"].sort()
