"""Gift-card stars with ids read back, and the input rows that they rest on."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit.score import citations

if TYPE_CHECKING:
    from toolkit.contracts.gift_cards import GiftCardView
    from toolkit.market import Market

KIND: Final = "gift_card_cashback"
SMALLEST: Final = 300.0
"""-log10 of the smallest probability that is written."""

_SHARED: Final = 2  # cards of one issuer that are worth a sentence
_ISSUERS: Final = {"purchaser": "purchaser", "batch": "batch", "purchase_payment": "payment"}
_SOURCES: Final = {"reviews": "review_row", "redemptions": "redemption_row", "gift_cards": "card_row"}
_PARTS: Final = {
    "all": ("reviews", "redemptions", "gift_cards"),
    "before": ("reviews",),
    "issuer": ("redemptions", "gift_cards"),
    "lag": ("reviews", "redemptions"),
}


def finding_id(listing: str | None, seller: str | None, currency: str, faces: list[int]) -> str:
    """The same listing (or seller), currency and amounts are the same finding in every run."""
    amounts = "+".join(str(face) for face in faces)
    return digest("f", KIND, listing or f"seller:{seller}", currency, amounts)


def digest(prefix: str, *parts: str) -> str:
    """A short id that says the same in every run."""
    return f"{prefix}_{hashlib.sha256('|'.join(parts).encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def named(view: GiftCardView, market: Market) -> list[dict[str, Any]]:
    """The stars with ids read back, one dictionary each."""
    detail = view.detail
    issuer = pl.Series([None] * detail.height, dtype=pl.String)
    for kind, vocabulary in _ISSUERS.items():
        of_kind = (detail["issuer_kind"] == kind).fill_null(value=False)
        codes = detail.select(pl.when(of_kind).then("issuer"))["issuer"]
        issuer = issuer.zip_with(~of_kind, market.decode(vocabulary, codes))
    named = detail.with_columns(
        listing_id=market.decode("listing", detail["listing"]),
        seller_id=market.decode("seller", detail["seller"]),
        currency_id=market.decode("currency", detail["currency"]),
        issuer_id=issuer,
        issuer_expected=pl.col("k") * pl.col("issuer_cards") / pl.col("issuer_base"),
        issuer_shared=((pl.col("issuer_x") >= _SHARED) & (pl.col("issuer_surprise") >= 2)).fill_null(value=False),
        p_value=_probability("surprise"),
        q_value=_probability("q_surprise"),
        window_days=pl.lit(view.window_days),
        households=pl.lit(view.households),
    )
    stars = named.sort("star").to_dicts()
    for star in stars:
        star["finding_id"] = finding_id(star["listing_id"], star["seller_id"], star["currency_id"], star["faces"])
    return stars


def _probability(column: str) -> pl.Expr:
    return 10.0 ** -pl.col(column).clip(0.0, SMALLEST)


def cited(view: GiftCardView, market: Market, part: str) -> dict[int, list[dict[str, str]]]:
    """Star -> input rows: what a part of the evidence (a key of _PARTS) rests on."""
    cards = view.detail_members
    if part == "issuer":
        known = view.detail.select("star", "issuer_kind", "issuer")
        cards = cards.join(known, on="star").filter(_of_issuer())
    lines = [cards.select(pl.lit(table).alias("table"), key="star", row=_SOURCES[table]) for table in _PARTS[part]]
    rows = citations.cite(market, pl.concat(lines))
    return dict(rows.select("key", "rows").iter_rows())


def _of_issuer() -> pl.Expr:
    same = [(pl.col("issuer_kind") == kind) & (pl.col(kind) == pl.col("issuer")) for kind in _ISSUERS]
    return pl.any_horizontal(*same).fill_null(value=False)


def orders_of(view: GiftCardView, market: Market) -> dict[int, int]:
    """Star -> orders that the buyers of its cards placed for its listing, or with its seller."""
    if not market.case.has_table("orders"):
        return {}
    orders = market.table("orders").select(
        "buyer", "listing", *(["seller"] if market.has("orders", "seller_id") else [])
    )
    where = view.detail_members.select("star", "buyer").join(view.detail.select("star", "listing", "seller"), on="star")
    parts = [where.filter(pl.col("listing").is_not_null()).join(orders, on=["buyer", "listing"]).select("star")]
    if "seller" in orders.columns:
        parts.append(where.filter(pl.col("listing").is_null()).join(orders, on=["buyer", "seller"]).select("star"))
    return dict(pl.concat(parts).group_by("star").len().iter_rows())
