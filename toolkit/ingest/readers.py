"""Lazy scans of a table's files, as they are: text stays text, Parquet keeps its types, each row has its number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.errors import InputError
from toolkit.ingest.heads import csv_header, open_bytes, plain_head
from toolkit.ingest.repair import repaired_csv, repaired_json
from toolkit.ingest.sources import reading
from toolkit.ingest.text import as_utf8, short_rows

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.ingest.sources import Source

ROW: Final = "#row"
"""Column with the 1-based number of a row of data in its file, or in its folder's parts in the order of their paths."""

EXTRA: Final = "#extra"
"""Column with what of a row did not fit: the first field past the header's last one, or a line that is not JSON."""

PREFIX: Final = "src:"
"""What source columns are prefixed with while they are read, so that none can hide a column of the contract."""

_JSON_LINES: Final = 10_000


def as_text(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """A value as text. Bytes that are no UTF-8 become their hex digits after a NUL, which no id may hold."""
    if dtype == pl.Binary:
        return value.map_batches(_decoded, return_dtype=pl.String(), is_elementwise=True)
    if isinstance(dtype, pl.Duration):
        return value.dt.to_string("iso")
    return value if dtype == pl.String else value.cast(pl.String, strict=False)


def _decoded(values: pl.Series) -> pl.Series:
    try:
        return values.cast(pl.String)
    except pl.exceptions.PolarsError:
        # The engine refuses the whole batch for one bad value: only such a batch is walked value by value.
        return pl.Series(values.name, [None if value is None else _decoded_one(value) for value in values], pl.String)


def _decoded_one(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return f"\x00{value.hex()}"


@dataclass(frozen=True)
class Raw:
    """The rows of a table's files, nothing done to them yet.

    Args:
        rows: `ROW`, each source column with `PREFIX`, and `EXTRA` where the format can have one.
        names: All columns of the source, in its order.
        types: Source column -> its Polars type.
        faults: Rule -> true for rows whose text has not the shape of a row.
        blank: True for blank lines, which hold no data; None where the format has none.
    """

    rows: pl.LazyFrame
    names: tuple[str, ...]
    types: dict[str, pl.DataType]
    faults: dict[str, pl.Expr] = field(default_factory=dict)
    blank: pl.Expr | None = None


def scan(source: Source, scratch: Path, *, repair: bool = False) -> Raw:
    """The raw rows of a table.

    Args:
        source: Its files.
        scratch: A folder for rewritten copies of files that can't be read as they are.
        repair: Set lines apart that the parser gave up on.

    Raises:
        InputError: The file is empty, damaged, of another format or encoding than it says.
    """
    with reading(source):
        if source.kind == "parquet":
            return _parquet(source)
        if source.kind == "csv":
            return _csv(source, scratch, repair=repair)
        return _json_lines(source, scratch, repair=repair)


def _prefixed(rows: pl.LazyFrame, names: list[str]) -> pl.LazyFrame:
    """The rows under the names that the rest of the reading knows them by."""
    return rows.select(
        (pl.col(_free(ROW, names)).cast(pl.Int64) + 1).alias(ROW),
        *(pl.col(name).alias(PREFIX + name) for name in names),
        *(pl.col(name).alias(EXTRA) for name in rows.collect_schema().names() if name == _free(EXTRA, names)),
    )


def _free(name: str, taken: list[str]) -> str:
    """A name that the source does not use itself."""
    return _free(f"{name}#", taken) if name in taken else name


def _csv(source: Source, scratch: Path, *, repair: bool) -> Raw:
    path = as_utf8(source, scratch)
    head = plain_head(source, path)
    names, skipped = csv_header(source, head)
    old_ends = b"\n" not in head and b"\r" in head and not repair
    broken = pl.Series("number", [], dtype=pl.Int64)
    if repair:
        path, broken = repaired_csv(source, path, scratch, len(names))
        broken = broken - (skipped - 1)
    rows = pl.scan_csv(
        path,
        schema=dict.fromkeys([*names, _free(EXTRA, names)], pl.String()),
        has_header=False,  # the names are taken by place: a file's own may be blank, or have blanks around them
        skip_rows=skipped,
        separator=source.mapping.delimiter,
        eol_char="\r" if old_ends else "\n",
        missing_columns="insert",
        extra_columns="ignore",
        empty_string_is_null=False,
        row_index_name=_free(ROW, names),
        glob=False,
    )
    quotes = pl.col(ROW).is_in(broken.implode())
    faults = {"too_many_fields": (pl.col(EXTRA) != "") & ~quotes if len(broken) else pl.col(EXTRA) != ""}
    short = short_rows(path, source.mapping.delimiter, len(names), skipped)
    if len(short):
        faults["too_few_fields"] = pl.col(ROW).is_in(short.implode())
    if len(broken):
        faults["quote_out_of_place"] = quotes
    fields = [*(PREFIX + name for name in names), EXTRA]
    blank = pl.all_horizontal((pl.col(name) == "").fill_null(value=True) for name in fields)
    return Raw(_prefixed(rows, names), tuple(names), dict.fromkeys(names, pl.String()), faults, blank)


def _json_lines(source: Source, scratch: Path, *, repair: bool) -> Raw:
    path = as_utf8(source, scratch)
    plain_head(source, path)
    if repair:
        path, names = repaired_json(source, path, scratch, EXTRA)
    else:
        names = pl.scan_ndjson(path, infer_schema_length=_JSON_LINES).collect_schema().names()
    schema = dict.fromkeys([*names, EXTRA], pl.String())
    rows = pl.scan_ndjson(path, schema=schema, row_index_name=_free(ROW, names))
    faults = {"line_is_no_json_object": pl.col(EXTRA).is_not_null()}
    return Raw(_prefixed(rows, names), tuple(names), dict.fromkeys(names, pl.String()), faults)


def _parquet(source: Source) -> Raw:
    schemas = [_parquet_schema(source, file) for file in source.files]
    if all(schema == schemas[0] for schema in schemas):
        types = dict(schemas[0])
        rows = pl.scan_parquet(list(source.files), row_index_name=_free(ROW, list(types)), glob=False)
        return Raw(_prefixed(rows, list(types)), tuple(types), types)
    # Parts with other columns or types than the first: text is the one type that all of them can be read as.
    parts = [
        pl.scan_parquet(file, glob=False).select(as_text(pl.col(name), dtype) for name, dtype in schema.items())
        for file, schema in zip(source.files, schemas, strict=True)
    ]
    names = list(dict.fromkeys(name for schema in schemas for name in schema))
    rows = pl.concat(parts, how="diagonal").with_row_index(_free(ROW, names))
    return Raw(_prefixed(rows, names), tuple(names), dict.fromkeys(names, pl.String()))


def _parquet_schema(source: Source, file: Path) -> pl.Schema:
    with open_bytes(file) as stream:
        start = stream.read(4)
    try:
        if start != b"PAR1":
            raise pl.exceptions.ComputeError("no magic number")
        return pl.Schema(pl.read_parquet_schema(file))
    except pl.exceptions.PolarsError as error:
        where = f"table {source.table}, {file}"
        raise InputError("the file is not Parquet, or is cut off", where=where, todo="export it again") from error
