"""The result tables of a case: what each column means, as dataframely schemas.

Every table is written even when it has no rows. Statistics carry 9 significant digits; money is exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import dataframely as dy

if TYPE_CHECKING:
    import polars as pl

TIERS: Final = ("strong", "moderate", "lead")
ALERT_TIERS: Final = ("strong", "moderate")
SCHEMES: Final = (
    "gift_card_cashback",
    "review_ring",
    "brushing",
    "virtual_orders",
    "voucher_farm",
    "refund_ring",
    "account_farm",
    "coattail",
    "unclassified",
)
ROLES: Final = ("core", "associate")
FAMILIES: Final = (
    "gift_card",
    "co_behaviour",
    "target",
    "synchrony",
    "identity",
    "conversion",
    "subsidy",
    "refund",
    "funding",
    "logistics",
    "message",
)
FINDING_KINDS: Final = (
    "gift_card_cashback",
    "category_switch",
    "voucher_abuse",
    "brushing_window",
    "min_spend_bunching",
    "empty_parcels",
    "solicitation",
    "self_purchase",
    "seller_funded",
)
MONEY_KINDS: Final = ("gift_card_redeemed", "subsidy", "discount", "refund", "order_value")
EXPLANATION_RESULTS: Final = ("excluded", "possible", "not_tested")


def _text(*, null: bool = True) -> dy.String:
    return dy.String(nullable=null)


def _one_of(values: tuple[str, ...]) -> dy.String:
    """Text from a closed list; plain text, because other people's tools read these files."""
    return dy.String(nullable=False, check=lambda column: column.is_in(values))


def _time() -> dy.Datetime:
    return dy.Datetime(nullable=True, time_zone="UTC", time_unit="us")


def _number(*, null: bool = True) -> dy.Float64:
    return dy.Float64(nullable=null)


def _count() -> dy.Int64:
    return dy.Int64(nullable=False, min=0)


def _rows() -> dy.List:
    """Input rows that a statement rests on: table and id, smallest id first."""
    row = dy.Struct({"table": dy.String(nullable=False), "id": dy.String(nullable=False)})
    return dy.List(row, nullable=False)


class Rings(dy.Schema):
    """One row a ring. `score` is an ordering, higher is worse; it is no probability."""

    ring_id = dy.String(primary_key=True)
    tier = _one_of(TIERS)
    score = _number(null=False)
    scheme = dy.String(nullable=False, check=lambda column: column.is_in(SCHEMES) | column.str.starts_with("x_"))
    families = dy.List(dy.String(nullable=False), nullable=False)
    n_members = _count()
    n_core = _count()
    n_targets = _count()
    first_at = _time()
    last_at = _time()
    q_value = _number()
    summary = _text(null=False)


class Members(dy.Schema):
    """One row a ring and buyer. `reason` says in words what joins the buyer to the ring."""

    ring_id = dy.String(primary_key=True)
    buyer_id = dy.String(primary_key=True)
    role = _one_of(ROLES)
    reason = _text(null=False)
    score = _number(null=False)


class Targets(dy.Schema):
    """One row a ring and listing that its members act on more than chance would have it."""

    ring_id = dy.String(primary_key=True)
    listing_id = dy.String(primary_key=True)
    seller_id = _text()
    members = _count()
    share = _number(null=False)
    p_value = _number(null=False)
    q_value = _number(null=False)


class Evidence(dy.Schema):
    """One row a piece of evidence, with the sentence that a person reads and the input rows behind it."""

    evidence_id = dy.String(primary_key=True)
    ring_id = _text()
    finding_id = _text()
    family = _one_of(FAMILIES)
    test = _text(null=False)
    statement = _text(null=False)
    observed = _number()
    expected = _number()
    p_value = _number()
    q_value = _number()
    listing_id = _text()
    attribute_kind = _text()
    attribute_id = _text()
    window_start = _time()
    window_end = _time()
    rows = _rows()


class VirtualOrders(dy.Schema):
    """One row an order that two independent reasons mark as one that was not meant to be a purchase."""

    order_id = dy.String(primary_key=True)
    ring_id = _text()
    seller_id = _text()
    score = _number(null=False)
    reasons = dy.List(dy.String(nullable=False), nullable=False)
    subsidy = _number()
    currency = _text()


