"""Copies of text files that the parser gave up on, in which each line that is no row is set apart as text.

This walks the file in Python and is slow; it happens only where the fast parser refused the whole file for a few lines.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections import deque
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.ingest.heads import not_utf8, open_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from toolkit.ingest.sources import Source

_MOST_LINES: Final = 500
"""Lines that one row may span: past them a quote was never closed, and its line alone is no row."""


def repaired_csv(source: Source, path: Path, scratch: Path, width: int) -> tuple[Path, pl.Series]:
    """A copy of a CSV file in which each line that breaks the rules of quoting stands in the field past the last one.

    Args:
        source: The table.
        path: Its file, in UTF-8.
        scratch: The folder that gets the copy.
        width: Fields of the header.

    Returns:
        The copy, and the numbers of those rows.

    Raises:
        InputError: The file is not UTF-8.
    """
    target = scratch / f"{source.table}.repaired.csv"
    broken = []
    before = csv.field_size_limit(sys.maxsize)
    try:
        with (
            open_bytes(path) as packed,
            io.TextIOWrapper(packed, encoding="utf-8-sig", newline="") as old,
            target.open("w", encoding="utf-8", newline="") as new,
        ):
            writer = csv.writer(new, delimiter=source.mapping.delimiter, lineterminator="\n")
            for number, (fields, line) in enumerate(_records(old, source.mapping.delimiter)):
                if fields is None:
                    broken.append(number)
                writer.writerow([""] * width + [line.rstrip("\r\n")] if fields is None else fields)
    except UnicodeError as error:
        raise not_utf8(source) from error
    finally:
        csv.field_size_limit(before)
    return target, pl.Series("number", broken, dtype=pl.Int64)


def _records(lines: Iterator[str], delimiter: str) -> Iterator[tuple[list[str] | None, str]]:
    """Each row's fields and first line; None for a line after which no row can be made, which is then left behind."""
    ahead: deque[str] = deque()
    while (line := ahead.popleft() if ahead else next(lines, None)) is not None:
        fields, used = _record(line, ahead, lines, delimiter)
        for _ in range(used):
            ahead.popleft()
        yield fields, line


def _record(line: str, ahead: deque[str], lines: Iterator[str], delimiter: str) -> tuple[list[str] | None, int]:
    """The fields of the row that begins with a line, and how many lines ahead belong to it."""
    text = line
    for used in range(_MOST_LINES):
        try:
            return next(csv.reader([text], delimiter=delimiter, strict=True), []), used
        except csv.Error as error:
            if "unexpected end of data" not in str(error):
                return None, 0
        if used == len(ahead):
            following = next(lines, None)
            if following is None:
                return None, 0
            ahead.append(following)
        text += ahead[used]
    return None, 0


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
        raise not_utf8(source) from error
    return target, [name for name in names if name != extra]


def _object(line: str, extra: str) -> dict[str, object]:
    """What a line says, or the line itself. NaN is no JSON, yet common: it is read as a missing value."""
    try:
        value = json.loads(line, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        value = None
    return value if isinstance(value, dict) else {extra: line.strip()}
