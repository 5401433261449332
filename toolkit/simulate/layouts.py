"""How each table is written down: per column of the contract, the kind of value and the internal column it comes from.

A kind is the letter of a kind of id, a tuple of words that the numbers stand for, or one of `TIME`, `NUMBER` and
`READY` (already in its final form).
"""

from __future__ import annotations

from typing import Final, TypeAlias

from toolkit.contracts.tables import (
    ACCOUNT_KINDS,
    ADDRESS_KINDS,
    ATTRIBUTE_KINDS,
    CARD_SOURCES,
    FUNDED_BY,
    INSTRUMENT_KINDS,
    ORDER_STATUS,
    VOUCHER_KINDS,
)
from toolkit.simulate.places import COUNTRIES
from toolkit.simulate.words import NAMES, REASONS

TIME: Final = "time"
NUMBER: Final = "number"
READY: Final = "ready"

Layout: TypeAlias = dict[str, tuple[str | tuple[str, ...], str]]

_CURRENCY: Final = tuple(place.currency for place in COUNTRIES)
_COUNTRY: Final = tuple(place.code for place in COUNTRIES)
_CITIES: Final = tuple(city for place in COUNTRIES for city in place.cities)
_ISSUERS: Final = tuple(f"{place.code} bank {number}" for place in COUNTRIES for number in range(1, 7))
_POSTCODES: Final = tuple(f"{code:05d}" for code in range(10_000, 10_400))

LAYOUTS: Final[dict[str, Layout]] = {
    "sellers": {"seller_id": ("S", "self"), "created_at": (TIME, "created"), "country": (_COUNTRY, "country")},
    "buyers": {"buyer_id": ("B", "self"), "created_at": (TIME, "created"), "country": (_COUNTRY, "country")},
    "addresses": {
        "address_id": ("A", "self"),
        "kind": (ADDRESS_KINDS, "kind"),
        "country": (_COUNTRY, "country"),
        "city": (_CITIES, "city"),
        "postcode": (_POSTCODES, "postcode"),
    },
    "payment_instruments": {
        "payment_id": ("P", "self"),
        "kind": (INSTRUMENT_KINDS, "kind"),
        "issuer": (_ISSUERS, "issuer"),
    },
    "campaigns": {
        "campaign_id": ("C", "self"),
        "starts_at": (TIME, "starts"),
        "ends_at": (TIME, "ends"),
        "category_id": (NAMES, "category"),
        "min_spend": (NUMBER, "min_spend"),
        "max_discount": (NUMBER, "max_discount"),
        "currency": (_CURRENCY, "country"),
    },
    "vouchers": {
        "voucher_id": ("V", "self"),
        "campaign_id": ("C", "campaign"),
        "kind": (VOUCHER_KINDS, "kind"),
        "funded_by": (FUNDED_BY, "funding"),
        "min_spend": (NUMBER, "min"),
        "max_discount": (NUMBER, "max"),
        "currency": (_CURRENCY, "country"),
    },
    "listings": {
        "listing_id": ("L", "self"),
        "seller_id": ("S", "seller"),
        "category_id": (NAMES, "category"),
        "title": (READY, "title"),
        "price": (NUMBER, "price"),
        "currency": (_CURRENCY, "country"),
        "catalogue_weight_g": (NUMBER, "stated"),
        "created_at": (TIME, "created"),
    },
    "category_changes": {
        "listing_id": ("L", "listing"),
        "changed_at": (TIME, "at"),
        "from_category": (NAMES, "before"),
        "to_category": (NAMES, "after"),
    },
    "orders": {
        "order_id": ("O", "self"),
        "buyer_id": ("B", "buyer"),
        "listing_id": ("L", "listing"),
        "ordered_at": (TIME, "at"),
        "seller_id": ("S", "seller"),
        "amount": (NUMBER, "amount"),
        "currency": (_CURRENCY, "country"),
        "discount": (NUMBER, "discount"),
        "subsidy": (NUMBER, "subsidy"),
        "voucher_id": ("V", "voucher"),
        "campaign_id": ("C", "campaign"),
        "payment_id": ("P", "payment"),
        "address_id": ("A", "address"),
        "device_id": ("D", "device"),
        "status": (ORDER_STATUS, "status"),
        "delivered_at": (TIME, "delivered_at"),
        "cancelled_at": (TIME, "cancelled_at"),
        "refunded_at": (TIME, "refunded_at"),
        "refund_amount": (NUMBER, "refund_amount"),
        "refund_payment_id": ("P", "refund_payment"),
        "refund_reason": (REASONS, "refund_reason"),
        "parcel_weight_g": (NUMBER, "weight"),
        "tracking_id": ("W", "tracking"),
        "category_id": (NAMES, "category"),
    },
    "reviews": {
        "review_id": ("R", "self"),
        "buyer_id": ("B", "buyer"),
        "listing_id": ("L", "listing"),
        "reviewed_at": (TIME, "at"),
        "rating": (NUMBER, "rating"),
        "order_id": ("O", "order"),
        "verified": (READY, "verified"),
        "text": (READY, "text"),
    },
    "gift_cards": {
        "card_id": ("G", "self"),
        "face_value": (NUMBER, "face"),
        "currency": (_CURRENCY, "country"),
        "source": (CARD_SOURCES, "source"),
        "purchaser_id": ("party", "purchaser"),
        "purchase_payment_id": ("P", "payment"),
        "batch_id": ("N", "batch"),
        "issued_at": (TIME, "issued"),
    },
    "redemptions": {
        "redemption_id": ("X", "self"),
        "card_id": ("G", "card"),
        "buyer_id": ("B", "buyer"),
        "redeemed_at": (TIME, "at"),
        "amount": (NUMBER, "amount"),
    },
    "account_links": {
        "account_id": (READY, "account"),
        "account_kind": (ACCOUNT_KINDS, "seller"),
        "attribute_kind": (ATTRIBUTE_KINDS, "kind"),
        "attribute_id": (READY, "attribute"),
        "first_seen": (TIME, "first"),
        "last_seen": (TIME, "last"),
    },
    "transfers": {
        "transfer_id": ("T", "self"),
        "buyer_id": ("B", "buyer"),
        "at": (TIME, "at"),
        "amount": (NUMBER, "amount"),
        "currency": (_CURRENCY, "country"),
        "source_id": ("party", "source"),
        "payment_id": ("P", "payment"),
    },
    "messages": {
        "message_id": ("M", "self"),
        "seller_id": ("S", "seller"),
        "buyer_id": ("B", "buyer"),
        "sent_at": (TIME, "at"),
        "order_id": ("O", "order"),
        "text": (READY, "text"),
    },
    "clicks": {
        "buyer_id": ("B", "buyer"),
        "listing_id": ("L", "listing"),
        "clicked_at": (TIME, "at"),
        "session_id": ("U", "session"),
    },
}
"""Table -> contract column -> (kind, internal column)."""
