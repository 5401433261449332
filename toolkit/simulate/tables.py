"""From numbers to the contract's tables: opaque ids, times in UTC, text, and rows in the order of an export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from toolkit.contracts.tables import TABLES
from toolkit.simulate.layouts import LAYOUTS, NUMBER, READY, TIME
from toolkit.simulate.names import Names, moment, number, words
from toolkit.simulate.phrases import GREETINGS, PHRASES
from toolkit.simulate.remarks import remarks
from toolkit.simulate.words import ADJECTIVES, CATEGORIES, SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.simulate.fulfil import Filled
    from toolkit.simulate.world import World

_LINK_LETTERS: Final = "PADHEIK"
"""Letter of the ids of each attribute kind, in the contract's order of kinds."""

_SORT: Final = {
    "campaigns": ("starts_at", "campaign_id"),
    "category_changes": ("changed_at", "listing_id"),
    "orders": ("ordered_at", "order_id"),
    "reviews": ("reviewed_at", "review_id"),
    "redemptions": ("redeemed_at", "redemption_id"),
    "account_links": ("account_id", "attribute_kind", "attribute_id"),
    "transfers": ("at", "transfer_id"),
    "messages": ("sent_at", "message_id"),
    "clicks": ("clicked_at", "buyer_id", "listing_id"),
}
"""Row order: by time where there is one, by an id that means nothing elsewhere."""


@dataclass(frozen=True)
class Marketplace:
    """A finished market: the contract's tables, the truth beside them, and how many orders there are."""

    tables: Mapping[str, pl.DataFrame]
    truth: dict[str, pl.DataFrame]
    orders: int


class Tables(Mapping[str, pl.DataFrame]):
    """Every table of the contract, each made anew when it is asked for: a large market's do not fit in memory together.

    Args:
        world: The market, everything done.
        orders: Its orders, all columns filled in.
        names: The ids of all things.
    """

    def __init__(self, world: World, orders: Filled, names: Names) -> None:
        self._world, self._orders, self._names = world, orders, names

    def _rows(self, table: str) -> dict[str, Any]:
        world, ledger = self._world, self._world.ledger
        by_itself = {"reviews": _reviews, "redemptions": _redemptions, "messages": _messages}
        if table in by_itself:
            return by_itself[table](world)
        if table == "orders":
            return dict(self._orders)
        if table == "account_links":
            return _links(world, self._names)
        arrays = {"gift_cards": ledger.cards, "transfers": ledger.transfers, "clicks": ledger.clicks}
        if table in arrays:
            return dict(arrays[table].arrays())
        return {**_people(world), **_shops(world)}[table]

    def __getitem__(self, table: str) -> pl.DataFrame:
        return _table(table, self._rows(table), self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)


def _table(table: str, rows: dict[str, Any], names: Names) -> pl.DataFrame:
    """The contract's columns, sorted so that the order of rows tells nothing but the time."""
    layout = LAYOUTS[table]
    rows["self"] = np.arange(len(next(iter(rows.values()))))
    keys = _SORT.get(table, (next(iter(layout)),))
    place = pl.DataFrame({key: _made(layout[key], rows, names) for key in keys}).select(pl.arg_sort_by(*keys))
    # One column after the other: a large table sorted as a whole would be in memory twice.
    frame = pl.DataFrame(
        {column: _made(made, rows, names).gather(place.to_series()) for column, made in layout.items()}
    )
    return frame.unique(frame.columns[:3], maintain_order=True) if table == "clicks" else frame


def _made(layout: tuple[str | tuple[str, ...], str], rows: dict[str, Any], names: Names) -> pl.Series:
    kind, source = layout
    return _column(kind, rows[source], names)


def _column(kind: str | tuple[str, ...], values: Any, names: Names) -> pl.Series:
    if isinstance(kind, tuple):
        return words(kind, values)
    ready = {TIME: moment, NUMBER: number, READY: pl.Series}
    return ready[kind](values) if kind in ready else names.of(kind, values)


