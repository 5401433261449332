"""Groups of accounts that no test has chosen: drawn by lot, so that where nobody acts together p-values are uniform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from toolkit.backends import local
from toolkit.config import DAY, Settings
from toolkit.contracts.candidates import Candidates
from toolkit.detect import detect
from toolkit.detect.enrich import VALUES, tallied, values
from toolkit.detect.shelves import shelved
from toolkit.score.scope import Scope, scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

    from tests.statistics.worlds import World

    Draw = Callable[[World, Generator], Candidates]

SIZES: Final = (8, 40)
"""Accounts of a group, as of rings."""
TERCILES: Final = 3
QUARTER: Final = 91 * DAY
"""Accounts that placed their first order in one quarter are of one season."""
CROWD: Final = 12
"""Buyers of a listing, at least, of whom some are drawn and the others are the comparison."""
PER_LISTING: Final = 12
"""Customers drawn of one listing, at most."""
MOST_LISTINGS: Final = 4
WINDOW: Final = 30 * DAY


def alike(world: World, rng: Generator) -> Candidates:
    """Accounts of one region and one third of activity; each account in one group at most.

    Their values are whatever two or three of them hold, as in a run.
    """
    return _alike(world, rng, pl.lit(0))


def newcomers(world: World, rng: Generator) -> Candidates:
    """The same of accounts that came in one quarter: they are active at one time without acting together."""
    return _alike(world, rng, pl.col("ordered_at").min() // QUARTER)


def _alike(world: World, rng: Generator, season: pl.Expr) -> Candidates:
    orders = world.market.table("orders")
    seen = orders.group_by("buyer").agg(n=pl.len(), season=season).sort("buyer")
    region = pl.Series(world.linked.region[seen["buyer"].to_numpy()])
    third = (pl.col("n").rank("ordinal") * TERCILES // (pl.len() + 1)).over("region")
    strata = seen.with_columns(region=region).with_columns(third=third).sort("region", "third", "season", "buyer")
    parts = []
    for _, stratum in strata.group_by("region", "third", "season", maintain_order=True):
        parts.extend(_dealt(stratum["buyer"].to_numpy(), rng))
    return _with_values(world, _members(parts))


def customers(world: World, rng: Generator) -> Candidates:
    """Customers of one to four listings, drawn among all of each; each listing is asked about once."""
    return _customers(world, rng, window=None)


def lately(world: World, rng: Generator) -> Candidates:
    """The same, drawn among those of one month of each listing, which is then the group's window."""
    return _customers(world, rng, window=WINDOW)


def neighbours(world: World, rng: Generator) -> Candidates:
    """Accounts that one address or network address brought together, as another view would; none in two groups."""
    free = np.ones(world.linked.n_buyers, bool)
    parts = []
    for kind in ("address", "ip"):
        if kind not in world.linked.tokens:
            continue
        held = world.linked.tokens[kind].frame
        crowds = held.filter(pl.len().over("token") >= SIZES[0]).sort("token", "buyer")
        for _, crowd in crowds.group_by("token", maintain_order=True):
            there = crowd["buyer"].unique().sort().to_numpy()
            there = there[free[there]]
            if there.size >= SIZES[0]:
                parts.append(rng.permutation(there)[: SIZES[1]])
                free[parts[-1]] = False
    return _with_values(world, _members(parts))


