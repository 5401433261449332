"""Text files before they are parsed: other encodings, and rows with too few fields."""

from __future__ import annotations

import codecs
import csv
import io
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


def short_rows(path: Path, delimiter: str, fields: int, skipped: int) -> pl.Series:
    """Numbers of the rows that have fewer fields than the header.

    The parser would fill such a row with empty fields, and a line that was cut off would pass as a whole one. Lines
    are counted first, without parsing; only where a short one and a quote are there, so that the line may be a part
    of a field, is the file walked record by record.

    Args:
        path: The file, in UTF-8.
        delimiter: What parts its fields.
        fields: Fields of the header.
        skipped: Rows up to and with the header.
    """
    line = pl.col("line")
    few = line.str.count_matches(delimiter, literal=True) < fields - 1
    lines = pl.scan_lines(path, row_index_name="number")
    short = lines.filter(few, line.str.strip_chars() != "", pl.col("number") >= skipped)
    found, quoted = pl.collect_all(
        [short.select(pl.col("number").cast(pl.Int64)), lines.select(line.str.contains('"', literal=True).any())],
        engine="streaming",
    )
    if len(found) and quoted.item():
        found = pl.DataFrame({"number": _walk_short(path, delimiter, fields)}, schema={"number": pl.Int64})
    return found["number"].filter(found["number"] >= skipped) - (skipped - 1)


def _walk_short(path: Path, delimiter: str, fields: int) -> Iterator[int]:
    """Places of rows with too few fields, by a parser that knows quotes; blank lines are rows."""
    before = csv.field_size_limit(sys.maxsize)
    try:
        with (
            open_bytes(path) as packed,
            io.TextIOWrapper(packed, encoding="utf-8", errors="replace", newline="") as text,
        ):
            for number, row in enumerate(csv.reader(text, delimiter=delimiter)):
                if 0 < len(row) < fields:
                    yield number
    finally:
        csv.field_size_limit(before)
