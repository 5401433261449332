"""The formats by name, and the one door to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit import dossier
from toolkit.errors import UsageError
from toolkit.report import graphml, json_book, markdown, reasons, sheets, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from toolkit.case import Case
    from toolkit.contracts.plugins import Format
    from toolkit.contracts.report import Book

FORMATS: Final[dict[str, Callable[[Book, Path], list[Path]]]] = {
    "csv": tables.write,
    "json": json_book.write,
    "md": markdown.write,
    "xlsx": sheets.write,
    "graphml": graphml.write,
    "reasons": reasons.write,
}
"""Format -> its writer: takes the book and the folder, gives the files that it wrote."""


def write(
    case: Case,
    out: Path,
    *,
    formats: Sequence[str],
    rings: Sequence[str] | None = None,
    book: Book | None = None,
    added: Mapping[str, Format] | None = None,
) -> list[Path]:
    """Write a case in data formats.

    Args:
        case: The case.
        out: The folder to write into; made where it is missing.
        formats: Names from `FORMATS`, or of `added`.
        rings: Ids of the rings to write; all where it is None.
        book: The case as already read, to spare a second reading.
        added: Formats of plug-ins, by name.

    Returns:
        The files, in the order of the formats.

    Raises:
        UsageError: A format or ring that does not exist.
    """
    check(formats, added)
    writers = {name: one.write for name, one in (added or {}).items()} | FORMATS
    told = dossier.read(case, rings) if book is None else book
    return [path for name in formats for path in writers[name](told, out)]


def check(formats: Sequence[str], added: Collection[str] | None = None) -> None:
    """Refuse names of formats that do not exist, before anything is read or written.

    Raises:
        UsageError: A format that does not exist.
    """
    known = [*FORMATS, *(added or ())]
    unknown = [name for name in formats if name not in known]
    if unknown:
        raise UsageError(f"no such format: {unknown[0][:40]}", todo=f"choose from: html, svg, png, {', '.join(known)}")
