"""Finding the files of a table, and looking at their first bytes before anything is parsed."""

from __future__ import annotations

import contextlib
import errno
import gzip
import hashlib
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from toolkit.contracts.input_report import SourceFile
from toolkit.errors import InputError, RingscopeError
from toolkit.ingest.mapping import TableMapping

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUFFIXES: Final = (".csv", ".csv.gz", ".parquet", ".jsonl", ".jsonl.gz")


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
        beside: Other files from which the mapping looks columns up.
    """

    table: str
    root: Path
    place: Path
    files: tuple[Path, ...]
    kind: str
    mapping: TableMapping
    beside: tuple[Path, ...] = ()

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
        raise _damaged(source, "the gzip file is damaged or cut off") from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            what = "the disk is full: there is no room for a copy that can be parsed"
            raise RingscopeError(what, where=source.where, todo="free space, or set TMPDIR to a larger disk") from error
        raise _damaged(source, f"the file can't be read: {error.strerror or error}") from error


def _damaged(source: Source, what: str) -> InputError:
    return InputError(what, where=source.where, todo="export it again")


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
    source = _source(root, table, place, mapping or TableMapping())
    others = [file for lookup in source.mapping.lookup for file in beside(source, lookup.file).files]
    return replace(source, beside=tuple(dict.fromkeys(others)))


def beside(source: Source, file: str) -> Source:
    """Another file of the export, from which columns are looked up.

    Raises:
        InputError: It is not there.
    """
    place = source.root / file
    if not place.exists():
        raise InputError(
            "the file of a lookup is not there", where=f"table {source.table}, {place}", todo="correct the mapping"
        )
    return _source(source.root, source.table, place, source.mapping)


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
        return tuple(_fingerprint(source, file) for file in (*source.files, *source.beside))


def changed(source: Source, before: tuple[SourceFile, ...]) -> bool:
    """Whether a file has another size than before. A second hash would cost as much as reading it."""
    with reading(source):
        return any(
            file.stat().st_size != known.size
            for file, known in zip((*source.files, *source.beside), before, strict=True)
        )


def _fingerprint(source: Source, file: Path) -> SourceFile:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
    return SourceFile(source.name(file), file.stat().st_size, digest.hexdigest())
