"""Every kind of token that the data can feed, from the coded tables.

Claims nothing by itself: `detect` and `score` test groups of accounts against these frames.
Cost: one sort a kind; a frame holds 20 bytes a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.config import DAY
from toolkit.contracts.tokens import TOKENS, TokenKind
from toolkit.link import texts
from toolkit.link.co_behaviour import events
from toolkit.link.innocent import collective
from toolkit.link.marks import reused_tracking, topped_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from toolkit.config import LinkSettings
    from toolkit.market import Market

BURST: Final = 3
"""Days of one burst with a voucher: a farm claims what a code gives within days."""
STORY: Final = 2
"""Days of one burst of refunds with one reason: an agent files what he was sent in a sitting or two."""
ATTRIBUTES: Final = ("payment", "address", "device", "phone", "email", "ip", "bank")


def kinds(
    market: Market, innocent: pl.DataFrame, region: NDArray[np.uint32], settings: LinkSettings
) -> dict[str, TokenKind]:
    """Name -> kind, for every kind that the data can feed.

    Args:
        market: The coded tables.
        innocent: Pairs (buyer, listing) that the platform itself brought together.
        region: Region of each buyer.
        settings: When texts are alike.
    """
    found = [*_stories(market, region), *texts.kinds(market, region, settings)]
    found += [
        kind
        for make in (_acts, _attributes, _funding, _refunds, _vouchers, _cards, _parcels, _births)
        for kind in make(market, innocent)
    ]
    return {kind.name: kind for kind in found if kind.frame.height}


def _kind(
    name: str, family: str, table: str, anchor: str, frame: pl.DataFrame, *, timed: bool, least: int, base: int = 0
) -> TokenKind:
    """A kind whose frame holds the first row of each value, buyer and day."""
    rows = frame.select([pl.col(c).cast(t) for c, t in TOKENS.items()]).drop_nulls(["token", "buyer"])
    day = (pl.col("at") // DAY).alias("day")
    first = rows.sort("token", "at", "buyer", "row").with_columns(day)
    first = first.unique(["token", "buyer", "day"], keep="first", maintain_order=True).drop("day")
    return TokenKind(name, family, table, timed, least, anchor, first, base)


def starred(name: str, family: str, table: str, star_members: pl.DataFrame) -> TokenKind:
    """Who is at the same star, as a token."""
    frame = star_members.filter(pl.col("table") == table).select("buyer", "row", token="star", at=0)
    return _kind(name, family, table, "star", frame, timed=False, least=3)


def _acts(market: Market, innocent: pl.DataFrame) -> Iterator[TokenKind]:
    """Listings ordered, reviewed and looked at; sellers ordered from."""
    for table, name, family in (
        ("orders", "listing_ordered", "target"),
        ("reviews", "listing_reviewed", "target"),
        ("clicks", "listing_clicked", "co_behaviour"),
    ):
        if market.has(table):
            acts = events(market, table, innocent).rename({"listing": "token"})
            yield _kind(name, family, table, "listing", acts, timed=True, least=3)
    if market.has("orders", "seller_id"):
        own = market.table("orders").join(collective(market), on="row", how="anti")
        orders = own.select("buyer", "row", token="seller", at="ordered_at")
        yield _kind("seller_ordered", "target", "orders", "seller", orders, timed=True, least=3)


def _attributes(market: Market, innocent: pl.DataFrame) -> Iterator[TokenKind]:  # noqa: ARG001
    """Instruments, addresses, devices, phones, ..., whoever was seen with them."""
    held = market.attributes.filter(pl.col("account_kind") == "buyer")
    for name in ATTRIBUTES:
        frame = held.filter(pl.col("attribute_kind") == name).select(token="value", buyer="account", at=0, row=0)
        yield _kind(name, "identity", "account_links", name, frame, timed=False, least=2)


def _funding(market: Market, innocent: pl.DataFrame) -> Iterator[TokenKind]:  # noqa: ARG001
    """Who paid for the buyer's orders: money that came just before an order of about its amount."""
    if market.has("transfers") and market.has("orders", "amount"):
        paid = topped_up(market).select("buyer", "at", row="transfer", token="source").unique()
        yield _kind("funding_source", "funding", "transfers", "source", paid, timed=True, least=2)


def _refunds(market: Market, innocent: pl.DataFrame) -> Iterator[TokenKind]:  # noqa: ARG001
    """Instruments that a refund went to and that did not pay; and seller, reason and fortnight of refunds."""
    if not market.has("orders", "refunded_at"):
        return
    refunds = market.table("orders").filter(pl.col("refunded_at").is_not_null())
    other = refunds.filter(
        pl.col("refund_payment").is_not_null() & pl.col("refund_payment").ne_missing(pl.col("payment"))
    )
    if "seller" in other.columns:
        other = other.join(_counters(other), on="refund_payment", how="anti", maintain_order="left")
    frame = other.select("buyer", "row", token="refund_payment", at="refunded_at")
    yield _kind("refund_instrument", "identity", "orders", "payment", frame, timed=True, least=2)
    if market.has("orders", "cancelled_at"):
        refunds = refunds.filter(pl.col("cancelled_at").is_null())  # what was cancelled is always paid back
    frame = refunds.select("buyer", "row", token="seller", at="refunded_at")
    yield _kind("seller_refunded", "refund", "orders", "seller", frame, timed=True, least=3)


