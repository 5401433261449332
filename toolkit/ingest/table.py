"""One table from its files to a clean file and a quarantine file."""

from __future__ import annotations

import contextlib
import errno
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit.case import write_atomically
from toolkit.contracts.input_report import TableReport
from toolkit.contracts.tables import TABLES, dtypes, required_columns
from toolkit.errors import InputError
from toolkit.ingest.clean import TEXT, Column, Rule, columns_of, source_name
from toolkit.ingest.mapping import nearest
from toolkit.ingest.readers import EXTRA, PREFIX, ROW, Raw, scan
from toolkit.ingest.sources import Source, fingerprints, not_utf8, reading
from toolkit.ingest.validate import (
    duplicate_rows,
    duplicate_rule,
    key_hashes,
    lost_references,
    own_rules,
    reference_rules,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BROKEN: Final = "rule:"
_UNREAD: Final = "unread:"


@dataclass(frozen=True)
class Plan:
    """A table's rows with their clean values, and the rules that they may break."""

    source: Source
    raw: Raw
    columns: list[Column]
    rows: pl.LazyFrame
    rules: list[Rule]


def read_table(source: Source, target: Path, kept: dict[str, Path], scratch: Path) -> TableReport:
    """Read, clean and split one table.

    Args:
        source: Its files.
        target: The folder that gets `tables/` and `quarantine/`.
        kept: Table -> its clean file, for the tables that were read before.
        scratch: A folder for what is only needed while reading.

    Returns:
        What was read.

    Raises:
        InputError: The files can't be read, or lack a required column.
    """
    prints = fingerprints(source)
    with _parsing(source):
        plan = _plan(source, scan(source, scratch), kept)
        counts = _write(plan, target)
    if fingerprints_changed(source, prints):
        raise InputError(
            "the file changed while it was read", where=source.where, todo="wait until the export is finished"
        )
    return _report(plan, prints, counts)


def fingerprints_changed(source: Source, before: tuple[Any, ...]) -> bool:
    """Whether a file has another size than it had before; a full second hash would cost as much as reading it."""
    with reading(source):
        return any(file.stat().st_size != known.size for file, known in zip(source.files, before, strict=True))


def _plan(source: Source, raw: Raw, kept: dict[str, Path]) -> Plan:
    table = source.table
    _check_columns(source, raw)
    columns = columns_of(table, raw.types, source.mapping)
    there = {column.name for column in columns}
    absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in dtypes(table).items() if name not in there]
    rows = raw.rows.with_columns(column.prepared.alias(TEXT + column.name) for column in columns)
    rows = rows.with_columns(*(column.value.alias(column.name) for column in columns), *absent)
    rules = own_rules(table, columns, ragged=source.kind == "csv")
    lost = lost_references(table, rows, columns, kept)
    hashes, *values = pl.collect_all([key_hashes(table, rows), *lost.values()], engine="streaming")
    rules += reference_rules(table, {name: frame.to_series() for name, frame in zip(lost, values, strict=True)})
    rules += duplicate_rule(table, duplicate_rows(table, rows, hashes.to_series(), rules))
    return Plan(source, raw, columns, rows, rules)


def _check_columns(source: Source, raw: Raw) -> None:
    mapping = source.mapping
    wanted = [*required_columns(source.table), *mapping.columns]
    needed = {source_name(name, mapping): name for name in wanted if name not in mapping.made()}
    needed |= {part: name for name, parts in mapping.joined.items() for part in parts}
    for name, column in needed.items():
        if name not in raw.names:
            what = f"table {source.table!r} lacks the column {name!r}"
            what += f" for {column!r}" if name != column else ""
            have = ", ".join(raw.names[:40])
            todo = f"it has: {have}{nearest(name, raw.names)}"
            raise InputError(what, where=str(source.place), todo=todo)


