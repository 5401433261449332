"""Where to look: communities of buyers, communities of listings, and stars, each as a first set of buyers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from toolkit.contracts.candidates import BY_ATTRIBUTES, LARGE_FAMILY, STAR

if TYPE_CHECKING:
    from toolkit.config import DetectSettings
    from toolkit.contracts.candidates import Linked
    from toolkit.ports import Compute

PLUGIN: Final = "x_"
"""How the names of plug-ins' views begin."""
ATTRIBUTES: Final = ("device", "payment", "bank", "phone", "email", "address")
"""What accounts hold whatever they do. Refunds' instruments, payers and parcels come with an act, and whoever was
chosen by them has been chosen by the act as well. An IP address joins whole districts."""
BIRTHS: Final = "created_on"
BURST: Final = 1
"""Days between two accounts of one burst of births, at most: whoever makes accounts may work past midnight."""
SEASONS: Final = 5
"""Overlapping seasons that a ring works one listing in, at most: half a year of seasons of sixty days."""
PROPOSED = pl.Schema({"candidate": pl.UInt32, "buyer": pl.UInt32, "origin": pl.String})


def propose(linked: Linked, compute: Compute, settings: DetectSettings, seed: int) -> pl.DataFrame:
    """Every first set of buyers: candidate, buyer, origin (listings, together, star or attributes)."""
    with ThreadPoolExecutor(1) as beside:
        # Most that met are one component, which keeps one processor busy for as long as the other ways take in turn;
        # all at once would hold as much memory again.
        met = beside.submit(_by_meetings, linked, compute, settings, seed)
        ways = (_by_listings, _by_stars, _by_attributes, _by_births)
        listings, stars, attributes, births = (way(linked, compute, settings, seed) for way in ways)
        parts = [listings, met.result(), stars, attributes, births]
    offset, numbered = 0, []
    for part in parts:
        numbered.append(part.with_columns(candidate=pl.col("candidate") + offset))
        offset += part["candidate"].n_unique()
    every = pl.concat(numbered).select(PROPOSED.names()).cast(PROPOSED)
    return every.filter(pl.len().over("candidate") >= settings.smallest).sort("candidate", "buyer")


def _numbered(groups: pl.DataFrame, key: str, origin: str) -> pl.DataFrame:
    ranks = groups.with_columns(candidate=pl.col(key).rank("dense").cast(pl.UInt32) - 1)
    return ranks.select("candidate", "buyer").unique().with_columns(origin=pl.lit(origin))


