"""What the members of a ring did: one timeline a ring, from the clean input tables.

A timeline holds the members' orders and reviews of the ring's targets (of anything, in the ring's own window, where it
has no target), their redemptions, the category changes of the targets, and every row that the evidence cites.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.currency import exact
from toolkit.contracts.report import Event
from toolkit.contracts.row_ids import row_id

if TYPE_CHECKING:
    from toolkit.case import Case

_COLUMNS: Final = ("ring_id", "at", "table", "id", "buyer_id", "thing_kind", "thing_id", "amount", "currency")


@dataclass(frozen=True)
class _Source:
    """Where a kind of event is read from; an empty column name is one that the table does not have."""

    at: str
    thing_kind: str
    thing: str
    amount: str = ""
    currency: str = ""


_SOURCES: Final[dict[str, _Source]] = {
    "orders": _Source("ordered_at", "listing", "listing_id", "amount", "currency"),
    "reviews": _Source("reviewed_at", "listing", "listing_id"),
    "redemptions": _Source("redeemed_at", "gift_card", "card_id", "amount", "currency"),
    "transfers": _Source("at", "source", "source_id", "amount", "currency"),
    "messages": _Source("sent_at", "seller", "seller_id"),
    "clicks": _Source("clicked_at", "listing", "listing_id"),
}


def events(
    case: Case, rings: pl.DataFrame, members: pl.DataFrame, targets: pl.DataFrame, cited: pl.DataFrame
) -> dict[str, tuple[Event, ...]]:
    """Ring id -> its timeline, oldest first.

    Args:
        case: The case.
        rings: Columns ring_id, first_at, last_at.
        members: Columns ring_id, buyer_id.
        targets: Columns ring_id, listing_id.
        cited: Columns ring_id, table, id.
    """
    parts = [_changes(case, targets)] if case.has_table("category_changes") else []
    for table in _SOURCES:
        if case.has_table(table):
            acts = _acts(case, table, members)
            parts.append(_cited(acts, cited, table))
            if table in ("orders", "reviews", "redemptions"):
                parts.append(_own(acts, rings, members, targets, everywhere=table == "redemptions"))
    if not parts:
        return {}
    found = pl.concat(parts).collect(engine="streaming")  # the tables go by in pieces, since few rows are kept
    frame = found.unique(["ring_id", "table", "id"], keep="any")
    return _grouped(frame.sort("ring_id", "at", "table", "id", nulls_last=True))


def _acts(case: Case, table: str, members: pl.DataFrame) -> pl.LazyFrame:
    """A table as events, still without their rings."""
    source = _SOURCES[table]
    frame = case.table(table)
    if table == "clicks":  # by far the longest table, and only members' clicks are ever cited
        frame = frame.join(members.lazy(), on="buyer_id", how="semi")
    if table == "redemptions":
        frame = _priced(case, frame)
    nothing = {"amount": pl.lit(None, pl.Float64), "currency": pl.lit(None, pl.String)}
    return frame.select(
        pl.col(source.at).alias("at"),
        pl.lit(table).alias("table"),
        row_id(table),
        "buyer_id",
        pl.lit(source.thing_kind).alias("thing_kind"),
        pl.col(source.thing).alias("thing_id"),
        (pl.col(source.amount) if source.amount else nothing["amount"]).alias("amount"),
        (pl.col(source.currency) if source.currency else nothing["currency"]).alias("currency"),
    )


def _priced(case: Case, redemptions: pl.LazyFrame) -> pl.LazyFrame:
    """Redemptions with the currency of their card, and its face value where no amount is given."""
    if not case.has_table("gift_cards"):
        return redemptions.with_columns(pl.lit(None, pl.String).alias("currency"))
    cards = case.table("gift_cards").select("card_id", "currency", "face_value")
    worth = pl.coalesce("amount", "face_value").alias("amount")
    return redemptions.join(cards, on="card_id", how="left").with_columns(worth)


def _cited(acts: pl.LazyFrame, cited: pl.DataFrame, table: str) -> pl.LazyFrame:
    wanted = cited.lazy().filter(pl.col("table") == table).select("ring_id", "id").unique()
    return acts.join(wanted, on="id").select(_COLUMNS)


def _own(
    acts: pl.LazyFrame, rings: pl.DataFrame, members: pl.DataFrame, targets: pl.DataFrame, *, everywhere: bool
) -> pl.LazyFrame:
    """The members' own acts: on targets, or anywhere in the ring's window where `everywhere` or there is no target."""
    theirs = acts.join(members.lazy().select("ring_id", "buyer_id"), on="buyer_id")
    wanted = targets.lazy().select("ring_id", pl.col("listing_id").alias("thing_id")).unique()
    hits = theirs.join(wanted, on=["ring_id", "thing_id"], how="semi")
    loose = rings.lazy() if everywhere else rings.lazy().join(wanted, on="ring_id", how="anti")
    # A gift card may be bound after the last order or review of the ring, and the placebo looks as far back before the
    # first; 60 days covers either window.
    room = pl.duration(days=60 if everywhere else 0)
    window = loose.select("ring_id", pl.col("first_at") - room, pl.col("last_at") + room)
    inside = (
        theirs.join(window, on="ring_id")
        .filter(_not_less("at", "first_at") & _not_less("last_at", "at"))
        .drop("first_at", "last_at")
    )
    return pl.concat([hits.select(_COLUMNS), inside.select(_COLUMNS)])


def _not_less(left: str, right: str) -> pl.Expr:
    """True unless both are known and the left one is less: a ring without a window has an open one."""
    return (pl.col(left) >= pl.col(right)).fill_null(value=True)


def _changes(case: Case, targets: pl.DataFrame) -> pl.LazyFrame:
    """Category changes of the targets; their id is `listing_id|changed_at`, as the evidence cites them."""
    wanted = targets.lazy().select("ring_id", "listing_id").unique()
    return (
        case.table("category_changes")
        .join(wanted, on="listing_id")
        .select(
            "ring_id",
            pl.col("changed_at").alias("at"),
            pl.lit("category_changes").alias("table"),
            row_id("category_changes"),
            pl.lit(None, pl.String).alias("buyer_id"),
            pl.lit("listing").alias("thing_kind"),
            pl.col("listing_id").alias("thing_id"),
            pl.lit(None, pl.Float64).alias("amount"),
            pl.lit(None, pl.String).alias("currency"),
        )
    )


def _grouped(frame: pl.DataFrame) -> dict[str, tuple[Event, ...]]:
    found: dict[str, list[Event]] = {}
    for ring_id, at, table, key, buyer, kind, thing, amount, currency in frame.select(_COLUMNS).iter_rows():
        worth = None if amount is None else exact(amount, currency or "")
        found.setdefault(ring_id, []).append(Event(at, table, key, buyer, kind, thing, worth, currency))
    return {ring_id: tuple(listed) for ring_id, listed in found.items()}
