"""What each test needs of the input, so that what is missing switches off that test alone and the report can say why.

A need is met by any one of its ways. A way is a list of `table` or `table.column`: the table must have rows, the
column at least one value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from toolkit.contracts.input_report import InputReport


@dataclass(frozen=True, slots=True)
class Need:
    """A test and what it needs.

    Args:
        test: Its name.
        sentence: What it looks for, for a reader who is no statistician.
        ways: Each one a set of tables and columns that is enough.
    """

    test: str
    sentence: str
    ways: tuple[tuple[str, ...], ...]

    def lacks(self, columns: Mapping[str, Iterable[str]]) -> tuple[tuple[str, ...], ...]:
        """What is missing, one entry a way that could still be gone; empty where the test can run.

        Args:
            columns: Table that has rows -> its columns that have a value.
        """
        missing = [tuple(part for part in way if not _is_there(part, columns)) for way in self.ways]
        shortest = [way for way in missing if not any(set(other) < set(way) for other in missing)]
        return tuple(dict.fromkeys(way for way in shortest if way))

    def reason(self, columns: Mapping[str, Iterable[str]]) -> str:
        """Why the test is switched off, in a few words; empty where it can run."""
        ways = ", or ".join(" and ".join(way) for way in self.lacks(columns))
        return f"needs {ways}" if ways else ""


def _is_there(part: str, columns: Mapping[str, Iterable[str]]) -> bool:
    table, _, column = part.partition(".")
    return table in columns and (not column or column in columns[table])


NEEDS: Final[tuple[Need, ...]] = (
    Need("co_purchase", "Buyers who buy the same listings within days, more often than chance has it.", (("orders",),)),
    Need(
        "co_review", "Buyers who review the same listings within days, more often than chance has it.", (("reviews",),)
    ),
    Need(
        "co_click",
        "Buyers who look at the same listings in the same sessions of time, and buy little else.",
        (("clicks",),),
    ),
    Need(
        "co_listing",
        "Listings that share more buyers, reviewers or visitors within a window than their sizes explain.",
        (("orders",), ("reviews",), ("clicks",)),
    ),
    Need(
        "shared_attributes",
        "Accounts that share a rare device, payment instrument, address or contact.",
        (("account_links",), ("orders.payment_id",), ("orders.address_id",), ("orders.device_id",)),
    ),
    Need(
        "gift_card_after_review",
        "Reviewers of one listing who redeem gift cards of one face value soon after their review.",
        (("reviews", "redemptions", "gift_cards"),),
    ),
    Need(
        "gift_card_placebo",
        "The same count in the window before the review, where a cashback can not have caused it.",
        (("reviews", "redemptions", "gift_cards"),),
    ),
    Need(
        "issuer_concentration",
        "Whether the cards of a finding come from one purchaser or batch.",
        (
            ("reviews", "redemptions", "gift_cards.purchaser_id"),
            ("reviews", "redemptions", "gift_cards.batch_id"),
            ("reviews", "redemptions", "gift_cards.purchase_payment_id"),
        ),
    ),
    Need(
        "card_source",
        "Keeps cards that the platform gave away apart from bought ones, the best guard against false findings.",
        (("redemptions", "gift_cards.source"),),
    ),
    Need(
        "funding_source",
        "Buyers whose accounts are topped up by one source shortly before they order.",
        (("transfers", "orders.amount"),),
    ),
    Need(
        "voucher_tokens",
        "Buyers who use the same vouchers, or campaigns or subsidies at the same sellers, within days.",
        (("orders.voucher_id",), ("orders.campaign_id", "orders.seller_id"), ("orders.subsidy", "orders.seller_id")),
    ),
    Need(
        "refund_tokens",
        "Buyers whose refunds share an instrument, or a reason on the same days.",
        (("orders.refunded_at", "orders.refund_payment_id"), ("orders.refunded_at", "orders.refund_reason")),
    ),
    Need(
        "parcel_weights",
        "Parcels that weigh far less than the listing's catalogue weight.",
        (("orders.parcel_weight_g", "listings.catalogue_weight_g"),),
    ),
    Need("tracking_reuse", "Tracking numbers that stand on more than one order.", (("orders.tracking_id",),)),
    Need(
        "creation_bursts",
        "Accounts of one group that were opened, or first seen, on one day, when few others were.",
        (("buyers.created_at",), ("account_links.first_seen",)),
    ),
    Need(
        "message_copies",
        "Near-identical messages from a seller to many buyers that speak of a reward.",
        (("messages.text",),),
    ),
    Need(
        "text_copies",
        "Accounts that wrote nearly the same text at several shops, although it is rare in the market.",
        (("reviews.text",), ("messages.text",), ("orders.refunded_at", "orders.refund_reason")),
    ),
    Need(
        "review_conversion",
        "Groups that review nearly everything they buy, far above the market's rate.",
        (("orders", "reviews"),),
    ),
    Need(
        "category_switch",
        "Listings that move to another category for a campaign and back after it.",
        (("category_changes", "orders"),),
    ),
    Need(
        "minimum_spend_bunching",
        "Order values that pile up just above the minimum spend of a voucher or campaign.",
        (
            ("orders.amount", "orders.voucher_id", "vouchers.min_spend"),
            ("orders.amount", "orders.campaign_id", "campaigns.min_spend"),
        ),
    ),
    Need(
        "self_purchase",
        "Buyers who share a device, payment instrument, address or contact with the seller that they buy from.",
        (("orders.seller_id", "account_links"), ("orders", "listings.seller_id", "account_links")),
    ),
    Need(
        "order_brushing",
        "Sellers with at least three orders a buyer within an hour: the public order-brushing rule.",
        (("orders.seller_id",),),
    ),
)
"""Every test of the program, in the order in which reports list them."""


def switched_off(report: InputReport) -> dict[str, str]:
    """Test that the input can't feed -> why."""
    columns = report.columns()
    return {need.test: reason for need in NEEDS if (reason := need.reason(columns))}


def fed(report: InputReport) -> tuple[str, ...]:
    """The tests that the input can feed."""
    off = switched_off(report)
    return tuple(need.test for need in NEEDS if need.test not in off)
