"""The investigator's graph as data: which nodes and relationships there are, and what each of them carries.

The constraints, the loading statements, the page docs/graph.md and the files for an offline import are made from here.
Names are public (contract, section 5). No node has a property `title`, `name`, `type` or `node_type`: the embedded
store keeps these for itself.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from toolkit.contracts.kinds import DTYPES, NodeKind, Property, PropertyType, RelationshipKind, Route
from toolkit.contracts.results import RESULTS
from toolkit.contracts.tables import TABLES

FORMAT: Final = 2
"""Version of the graph's model; a store that was filled with another one has to be filled again."""

BODIES: Final = {"messages": "text", "reviews": "text"}
"""Table -> the column of what people wrote, which no node or relationship carries: a graph is made to be published."""

_TYPES: Final[dict[pl.DataType | type[pl.DataType], PropertyType]] = {
    pl.String: "text",
    pl.Enum: "text",
    pl.Float64: "number",
    pl.Int64: "integer",
    pl.Boolean: "boolean",
    pl.Datetime: "time",
    pl.List: "texts",
}


def _of(table: str, *, leave: tuple[str, ...] = (), **renamed: str) -> tuple[Property, ...]:
    """The properties that a table's columns become: all but those left out, some under another name."""
    schema = RESULTS[table] if table in RESULTS else TABLES[table]
    return tuple(
        Property(renamed.get(column, column), _TYPES[kind.dtype.base_type()], column)
        for column, kind in schema.columns().items()
        if column not in leave
    )


def _everywhere(column: str, *tables: str) -> tuple[tuple[str, str, str], ...]:
    return tuple((table, column, "") for table in tables)


ATTRIBUTE_LABELS: Final[dict[str, str]] = {
    "payment": "PaymentInstrument",
    "address": "Address",
    "device": "Device",
    "phone": "Phone",
    "email": "Email",
    "ip": "IpAddress",
    "bank": "BankAccount",
}
"""`attribute_kind` of the tables -> label."""


def _attribute(kind: str, *more: tuple[str, str, str]) -> tuple[tuple[str, str, str], ...]:
    return (("account_links", "attribute_id", kind), ("evidence", "attribute_id", kind), *more)


NODES: Final[tuple[NodeKind, ...]] = (
    NodeKind(
        "Buyer",
        "An account that orders, reviews or redeems.",
        "buyers",
        "buyer_id",
        _of("buyers", leave=("buyer_id",)),
        (
            *_everywhere("buyer_id", "orders", "reviews", "redemptions", "transfers", "messages", "clicks", "members"),
            ("links", "left", ""),
            ("links", "right", ""),
            ("account_links", "account_id", "buyer"),
        ),
    ),
    NodeKind(
        "Seller",
        "An account that sells.",
        "sellers",
        "seller_id",
        _of("sellers", leave=("seller_id",)),
        (
            *_everywhere("seller_id", "listings", "orders", "messages", "targets", "findings"),
            ("account_links", "account_id", "seller"),
        ),
    ),
    NodeKind(
        "Listing",
        "Something offered for sale; its title is `listing_title`.",
        "listings",
        "listing_id",
        _of("listings", leave=("listing_id",), title="listing_title"),
        _everywhere("listing_id", "orders", "reviews", "category_changes", "clicks", "targets", "findings", "evidence"),
    ),
    NodeKind(
        "GiftCard",
        "A gift card; its face value is in its own currency.",
        "gift_cards",
        "card_id",
        _of("gift_cards", leave=("card_id",)),
        _everywhere("card_id", "redemptions"),
    ),
    NodeKind(
        "PaymentInstrument",
        "A means of payment, as a token.",
        "payment_instruments",
        "payment_id",
        _of("payment_instruments", leave=("payment_id",)),
        _attribute("payment", ("orders", "payment_id", ""), ("gift_cards", "purchase_payment_id", "")),
    ),
    NodeKind(
        "Address",
        "An address, as a token; lockers, forwarders and dormitories are shared by many who never met.",
        "addresses",
        "address_id",
        _of("addresses", leave=("address_id",)),
        _attribute("address", ("orders", "address_id", "")),
    ),
    NodeKind("Device", "A device, as a token.", seen_in=_attribute("device", ("orders", "device_id", ""))),
    NodeKind("Phone", "A telephone number, as a token.", seen_in=_attribute("phone")),
    NodeKind("Email", "An e-mail address, as a token.", seen_in=_attribute("email")),
    NodeKind("IpAddress", "A network address, as a token.", seen_in=_attribute("ip")),
    NodeKind("BankAccount", "A bank account, as a token.", seen_in=_attribute("bank")),
    NodeKind(
        "Category",
        "A category of listings.",
        seen_in=(
            *_everywhere("category_id", "listings", "orders", "campaigns"),
            ("category_changes", "from_category", ""),
            ("category_changes", "to_category", ""),
        ),
    ),
    NodeKind(
        "Campaign",
        "A campaign of the platform, with its span.",
        "campaigns",
        "campaign_id",
        _of("campaigns", leave=("campaign_id",)),
        _everywhere("campaign_id", "vouchers", "orders"),
    ),
    NodeKind(
        "Voucher",
        "A voucher code, and who pays for it.",
        "vouchers",
        "voucher_id",
        _of("vouchers", leave=("voucher_id",)),
        _everywhere("voucher_id", "orders"),
    ),
    NodeKind("Purchaser", "Whoever bought a gift card.", seen_in=_everywhere("purchaser_id", "gift_cards")),
    NodeKind("Payer", "A source of a transfer that is no seller.", seen_in=_everywhere("source_id", "transfers")),
    NodeKind(
        "Ring",
        "Accounts that act together more than chance and the innocent explanations have it.",
        "rings",
        "ring_id",
        (*_of("rings", leave=("ring_id",)), Property("money", "texts"), Property("explanations", "texts")),
    ),
    NodeKind(
        "Finding",
        "Something noticed about a seller or listing that is not a ring.",
        "findings",
        "finding_id",
        (*_of("findings", leave=("finding_id", "rows")), Property("rows", "texts"), Property("money", "texts")),
    ),
    NodeKind(
        "Evidence",
        "One statement that a ring or finding rests on, with the input rows behind it as `table:id`.",
        "evidence",
        "evidence_id",
        (
            *_of("evidence", leave=("evidence_id", "ring_id", "finding_id", "rows"), p_value="p", q_value="q"),
            Property("rows", "texts"),
        ),
    ),
)
"""Every kind of node."""