def housemates(world: World, rng: Generator) -> Candidates:
    """Accounts behind a few addresses that more than one household holds, as shared attributes would bring together."""
    if "address" not in world.linked.tokens:
        return _with_values(world, _members([]))
    held = world.linked.tokens["address"].frame.select("token", "buyer")
    held = held.with_columns(home=pl.Series(world.linked.household)[held["buyer"]])
    shared = held.filter((pl.col("home").n_unique().over("token") > 1) & (pl.len().over("token") <= SIZES[1]))
    dealt = pl.DataFrame({"token": rng.permutation(shared["token"].unique().sort().to_numpy())})
    grouped = shared.join(dealt.with_row_index("place"), on="token").with_columns(pl.col("place") // MOST_LISTINGS)
    once = grouped.sort("place", "token", "buyer").unique("buyer", keep="first", maintain_order=True)
    parts = [part["buyer"].to_numpy() for _, part in once.group_by("place", maintain_order=True)]
    return _with_values(world, _members([part for part in parts if part.size >= SIZES[0]]))


def proposed(world: World, rng: Generator) -> Candidates:
    """What a run itself proposes and refines; in a world that was dealt out anew none of it is a ring."""
    settings = Settings()
    return detect(world.linked, local, settings.detect, int(rng.integers(1 << 16)))


DESIGNS: Final[dict[str, Draw]] = {
    "alike": alike,
    "newcomers": newcomers,
    "customers": customers,
    "lately": lately,
    "neighbours": neighbours,
    "housemates": housemates,
    "proposed": proposed,
}
"""Name of a way to draw groups -> how."""


def asked(world: World, drawn: Candidates) -> Scope:
    """What tests of whole groups look at."""
    return scope(world.market, world.linked, drawn)


def _dealt(buyers: Any, rng: Generator) -> list[Any]:
    """Accounts in random order, cut into groups of ring-like size."""
    order, parts, begun = rng.permutation(buyers), [], 0
    while order.size - begun >= SIZES[0]:
        size = int(rng.integers(SIZES[0], SIZES[1] + 1))
        parts.append(order[begun : begun + size])
        begun += size
    return [part for part in parts if part.size >= SIZES[0]]


def _members(parts: list[Any]) -> pl.DataFrame:
    """The members' frame of the groups, each drawn for its acts and by nothing else."""
    number = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    buyers = np.concatenate(parts) if parts else np.zeros(0)
    frame = pl.DataFrame({"candidate": number, "buyer": buyers}).cast(pl.UInt32)
    return frame.with_columns(
        score=pl.lit(0.0),
        margin=pl.lit(0.0),
        n_families=pl.lit(1, pl.UInt32),
        best_kind=pl.lit("drawn"),
        acts_alone=pl.lit(value=True),
        origin=pl.lit("drawn"),
    ).sort("candidate", "buyer")


def _with_values(world: World, members: pl.DataFrame) -> Candidates:
    """Every value that enough members hold, however little it says."""
    linked = world.linked
    shelves = shelved(linked.tokens, local, linked.n_buyers)
    tally = tallied(members, local, shelves, linked.household, linked.region, least_surprise=-np.inf)
    held = values(tally, least_surprise=-np.inf, least_share=0.0)
    return Candidates(members, held)


def _customers(world: World, rng: Generator, window: int | None) -> Candidates:
    """Groups of some customers of a few listings, the listings being the groups' values."""
    held = world.linked.tokens["listing_ordered"].frame
    crowds = held.filter(pl.len().over("token") >= CROWD).sort("token", "at", "buyer")
    listings = rng.permutation(crowds["token"].unique().sort().to_numpy())
    by_listing = {int(token[0]): crowd for token, crowd in crowds.group_by("token", maintain_order=True)}
    parts, rows, begun = [], [], 0
    while begun < listings.size:
        count = int(rng.integers(1, MOST_LISTINGS + 1))
        chosen = [_some(by_listing[int(token)], rng, window) for token in listings[begun : begun + count]]
        begun += count
        known = [one for one in chosen if one is not None]
        buyers = np.unique(np.concatenate([one[0] for one in known])) if known else np.zeros(0)
        if buyers.size >= SIZES[0]:
            rows.extend({"candidate": len(parts), **one[1]} for one in known)
            parts.append(buyers)
    shape = dict.fromkeys(VALUES) | {"kind": "listing_ordered"}
    listed = pl.DataFrame([shape | row for row in rows], schema=VALUES)
    return Candidates(_members(parts), listed)


def _some(crowd: pl.DataFrame, rng: Generator, window: int | None) -> tuple[Any, dict[str, int]] | None:
    """Up to half of a listing's customers, and the listing with its window."""
    at = crowd["at"].to_numpy()
    start, end = int(at.min()), int(at.max())
    if window is not None:
        start = int(rng.choice(at)) - window // 2
        end = start + window
    there = crowd["buyer"].to_numpy()[(at >= start) & (at <= end)]
    if there.size < CROWD // 2:
        return None
    taken = rng.permutation(there)[: min(PER_LISTING, there.size // 2)]
    return taken, {"token": int(crowd["token"][0]), "start": start, "end": end}