def _people(world: World) -> dict[str, dict[str, Any]]:
    rng, ledger, people, shops = world.rng("tables.people"), world.ledger, world.people, world.shops
    address, payment = dict(ledger.addresses.arrays()), dict(ledger.payments.arrays())
    size = len(ledger.addresses)
    address |= {"city": rng.integers(0, 4, size=size) + 4 * address["country"], "postcode": rng.integers(0, 400, size)}
    payment |= {"issuer": rng.integers(0, 6, size=len(ledger.payments)) + 6 * payment["country"]}
    return {
        "buyers": {"created": people.created, "country": people.country},
        "sellers": {"created": shops.seller_created, "country": shops.seller_country},
        "addresses": address,
        "payment_instruments": payment,
    }


def _shops(world: World) -> dict[str, dict[str, Any]]:
    shops, year = world.shops, world.year
    return {
        "listings": {**vars(shops), "title": _titles(world)},
        "category_changes": dict(world.ledger.changes.arrays()),
        "campaigns": {**vars(year), "starts": year.starts} | {"days": year.starts},
        "vouchers": {
            name.removeprefix("voucher_"): values for name, values in vars(year).items() if name.startswith("voucher_")
        },
    }


def _titles(world: World) -> pl.Series:
    rng, shops = world.rng("tables.titles"), world.shops
    nouns = [noun for category in CATEGORIES.values() for noun in category]
    noun = words(nouns, shops.category * 6 + rng.integers(0, 6, size=shops.size))
    adjective, suffix = (words(pool, rng.integers(0, len(pool), size=shops.size)) for pool in (ADJECTIVES, SUFFIXES))
    return adjective + " " + noun + suffix


def _reviews(world: World) -> dict[str, Any]:
    rows = dict(world.ledger.reviews.arrays())
    return {**rows, "verified": rows["order"] >= 0, "text": remarks(world, rows)}


def _redemptions(world: World) -> dict[str, Any]:
    rows, cards = dict(world.ledger.redemptions.arrays()), world.ledger.cards.arrays()
    whole = cards["face"][rows["card"]]
    return {**rows, "amount": np.where(np.isnan(rows["amount"]), whole, rows["amount"])}


def _messages(world: World) -> dict[str, Any]:
    """Texts with their running code, and a greeting before some of them."""
    rng, rows = world.rng("tables.messages"), dict(world.ledger.messages.arrays())
    size = len(rows["phrase"])
    code = pl.Series(rng.integers(1_000, 99_999, size=size)).cast(pl.String)
    starts = np.cumsum([0, *map(len, GREETINGS)])
    first, count = starts[rows["phrase"]], np.diff(starts)[rows["phrase"]]
    greeting = words([text for pool in GREETINGS for text in pool], first + (rng.random(size) * count).astype(np.int64))
    frame = pl.DataFrame({"text": words(PHRASES, rows["phrase"]), "code": code, "greeting": greeting})
    body = pl.col("text").str.replace("{n}", pl.col("code"), literal=True)
    return {**rows, "text": frame.select(pl.col("greeting") + body).to_series()}


def _links(world: World, names: Names) -> dict[str, Any]:
    """One row an account and attribute: first and last seen over all the times it was noted."""
    frame = pl.DataFrame({name: pl.Series(values) for name, values in world.ledger.links.arrays().items()})
    keys = ["account", "seller", "kind", "attribute"]
    one = frame.group_by(keys).agg(pl.col("first").min(), pl.col("last").max()).sort(keys)
    parts = [
        part.with_columns(
            names.of("BS"[seller], part["account"].to_numpy()).alias("account"),
            names.of(letter, part["attribute"].to_numpy()).alias("attribute"),
        )
        for kind, letter in enumerate(_LINK_LETTERS)
        for seller in (0, 1)
        for part in [one.filter((pl.col("kind") == kind) & (pl.col("seller") == seller))]
    ]
    rows = pl.concat(parts)
    return {name: rows[name] if name in {"account", "attribute"} else rows[name].to_numpy() for name in rows.columns}
