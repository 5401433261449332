"""Who was where: acts in cells of a thing and a stretch of time, for buyers and, roles swapped, for listings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np
import polars as pl
from scipy import sparse

from toolkit.config import DAY, LinkSettings
from toolkit.link.co_behaviour import _categories, events
from toolkit.link.innocent import arranged
from toolkit.link.regions import of_listings, regions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.market import Market

    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class View:
    """Acts of one side: all laws are asked about the same counts.

    Attributes:
        name: Of the side.
        actor: Actor of each act; an actor is in a cell once.
        cell: Cell of each act.
        n: Actors that there are.
        groups: Ways to group actors -> group of each.
    """

    name: str
    actor: Ints
    cell: Ints
    n: int
    groups: dict[str, Ints]

    @classmethod
    def of(cls, name: str, acts: pl.DataFrame, sides: tuple[str, str], days: int, groups: dict[str, Ints]) -> Self:
        """Cells of one thing and `days` days; `sides` are the columns of actors and of things."""
        actor, thing = sides
        placed = acts.select(actor=actor, cell=pl.struct(thing, pl.col("at") // (days * DAY)).rank("dense") - 1)
        placed = placed.unique().sort("cell", "actor")
        kinds = placed["actor"].to_numpy().astype(np.int64), placed["cell"].to_numpy().astype(np.int64)
        used, actors = np.unique(kinds[0], return_inverse=True)
        return cls(name, actors, kinds[1], used.size, {name: group[used] for name, group in groups.items()})

    @cached_property
    def degree(self) -> Ints:
        """Cells of each actor."""
        return np.bincount(self.actor, minlength=self.n)

    @cached_property
    def crowd(self) -> Ints:
        """Actors in each cell."""
        return np.bincount(self.cell)

    @cached_property
    def met(self) -> tuple[Ints, Ints, Ints]:
        """Pairs of actors with cells in common, and how many."""
        ones = np.ones(self.actor.size, np.int32)
        held = sparse.csr_matrix((ones, (self.actor, self.cell)), shape=(self.n, self.crowd.size))
        both = sparse.triu(held @ held.T, k=1).tocoo()
        return both.row.astype(np.int64), both.col.astype(np.int64), both.data.astype(np.int64)


def buyers(market: Market) -> list[View]:
    """Buyers on the same listings within the window of orders."""
    groups = {"regions": regions(market).astype(np.int64)}
    return [View.of("buyers", _acts(market), ("buyer", "listing"), LinkSettings().order_window_days, groups)]


def listings(market: Market) -> list[View]:
    """Listings with the same buyers, a view a season of the settings."""
    days = LinkSettings().season_days
    acts = _acts(market).with_columns(season=pl.col("at") // (days * DAY))
    groups = _of_listings(market, acts)
    seasons = [season for season in acts.partition_by("season", maintain_order=True) if season.height > 1]
    return [View.of("listings", season, ("listing", "buyer"), days, groups) for season in seasons]


def _acts(market: Market) -> pl.DataFrame:
    return events(market, "orders" if market.has("orders") else "reviews", arranged(market))


def _of_listings(market: Market, acts: pl.DataFrame) -> dict[str, Ints]:
    """Category of each listing, and region of most of its buyers."""
    n = market.size("listing")
    categories = _categories(market, n, 1)
    category = np.zeros(n, np.int64) if categories is None else categories
    return {"categories": category, "regions": of_listings([acts], regions(market), n)}
