"""A look at the first bytes of a text file, before anything is parsed: its format, encoding, delimiter and header."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
from typing import IO, TYPE_CHECKING, Final, cast

from toolkit.contracts.tables import required_columns
from toolkit.errors import InputError
from toolkit.ingest.sources import reading

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.ingest.sources import Source

_HEAD_BYTES: Final = 1 << 18
_BOMS: Final = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_MAGIC: Final = {
    b"PAR1": "Parquet",
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "a zip archive or a spreadsheet",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_ENCODING_TODO: Final = 'save it as UTF-8, or name its encoding in a mapping file: encoding = "{}"'


def read_head(source: Source) -> bytes:
    """The first bytes of a text file, unpacked.

    Raises:
        InputError: The file is empty, or its bytes are of another format than its name says.
    """
    with reading(source):
        with source.place.open("rb") as stream:
            first = stream.read(4)
        packed = source.place.name.endswith(".gz")
        for magic, name in _MAGIC.items():
            if first.startswith(magic) and not (packed and name == "gzip"):
                raise InputError(
                    f"the file is {name}, its name says otherwise",
                    where=source.where,
                    todo="correct its ending, or export it again",
                )
        with open_bytes(source.place) as stream:
            head = stream.read(_HEAD_BYTES)
    if not head.strip():
        raise InputError(
            "the file is empty: there is not even a header", where=source.where, todo="export it again, or remove it"
        )
    return head


def open_bytes(path: Path) -> IO[bytes]:
    """A file's bytes, unpacked where its name says that they are packed."""
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.name.endswith(".gz") else path.open("rb")


def plain_head(source: Source, path: Path) -> bytes:
    """The first bytes of the file that is parsed: the source itself, checked, or a copy of it in UTF-8."""
    if path != source.place:
        with path.open("rb") as stream:
            return stream.read(_HEAD_BYTES)
    head = read_head(source)
    check_encoding(source, head)
    return head


def check_encoding(source: Source, head: bytes) -> None:
    """Refuse a text that is not UTF-8 as long as the mapping does not say what it is.

    Raises:
        InputError: It is UTF-16, UTF-32 or an eight-bit encoding.
    """
    found = next((name for bom, name in _BOMS.items() if head.startswith(bom)), None)
    if found is None and head[:200].count(b"\x00") > len(head[:200]) // 4:
        found = "utf-16-le" if head[1:2] == b"\x00" else "utf-16-be"
    if found is not None:
        raise InputError(
            f"the file is encoded as {found.upper()}, not UTF-8", where=source.where, todo=_ENCODING_TODO.format(found)
        )
    # The head may end within a character: an incremental decoder waits for the rest of it.
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)
    except UnicodeDecodeError as error:
        raise not_utf8(source, head.count(b"\n", 0, error.start) + 1) from error


def not_utf8(source: Source, line: int | None = None) -> InputError:
    """The error for text that is not UTF-8, with the first line that is none."""
    with open_bytes(source.place) as stream:
        line = line or next((number for number, text in enumerate(stream, 1) if not _is_utf8(text)), None)
    at = f" (line {line})" if line else ""
    return InputError(
        f"the file is not UTF-8{at}; it looks like Latin-1 or Windows-1252",
        where=source.where,
        todo=_ENCODING_TODO.format("cp1252"),
    )


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def csv_header(source: Source, head: bytes) -> tuple[list[str], int]:
    """The column names of a CSV file, stripped, and the rows up to and with the header.

    A column without a name is called by its place. Blank lines before the header are rows to the parser.

    Raises:
        InputError: Another delimiter parts them, or two are the same.
    """
    text = head.decode("utf-8-sig", errors="ignore")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=source.mapping.delimiter)
    count, first = next(((count, row) for count, row in enumerate(rows, 1) if row), (1, [""]))
    names = [name.strip() or f"column {place}" for place, name in enumerate(first, 1)]
    _check_delimiter(source, text.strip(), names)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"column {twice[0]!r} is there twice", where=source.where, todo="rename one of them")
    return names, count


def _check_delimiter(source: Source, text: str, names: list[str]) -> None:
    wanted = {source.mapping.columns.get(name, name) for name in required_columns(source.table)}
    if wanted & set(names):
        return
    line = text.splitlines()[0]
    for mark, word in ((";", "semicolon"), ("\t", "tab"), ("|", "vertical bar"), (",", "comma")):
        if mark != source.mapping.delimiter and wanted & {name.strip().strip('"') for name in line.split(mark)}:
            shown = mark.replace("\t", "\\t")
            raise InputError(
                f"the fields are parted by a {word}, not by {source.mapping.delimiter!r}",
                where=source.where,
                todo=f'export with commas, or use a mapping file with delimiter = "{shown}"',
            )
