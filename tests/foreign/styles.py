"""What kinds of exports there are: countries with their money, and which tables and columns a platform hands over."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Country:
    """One country's shop floor: `scale` turns a price in dollars into local money."""

    code: str
    currency: str
    decimals: int
    scale: float
    faces: tuple[float, ...]
    offset: str = "+00:00"


COUNTRIES = {
    c.code: c
    for c in (
        Country("US", "USD", 2, 1.0, (25, 50, 10, 100, 15, 20, 30, 75, 5, 200), "-05:00"),
        Country("MY", "MYR", 2, 3.2, (20, 50, 100, 30, 10), "+08:00"),
        Country("TH", "THB", 2, 26.0, (100, 300, 500, 1000), "+07:00"),
        Country("VN", "VND", 0, 16000.0, (100000, 50000, 200000, 500000, 20000), "+07:00"),
        Country("BR", "BRL", 2, 4.1, (50, 100, 30, 200), "-03:00"),
        Country("MX", "MXN", 2, 14.0, (200, 500, 100, 1000), "-06:00"),
        Country("CL", "CLP", 0, 700.0, (10000, 20000, 50000), "-04:00"),
        Country("CO", "COP", 2, 3000.0, (50000, 100000), "-05:00"),
        Country("DE", "EUR", 2, 0.95, (25, 50, 15, 100), "+01:00"),
        Country("GB", "GBP", 2, 0.85, (10, 20, 25, 50), "+00:00"),
        Country("PL", "PLN", 2, 3.6, (50, 100, 200), "+01:00"),
    )
}

ORDERS = (
    "order_id",
    "buyer_id",
    "listing_id",
    "ordered_at",
    "seller_id",
    "amount",
    "currency",
    "status",
    "delivered_at",
)
CANCELS = ("cancelled_at", "refunded_at", "refund_amount", "refund_reason")
PLACES = ("payment_id", "address_id", "device_id", "refund_payment_id")
PROMOS = ("discount", "subsidy", "voucher_id", "campaign_id")
PARCELS = ("parcel_weight_g", "tracking_id", "category_id")
REVIEWS = ("review_id", "buyer_id", "listing_id", "reviewed_at", "rating", "order_id", "verified")


@dataclass(frozen=True)
class Style:
    """One plausible export. `size` scales the orders asked for; `tables` maps a table to its columns (None: all)."""

    name: str
    countries: tuple[str, ...]
    tables: dict[str, tuple[str, ...] | None]
    start: date = date(2024, 2, 1)
    days: int = 365
    size: float = 1.0
    orders_per_buyer: float = 4.0
    activity_shape: float = 0.45
    orders_per_listing: float = 22.0
    listings_per_seller: float = 9.0
    popularity_sigma: float = 1.5
    seller_sigma: float = 0.8
    review_rate: float = 0.08
    return_rate: float = 0.07
    card_rate: float = 0.25
    campaign_days: int = 0
    peaks: dict[str, float] = field(default_factory=dict)
    payday: float = 1.0
    missing: float = 0.03
    ids: str = "hex"
    zone: str = "Z"
    file_format: str = "parquet"

    def has(self, *needs: str) -> bool:
        """Whether the export has all of these: a table, or `table.column`."""
        return all(self._has(need) for need in needs)

    def _has(self, need: str) -> bool:
        table, _, column = need.partition(".")
        if table not in self.tables:
            return False
        columns = self.tables[table]
        return not column or columns is None or column in columns


_FALL = {"11-24": 2.4, "11-25": 2.0, "11-28": 2.2, "12-02": 2.6, "12-09": 1.8, "12-16": 1.7, "07-16": 2.8, "07-17": 2.4}
_DOUBLE = {"03-03": 1.8, "06-06": 2.2, "09-09": 3.0, "10-10": 2.6, "11-11": 4.5, "12-12": 3.6, "08-08": 2.0}