_USED: Final = ("PaymentInstrument", "Device", "Phone", "Email", "IpAddress", "BankAccount", "Address")

RELATIONSHIPS: Final[tuple[RelationshipKind, ...]] = (
    RelationshipKind(
        "ORDERED",
        "A buyer ordered a listing; one relationship an order.",
        ("Buyer",),
        ("Listing",),
        _of("orders", leave=("buyer_id", "listing_id"), ordered_at="at"),
        "orders",
    ),
    RelationshipKind(
        "REVIEWED",
        "A buyer reviewed a listing; one relationship a review, without its text.",
        ("Buyer",),
        ("Listing",),
        _of("reviews", leave=("buyer_id", "listing_id", BODIES["reviews"]), reviewed_at="at"),
        "reviews",
    ),
    RelationshipKind(
        "CLICKED",
        "A buyer looked at a listing.",
        ("Buyer",),
        ("Listing",),
        _of("clicks", leave=("buyer_id", "listing_id"), clicked_at="at"),
        "clicks",
    ),
    RelationshipKind(
        "REDEEMED",
        "A buyer bound a gift card to the account.",
        ("Buyer",),
        ("GiftCard",),
        _of("redemptions", leave=("buyer_id", "card_id"), redeemed_at="at"),
        "redemptions",
    ),
    RelationshipKind("BOUGHT", "Who bought a gift card.", ("Purchaser",), ("GiftCard",), (), "gift_cards"),
    RelationshipKind(
        "PAID_FOR", "What a gift card was paid with.", ("PaymentInstrument",), ("GiftCard",), (), "gift_cards"
    ),
    RelationshipKind("IS", "The same id is an account here.", ("Purchaser", "Payer"), ("Buyer", "Seller")),
    RelationshipKind(
        "USES",
        "An account was seen with an attribute, in `account_links` (`listed`) or on an order of its own.",
        ("Buyer", "Seller"),
        _USED,
        (
            Property("first_at", "time"),
            Property("last_at", "time"),
            Property("orders", "integer"),
            Property("listed", "boolean"),
            Property("first_seen", "time", "first_seen"),
            Property("last_seen", "time", "last_seen"),
        ),
        "account_links",
    ),
    RelationshipKind("SELLS", "A seller offers a listing.", ("Seller",), ("Listing",)),
    RelationshipKind(
        "IN_CATEGORY",
        "A listing lay in a category, from and to; `previous` is where the change came from.",
        ("Listing",),
        ("Category",),
        (Property("from", "time"), Property("to", "time"), Property("previous", "text")),
    ),
    RelationshipKind(
        "CLAIMED",
        "A buyer used a voucher on an order.",
        ("Buyer",),
        ("Voucher",),
        (
            Property("order_id", "text", "order_id"),
            Property("at", "time", "ordered_at"),
            Property("discount", "number", "discount"),
            Property("subsidy", "number", "subsidy"),
            Property("currency", "text", "currency"),
        ),
        "orders",
    ),
    RelationshipKind(
        "JOINED",
        "A buyer ordered within a campaign.",
        ("Buyer",),
        ("Campaign",),
        (
            Property("order_id", "text", "order_id"),
            Property("listing_id", "text", "listing_id"),
            Property("at", "time", "ordered_at"),
            Property("amount", "number", "amount"),
            Property("subsidy", "number", "subsidy"),
            Property("currency", "text", "currency"),
        ),
        "orders",
    ),
    RelationshipKind("PART_OF", "A voucher belongs to a campaign.", ("Voucher",), ("Campaign",)),
    RelationshipKind(
        "FUNDED",
        "A seller paid money to a buyer.",
        ("Seller",),
        ("Buyer",),
        _of("transfers", leave=("buyer_id", "source_id")),
        "transfers",
    ),
    RelationshipKind(
        "TRANSFERRED",
        "Someone who is no seller paid money to a buyer.",
        ("Payer",),
        ("Buyer",),
        _of("transfers", leave=("buyer_id", "source_id")),
        "transfers",
    ),
    RelationshipKind(
        "MESSAGED",
        "A seller wrote to a buyer; what was written is not in the graph.",
        ("Seller",),
        ("Buyer",),
        _of("messages", leave=("buyer_id", "seller_id", BODIES["messages"]), sent_at="at"),
        "messages",
    ),
    RelationshipKind(
        "MEMBER_OF",
        "A buyer belongs to a ring, as core (two families or more) or associate.",
        ("Buyer",),
        ("Ring",),
        _of("members", leave=("buyer_id", "ring_id")),
        "members",
    ),
    RelationshipKind(
        "TARGETS",
        "A ring's members act on a listing more than chance would have it.",
        ("Ring",),
        ("Listing",),
        _of("targets", leave=("ring_id", "listing_id", "seller_id"), p_value="p", q_value="q"),
        "targets",
    ),
    RelationshipKind(
        "LINKED",
        "Two buyers are linked in one view of the evidence; the smaller id comes first.",
        ("Buyer",),
        ("Buyer",),
        _of("links", leave=("left", "right"), p_value="p", q_value="q"),
        "links",
    ),
    RelationshipKind("ABOUT", "What a finding is about.", ("Finding",), ("Seller", "Listing"), (), "findings"),
    RelationshipKind(
        "RESTS_ON", "What a ring or finding rests on.", ("Ring", "Finding"), ("Evidence",), (), "evidence"
    ),
    RelationshipKind(
        "CONCERNS", "What a piece of evidence is about.", ("Evidence",), ("Listing", *_USED), (), "evidence"
    ),
    RelationshipKind(
        "FLAGGED",
        "An order that two independent reasons mark as not meant to be a purchase.",
        ("Buyer",),
        ("Listing",),
        _of("virtual_orders"),
        "virtual_orders",
    ),
)
"""Every kind of relationship."""

NODE: Final[dict[str, NodeKind]] = {kind.label: kind for kind in NODES}
RELATIONSHIP: Final[dict[str, RelationshipKind]] = {kind.name: kind for kind in RELATIONSHIPS}
ROUTES: Final[tuple[Route, ...]] = tuple(route for kind in RELATIONSHIPS for route in kind.routes())
"""Every pair of labels that a relationship may join."""


def node_schema(label: str) -> dict[str, pl.DataType]:
    """Column -> type of a frame of nodes."""
    return {"id": pl.String(), **{item.name: DTYPES[item.type] for item in NODE[label].properties}}


def relationship_schema(name: str) -> dict[str, pl.DataType]:
    """Column -> type of a frame of relationships."""
    properties = {item.name: DTYPES[item.type] for item in RELATIONSHIP[name].properties}
    return {"start": pl.String(), "end": pl.String(), **properties}