def _by_listings(linked: Linked, compute: Compute, settings: DetectSettings, seed: int) -> pl.DataFrame:
    """Buyers that act on two or more listings of one community of listings, or of a chain of them."""
    if linked.listings.height == 0:
        return pl.DataFrame(schema=PROPOSED)
    nodes = int(linked.listings["right"].to_numpy().max()) + 1
    labels = compute.communities(linked.listings, n_nodes=nodes, resolution=settings.listing_resolution, seed=seed)
    placed = np.flatnonzero(labels >= 0)
    groups = pl.DataFrame({"node": placed.astype(np.uint32), "community": labels[placed]})
    every = pl.concat([groups, _chained(groups, linked.seasons)])
    pair = pl.col("community").cast(pl.UInt64) * (1 << 32) + pl.col("buyer")
    acts = linked.seasons.lazy().join(every.lazy(), on="node").select("listing", pair=pair).collect()
    pairs = acts["pair"].sort()  # most act on one listing: they are left out before anything is grouped
    acts = acts.filter(pl.col("pair").is_in(pairs.filter(pairs == pairs.shift()).unique().implode()))
    listings = acts.group_by("pair").agg(first=pl.col("listing").min(), last=pl.col("listing").max())
    several = listings.filter(pl.col("first") < pl.col("last"))  # counting them would keep a list for each pair
    several = several.select(community=pl.col("pair") // (1 << 32), buyer=(pl.col("pair") % (1 << 32)).cast(pl.UInt32))
    return _numbered(several, "community", "listings")


def _chained(groups: pl.DataFrame, seasons: pl.DataFrame) -> pl.DataFrame:
    """node, community: communities that two or more listings carry on from season to season, as one.

    A ring that works its listings for longer than a season falls into several communities. They stay candidates, too.
    What goes on for longer than a ring works, as goods do that people always buy together, is left as it is, and so are
    seasons that stand alone.
    """
    seasons = seasons.filter(~pl.col("alone"))
    nodes = max(int(frame["node"].to_numpy().max(initial=0)) for frame in (groups, seasons)) + 1
    listing = np.full(nodes, -1, np.int64)
    listing[seasons["node"].to_numpy()] = seasons["listing"].to_numpy()
    groups = groups.with_columns(listing=pl.Series(listing)[groups["node"]]).filter(pl.col("listing") >= 0)
    held = groups.select("community", "listing").unique()
    pairs = held.join(held, on="listing").filter(pl.col("community") < pl.col("community_right"))
    pairs = pairs.group_by("community", "community_right").agg(n=pl.len()).filter(pl.col("n") >= 2)
    size = int(groups["community"].to_numpy().max(initial=-1)) + 1
    ends = (pairs["community"].to_numpy(), pairs["community_right"].to_numpy())
    _, chain = connected_components(coo_array((np.ones(pairs.height), ends), shape=(size, size)), directed=False)
    joined = np.bincount(chain)[chain] > 1
    placed = groups.filter(pl.Series(joined, dtype=pl.Boolean)[groups["community"]])
    placed = placed.with_columns(
        community=pl.Series(chain)[placed["community"]].cast(groups.schema["community"]) + size
    )
    stretch = placed.group_by("community", "listing").len()
    endless = stretch.filter(pl.col("len") > SEASONS)["community"].unique().implode()
    return placed.select("node", "community").filter(~pl.col("community").is_in(endless))


def _by_meetings(linked: Linked, compute: Compute, settings: DetectSettings, seed: int) -> pl.DataFrame:
    """Communities of buyers that met on several things; too large ones are split at three times the resolution."""
    edges, resolution, parts = _met(linked), settings.meeting_resolution, []
    for level in range(4):
        labels = compute.communities(edges, n_nodes=linked.n_buyers, resolution=resolution, seed=seed)
        sizes = np.bincount(labels[labels >= 0], minlength=linked.n_buyers)
        large = (labels >= 0) & (sizes[np.maximum(labels, 0)] > settings.largest)
        small = np.flatnonzero((labels >= 0) & (~large if level < 3 else True))
        parts.append(pl.DataFrame({"buyer": small.astype(np.uint32), "key": labels[small] * 4 + level}))
        keep = pl.Series(large)
        edges = edges.filter(keep[edges["left"]] & keep[edges["right"]])
        same = labels[edges["left"].to_numpy()] == labels[edges["right"].to_numpy()]
        edges = edges.filter(pl.Series(same, dtype=pl.Boolean))
        resolution *= 3.0
        if edges.height == 0:
            break
    return _numbered(pl.concat(parts), "key", "together")


def _met(linked: Linked) -> pl.DataFrame:
    """left, right, weight of pairs that met, and of the links of plug-ins, which weigh 1 at -log10 p of 6."""
    added = linked.buyers.filter(pl.col("view").str.starts_with(PLUGIN)).select("left", "right", pl.col("weight") * 6.0)
    if added.height == 0:
        return linked.met.select("left", "right", "weight")
    both = pl.concat([linked.met.select("left", "right", "weight"), added])
    return both.group_by("left", "right").agg(pl.col("weight").sum())


def _by_attributes(linked: Linked, compute: Compute, settings: DetectSettings, seed: int) -> pl.DataFrame:
    """Communities of accounts that share attributes; as many as a family may be are not proposed for that alone."""
    edges = _sharing(linked).group_by("left", "right").agg(pl.col("weight").sum())
    if edges.height == 0:
        return pl.DataFrame(schema=PROPOSED)
    resolution = settings.attribute_resolution
    labels = compute.communities(edges, n_nodes=linked.n_buyers, resolution=resolution, seed=seed)
    placed = np.flatnonzero(labels >= 0)
    groups = pl.DataFrame({"buyer": placed.astype(np.uint32), "key": labels[placed]})
    fits = pl.len().over("key").is_between(max(settings.smallest, LARGE_FAMILY + 1), settings.largest)
    return _numbered(groups.filter(fits), "key", BY_ATTRIBUTES)


def _by_births(linked: Linked, _compute: Compute, settings: DetectSettings, _seed: int) -> pl.DataFrame:
    """Accounts made on the same days that attributes join, one with the next, to others made then: three or more.

    A farm's accounts share a telephone here and an instrument there: too little for one community of attributes. But
    hardly any three accounts that attributes join were made within days of each other.
    """
    if BIRTHS not in linked.tokens:
        return pl.DataFrame(schema=PROPOSED)
    made = linked.tokens[BIRTHS].frame.sort("buyer", "token").unique("buyer", keep="first", maintain_order=True)
    day = np.full(linked.n_buyers, -1, np.int64)
    day[made["buyer"].to_numpy()] = made["token"].to_numpy()
    shared = _sharing(linked)
    left, right = shared["left"].to_numpy(), shared["right"].to_numpy()
    near = (np.abs(day[left] - day[right]) <= BURST) & (np.minimum(day[left], day[right]) >= 0)
    near &= linked.region[left] == linked.region[right]
    ends = (left[near], right[near])
    _, part = connected_components(coo_array((np.ones(near.sum()), ends), shape=(day.size, day.size)), directed=False)
    joined = np.flatnonzero(np.bincount(part)[part] > 2)
    placed = pl.DataFrame({"buyer": joined.astype(np.uint32), "region": linked.region[joined], "day": day[joined]})
    placed = placed.sort("region", "day", "buyer")
    apart = (pl.col("day").diff() > BURST) | (pl.col("region") != pl.col("region").shift())
    placed = placed.with_columns(key=apart.fill_null(value=False).cum_sum())
    fits = pl.len().over("key").is_between(max(settings.smallest, LARGE_FAMILY + 1), settings.largest)
    return _numbered(placed.filter(fits), "key", BY_ATTRIBUTES)


def _sharing(linked: Linked) -> pl.DataFrame:
    """left, right, weight of accounts of different households that share an attribute."""
    home = pl.Series(linked.household)
    links = linked.buyers.filter(pl.col("view").is_in(ATTRIBUTES)).select("left", "right", "weight")
    return links.filter(home[links["left"]] != home[links["right"]])


def _by_stars(linked: Linked, _compute: Compute, _settings: DetectSettings, _seed: int) -> pl.DataFrame:
    return _numbered(linked.star_members.select("star", "buyer"), "star", STAR)
