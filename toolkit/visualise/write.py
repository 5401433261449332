"""The pages of a case: `index.html`, and `rings/<id>.html` for each ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit import dossier
from toolkit.case import write_text
from toolkit.contracts.naming import file_stem
from toolkit.contracts.results import ALERT_TIERS
from toolkit.visualise.overview_page import overview_page
from toolkit.visualise.ring_page import ring_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from toolkit.case import Case
    from toolkit.contracts.report import Book, Dossier


def write(
    case: Case,
    out: Path,
    *,
    rings: Sequence[str] | None = None,
    book: Book | None = None,
    most_leads: int | None = None,
) -> list[Path]:
    """Write the pages.

    Args:
        case: The case.
        out: The folder to write into; made where it is missing.
        rings: Ids of the rings to write; all where it is None.
        book: The case as already read, to spare a second reading.
        most_leads: How many leads get a page of their own, the strongest first; all where it is None. The overview
            lists every ring.

    Returns:
        The files; the one to open is the first.
    """
    told = dossier.read(case, rings) if book is None else book
    paged = _paged(told, most_leads)
    stems = [file_stem(ring.ring_id) for ring in paged]
    written = [out / "index.html"]
    write_text(written[0], overview_page(told, frozenset(ring.ring_id for ring in paged)), durable=False)
    for place, ring in enumerate(paged):
        before, after = stems[place - 1] if place else None, stems[place + 1] if place + 1 < len(stems) else None
        written.append(out / "rings" / f"{stems[place]}.html")
        write_text(written[-1], ring_page(ring, told.run, before=before, after=after), durable=False)
    return written


def _paged(book: Book, most_leads: int | None) -> list[Dossier]:
    """The rings with a page of their own: every alert, and the strongest leads."""
    alerts = [ring for ring in book.rings if ring.tier in ALERT_TIERS]
    leads = [ring for ring in book.rings if ring.tier not in ALERT_TIERS]
    return [*alerts, *leads[:most_leads]]