def _write(plan: Plan, target: Path) -> dict[str, int]:
    table = plan.source.table
    flagged = plan.rows.with_columns(
        *(rule.broken.fill_null(value=False).alias(_BROKEN + rule.name) for rule in plan.rules),
        *(column.unread().alias(_UNREAD + column.name) for column in plan.columns if not column.required),
    )
    broken = pl.any_horizontal(_BROKEN + rule.name for rule in plan.rules)
    good = flagged.filter(~broken).select(TABLES[table].column_names())
    bad = flagged.filter(broken).select(*_quarantine_columns(plan))
    sums = [pl.col(f"^({_BROKEN}|{_UNREAD}).*$").sum(), pl.len().alias("read"), broken.sum().alias("rejected")]
    counts: dict[str, int] = {}

    def sink(clean: Path, rejected: Path) -> None:
        sinks = [
            good.sink_parquet(clean, lazy=True, compression="zstd", compression_level=1),
            bad.sink_parquet(rejected, lazy=True),
        ]
        *_, frame = pl.collect_all([*sinks, flagged.select(sums)], engine="streaming")
        counts.update(frame.row(0, named=True))

    _write_both(target / "tables" / f"{table}.parquet", target / "quarantine" / f"{table}.parquet", sink)
    return counts


def _write_both(clean: Path, rejected: Path, sink: Any) -> None:
    """Move both files into place once both are whole."""
    with _numbered_errors():
        write_atomically(clean, lambda first: write_atomically(rejected, lambda second: sink(first, second)))


def _quarantine_columns(plan: Plan) -> list[pl.Expr]:
    """What the owner of the data gets back: number, rules, and the raw values that the table was to be made of."""
    names = list(dict.fromkeys(name for column in plan.columns for name in column.sources))
    broken = [pl.when(pl.col(_BROKEN + rule.name)).then(pl.lit(rule.name)) for rule in plan.rules]
    raw = [
        _as_text(PREFIX + name, plan.raw.types[name]).alias(name if name not in ("rule", "row_number") else f"{name}_")
        for name in names
    ]
    extra = [pl.col(EXTRA).alias(EXTRA)] if plan.source.kind == "csv" else []
    return [
        pl.col(ROW).alias("row_number"),
        pl.concat_str(broken, separator="; ", ignore_nulls=True).alias("rule"),
        *raw,
        *extra,
    ]


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    """A raw value as text where it can be; lists and structs stay what they are."""
    return pl.col(name) if dtype.is_nested() or dtype == pl.String else pl.col(name).cast(pl.String, strict=False)


def _report(plan: Plan, prints: tuple[Any, ...], counts: dict[str, int]) -> TableReport:
    there = {column.name for column in plan.columns}
    used = {name for column in plan.columns for name in column.sources}
    return TableReport(
        table=plan.source.table,
        sources=prints,
        rows_read=counts["read"],
        rows_kept=counts["read"] - counts["rejected"],
        rows_quarantined=counts["rejected"],
        rules=_positive(counts, _BROKEN),
        unparsable=_positive(counts, _UNREAD),
        columns=tuple(column.name for column in plan.columns),
        missing_columns=tuple(name for name in TABLES[plan.source.table].column_names() if name not in there),
        unknown_columns=tuple(name for name in plan.raw.names if name not in used),
    )


def _positive(counts: dict[str, int], prefix: str) -> dict[str, int]:
    return {
        name.removeprefix(prefix): int(value) for name, value in counts.items() if name.startswith(prefix) and value
    }


@contextlib.contextmanager
def _parsing(source: Source) -> Iterator[None]:
    """Say in words why the parser gave up."""
    try:
        yield
    except pl.exceptions.PolarsError as error:
        if "utf-8" in str(error).lower():
            raise not_utf8(source) from error
        what = "the file can't be parsed"
        if '"' in str(error) and source.kind == "csv":
            what = "a quoted field is not closed, or a quote stands within a field"
        elif source.kind == "jsonl":
            what = "a line is not JSON"
        raise InputError(what, where=source.where, todo="export the file again") from error


@contextlib.contextmanager
def _numbered_errors() -> Iterator[None]:
    """Give errors of the file system that come through the engine the number that they had."""
    try:
        yield
    except OSError as error:
        found = re.search(r"os error (\d+)", str(error))
        if error.errno is not None or found is None:
            raise
        raise OSError(int(found[1]), errno.errorcode.get(int(found[1]), "unknown")) from error
