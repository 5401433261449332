"""Finding the files of a table, and looking at their first bytes before anything is parsed."""

from __future__ import annotations

import codecs
import contextlib
import csv
import gzip
import hashlib
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, cast

from toolkit.contracts.input_report import SourceFile
from toolkit.contracts.tables import required_columns
from toolkit.errors import InputError
from toolkit.ingest.mapping import TableMapping

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUFFIXES: Final = (".csv", ".csv.gz", ".parquet", ".jsonl", ".jsonl.gz")
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


@dataclass(frozen=True)
class Source:
    """The files of one table.

    Args:
        table: The table's name in the contract.
        root: The data folder.
        place: The file, or the folder of parts.
        files: The file, or the parts in the order of their paths.
        kind: `csv`, `jsonl` or `parquet`.
        mapping: How it is read.
    """

    table: str
    root: Path
    place: Path
    files: tuple[Path, ...]
    kind: str
    mapping: TableMapping

    def name(self, file: Path) -> str:
        """A file's path inside the data folder, or its whole path where it lies elsewhere."""
        return file.relative_to(self.root).as_posix() if file.is_relative_to(self.root) else str(file)

    @property
    def where(self) -> str:
        """The words that an error names this source with."""
        return f"table {self.table}, {self.place}"


@contextlib.contextmanager
def reading(source: Source) -> Iterator[None]:
    """Say in words why a file can't be read."""
    try:
        yield
    except FileNotFoundError as error:
        raise InputError(
            "a file vanished while it was read",
            where=source.where,
            todo="put it back, or wait until the export is finished",
        ) from error
    except PermissionError as error:
        raise InputError("no permission to read the file", where=source.where, todo="change its rights") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError("the gzip file is damaged or cut off", where=source.where, todo="export it again") from error


def find_source(root: Path, table: str, mapping: TableMapping | None) -> Source | None:
    """The files of a table, or None where it is absent.

    Raises:
        InputError: The mapped file is not there, or two files claim to be the table.
    """
    if mapping is not None and mapping.file is not None:
        place = root / mapping.file
        if not place.exists():
            raise InputError(
                "the mapped file is not there", where=f"table {table}, {place}", todo="correct `file` in the mapping"
            )
    else:
        found = [path for suffix in SUFFIXES if (path := root / f"{table}{suffix}").exists() or path.is_symlink()]
        found += [path] if (path := root / table).is_dir() else []
        if len(found) > 1:
            names = ", ".join(path.name for path in found)
            raise InputError(
                f"{len(found)} sources for the table {table!r}: {names}", where=str(root), todo="keep one of them"
            )
        if not found:
            return None
        place = found[0]
    return _source(root, table, place, mapping or TableMapping())


def _source(root: Path, table: str, place: Path, mapping: TableMapping) -> Source:
    where = f"table {table}, {place}"
    if place.is_dir():
        parts = tuple(
            sorted(path for path in place.rglob("*.parquet") if path.is_file() and not path.name.startswith((".", "_")))
        )
        if not parts:
            raise InputError(
                "a folder without Parquet parts", where=where, todo="put *.parquet files in it, or remove it"
            )
        return Source(table, root, place, parts, "parquet", mapping)
    if not place.is_file():
        what = "a link that leads nowhere" if place.is_symlink() else "not a file"
        raise InputError(what, where=where, todo="put the file there, or remove the link")
    kind = next((suffix.split(".")[1] for suffix in SUFFIXES if place.name.endswith(suffix)), None)
    if kind is None:
        raise InputError(
            "the file's ending says no known format", where=where, todo=f"name it with one of {', '.join(SUFFIXES)}"
        )
    return Source(table, root, place, (place,), kind, mapping)


def fingerprints(source: Source) -> tuple[SourceFile, ...]:
    """Name, size and SHA-256 of each file."""
    with reading(source):
        return tuple(_fingerprint(source, file) for file in source.files)


def _fingerprint(source: Source, file: Path) -> SourceFile:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
    return SourceFile(source.name(file), file.stat().st_size, digest.hexdigest())


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
    """The error for text that is not UTF-8."""
    at = f" (line {line})" if line else ""
    return InputError(
        f"the file is not UTF-8{at}; it looks like Latin-1 or Windows-1252",
        where=source.where,
        todo=_ENCODING_TODO.format("cp1252"),
    )


def csv_header(source: Source, head: bytes) -> list[str]:
    """The column names of a CSV file, stripped.

    Raises:
        InputError: Another delimiter parts them, one is empty, or two are the same.
    """
    text = head.decode("utf-8-sig", errors="ignore").lstrip("\r\n")
    first = next(csv.reader(text.splitlines(), delimiter=source.mapping.delimiter), [])
    names = [name.strip() for name in first]
    _check_delimiter(source, text, names)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"column {twice[0]!r} is there twice", where=source.where, todo="rename one of them")
    return names


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
