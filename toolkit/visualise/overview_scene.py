"""All rings as one picture in pure data: typed columns of nodes and edges, small enough to inline."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from toolkit.contracts.results import ALERT_TIERS
from toolkit.visualise.overview_layout import GAP, STEP, centres, disc, spiral

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toolkit.contracts.report import Dossier

KINDS: Final = ("buyer", "listing", "seller")
_LABEL: Final = 40
_TIED: Final = 2
"""Things that two rings share at least where they are drawn together."""
_CROWD: Final = 6
"""An attribute that more rings than this share draws none of them together: it is a hub, or the market's habit."""


@dataclass
class Overview:
    """Nodes, edges and places of all rings.

    Attributes:
        kinds: Kind of each node, as a position in `KINDS`.
        rings: The ring that places each node: the first that it belongs to.
        labels: Text of each node.
        edges: Pairs of nodes.
        edge_rings: The ring of each edge.
        xy: Place of each node; shape (nodes, 2).
        discs: Middle and radius of each ring's disc; shape (rings, 3).
        ties: Pairs of rings that share something.
    """

    kinds: list[int]
    rings: list[int]
    labels: list[str]
    edges: list[tuple[int, int]]
    edge_rings: list[int]
    xy: Any
    discs: Any
    ties: list[tuple[int, int]]


def overview(rings: tuple[Dossier, ...]) -> Overview:
    """The picture of all rings."""
    index: dict[tuple[int, str], int] = {}
    home: list[int] = []
    edges: list[tuple[int, int]] = []
    edge_rings: list[int] = []
    for place, ring in enumerate(rings):
        for key in _things(ring):
            if key not in index:
                index[key] = len(index)
                home.append(place)
        found = sorted(
            {(index[left], index[right]) for left, right in _pairs(ring) if left in index and right in index}
        )
        edges.extend(found)
        edge_rings.extend([place] * len(found))
    counts = np.bincount(home, minlength=len(rings))
    ties = _ties(rings)
    kinds = [kind for kind, _ in index]
    hubs = np.bincount([ring for ring, kind in zip(home, kinds, strict=True) if kind], minlength=len(rings))
    sizes = list(zip(counts.tolist(), hubs.tolist(), strict=True))
    radii = [disc(*size) for size in sizes]
    middle = centres(radii, ties)
    empty = [np.zeros((0, 2))]
    xy = np.concatenate([spiral(*size) + middle[place] for place, size in enumerate(sizes)] or empty)
    labels = [key if len(key) <= _LABEL else key[: _LABEL - 1] + "\u2026" for _, key in index]
    discs = np.column_stack([middle, np.asarray(radii) - GAP]) if rings else np.zeros((0, 3))
    return Overview(kinds, home, labels, edges, edge_rings, xy, discs, ties)


def _things(ring: Dossier) -> Iterable[tuple[int, str]]:
    """Nodes of a ring, those in the middle of its disc first."""
    yield from ((2, seller) for seller in ring.sellers)
    yield from ((1, target.listing_id) for target in ring.targets)
    yield from ((0, member.buyer_id) for member in ring.members)


def _pairs(ring: Dossier) -> Iterable[tuple[tuple[int, str], tuple[int, str]]]:
    """Edges of a ring: acts on targets, targets of sellers, and links where there is neither."""
    for event in ring.events:
        if event.buyer_id is not None and event.thing_kind == "listing" and event.thing_id is not None:
            yield (0, event.buyer_id), (1, event.thing_id)
    for target in ring.targets:
        if target.seller_id is not None:
            yield (2, target.seller_id), (1, target.listing_id)
    if not ring.targets:
        for link in ring.links:
            yield (0, link.left), (0, link.right)


def _ties(rings: tuple[Dossier, ...]) -> list[tuple[int, int]]:
    """Pairs of rings, one of them an alert, that share two or more buyers, listings, sellers or attributes.

    Leads tied among themselves, or by one thing, would draw a large case together into one heap.
    """
    holders: defaultdict[tuple[Any, str], list[int]] = defaultdict(list)
    for place, ring in enumerate(rings):
        shared = ((one.kind, one.id) for one in ring.shared if one.kind != "gift_card_value")
        for key in dict.fromkeys((*_things(ring), *shared)):
            holders[key].append(place)
    crowds = (places for places in holders.values() if 1 < len(places) <= _CROWD)
    times = Counter(pair for places in crowds for pair in combinations(places, 2))
    return sorted(pair for pair, count in times.items() if count >= _TIED and _alert(rings, pair))


def _alert(rings: tuple[Dossier, ...], pair: tuple[int, int]) -> bool:
    return any(rings[place].tier in ALERT_TIERS for place in pair)


def packed(made: Overview) -> dict[str, Any]:
    """The picture as the page's script reads it: typed arrays in base64, little-endian."""
    corner = made.xy.min(axis=0) if len(made.xy) else np.zeros(2)
    xy = made.xy - corner
    scale = 65_535 / max(1e-9, float(xy.max(initial=0.0)))
    scaled = np.round(xy * scale)
    discs = np.round((made.discs - [*corner, 0.0]) * scale)
    return {
        "kinds": _typed(made.kinds, "u1"),
        "rings": _typed(made.rings, "<u4"),
        "labels": made.labels,
        "xy": _typed(scaled, "<u2"),
        "step": round(STEP * scale),
        "discs": discs.astype(int).tolist(),
        "ties": made.ties,
        "edges": _typed(made.edges, "<u4"),
        "edge_rings": _typed(made.edge_rings, "<u4"),
    }


def _typed(values: Any, dtype: str) -> str:
    return b64encode(np.asarray(values).astype(dtype).tobytes()).decode("ascii")
