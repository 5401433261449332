"""The overview of a case: every ring in a table, a picture and a timeline; findings; how the run went."""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from toolkit.contracts.naming import file_stem
from toolkit.contracts.report import cases_of_sellers
from toolkit.contracts.results import ALERT_TIERS, TIERS
from toolkit.visualise.decided import basis, decided
from toolkit.visualise.overview_scene import KINDS, overview, packed
from toolkit.visualise.page import SHORT, asset, environment, inlinable, json_block, limited, protection
from toolkit.visualise.palette import LOOKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from toolkit.contracts.report import Book, Dossier, Finding

MOST_ROWS: Final = 60
"""Input rows listed under one finding; the rest is counted with the place where it stands."""
ROWS_A_PAGE: Final = 6000
"""Input rows that the page lists under all its findings together."""
MOST_FINDINGS: Final = 150
"""Findings on the page, so that it opens fast; the CSV and JSON files hold all of them."""
MOST_WINDOWS: Final = 1000
MOST_GROUPS: Final = 200
"""Groups of linked shops on the page; the CSV file holds all of them."""
_STILL: Final = 3
"""Innocent explanations that the panel of a ring names."""
_UNITS: Final = (("_days", "days"), ("_s", "seconds"), ("_g", "grams"), ("_share", "share of 1"), ("q_value", "rate"))
"""Ending of a setting's name -> its unit."""
_SCRIPTS: Final = ("dom.js", "timeline.js", "decisions.js", "overview_graph.js", "overview.js")


def overview_page(book: Book, paged: AbstractSet[str]) -> str:
    """The case as a page that needs nothing but itself.

    Args:
        book: The case.
        paged: Ids of the rings that have a page of their own; the others say how to get one.
    """
    made = overview(book.rings)
    counts = Counter(KINDS[kind] for kind in made.kinds)
    page = environment().get_template("overview.html.j2")
    kept = _kept(book.findings)
    tally = Counter(ring.tier for ring in book.rings) + Counter({TIERS[-1]: book.untold})
    alerts = [ring for ring in book.rings if ring.tier in ALERT_TIERS]
    return page.render(
        book=book,
        run=book.run,
        alerts=alerts,
        tally={tier: tally[tier] for tier in TIERS},
        undecided=sum(_open(ring) for ring in alerts),
        sizes=_sizes(book),
        rings_of=_rings_of(book.rings),
        paged=paged,
        tiers=TIERS,
        schemes=sorted({(ring.scheme, ring.wording.title) for ring in book.rings}, key=lambda pair: pair[1]),
        finding_kinds=sorted({(one.kind, one.title) for one in book.findings}, key=lambda pair: pair[1]),
        legend={kind: counts[kind] for kind in KINDS},
        sellers=cases_of_sellers(book),
        settings=list(_flat(book.run.settings)),
        rows_room=min(MOST_ROWS, max(5, ROWS_A_PAGE // max(1, len(kept)))),
        findings=kept,
        rules=list(dict.fromkeys(clause for one in kept for clause in one.clauses)),
        windows_room=MOST_WINDOWS,
        shops=book.shops[:MOST_GROUPS],
        found_at=Counter(one.seller_id for one in book.findings if one.seller_id is not None),
        block=json_block,
        data={"page": _page(book, paged), "graph": packed(made)},
        **protection(_scripts()),
    )


@cache
def _scripts() -> tuple[str, ...]:
    """The bundle, then ours."""
    folder = files("toolkit.visualise").joinpath("bundle")
    bundle = folder.joinpath("sigma-graphology.min.js").read_text(encoding="utf-8")
    return (inlinable(bundle, "sigma-graphology.min.js"), *(asset(name) for name in _SCRIPTS))


def _page(book: Book, paged: AbstractSet[str]) -> dict[str, Any]:
    looks = {kind: {"title": LOOKS[kind].title, "light": LOOKS[kind].light, "dark": LOOKS[kind].dark} for kind in KINDS}
    return {
        "looks": looks,
        "kinds": KINDS,
        "tiers": TIERS,
        "rings": [_ring(ring, paged=ring.ring_id in paged) for ring in book.rings],
    }


def _ring(ring: Dossier, *, paged: bool) -> dict[str, Any]:
    """What the scripts need of a ring besides its row in the table."""
    times = [None if at is None else int(at.timestamp()) for at in (ring.first_at, ring.last_at)]
    return {
        "id": ring.ring_id,
        "basis": basis(ring),
        "file": file_stem(ring.ring_id) if paged else None,
        "tier": ring.tier,
        "scheme": ring.scheme,
        "first": times[0],
        "last": times[1],
        "decided": decided(ring),
        "core": ring.n_core,
        "members": ring.n_members,
        "targets": ring.n_targets,
        "sellers": [limited(seller) for seller in ring.sellers],
        "still": [limited(one.explanation, SHORT) for one in ring.explanations if one.result == "possible"][:_STILL],
    }


def _kept(findings: Sequence[Finding]) -> list[Finding]:
    """The findings with room on the page; where there are too many, every kind keeps its least expected ones."""
    if len(findings) <= MOST_FINDINGS:
        return list(findings)
    ranked = sorted(range(len(findings)), key=lambda place: (_chance(findings[place]), place))
    room = MOST_FINDINGS // len({one.kind for one in findings})
    taken: Counter[str] = Counter()
    first: list[int] = []
    rest: list[int] = []
    for place in ranked:
        kind = findings[place].kind
        (first if taken[kind] < room else rest).append(place)
        taken[kind] += 1
    return [findings[place] for place in sorted((*first, *rest[: MOST_FINDINGS - len(first)]))]


def _chance(one: Finding) -> float:
    return 1.0 if one.p_value is None else one.p_value


def _open(ring: Dossier) -> bool:
    """Whether a ring waits for a decision: none was made, or there is new evidence since it was dismissed."""
    return ring.decision is None or (ring.decision.verdict == "dismissed" and bool(ring.new_evidence))


def _rings_of(rings: Iterable[Dossier]) -> dict[str, list[Dossier]]:
    """Seller -> the rings around it."""
    found: dict[str, list[Dossier]] = {}
    for ring in rings:
        for seller in ring.sellers:
            found.setdefault(seller, []).append(ring)
    return found


def _sizes(book: Book) -> list[tuple[str, int]]:
    """How much was read: orders, or else the first table, then buyers and sellers where they are there."""
    kept = {one.table: one.kept for one in book.run.inputs}
    names = [name for name in ("orders", "reviews", "buyers", "sellers") if name in kept] or list(kept)[:1]
    return [(name, kept[name]) for name in names[:3]]


def _flat(settings: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, str, str]]:
    """Settings as dotted names, values and units; a unit is empty where the value is a plain number."""
    for name, value in settings.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            unit = next((unit for ending, unit in _UNITS if name.endswith(ending)), "")
            yield f"{before}{name}", str(value), unit