def _counters(refunds: pl.DataFrame) -> pl.DataFrame:
    """Instruments on which one seller, and hardly anybody else, pays back several buyers: its till, not a ring's."""
    paid = refunds.drop_nulls("seller").group_by("refund_payment", "seller").agg(n=pl.len())
    most = paid.group_by("refund_payment").agg(most=pl.col("n").max(), n=pl.col("n").sum())
    return most.filter((pl.col("n") >= 4) & (pl.col("most") >= 0.8 * pl.col("n"))).select("refund_payment")


def _bursts(name: str, family: str, anchor: str, acts: pl.DataFrame, *, days: int, codes: int, most: int) -> TokenKind:
    """A value in a few days as a token: what a crowd holds in a year, few hold in one burst.

    Args:
        name: Of the kind.
        family: Of the evidence.
        anchor: What the codes are of.
        acts: buyer, row, token, at.
        days: Length of a burst.
        codes: How many codes the anchor has.
        most: One more than the largest token.
    """
    burst = acts["at"].to_numpy() // (days * DAY)
    first = int(burst.min()) if burst.size else 0
    token = acts["token"].to_numpy().astype(np.int64) + most * (burst - first)
    frame = acts.with_columns(token=pl.Series(token))
    return _kind(name, family, "orders", anchor, frame, timed=True, least=3, base=codes)


def _stories(market: Market, region: NDArray[np.uint32]) -> Iterator[TokenKind]:
    """Refunds with one reason in one region within days of each other."""
    if not market.has("orders", "refunded_at", "refund_reason"):
        return
    told = market.table("orders").drop_nulls(["refunded_at", "refund_reason"])
    near = pl.Series(region[told["buyer"].to_numpy()].astype(np.uint32))
    reasons = market.size("reason")
    told = told.select("buyer", "row", token=pl.col("refund_reason") + reasons * near, at="refunded_at")
    yield _bursts(
        "refund_story", "refund", "reason", told, days=STORY, codes=reasons, most=reasons * (int(region.max()) + 1)
    )


def _vouchers(market: Market, innocent: pl.DataFrame) -> Iterator[TokenKind]:  # noqa: ARG001
    """Voucher codes used, and sellers ordered from with a subsidy of the platform."""
    if market.has("orders", "voucher_id"):
        used = market.table("orders").select("buyer", "row", token="voucher", at="ordered_at")
        used, codes = used.drop_nulls("token"), market.size("voucher")
        yield _kind("voucher", "subsidy", "orders", "voucher", used, timed=True, least=3)
        yield _bursts("voucher_days", "subsidy", "voucher", used, days=BURST, codes=codes, most=codes)
    if market.has("orders", "subsidy", "seller_id"):
        paid = market.table("orders").filter(pl.col("subsidy") > 0)
        frame = paid.select("buyer", "row", token="seller", at="ordered_at")
        yield _kind("seller_subsidised", "subsidy", "orders", "seller", frame, timed=True, least=3)


def _cards(market: Market, innocent: pl.DataFrame) -> Iterator[TokenKind]:  # noqa: ARG001
    """Who bought the gift cards that a buyer redeemed; the platform's own credit says nothing."""
    if not market.has("redemptions") or not market.has("gift_cards"):
        return
    cards = market.table("gift_cards").filter(
        pl.col("source").cast(pl.String).is_in(["platform"]).not_() | pl.col("source").is_null()
    )
    bound = market.table("redemptions").select("card", "buyer", "row", at="redeemed_at").join(cards, on="card")
    for column, anchor in (("purchaser", "purchaser"), ("purchase_payment", "payment")):
        if column in bound.columns:
            frame = bound.select("buyer", "at", pl.col("row"), token=column)
            yield _kind(
                f"card_{column}", "gift_card", "redemptions", anchor, frame.drop_nulls("token"), timed=True, least=2
            )


def _parcels(market: Market, innocent: pl.DataFrame) -> Iterator[TokenKind]:  # noqa: ARG001
    """Tracking numbers of several buyers that no one parcel explains."""
    if market.has("orders", "tracking_id"):
        orders = market.table("orders")
        sent = orders.filter(reused_tracking(orders)).select("buyer", "row", token="tracking", at="ordered_at")
        shared = sent.drop_nulls("token")
        yield _kind("tracking", "logistics", "orders", "tracking", shared, timed=True, least=2)


def _births(market: Market, innocent: pl.DataFrame) -> Iterator[TokenKind]:  # noqa: ARG001
    """The day on which an account was made."""
    if market.has("buyers", "created_at"):
        made = market.table("buyers").drop_nulls("created_at")
        frame = made.select("buyer", "row", token=pl.col("created_at") // DAY, at=0)
        yield _kind("created_on", "identity", "buyers", "day", frame, timed=False, least=4)
