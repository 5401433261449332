"""Co-behaviour: pairs of buyers on the same listings, and pairs of listings with the same buyers, within a window.

Claims: two accounts (or listings) coincide more often than their activity, how crowded their things are, and the
habits of their groups explain. Misses: rings whose members never share two things within the window. Cost: one pass
over events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from toolkit.config import DAY
from toolkit.link.correction import validated
from toolkit.link.in_order import by_buyer, by_token, first_of
from toolkit.link.innocent import apart_from
from toolkit.ports import Incidences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.config import LinkSettings
    from toolkit.contracts.tokens import TokenKind
    from toolkit.market import Market
    from toolkit.ports import Compute

TIMES = {"orders": "ordered_at", "reviews": "reviewed_at", "clicks": "clicked_at"}


def events(market: Market, table: str, innocent: pl.DataFrame | None = None) -> pl.DataFrame:
    """First act of each buyer on each listing: buyer, listing, at, row, sorted by listing, time and buyer.

    Args:
        market: The coded tables.
        table: orders, reviews or clicks.
        innocent: Pairs (buyer, listing) that the platform itself brought together, e.g. by a sampling programme.
    """
    frame = market.table(table).select("buyer", "listing", pl.col(TIMES[table]).alias("at"), "row")
    if innocent is not None:
        frame = frame.filter(apart_from(innocent))
    ordered = by_token(frame.rename({"listing": "token"}))
    return first_of(ordered, ("token", "buyer")).rename({"token": "listing"})


def buyer_side(
    acts: pl.DataFrame,
    region: NDArray[np.uint32],
    compute: Compute,
    settings: LinkSettings,
    *,
    view: str,
    window_days: int,
) -> pl.DataFrame:
    """Validated pairs of buyers in the links' schema (F2), weight capped and on a scale of 1 at -log10 p of 6.

    Two buyers of one region are expected to meet as often as two of that region do.
    """
    n = region.size
    incidences = Incidences(
        actor=acts["buyer"].to_numpy(),
        thing=acts["listing"].to_numpy(),
        at=acts["at"].to_numpy(),
        n_actors=n,
        group=region.astype(np.int64),
    )
    pairs = compute.coincidences(
        incidences, window=window_days * DAY, cap=settings.crowd_cap, least=settings.least_shared
    )
    kept = validated(pairs, n * (n - 1) / 2, settings.false_discovery)
    return kept.select(
        "left",
        "right",
        view=pl.lit(view),
        weight=pl.min_horizontal("surprise", settings.weight_cap) / 6.0,
        observed=pl.col("observed").cast(pl.Float64),
        expected="expected",
        surprise="surprise",
    )


def co_voucher(used: TokenKind, region: NDArray[np.uint32], compute: Compute, settings: LinkSettings) -> pl.DataFrame:
    """Validated pairs of buyers that use the same voucher codes within the window of listings."""
    first = first_of(used.frame, ("token", "buyer")).rename({"token": "listing"})
    days = settings.listing_window_days
    return buyer_side(first, region, compute, settings, view="co_voucher", window_days=days)


@dataclass(frozen=True)
class Seasons:
    """Overlapping stretches of time, each `2 * half` seconds long; every act lies in two of them.

    Attributes:
        half: Seconds from the start of one season to the next one's.
        window: Seconds within which one buyer's acts on two listings coincide.
        first: Number of the first season, counted from 1970.
        count: How many there are.
    """

    half: int
    window: int
    first: int
    count: int

    @classmethod
    def of(cls, acts: list[pl.DataFrame], settings: LinkSettings, *, times: int = 1) -> Seasons:
        """The seasons that some frames of acts span together, `times` as long as usual."""
        half = times * settings.season_days * DAY // 2
        times_of = [frame["at"].to_numpy() for frame in acts if frame.height]
        first = min((int(at.min()) // half for at in times_of), default=0)
        last = max((int(at.max()) // half for at in times_of), default=0)
        return cls(half, times * settings.listing_window_days * DAY, first, last - first + 2)

    def spread(self, acts: pl.DataFrame) -> pl.DataFrame:
        """Each act in its two seasons: node (listing in a season), thing (buyer in a season), at; by thing and time.

        What a buyer did from one season's start to the next one's comes first under the season that began before, then
        again under the one that begins there, and then what it did later: so acts in order need no other sorting.
        """
        acts = by_buyer(acts)
        place = pl.col("at") // self.half - self.first
        node, thing = (pl.col(name).cast(pl.Int64) * self.count + place for name in ("listing", "buyer"))
        acts = acts.select("at", node=node.cast(pl.UInt32), thing=thing)
        starts = acts["thing"].ne_missing(acts["thing"].shift()).arg_true().to_numpy()
        size = np.diff(starts, append=acts.height)
        first = np.arange(acts.height)
        first += np.repeat(starts, size)
        second = first + np.repeat(size, size)

        def both(name: str, later: int) -> NDArray[Any]:
            values = acts[name].to_numpy()
            spread = np.empty(2 * values.size, values.dtype)
            spread[first], spread[second] = values, values + later if later else values
            return spread

        return pl.DataFrame({"node": both("node", 1), "thing": both("thing", 1), "at": both("at", 0)})

    def named(self, acts: pl.DataFrame) -> pl.DataFrame:
        """node, listing, buyer of spread acts."""
        buyer = (pl.col("thing") // self.count).cast(pl.UInt32)
        return acts.select("node", listing=pl.col("node") // self.count, buyer=buyer)


def listing_side(
    held: pl.DataFrame,
    seasons: Seasons,
    region: NDArray[np.int64],
    market: Market,
    compute: Compute,
    settings: LinkSettings,
) -> pl.DataFrame:
    """Surprising pairs of listings in one season (F2'): left, right (nodes), weight, observed, expected, surprise.

    What two listings share in one season is not thinned by the rest of the year, and two rings that use one listing
    at different times stay apart. Chance is reckoned within the season; listings of one region are expected to share
    more buyers, and those of two categories that many buyers combine more still (the lift between groups).

    Args:
        held: Acts spread over seasons.
        seasons: Those.
        region: Of each listing.
        market: The coded tables.
        compute: The engine.
        settings: Caps and rate.
    """
    n = market.size("listing")
    incidences = Incidences(
        actor=held["node"].to_numpy(),
        thing=held["thing"].to_numpy(),
        at=held["at"].to_numpy(),
        n_actors=n * seasons.count,
        group=_categories(market, n, seasons.count),
        place=np.repeat(region, seasons.count),
        block=np.tile(np.arange(seasons.count), n),
    )
    pairs = compute.coincidences(incidences, window=seasons.window, cap=settings.buyer_cap, least=settings.least_shared)
    kept = pairs.filter(pl.col("surprise") >= settings.listing_surprise)
    return kept.with_columns(weight=pl.min_horizontal("surprise", settings.weight_cap))


def _categories(market: Market, n: int, seasons: int) -> NDArray[np.int64] | None:
    if not market.has("listings", "category_id"):
        return None
    known = market.table("listings").select("listing", "category")
    every = pl.DataFrame({"listing": pl.Series(range(n), dtype=pl.UInt32)})
    codes = every.join(known, on="listing", how="left", maintain_order="left")["category"]
    return np.repeat(codes.cast(pl.Int64).fill_null(-1).to_numpy(), seasons)
