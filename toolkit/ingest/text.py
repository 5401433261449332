"""Text files that need a second look: other encodings, rows with too few fields, lines that are not JSON."""

from __future__ import annotations

import codecs
import csv
import io
import json
import shutil
import sys
from typing import TYPE_CHECKING

import polars as pl

from toolkit.errors import InputError
from toolkit.ingest.heads import open_bytes, read_head

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from toolkit.ingest.sources import Source


def as_utf8(source: Source, scratch: Path) -> Path:
    """The file itself, or where the mapping names another encoding, a copy of it in UTF-8.

    Raises:
        InputError: The file is not in the encoding that the mapping names.
    """
    if codecs.lookup(source.mapping.encoding).name in ("utf-8", "utf-8-sig", "ascii"):
        return source.place
    read_head(source)
    target = scratch / f"{source.table}.utf8"
    try:
        with (
            open_bytes(source.place) as packed,
            io.TextIOWrapper(packed, encoding=source.mapping.encoding, newline="") as old,
            target.open("w", encoding="utf-8", newline="") as new,
        ):
            shutil.copyfileobj(old, new, 1 << 20)
    except UnicodeError as error:
        what = f"the file is not encoded as {source.mapping.encoding}"
        raise InputError(what, where=source.where, todo="correct `encoding` in the mapping") from error
    return target


def short_rows(path: Path, delimiter: str, fields: int) -> pl.Series:
    """Numbers of the rows that have fewer fields than the header.

    The parser would fill such a row with empty fields, and a line that was cut off would pass as a whole one. Lines
    are counted first, without parsing; only where a short one and a quote are there, so that the line may be a part
    of a field, is the file walked record by record.
    """
    line = pl.col("line")
    few = line.str.count_matches(delimiter, literal=True) < fields - 1
    lines = pl.scan_lines(path, row_index_name="number")
    short = lines.filter(few, line.str.strip_chars() != "", pl.col("number") > 0)
    found, quoted = pl.collect_all(
        [short.select(pl.col("number").cast(pl.Int64)), lines.select(line.str.contains('"', literal=True).any())],
        engine="streaming",
    )
    if len(found) and quoted.item():
        return pl.Series("number", _walk_short(path, delimiter, fields), dtype=pl.Int64)
    return found["number"]


def _walk_short(path: Path, delimiter: str, fields: int) -> Iterator[int]:
    """The same, by a parser that knows quotes."""
    before = csv.field_size_limit(sys.maxsize)
    try:
        with (
            open_bytes(path) as packed,
            io.TextIOWrapper(packed, encoding="utf-8", errors="replace", newline="") as text,
        ):
            for number, row in enumerate(csv.reader(text, delimiter=delimiter)):
                if number and 0 < len(row) < fields:
                    yield number
    finally:
        csv.field_size_limit(before)


def repaired_json(source: Source, path: Path, scratch: Path, extra: str) -> tuple[Path, list[str]]:
    """A copy of a JSON Lines file in which each line that is no object is kept as text under `extra`; and its names.

    Raises:
        InputError: The file is not UTF-8.
    """
    target = scratch / f"{source.table}.jsonl"
    try:
        with (
            open_bytes(path) as packed,
            io.TextIOWrapper(packed, encoding="utf-8-sig") as old,
            target.open("w", encoding="utf-8") as new,
        ):
            names: dict[str, None] = {}
            for line in filter(str.strip, old):
                entry = _object(line, extra)
                names.update(dict.fromkeys(entry))
                new.write(json.dumps(entry) + "\n")
    except UnicodeError as error:
        raise InputError("the file is not UTF-8", where=source.where, todo="export it as UTF-8") from error
    return target, [name for name in names if name != extra]


def _object(line: str, extra: str) -> dict[str, object]:
    """What a line says, or the line itself. NaN is no JSON, yet common: it is read as a missing value."""
    try:
        value = json.loads(line, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        value = None
    return value if isinstance(value, dict) else {extra: line.strip()}
