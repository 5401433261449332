"""The rings as a GraphML file for Gephi, yEd or networkx, with the names of the graph contract.

Nodes are Ring, Buyer, Listing, Seller and the shared attributes; edges are MEMBER_OF, TARGETS, SELLS, LINKED, USES, and
ORDERED and REVIEWED counted per pair.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import networkx as nx

from toolkit.case import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.contracts.report import Book, Dossier

_LABELS: Final = {
    "payment": "PaymentInstrument",
    "address": "Address",
    "device": "Device",
    "phone": "Phone",
    "email": "Email",
    "ip": "IpAddress",
    "bank": "BankAccount",
    "purchaser": "Purchaser",
    "gift_card_value": "GiftCardValue",
}
_ACTS: Final = {"orders": "ORDERED", "reviews": "REVIEWED"}
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 can't hold, not even escaped."""


def write(book: Book, out: Path) -> list[Path]:
    """Write `rings.graphml`."""
    path = out / "rings.graphml"
    made = graph(book)
    write_atomically(path, lambda temporary: nx.write_graphml_xml(made, temporary, named_key_ids=True))
    return [path]


def graph(book: Book) -> nx.MultiDiGraph[str]:
    """All rings as one graph; a node's key is its label and its id, so that no two kinds meet."""
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for ring in book.rings:
        _ring(made, ring)
    return made


def _node(made: nx.MultiDiGraph[str], label: str, key: str, **properties: Any) -> str:
    name = f"{label}:{_clean(key)}"
    made.add_node(name, label=label, id=_clean(key), **_kept(properties))
    return name


def _edge(made: nx.MultiDiGraph[str], left: str, right: str, kind: str, **properties: Any) -> None:
    made.add_edge(left, right, kind=kind, **_kept(properties))


def _ring(made: nx.MultiDiGraph[str], ring: Dossier) -> None:
    center = _node(
        made, "Ring", ring.ring_id, tier=ring.tier, scheme=ring.scheme, score=ring.score, summary=ring.summary
    )
    for member in ring.members:
        buyer = _node(made, "Buyer", member.buyer_id)
        _edge(made, buyer, center, "MEMBER_OF", role=member.role, score=member.score)
    for target in ring.targets:
        listing = _node(made, "Listing", target.listing_id, listing_title=ring.titles.get(target.listing_id))
        _edge(made, center, listing, "TARGETS", members=target.members, p=target.p_value, q=target.q_value)
        if target.seller_id is not None:
            _edge(made, _node(made, "Seller", target.seller_id), listing, "SELLS")
    for one in ring.shared:
        held = _node(made, _LABELS.get(one.kind, "Attribute"), one.id, holders=one.holders)
        for account in one.accounts:
            _edge(made, _node(made, "Buyer", account), held, "USES")
    for link in ring.links:
        ends = _node(made, "Buyer", link.left), _node(made, "Buyer", link.right)
        _edge(made, *ends, "LINKED", view=link.view, weight=link.weight, p=link.p_value, q=link.q_value)
    _acts(made, ring)


def _acts(made: nx.MultiDiGraph[str], ring: Dossier) -> None:
    acts = Counter(
        (_ACTS[event.table], event.buyer_id, event.thing_id)
        for event in ring.events
        if event.table in _ACTS and event.buyer_id is not None and event.thing_id is not None
    )
    for (kind, buyer, listing), times in acts.items():
        _edge(
            made, _node(made, "Buyer", buyer), _node(made, "Listing", listing), kind, times=times, ring_id=ring.ring_id
        )


def _kept(properties: dict[str, Any]) -> dict[str, Any]:
    """Properties that are known, as XML can hold them."""
    return {name: _clean(value) for name, value in properties.items() if value is not None}


def _clean(value: Any) -> Any:
    return _NOT_XML.sub("\ufffd", value) if isinstance(value, str) else value