STYLES = {
    s.name: s
    for s in (
        Style(
            "usa",
            ("US",),
            {
                "orders": (*ORDERS, *CANCELS, "payment_id", "address_id"),
                "reviews": (*REVIEWS, "text"),
                "buyers": None,
                "sellers": None,
                "listings": ("listing_id", "seller_id", "category_id", "title", "price", "currency", "created_at"),
                "gift_cards": None,
                "redemptions": None,
                "messages": None,
                "payment_instruments": None,
                "category_changes": None,
            },
            peaks=_FALL,
            review_rate=0.06,
            return_rate=0.11,
            card_rate=0.3,
            ids="letters",
        ),
        Style(
            "sea",
            ("MY", "TH", "VN"),
            {
                "orders": (*ORDERS, *CANCELS, *PLACES, *PROMOS, *PARCELS),
                "reviews": REVIEWS,
                "buyers": None,
                "sellers": None,
                "listings": None,
                "campaigns": None,
                "vouchers": None,
                "category_changes": None,
                "addresses": None,
                "account_links": None,
                "transfers": None,
            },
            days=270,
            start=date(2024, 4, 15),
            orders_per_buyer=7.0,
            activity_shape=0.6,
            review_rate=0.22,
            return_rate=0.03,
            card_rate=0.0,
            campaign_days=60,
            peaks=_DOUBLE,
            payday=1.35,
            ids="digits",
            zone="local",
        ),
        Style(
            "ucsd",
            ("US",),
            {
                "reviews": ("review_id", "buyer_id", "listing_id", "reviewed_at", "rating", "verified", "text"),
                "listings": ("listing_id", "category_id", "title", "price"),
            },
            days=730,
            start=date(2022, 1, 1),
            orders_per_buyer=6.0,
            activity_shape=0.35,
            review_rate=0.35,
            orders_per_listing=30.0,
            card_rate=0.0,
            peaks=_FALL,
            ids="letters",
        ),
        Style(
            "faceless",
            ("DE", "GB", "PL"),
            {
                "orders": (*ORDERS, *CANCELS, "category_id", "discount", "voucher_id"),
                "reviews": (*REVIEWS, "text"),
                "sellers": ("seller_id", "country"),
                "listings": ("listing_id", "seller_id", "category_id", "title", "price", "currency"),
                "messages": None,
            },
            days=300,
            return_rate=0.28,
            review_rate=0.1,
            campaign_days=15,
            card_rate=0.0,
            ids="uuid",
            zone="local",
            file_format="csv",
        ),
        Style(
            "bazaar",
            ("CO",),
            {
                "orders": (*ORDERS, "payment_id", "device_id", "cancelled_at", "discount", "subsidy", "voucher_id"),
                "reviews": ("review_id", "buyer_id", "listing_id", "reviewed_at", "rating", "order_id"),
                "buyers": None,
                "vouchers": None,
                "account_links": None,
            },
            size=0.3,
            days=150,
            start=date(2024, 8, 1),
            orders_per_buyer=3.0,
            orders_per_listing=9.0,
            listings_per_seller=3.0,
            popularity_sigma=2.4,
            seller_sigma=1.4,
            review_rate=0.15,
            campaign_days=20,
            card_rate=0.0,
            payday=1.8,
            ids="short",
        ),
        Style(
            "ledger",
            ("BR",),
            {
                "orders": ("order_id", "buyer_id", "listing_id", "ordered_at", "seller_id", "amount", "currency"),
                "account_links": None,
            },
            days=400,
            orders_per_buyer=5.0,
            activity_shape=0.9,
            card_rate=0.0,
            payday=1.5,
            ids="digits",
        ),
        Style(
            "mekong",
            ("VN", "TH", "MY"),
            {
                "orders": (*ORDERS, *CANCELS, *PLACES, *PROMOS, *PARCELS),
                "reviews": (*REVIEWS, "text"),
                "buyers": None,
                "sellers": None,
                "listings": None,
                "campaigns": None,
                "vouchers": None,
                "category_changes": None,
                "addresses": None,
                "payment_instruments": None,
                "account_links": None,
                "transfers": None,
                "messages": None,
            },
            days=300,
            start=date(2024, 3, 10),
            orders_per_buyer=6.0,
            review_rate=0.15,
            return_rate=0.04,
            card_rate=0.0,
            campaign_days=45,
            peaks=_DOUBLE,
            payday=1.25,
            ids="digits",
        ),
        Style(
            "latam",
            ("BR", "MX", "CL"),
            {
                "orders": (*ORDERS, *CANCELS, *PLACES, *PROMOS, *PARCELS),
                "reviews": (*REVIEWS, "text"),
                "buyers": None,
                "sellers": None,
                "listings": None,
                "campaigns": None,
                "vouchers": None,
                "category_changes": None,
                "addresses": None,
                "payment_instruments": None,
                "account_links": None,
                "transfers": None,
                "gift_cards": None,
                "redemptions": None,
                "messages": None,
                "clicks": None,
            },
            days=330,
            review_rate=0.12,
            card_rate=0.2,
            campaign_days=35,
            peaks={**_FALL, "05-27": 2.5, "05-28": 2.0},
            payday=1.2,
            ids="uuid",
        ),
    )
}