class Findings(dy.Schema):
    """One row a finding about a seller or listing that is not a ring."""

    finding_id = dy.String(primary_key=True)
    kind = _one_of(FINDING_KINDS)
    seller_id = _text()
    listing_id = _text()
    first_at = _time()
    last_at = _time()
    n_orders = _count()
    n_buyers = _count()
    p_value = _number()
    q_value = _number()
    statement = _text(null=False)
    rows = _rows()


class Money(dy.Schema):
    """One row a ring or finding, kind of money and currency. Currencies are never added up or converted."""

    ring_id = _text()
    finding_id = _text()
    kind = _one_of(MONEY_KINDS)
    currency = _text(null=False)
    amount = _number(null=False)
    rows = _count()


class Explanations(dy.Schema):
    """One row a ring or finding and innocent explanation: tested with which result, or why it could not be."""

    ring_id = _text()
    finding_id = _text()
    explanation = _text(null=False)
    result = _one_of(EXPLANATION_RESULTS)
    statement = _text(null=False)


class Links(dy.Schema):
    """One row a link between two buyers in the evidence graph (smaller id first), by view."""

    left = dy.String(primary_key=True)
    right = dy.String(primary_key=True)
    view = dy.String(primary_key=True)
    weight = _number(null=False)
    observed = _number()
    expected = _number()
    p_value = _number()
    q_value = _number()
    via = _text()


class BrushingWindows(dy.Schema):
    """One row a maximal run of a seller's brushed orders under the public rule."""

    seller_id = dy.String(primary_key=True)
    window_start = dy.Datetime(primary_key=True, time_zone="UTC", time_unit="us")
    window_end = dy.Datetime(nullable=False, time_zone="UTC", time_unit="us")
    orders = _count()
    buyers = _count()
    concentration = _number(null=False)


class BrushingBuyers(dy.Schema):
    """One row a seller and suspicious buyer under the public rule."""

    seller_id = dy.String(primary_key=True)
    buyer_id = dy.String(primary_key=True)
    orders = _count()


class Candidates(dy.Schema):
    """One row a group of accounts that was judged, ring or not; `ring_id` is the digest of its members.

    `actors` are its accounts, those at one private address as one: they may be one home.
    """

    ring_id = dy.String(primary_key=True)
    size = _count()
    actors = _count()
    origin = _text(null=False)


class Tests(dy.Schema):
    """One row a judged group and test, as the judgement saw it, so that another threshold can be tried without a run.

    `surprise` is -log10 p after every test that was asked is paid for. `kind` is the kind of token behind it; `without`
    names the kind of attribute that was left out of the test (null: none); `sources` whose gift cards it rests on.
    """

    ring_id = dy.String(primary_key=True)
    place = dy.Int64(primary_key=True)
    family = _one_of(FAMILIES)
    test = _text(null=False)
    observed = _number()
    expected = _number()
    surprise = _number(null=False)
    kind = _text()
    without = _text()
    sources = dy.List(dy.String(nullable=False), nullable=True)


class SellerVoid(dy.Schema):
    """One row a seller and currency with virtual orders: how many to void, their value, and the platform's part of it.

    `order_value` is sales volume to void, `subsidy` what the platform paid for these orders; null where no order says.
    Whether the seller or somebody else placed them is not said here: a shop may be the victim of a competitor.
    """

    seller_id = dy.String(primary_key=True)
    currency = dy.String(primary_key=True)
    orders = _count()
    order_value = _number()
    subsidy = _number()


class SellerLinks(dy.Schema):
    """One row a rare attribute that two sellers (smaller id first) were both seen with: a path, no proof."""

    left = dy.String(primary_key=True)
    right = dy.String(primary_key=True)
    attribute_kind = dy.String(primary_key=True)
    attribute_id = dy.String(primary_key=True)
    buyers = _count()


RESULTS: Final[dict[str, type[dy.Schema]]] = {
    "rings": Rings,
    "members": Members,
    "targets": Targets,
    "evidence": Evidence,
    "virtual_orders": VirtualOrders,
    "findings": Findings,
    "money": Money,
    "explanations": Explanations,
    "links": Links,
    "brushing_windows": BrushingWindows,
    "brushing_buyers": BrushingBuyers,
    "seller_links": SellerLinks,
    "seller_void": SellerVoid,
    "candidates": Candidates,
    "tests": Tests,
}
"""Every table in CASE/results/."""


def empty(name: str) -> pl.DataFrame:
    """A result table without rows."""
    frame: pl.DataFrame = RESULTS[name].create_empty()
    return frame
