"""The page of one ring: pyvis holds the network, our own escaping template writes it.

pyvis is used with positions already fixed and physics off; its stock template, its copy of `lib/`, its `show()` and its
pop-ups are never used, because they ask the network for files and run markup from data.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from toolkit.contracts.currency import spoken
from toolkit.contracts.naming import file_stem
from toolkit.visualise.decided import basis, decided
from toolkit.visualise.layout import columns, radial
from toolkit.visualise.page import asset, environment, inlinable, json_block, limited, number, protection
from toolkit.visualise.palette import EDGES, LOOKS, kind_of
from toolkit.visualise.scene import scene

if TYPE_CHECKING:
    from pyvis.network import Network

    from toolkit.contracts.report import Dossier, Event, Evidence, Run
    from toolkit.visualise.scene import Scene

MOST_ROWS: Final = 120
"""Input rows listed under one statement; the rest is counted with the place where it stands."""
ROWS_A_PAGE: Final = 3000
"""Input rows that a page lists under all its statements together, so that it stays below a megabyte."""
MOST_PROOFS: Final = 200
"""Statements on a page; the CSV and JSON files hold all of them."""
SHOWN_FRESH: Final = 5
"""New statements that the notice about an older decision names."""
OPEN_PROOFS: Final = 5
"""Statements of a family that are open; the others are on the page, folded."""
MOST_EVENTS: Final = 1500
MOST_MEMBERS: Final = 1000
MOST_TARGETS: Final = 300
MOST_SHARED: Final = 200
MOST_VOID: Final = 200
_RESULTS: Final = ("possible", "not_tested", "excluded")
"""Order of the innocent explanations: what is still open stands first."""
_CAPTIONS: Final = 40
"""Hubs that carry their name in the picture."""


def ring_page(ring: Dossier, run: Run, *, before: str | None = None, after: str | None = None) -> str:
    """One ring as a page that needs nothing but itself.

    Args:
        ring: The ring.
        run: How its case was made.
        before: File name without ending of the ring before it in the order, if any.
        after: The same of the next ring.
    """
    made, proofs = scene(ring), _proofs(ring)
    shown = sum(len(listed) for _, listed in proofs)
    net = _network(made, ring)
    net.templateEnv = _templates()
    net.path = "ring.html.j2"
    net.templateEnv.globals.update(
        ring=ring,
        run=run,
        before=before,
        after=after,
        legend=_legend(made),
        explanations=sorted(ring.explanations, key=lambda one: _RESULTS.index(one.result)),
        proofs=proofs,
        fresh=[(place, one) for _, listed in proofs for place, one in listed if one.evidence_id in ring.new_evidence],
        proofs_left=len(ring.evidence) - shown,
        edge_kinds={edge.kind for edge in made.edges},
        rows_room=min(MOST_ROWS, max(5, ROWS_A_PAGE // max(1, shown))),
        left_out=made.left_out,
        page=_page(made, ring),
        place=lambda kind, key: "" if made.find(kind, key) is None else made.find(kind, key),
    )
    text: str = net.generate_html()
    return text


@cache
def _templates() -> Any:
    made = environment()
    made.globals.update(block=json_block, kind_of=kind_of, spoken=spoken, **protection(_scripts()))
    rooms = {"proofs_open": OPEN_PROOFS, "events_room": MOST_EVENTS, "shared_room": MOST_SHARED, "void_room": MOST_VOID}
    rooms |= {"fresh_room": SHOWN_FRESH, "members_room": MOST_MEMBERS, "targets_room": MOST_TARGETS}
    made.globals.update(rooms)
    return made


@cache
def _scripts() -> tuple[str, ...]:
    """vis-network as pyvis brings it, then ours."""
    return (vis_network(), *(asset(name) for name in ("dom.js", "timeline.js", "decisions.js", "ring.js")))


@cache
def vis_network() -> str:
    """The library's script from the installed pyvis, without the reference to a source map that nobody has."""
    import pyvis

    path = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"
    lines = inlinable(path.read_text(encoding="utf-8"), path.name).split("\n")
    return "\n".join(line for line in lines if not line.startswith("//# sourceMappingURL"))


def vis_digest() -> str:
    """Digest of the library's script as it is inlined."""
    return hashlib.sha256(vis_network().encode("utf-8")).hexdigest()


