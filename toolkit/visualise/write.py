"""The pages of a case: `index.html`, and `rings/<id>.html` for each ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit import dossier
from toolkit.case import write_text
from toolkit.contracts.naming import file_stem
from toolkit.visualise.overview_page import overview_page
from toolkit.visualise.ring_page import ring_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from toolkit.case import Case
    from toolkit.contracts.report import Book


def write(case: Case, out: Path, *, rings: Sequence[str] | None = None, book: Book | None = None) -> list[Path]:
    """Write the pages.

    Args:
        case: The case.
        out: The folder to write into; made where it is missing.
        rings: Ids of the rings to write; all where it is None.
        book: The case as already read, to spare a second reading.

    Returns:
        The files; the one to open is the first.
    """
    told = dossier.read(case, rings) if book is None else book
    stems = [file_stem(ring.ring_id) for ring in told.rings]
    written = [out / "index.html"]
    write_text(written[0], overview_page(told))
    for place, ring in enumerate(told.rings):
        before, after = stems[place - 1] if place else None, stems[place + 1] if place + 1 < len(stems) else None
        written.append(out / "rings" / f"{stems[place]}.html")
        write_text(written[-1], ring_page(ring, told.run, before=before, after=after))
    return written
