"""A graph back as input tables: the inverse of the projection.

What comes back is what went in, table by table, save that what people wrote is in no graph, that rows of addresses and
instruments that said nothing are left out, and that entities which were only referred to get a row where their table
was there at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.graph import ATTRIBUTE_LABELS, BODIES, NODE, RELATIONSHIP
from toolkit.contracts.tables import TABLES, dtypes

if TYPE_CHECKING:
    from toolkit.contracts.kinds import NodeKind, Property
    from toolkit.ports import GraphStore

_ENTITIES: Final = ("Seller", "Buyer", "Address", "PaymentInstrument", "Campaign", "Voucher", "Listing", "GiftCard")
_EVENTS: Final[dict[str, tuple[str, str, str]]] = {
    "ORDERED": ("orders", "buyer_id", "listing_id"),
    "REVIEWED": ("reviews", "buyer_id", "listing_id"),
    "CLICKED": ("clicks", "buyer_id", "listing_id"),
    "REDEEMED": ("redemptions", "buyer_id", "card_id"),
    "MESSAGED": ("messages", "seller_id", "buyer_id"),
    "FUNDED": ("transfers", "source_id", "buyer_id"),
    "TRANSFERRED": ("transfers", "source_id", "buyer_id"),
}
_DESCRIBED: Final = ("addresses", "payment_instruments", "gift_cards")
"""Tables that need not list all that is referred to: rows that say nothing are left out."""


def tables(store: GraphStore, case_id: str) -> dict[str, pl.DataFrame]:
    """Every input table that the store's graph of a case holds rows for, by name."""
    found: dict[str, list[pl.DataFrame]] = {}
    for label in _ENTITIES:
        found.setdefault(NODE[label].table, []).append(_entities(store, NODE[label], case_id))
    for name, (table, start, end) in _EVENTS.items():
        for route in RELATIONSHIP[name].routes():
            frame = store.relationships(route, case_id=case_id).rename({"start": start, "end": end})
            found.setdefault(table, []).append(_named(frame, RELATIONSHIP[name].properties))
    found["account_links"] = [_account_links(store, case_id)]
    found["category_changes"] = [_category_changes(store, case_id)]
    whole = {name: _table(name, parts) for name, parts in found.items()}
    return {name: whole[name] for name in TABLES if name in whole and whole[name].height}


def _table(name: str, parts: list[pl.DataFrame]) -> pl.DataFrame:
    """The parts of a table as one, in the contract's columns and types, sorted by its key; without texts of people."""
    schema = {column: kind for column, kind in dtypes(name).items() if column != BODIES.get(name)}
    whole = pl.concat([part.select(pl.col(column).cast(kind) for column, kind in schema.items()) for part in parts])
    return whole.sort(TABLES[name].primary_key())


def _named(frame: pl.DataFrame, properties: tuple[Property, ...]) -> pl.DataFrame:
    return frame.rename({item.name: item.column for item in properties if item.column and item.column != item.name})


def _entities(store: GraphStore, kind: NodeKind, case_id: str) -> pl.DataFrame:
    """A table of entities; without rows where no node says more than its id."""
    frame = _named(store.nodes(kind.label, case_id=case_id), kind.properties).rename({"id": kind.key})
    said = pl.any_horizontal(pl.exclude(kind.key).is_not_null())
    required = "face_value" if kind.table == "gift_cards" else None
    if kind.table in _DESCRIBED:
        return frame.filter(pl.col(required).is_not_null() if required else said)
    return frame if frame.select(said.any()).item() else frame.head(0)


def _account_links(store: GraphStore, case_id: str) -> pl.DataFrame:
    kinds = {label: kind for kind, label in ATTRIBUTE_LABELS.items()}
    parts = [
        store.relationships(route, case_id=case_id)
        .filter("listed")
        .select(
            "first_seen",
            "last_seen",
            account_id="start",
            attribute_id="end",
            account_kind=pl.lit(route.start.lower()),
            attribute_kind=pl.lit(kinds[route.end]),
        )
        for route in RELATIONSHIP["USES"].routes()
    ]
    return pl.concat(parts)


def _category_changes(store: GraphStore, case_id: str) -> pl.DataFrame:
    (route,) = RELATIONSHIP["IN_CATEGORY"].routes()
    stays = store.relationships(route, case_id=case_id).filter(pl.col("from").is_not_null())
    return stays.select(listing_id="start", changed_at="from", from_category="previous", to_category="end")
