"""Relationships from the tables and results of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.graph import ATTRIBUTE_LABELS, RELATIONSHIP, relationship_schema
from toolkit.graph.nodes import filled, nodes
from toolkit.graph.uses import uses

if TYPE_CHECKING:
    from collections.abc import Callable

    from toolkit.contracts.kinds import Route
    from toolkit.graph.source import Source

_ENDS: Final[dict[str, tuple[str, str]]] = {
    "ORDERED": ("buyer_id", "listing_id"),
    "REVIEWED": ("buyer_id", "listing_id"),
    "CLICKED": ("buyer_id", "listing_id"),
    "REDEEMED": ("buyer_id", "card_id"),
    "BOUGHT": ("purchaser_id", "card_id"),
    "PAID_FOR": ("purchase_payment_id", "card_id"),
    "CLAIMED": ("buyer_id", "voucher_id"),
    "JOINED": ("buyer_id", "campaign_id"),
    "MESSAGED": ("seller_id", "buyer_id"),
    "MEMBER_OF": ("buyer_id", "ring_id"),
    "TARGETS": ("ring_id", "listing_id"),
    "LINKED": ("left", "right"),
}
"""Kinds that are one table's rows as they stand: the columns of the two ends."""


def relationships(source: Source, route: Route) -> pl.DataFrame:
    """All relationships of a route, sorted by all that they carry."""
    frame = _frame(source, route)
    schema = relationship_schema(route.name)
    kept = frame.select(filled(name, kind) for name, kind in schema.items()).drop_nulls(["start", "end"])
    return kept.sort([name for name, kind in schema.items() if not isinstance(kind, pl.List)])


def _frame(source: Source, route: Route) -> pl.DataFrame:
    if route.name in _ENDS:
        return _of_table(source.frame(RELATIONSHIP[route.name].table), route.name, *_ENDS[route.name])
    return _MAKERS[route.name](source, route)


def _of_table(frame: pl.DataFrame, name: str, start: str, end: str) -> pl.DataFrame:
    """One relationship a row, with the graph's names."""
    properties = [pl.col(item.column).alias(item.name) for item in RELATIONSHIP[name].properties]
    return frame.select(pl.col(start).alias("start"), pl.col(end).alias("end"), *properties)


def _same_id(source: Source, route: Route) -> pl.DataFrame:
    """Purchasers and payers whose id is an account's."""
    both = nodes(source, route.start).select("id").join(nodes(source, route.end).select("id"), on="id")
    return both.select(pl.col("id").alias("start"), pl.col("id").alias("end"))


def _uses(source: Source, route: Route) -> pl.DataFrame:
    return uses(source, route)


def _sells(source: Source, route: Route) -> pl.DataFrame:  # noqa: ARG001
    """What the listings say, and what the orders say."""
    columns = [pl.col("seller_id").alias("start"), pl.col("listing_id").alias("end")]
    return pl.concat([source.frame(table).select(columns) for table in ("listings", "orders")]).unique()


def _in_category(source: Source, route: Route) -> pl.DataFrame:  # noqa: ARG001
    """One stay a change of category, the stay before the first change, and the only stay where there was no change."""
    changes = source.frame("category_changes").sort("listing_id", "changed_at")
    following = pl.col("changed_at").shift(-1).over("listing_id")
    stays = changes.select(
        pl.col("listing_id").alias("start"),
        pl.col("to_category").alias("end"),
        pl.col("changed_at").alias("from"),
        following.alias("to"),
        pl.col("from_category").alias("previous"),
    )
    first = changes.group_by("listing_id", maintain_order=True).first()
    before = first.select(
        pl.col("listing_id").alias("start"), pl.col("from_category").alias("end"), pl.col("changed_at").alias("to")
    )
    listings = source.frame("listings").join(changes, on="listing_id", how="anti")
    only = listings.select(pl.col("listing_id").alias("start"), pl.col("category_id").alias("end"))
    return pl.concat([stays, before, only], how="diagonal")


def _part_of(source: Source, route: Route) -> pl.DataFrame:  # noqa: ARG001
    return source.frame("vouchers").select(pl.col("voucher_id").alias("start"), pl.col("campaign_id").alias("end"))


def _paid(source: Source, route: Route) -> pl.DataFrame:
    """Transfers of one kind of source."""
    frame = _of_table(source.frame("transfers"), route.name, "source_id", "buyer_id")
    return frame.join(nodes(source, route.start).select("id"), left_on="start", right_on="id", how="semi")


def _about(source: Source, route: Route) -> pl.DataFrame:
    column = {"Seller": "seller_id", "Listing": "listing_id"}[route.end]
    return source.frame("findings").select(pl.col("finding_id").alias("start"), pl.col(column).alias("end"))


def _rests_on(source: Source, route: Route) -> pl.DataFrame:
    column = {"Ring": "ring_id", "Finding": "finding_id"}[route.start]
    return source.frame("evidence").select(pl.col(column).alias("start"), pl.col("evidence_id").alias("end"))


def _concerns(source: Source, route: Route) -> pl.DataFrame:
    frame = source.frame("evidence")
    if route.end == "Listing":
        return frame.select(pl.col("evidence_id").alias("start"), pl.col("listing_id").alias("end"))
    kind = next(kind for kind, label in ATTRIBUTE_LABELS.items() if label == route.end)
    one = frame.filter(pl.col("attribute_kind") == kind)
    return one.select(pl.col("evidence_id").alias("start"), pl.col("attribute_id").alias("end"))


def _flagged(source: Source, route: Route) -> pl.DataFrame:  # noqa: ARG001
    """Virtual orders between the ends of their order."""
    ends = source.frame("orders").select("order_id", start="buyer_id", end="listing_id")
    return source.frame("virtual_orders").join(ends, on="order_id")


_MAKERS: Final[dict[str, Callable[[Source, Route], pl.DataFrame]]] = {
    "IS": _same_id,
    "USES": _uses,
    "SELLS": _sells,
    "IN_CATEGORY": _in_category,
    "PART_OF": _part_of,
    "FUNDED": _paid,
    "TRANSFERRED": _paid,
    "ABOUT": _about,
    "RESTS_ON": _rests_on,
    "CONCERNS": _concerns,
    "FLAGGED": _flagged,
}
