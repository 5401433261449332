"""A ring as a picture in pure data: nodes, aggregated edges, and which evidence touches what.

Two nodes are joined by at most one edge of a kind; the edge keeps the list of the events behind it. A picture has room
for a limited number of nodes: what is left out is counted, and stands in the tables.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from toolkit.contracts.currency import spoken
from toolkit.visualise.palette import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toolkit.contracts.report import Dossier, Event, Evidence

MOST_BUYERS: Final = 300
MOST_HUBS: Final = 60
"""Nodes of each other kind at most."""
MOST_LINKS: Final = 400
"""Evidence links at most, the heaviest first."""


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in the picture; `note` says in a few words what it is to the ring."""

    kind: str
    id: str
    note: str
    weight: float


@dataclass(slots=True)
class Edge:
    """Two nodes joined, with the positions of the events behind it."""

    source: int
    target: int
    kind: str
    note: str = ""
    events: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Scene:
    """Nodes, edges and the nodes that each piece of evidence touches.

    Attributes:
        left_out: Kind of node -> how many had no room.
    """

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    evidence: list[list[int]] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    index: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, node: Node) -> None:
        """Add a node unless it is there."""
        if (node.kind, node.id) not in self.index:
            self.index[node.kind, node.id] = len(self.nodes)
            self.nodes.append(node)

    def find(self, kind: str, key: str | None) -> int | None:
        """Position of a node, None where it is not in the picture."""
        return None if key is None else self.index.get((kind, key))


def scene(ring: Dossier) -> Scene:
    """The picture of a ring."""
    made = Scene()
    _nodes(made, ring)
    _edges(made, ring)
    by_row = {(event.table, event.id): event for event in ring.events}
    made.evidence = [_touched(made, one, by_row) for one in ring.evidence]
    return made


def _nodes(made: Scene, ring: Dossier) -> None:
    for member in ring.members[:MOST_BUYERS]:
        made.add(Node("buyer", member.buyer_id, member.role, 1.0 if member.role == "core" else 0.7))
    for target in ring.targets[:MOST_HUBS]:
        made.add(Node("listing", target.listing_id, f"target: {target.members} members", 1.6))
    if not ring.targets:
        _listings(made, ring)
    for seller in ring.sellers[:MOST_HUBS]:
        made.add(Node("seller", seller, "seller of targets", 1.4))
    hubs = sorted(ring.shared, key=lambda one: (-len(one.accounts), one.kind, one.id))
    for hub in hubs[:MOST_HUBS]:
        note = f"{hub.kind}: {len(hub.accounts)} members, {hub.holders} buyers in all"
        made.add(Node(kind_of(hub.kind), hub.id, note, 1.2))
    counts = {"buyer": (len(ring.members), MOST_BUYERS), "listing": (len(ring.targets), MOST_HUBS)}
    counts |= {"seller": (len(ring.sellers), MOST_HUBS), "shared attribute": (len(hubs), MOST_HUBS)}
    made.left_out = {kind: there - room for kind, (there, room) in counts.items() if there > room}


def _listings(made: Scene, ring: Dossier) -> None:
    """Where no listing is a target: those that most members acted on, two at least."""
    fans = Counter(
        dict.fromkeys((event.buyer_id, event.thing_id) for event in ring.events if event.thing_kind == "listing")
    )
    crowd = Counter(thing for _, thing in fans if thing is not None)
    for listing, members in sorted(crowd.items(), key=lambda item: (-item[1], item[0]))[:MOST_HUBS]:
        if members > 1:
            made.add(Node("listing", listing, f"{members} members", 1.3))


def _edges(made: Scene, ring: Dossier) -> None:
    found: dict[tuple[int, int, str], Edge] = {}

    def join(source: int | None, target: int | None, kind: str, note: str = "") -> Edge | None:
        if source is None or target is None or source == target:
            return None
        return found.setdefault((source, target, kind), Edge(source, target, kind, note))

    for position, event in enumerate(ring.events):
        named, kind, thing = _place(event)
        edge = join(made.find("buyer", event.buyer_id), made.find(kind, thing), named)
        if edge is not None:
            edge.events.append(position)
    for hub, account in ((one, account) for one in ring.shared for account in one.accounts):
        pair = (made.find("buyer", account), made.find(kind_of(hub.kind), hub.id))
        if (*pair, "redeems") not in found:
            join(*pair, "holds", hub.kind)
    for target in ring.targets:
        join(made.find("seller", target.seller_id), made.find("listing", target.listing_id), "sells")
    links = _links(ring)
    if len(links) > MOST_LINKS:
        made.left_out["evidence link"] = len(links) - MOST_LINKS
    for (left, right), said in links[:MOST_LINKS]:
        join(made.find("buyer", left), made.find("buyer", right), "linked", said)
    made.edges = list(found.values())


def _place(event: Event) -> tuple[str, str, str | None]:
    """The kind of edge of an event, and the kind and id of the node that the buyer acts on."""
    if event.table != "redemptions":
        return "acts", "listing", event.thing_id
    if event.amount is None or event.currency is None:
        return "redeems", "gift_card_value", None
    return "redeems", "gift_card_value", spoken(event.amount, event.currency)


def _links(ring: Dossier) -> list[tuple[tuple[str, str], str]]:
    """Two buyers and what the evidence graph says of them, view by view; the heaviest first."""
    said: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    weight: Counter[tuple[str, str]] = Counter()
    for link in ring.links:
        via = f", via {link.via}" if link.via else ""
        said[link.left, link.right].append(f"{link.view}, weight {link.weight:.3g}{via}")
        weight[link.left, link.right] += link.weight  # type: ignore[assignment]  # a Counter of floats sums as well
    return [(pair, "; ".join(said[pair])) for pair in sorted(said, key=lambda pair: (-weight[pair], pair))]


def _touched(made: Scene, one: Evidence, by_row: dict[tuple[str, str], Event]) -> list[int]:
    """Positions of the nodes that a piece of evidence is about: its subject, and the buyers and things of its rows."""
    events = [by_row[row.table, row.id] for row in one.rows if (row.table, row.id) in by_row]
    accounts: Iterable[str] = (row.id.split("|")[0] for row in one.rows if row.table == "account_links")
    places = [made.find("listing", one.listing_id), made.find(kind_of(one.attribute_kind or ""), one.attribute_id)]
    places += [made.find("buyer", account) for account in accounts]
    places += [made.find("buyer", event.buyer_id) for event in events]
    places += [made.find("listing", event.thing_id) for event in events]
    return sorted({place for place in places if place is not None})
