"""The overview of a case: every ring in a table, a picture and a timeline; findings; how the run went."""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from toolkit.contracts.naming import file_stem
from toolkit.contracts.report import cases_of_sellers
from toolkit.contracts.results import TIERS
from toolkit.visualise.overview_scene import KINDS, overview, packed
from toolkit.visualise.page import asset, environment, inlinable, json_block, protection
from toolkit.visualise.palette import LOOKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from toolkit.contracts.report import Book, Dossier

MOST_ROWS: Final = 60
"""Input rows listed under one finding; the rest is counted with the place where it stands."""
MOST_WINDOWS: Final = 1000
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
    return page.render(
        book=book,
        run=book.run,
        paged=paged,
        tiers=TIERS,
        schemes=sorted({(ring.scheme, ring.wording.title) for ring in book.rings}, key=lambda pair: pair[1]),
        finding_kinds=sorted({(one.kind, one.title) for one in book.findings}, key=lambda pair: pair[1]),
        legend={kind: counts[kind] for kind in KINDS},
        sellers=cases_of_sellers(book),
        settings=list(_flat(book.run.settings)),
        rows_room=MOST_ROWS,
        windows_room=MOST_WINDOWS,
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
    decided = None if ring.decision is None else {"as": ring.decision.verdict, "new": len(ring.new_evidence)}
    return {
        "id": ring.ring_id,
        "file": file_stem(ring.ring_id) if paged else None,
        "tier": ring.tier,
        "scheme": ring.scheme,
        "first": times[0],
        "last": times[1],
        "decided": decided,
    }


def _flat(settings: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, str]]:
    """Settings as dotted names and values."""
    for name, value in settings.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", str(value)
