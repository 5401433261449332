"""The input tables: columns, types and row rules, as dataframely schemas.

Amounts are decimal numbers in major units of their row's currency; times are instants in UTC; ids are text.
A row rule's name is what the quarantine shows, so it is written for the person who made the export.
"""

from __future__ import annotations

from typing import Any, Final

import dataframely as dy
import polars as pl

TIME: Final = pl.Datetime("us", "UTC")

ORDER_STATUS: Final = ("created", "paid", "shipped", "delivered", "cancelled", "returned")
CARD_SOURCES: Final = ("retail", "employer", "platform", "seller", "unknown")
VOUCHER_KINDS: Final = ("new_user", "category", "shipping", "seller", "sampling", "other")
FUNDED_BY: Final = ("platform", "seller")
ACCOUNT_KINDS: Final = ("buyer", "seller")
ATTRIBUTE_KINDS: Final = ("payment", "address", "device", "phone", "email", "ip", "bank")
ADDRESS_KINDS: Final = ("home", "locker", "forwarder", "dormitory", "office", "unknown")
INSTRUMENT_KINDS: Final = ("card", "wallet", "bank", "prepaid", "corporate", "unknown")


def _id(*, key: bool = False) -> dy.String:
    return dy.String(nullable=False, primary_key=key, min_length=1)


def _ref() -> dy.String:
    return dy.String(nullable=True)


def _time(*, required: bool = False) -> dy.Datetime:
    return dy.Datetime(nullable=not required, time_zone="UTC", time_unit="us")


def _amount(*, required: bool = False) -> dy.Float64:
    return dy.Float64(nullable=not required, min=0.0, allow_inf=False, allow_nan=False)


def _choice(values: tuple[str, ...]) -> dy.Enum:
    return dy.Enum(list(values), nullable=True)


def _not_before(later: str, earlier: str) -> pl.Expr:
    """True unless both times are known and the later one lies before the earlier one."""
    return (pl.col(later) >= pl.col(earlier)).fill_null(value=True)


class Orders(dy.Schema):
    """One row an order of one listing by one buyer."""

    order_id = _id(key=True)
    buyer_id = _id()
    listing_id = _id()
    ordered_at = _time(required=True)
    seller_id = _ref()
    amount = _amount()
    currency = _ref()
    discount = _amount()
    subsidy = _amount()
    voucher_id = _ref()
    campaign_id = _ref()
    payment_id = _ref()
    address_id = _ref()
    device_id = _ref()
    status = _choice(ORDER_STATUS)
    delivered_at = _time()
    cancelled_at = _time()
    refunded_at = _time()
    refund_amount = _amount()
    refund_payment_id = _ref()
    refund_reason = _ref()
    parcel_weight_g = dy.Float64(nullable=True, min=0.0, allow_inf=False, allow_nan=False)
    tracking_id = _ref()
    category_id = _ref()

    @dy.rule()
    def delivered_before_ordered(cls) -> pl.Expr:  # noqa: D102, N805
        return _not_before("delivered_at", "ordered_at")

    @dy.rule()
    def cancelled_before_ordered(cls) -> pl.Expr:  # noqa: D102, N805
        return _not_before("cancelled_at", "ordered_at")

    @dy.rule()
    def refunded_before_ordered(cls) -> pl.Expr:  # noqa: D102, N805
        return _not_before("refunded_at", "ordered_at")


class Reviews(dy.Schema):
    """One row a review of one listing by one buyer."""

    review_id = _id(key=True)
    buyer_id = _id()
    listing_id = _id()
    reviewed_at = _time(required=True)
    rating = dy.Float64(nullable=True, allow_inf=False, allow_nan=False)
    order_id = _ref()
    verified = dy.Bool(nullable=True)
    text = dy.String(nullable=True)


class Buyers(dy.Schema):
    """One row a buyer account."""

    buyer_id = _id(key=True)
    created_at = _time()
    country = _ref()


class Sellers(dy.Schema):
    """One row a seller account."""

    seller_id = _id(key=True)
    created_at = _time()
    country = _ref()


class Listings(dy.Schema):
    """One row a listing."""

    listing_id = _id(key=True)
    seller_id = _ref()
    category_id = _ref()
    title = dy.String(nullable=True)
    price = _amount()
    currency = _ref()
    catalogue_weight_g = dy.Float64(nullable=True, min=0.0, allow_inf=False, allow_nan=False)
    created_at = _time()


class CategoryChanges(dy.Schema):
    """One row a move of a listing from one category to another."""

    listing_id = _id(key=True)
    changed_at = dy.Datetime(nullable=False, primary_key=True, time_zone="UTC", time_unit="us")
    from_category = dy.String(nullable=False)
    to_category = dy.String(nullable=False)


class Campaigns(dy.Schema):
    """One row a campaign of the platform."""

    campaign_id = _id(key=True)
    starts_at = _time(required=True)
    ends_at = _time(required=True)
    category_id = _ref()
    min_spend = _amount()
    max_discount = _amount()
    currency = _ref()

    @dy.rule()
    def ends_before_it_starts(cls) -> pl.Expr:  # noqa: D102, N805
        return _not_before("ends_at", "starts_at")


