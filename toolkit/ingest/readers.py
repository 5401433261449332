"""Lazy scans of a table's files, as they are: text stays text, Parquet keeps its types, each row has its number."""

from __future__ import annotations

import codecs
import gzip
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.errors import InputError
from toolkit.ingest.sources import check_encoding, csv_header, read_head, reading

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.ingest.sources import Source

ROW: Final = "#row"
"""Column with the 1-based number of a row of data in its file, or in its folder's parts in the order of their paths."""

EXTRA: Final = "#extra"
"""Column with the first field past the header's last one, in a ragged CSV file; null or empty elsewhere."""

PREFIX: Final = "src:"
"""What source columns are prefixed with while they are read, so that none can hide a column of the contract."""

_JSON_LINES: Final = 10_000


@dataclass(frozen=True)
class Raw:
    """The rows of a table's files, nothing done to them yet.

    Args:
        rows: `ROW`, each wanted source column with `PREFIX`, and `EXTRA` where the format can have one.
        names: All columns of the source, in its order.
        types: Source column -> its Polars type.
    """

    rows: pl.LazyFrame
    names: tuple[str, ...]
    types: dict[str, pl.DataType]


def scan(source: Source, scratch: Path) -> Raw:
    """The raw rows of a table.

    Args:
        source: Its files.
        scratch: A folder for rewritten copies of files that are not UTF-8.

    Raises:
        InputError: The file is empty, damaged, of another format or encoding than it says.
    """
    with reading(source):
        if source.kind == "parquet":
            return _parquet(source)
        if source.kind == "csv":
            return _csv(source, scratch)
        return _json_lines(source, scratch)


def _prefixed(rows: pl.LazyFrame, names: list[str], types: dict[str, pl.DataType]) -> Raw:
    renamed = {name: PREFIX + name for name in names}
    rows = rows.rename(renamed).with_columns(pl.col(ROW).cast(pl.Int64) + 1)
    return Raw(rows, tuple(names), types)


def _csv(source: Source, scratch: Path) -> Raw:
    path = _as_utf8(source, scratch)
    head = _utf8_head(source, path)
    names = csv_header(source, head)
    schema = dict.fromkeys([*names, EXTRA], pl.String())
    rows = pl.scan_csv(
        path,
        schema=schema,
        with_column_names=lambda given: [name.strip() for name in given],
        separator=source.mapping.delimiter,
        eol_char="\r" if b"\n" not in head and b"\r" in head else "\n",
        missing_columns="insert",
        extra_columns="ignore",
        empty_string_is_null=False,
        row_index_name=ROW,
        glob=False,
    )
    # A blank line parses as a row of empty fields. It holds no data, so it is not counted as a row.
    blank = pl.all_horizontal((pl.col(name) == "").fill_null(value=True) for name in schema)
    return _prefixed(rows.filter(~blank), names, dict.fromkeys(names, pl.String()))


def _json_lines(source: Source, scratch: Path) -> Raw:
    path = _as_utf8(source, scratch)
    _utf8_head(source, path)
    try:
        guessed = pl.scan_ndjson(path, infer_schema_length=_JSON_LINES).collect_schema()
    except pl.exceptions.PolarsError as error:
        raise InputError("a line is not JSON", where=source.where, todo="write one JSON object a line") from error
    names = guessed.names()
    rows = pl.scan_ndjson(path, schema=dict.fromkeys(names, pl.String()), row_index_name=ROW)
    return _prefixed(rows, names, dict.fromkeys(names, pl.String()))


def _parquet(source: Source) -> Raw:
    try:
        schemas = [pl.read_parquet_schema(file) for file in source.files]
    except pl.exceptions.PolarsError as error:
        raise InputError(
            "the file is not Parquet, or is cut off", where=source.where, todo="export it again"
        ) from error
    if all(schema == schemas[0] for schema in schemas):
        types = dict(schemas[0])
        rows = pl.scan_parquet(list(source.files), row_index_name=ROW, glob=False)
        return _prefixed(rows, list(types), types)
    # Parts with other columns or types than the first: text is the one type that all of them can be read as.
    parts = [pl.scan_parquet(file, glob=False).select(pl.all().cast(pl.String, strict=False)) for file in source.files]
    rows = pl.concat(parts, how="diagonal").with_row_index(ROW)
    names = list(dict.fromkeys(name for schema in schemas for name in schema))
    return _prefixed(rows, names, dict.fromkeys(names, pl.String()))


def _utf8_head(source: Source, path: Path) -> bytes:
    if path != source.place:
        with path.open("rb") as stream:
            return stream.read(1 << 18)
    head = read_head(source)
    check_encoding(source, head)
    return head


def _as_utf8(source: Source, scratch: Path) -> Path:
    """The file itself, or where the mapping names another encoding, a copy of it in UTF-8."""
    if codecs.lookup(source.mapping.encoding).name in ("utf-8", "utf-8-sig", "ascii"):
        return source.place
    read_head(source)
    target = scratch / f"{source.table}.utf8"
    opener = gzip.open if source.place.name.endswith(".gz") else open
    try:
        with (
            opener(source.place, "rt", encoding=source.mapping.encoding, newline="") as old,
            target.open("w", encoding="utf-8", newline="") as new,
        ):
            shutil.copyfileobj(old, new, 1 << 20)
    except UnicodeError as error:
        what = f"the file is not encoded as {source.mapping.encoding}"
        raise InputError(what, where=source.where, todo="correct `encoding` in the mapping") from error
    return target