def _network(made: Scene, ring: Dossier) -> Network:
    """The scene as a pyvis network; ids are positions, so that no text of the input is an id."""
    from pyvis.network import Network

    net = Network(directed=True, cdn_resources="in_line", heading="")
    around, beside = radial(made), columns(made)
    facts = _facts(ring)
    weighty = sorted(range(len(made.nodes)), key=lambda place: (-made.nodes[place].weight, place))
    rank = {place: order for order, place in enumerate(weighty)}
    for place, node in enumerate(made.nodes):
        caption = node.kind != "buyer" or len(made.nodes) <= _CAPTIONS
        said = {
            "kind": node.kind,
            "name": limited(node.id),
            "note": limited(node.note),
            "facts": facts.get((node.kind, node.id), []),
        }
        drawn = {"size": round(9 * node.weight), "column": beside[place], "caption": caption, "rank": rank[place]}
        net.add_node(place, label=" ", x=around[place][0], y=around[place][1], **drawn, **said)
    known = frozenset(net.get_nodes())
    net.get_nodes = lambda: known  # `add_edge` looks its ends up in here, by default in a list
    for edge in made.edges:
        shown_events = [event for event in edge.events if event < MOST_EVENTS]
        width = 1 + min(4, len(edge.events) // 3)
        net.add_edge(
            edge.source, edge.target, kind=edge.kind, note=limited(edge.note), events=shown_events, width=width
        )
    if len(net.edges) != len(made.edges):
        raise AssertionError("pyvis dropped an edge")
    net.set_options('{"physics": {"enabled": false}}')
    return net


def _facts(ring: Dossier) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """What the details say of a node besides its note."""
    said: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in ring.members:
        said["buyer", one.buyer_id] = [("score", number(one.score)), ("joined by", limited(one.reason))]
    for aim in ring.targets:
        title = [("title", limited(ring.titles[aim.listing_id]))] if aim.listing_id in ring.titles else []
        share = f"{aim.share * 100:.1f} %"
        numbers = [("share of its orders", share), ("p", number(aim.p_value)), ("q", number(aim.q_value))]
        said["listing", aim.listing_id] = [*title, *numbers]
    return said


def _proofs(ring: Dossier) -> list[tuple[str, list[tuple[int, Evidence]]]]:
    """Evidence by family, each with its position: what is new first, then the least expected.

    Every family keeps its share of the page's room, so that a long one pushes no other out.
    """
    found: dict[str, list[tuple[int, Evidence]]] = {}
    for place, one in enumerate(ring.evidence):
        found.setdefault(one.family, []).append((place, one))
    room = max(1, MOST_PROOFS // max(1, len(found))) if len(ring.evidence) > MOST_PROOFS else MOST_PROOFS
    fresh = frozenset(ring.new_evidence)
    ranked = {
        family: sorted(listed, key=lambda item: (item[1].evidence_id not in fresh, _chance(item[1]), item[0]))[:room]
        for family, listed in found.items()
    }
    return sorted(ranked.items(), key=lambda item: min(_chance(one) for _, one in item[1]))


def _chance(one: Evidence) -> float:
    return 1.0 if one.p_value is None else one.p_value


def _legend(made: Scene) -> dict[str, int]:
    """Kind -> nodes of that kind, in the palette's order."""
    counts = Counter(node.kind for node in made.nodes)
    return {kind: counts[kind] for kind in LOOKS if counts[kind]}


def _page(made: Scene, ring: Dossier) -> dict[str, Any]:
    """What the scripts need besides nodes and edges."""
    shown = ring.events[:MOST_EVENTS]
    tables = list(dict.fromkeys(event.table for event in shown))
    return {
        "ring_id": ring.ring_id,
        "basis": basis(ring),
        "decided": decided(ring),
        "file": file_stem(ring.ring_id),
        "tables": tables,
        "events": [_event(event, tables) for event in shown],
        "evidence": made.evidence,
        "looks": {
            kind: {"title": one.title, "light": one.light, "dark": one.dark, "path": one.path}
            for kind, one in LOOKS.items()
        },
        "dashes": {kind: list(dashes) or False for kind, (_, dashes) in EDGES.items()},
        "edge_titles": {kind: title for kind, (title, _) in EDGES.items()},
    }


def _event(event: Event, tables: list[str]) -> list[Any]:
    """An event as the scripts read it: seconds, table, id, buyer, thing, amount."""
    amount = None if event.amount is None else spoken(event.amount, event.currency or "")
    buyer, thing = (None if text is None else limited(text) for text in (event.buyer_id, event.thing_id))
    return [int(event.at.timestamp()), tables.index(event.table), limited(event.id), buyer, thing, amount]