class Vouchers(dy.Schema):
    """One row a voucher code."""

    voucher_id = _id(key=True)
    campaign_id = _ref()
    kind = _choice(VOUCHER_KINDS)
    funded_by = _choice(FUNDED_BY)
    min_spend = _amount()
    max_discount = _amount()
    currency = _ref()


class GiftCards(dy.Schema):
    """One row a gift card that was issued."""

    card_id = _id(key=True)
    face_value = _amount(required=True)
    currency = dy.String(nullable=False)
    source = _choice(CARD_SOURCES)
    purchaser_id = _ref()
    purchase_payment_id = _ref()
    batch_id = _ref()
    issued_at = _time()


class Redemptions(dy.Schema):
    """One row a gift card bound to a buyer's account."""

    redemption_id = _id(key=True)
    card_id = _id()
    buyer_id = _id()
    redeemed_at = _time(required=True)
    amount = _amount()


class AccountLinks(dy.Schema):
    """One row an attribute that an account was seen with."""

    account_id = _id(key=True)
    account_kind = dy.Enum(list(ACCOUNT_KINDS), nullable=False, primary_key=True)
    attribute_kind = dy.Enum(list(ATTRIBUTE_KINDS), nullable=False, primary_key=True)
    attribute_id = _id(key=True)
    first_seen = _time()
    last_seen = _time()

    @dy.rule()
    def last_seen_before_first_seen(cls) -> pl.Expr:  # noqa: D102, N805
        return _not_before("last_seen", "first_seen")


class Addresses(dy.Schema):
    """One row an address, as a token."""

    address_id = _id(key=True)
    kind = _choice(ADDRESS_KINDS)
    country = _ref()
    city = _ref()
    postcode = _ref()


class PaymentInstruments(dy.Schema):
    """One row a payment instrument, as a token."""

    payment_id = _id(key=True)
    kind = _choice(INSTRUMENT_KINDS)
    issuer = _ref()


class Transfers(dy.Schema):
    """One row a payment to a buyer: a top-up or a transfer, and who paid it."""

    transfer_id = _id(key=True)
    buyer_id = _id()
    at = _time(required=True)
    amount = _amount(required=True)
    currency = dy.String(nullable=False)
    source_id = _id()
    payment_id = _ref()


class Messages(dy.Schema):
    """One row a message from a seller to a buyer."""

    message_id = _id(key=True)
    seller_id = _id()
    buyer_id = _id()
    sent_at = _time(required=True)
    order_id = _ref()
    text = dy.String(nullable=True)


class Clicks(dy.Schema):
    """One row a look at a listing by a buyer."""

    buyer_id = _id(key=True)
    listing_id = _id(key=True)
    clicked_at = dy.Datetime(nullable=False, primary_key=True, time_zone="UTC", time_unit="us")
    session_id = _ref()


TABLES: Final[dict[str, type[dy.Schema]]] = {
    "sellers": Sellers,
    "buyers": Buyers,
    "addresses": Addresses,
    "payment_instruments": PaymentInstruments,
    "campaigns": Campaigns,
    "vouchers": Vouchers,
    "listings": Listings,
    "category_changes": CategoryChanges,
    "orders": Orders,
    "reviews": Reviews,
    "gift_cards": GiftCards,
    "redemptions": Redemptions,
    "account_links": AccountLinks,
    "transfers": Transfers,
    "messages": Messages,
    "clicks": Clicks,
}
"""Every input table, in an order in which a table comes after those that it refers to."""

FOREIGN_KEYS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "listings": {"seller_id": ("sellers", "seller_id")},
    "category_changes": {"listing_id": ("listings", "listing_id")},
    "vouchers": {"campaign_id": ("campaigns", "campaign_id")},
    "orders": {
        "buyer_id": ("buyers", "buyer_id"),
        "listing_id": ("listings", "listing_id"),
        "seller_id": ("sellers", "seller_id"),
        "voucher_id": ("vouchers", "voucher_id"),
        "campaign_id": ("campaigns", "campaign_id"),
    },
    "reviews": {
        "buyer_id": ("buyers", "buyer_id"),
        "listing_id": ("listings", "listing_id"),
        "order_id": ("orders", "order_id"),
    },
    "redemptions": {"card_id": ("gift_cards", "card_id"), "buyer_id": ("buyers", "buyer_id")},
    "transfers": {"buyer_id": ("buyers", "buyer_id")},
    "messages": {
        "seller_id": ("sellers", "seller_id"),
        "buyer_id": ("buyers", "buyer_id"),
        "order_id": ("orders", "order_id"),
    },
    "clicks": {"buyer_id": ("buyers", "buyer_id"), "listing_id": ("listings", "listing_id")},
}
"""Column -> (table, column) that it must exist in, wherever that table is part of the input.

Addresses and payment instruments are absent on purpose: these two tables *describe* attributes, real exports list
only some, and an attribute without a description is one of unknown kind, not a broken row."""


def required_columns(table: str) -> list[str]:
    """The columns that a table can't do without, in the contract's order."""
    return [name for name, column in TABLES[table].columns().items() if not column.nullable]


def dtypes(table: str) -> dict[str, Any]:
    """Column -> Polars type of a clean table."""
    return {name: column.dtype for name, column in TABLES[table].columns().items()}
