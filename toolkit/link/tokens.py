"""Every kind of token that the data can feed, from the coded tables.

Claims nothing by itself: `detect` and `score` test groups of accounts against these frames.
Cost: one sort a kind; a frame holds 20 bytes a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.config import DAY
from toolkit.contracts.tokens import TOKENS, TokenKind
from toolkit.link.co_behaviour import events
from toolkit.link.innocent import collective
from toolkit.link.marks import reused_tracking, topped_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.market import Market

ATTRIBUTES: Final = ("payment", "address", "device", "phone", "email", "ip", "bank")


def kinds(market: Market, innocent: pl.DataFrame) -> dict[str, TokenKind]:
    """Name -> kind, for every kind that the data can feed.

    Args:
        market: The coded tables.
        innocent: Pairs (buyer, listing) that the platform itself brought together.
    """
    found = [
        kind
        for make in (_acts, _attributes, _funding, _refunds, _vouchers, _cards, _parcels, _births)
        for kind in make(market, innocent)
    ]
    return {kind.name: kind for kind in found if kind.frame.height}


def _kind(
    name: str, family: str, table: str, anchor: str, frame: pl.DataFrame, *, timed: bool, least: int
) -> TokenKind:
    """A kind whose frame holds the first row of each value, buyer and day."""
    rows = frame.select([pl.col(c).cast(t) for c, t in TOKENS.items()]).drop_nulls(["token", "buyer"])
    day = (pl.col("at") // DAY).alias("day")
    first = rows.sort("token", "at", "buyer", "row").with_columns(day)
    first = first.unique(["token", "buyer", "day"], keep="first", maintain_order=True).drop("day")
    return TokenKind(name, family, table, timed, least, anchor, first)


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
    frame = other.select("buyer", "row", token="refund_payment", at="refunded_at")
    yield _kind("refund_instrument", "refund", "orders", "payment", frame, timed=True, least=2)
    frame = refunds.select("buyer", "row", token="seller", at="refunded_at")
    yield _kind("seller_refunded", "refund", "orders", "seller", frame, timed=True, least=3)


def _vouchers(market: Market, innocent: pl.DataFrame) -> Iterator[TokenKind]:  # noqa: ARG001
    """Voucher codes used, and sellers ordered from with a subsidy of the platform."""
    if market.has("orders", "voucher_id"):
        used = market.table("orders").select("buyer", "row", token="voucher", at="ordered_at")
        yield _kind("voucher", "subsidy", "orders", "voucher", used.drop_nulls("token"), timed=True, least=3)
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
        sent = (
            market.table("orders").filter(reused_tracking()).select("buyer", "row", token="tracking", at="ordered_at")
        )
        shared = sent.drop_nulls("token")
        yield _kind("tracking", "logistics", "orders", "tracking", shared, timed=True, least=2)


def _births(market: Market, innocent: pl.DataFrame) -> Iterator[TokenKind]:  # noqa: ARG001
    """The day on which an account was made."""
    if market.has("buyers", "created_at"):
        made = market.table("buyers").drop_nulls("created_at")
        frame = made.select("buyer", "row", token=pl.col("created_at") // DAY, at=0)
        yield _kind("created_on", "identity", "buyers", "day", frame, timed=False, least=4)
