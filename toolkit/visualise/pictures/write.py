"""All pictures of a case, as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.contracts.naming import file_stem
from toolkit.visualise.pictures.lags import lags
from toolkit.visualise.pictures.matrix import matrix
from toolkit.visualise.pictures.money import money
from toolkit.visualise.pictures.timeline import timeline
from toolkit.visualise.pictures.waterfall import waterfall

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from toolkit.contracts.report import Book, Dossier
    from toolkit.visualise.pictures.canvas import Picture

FORMATS: Final = ("svg", "png")
OF_RING: Final[dict[str, Callable[[Dossier], Picture]]] = {
    "evidence": waterfall,
    "timeline": timeline,
    "matrix": matrix,
    "lags": lags,
}
"""Name in the file -> the picture of one ring."""


def write(book: Book, out: Path, form: str) -> list[Path]:
    """Write `pictures/money.FORM`, and `pictures/RING-NAME.FORM` for each ring; what has nothing to show has no file.

    Args:
        book: The case, or a part of it.
        out: The folder; the pictures come into `pictures/` in it.
        form: One of FORMATS.

    Raises:
        MissingExtraError: There is no matplotlib.
    """
    folder, written = out / "pictures", []
    wanted = [("money", money(book))]
    wanted += [
        (f"{file_stem(ring.ring_id)}-{name}", draw(ring)) for ring in book.rings for name, draw in OF_RING.items()
    ]
    for name, picture in wanted:
        if not picture.empty:
            written.append(picture.save(folder / f"{name}.{form}"))
    return written
