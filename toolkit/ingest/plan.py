"""What is to be done with a table's rows: the clean columns, and every rule that a row may break."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from toolkit.contracts.tables import dtypes, required_columns
from toolkit.errors import InputError
from toolkit.ingest.clean import TEXT, Column, Rule, columns_of, source_name
from toolkit.ingest.mapping import nearest
from toolkit.ingest.readers import PREFIX, Raw, as_text
from toolkit.ingest.validate import (
    duplicate_rows,
    duplicate_rule,
    key_hashes,
    lost_references,
    own_rules,
    reference_rules,
)

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.ingest.sources import Source


@dataclass(frozen=True)
class Plan:
    """A table's rows with their clean values, and the rules that they may break.

    Args:
        source: Its files.
        raw: Their rows.
        columns: How each column that the source has is made.
        rows: The raw rows with all columns of the contract beside.
        rules: Every rule of the table, whether a row breaks it or not.
    """

    source: Source
    raw: Raw
    columns: list[Column]
    rows: pl.LazyFrame
    rules: list[Rule]

    def sources_of(self, column: str) -> tuple[str, ...]:
        """The source columns that a contract column is made of."""
        return next((entry.sources for entry in self.columns if entry.name == column), ())


def make_plan(source: Source, raw: Raw, kept: dict[str, Path]) -> Plan:
    """The plan for one table. Keys and references are looked up in a first pass over the columns that hold them.

    Args:
        source: Its files.
        raw: Their rows.
        kept: Table -> its clean file, for the tables that were read before.

    Raises:
        InputError: A required or mapped column is not in the source.
    """
    table = source.table
    _check_columns(source, raw)
    columns = columns_of(table, raw.types, source.mapping)
    there = {column.name for column in columns}
    absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in dtypes(table).items() if name not in there]
    here = [_holds(name, raw) for name in source.mapping.only_where]
    rows = raw.rows.filter(here) if here else raw.rows
    rows = rows.with_columns(column.prepared.alias(TEXT + column.name) for column in columns)
    rows = rows.with_columns(*(column.value.alias(column.name) for column in columns), *absent)
    rules = own_rules(table, columns, raw.faults)
    lost = lost_references(table, rows, columns, kept)
    hashes, *values = pl.collect_all([key_hashes(table, rows), *lost.values()], engine="streaming")
    rules += reference_rules(table, {name: frame.to_series() for name, frame in zip(lost, values, strict=True)})
    rules += duplicate_rule(table, duplicate_rows(table, rows, hashes.to_series(), rules))
    return Plan(source, raw, columns, rows, rules)


def _holds(name: str, raw: Raw) -> pl.Expr:
    """True where a source column holds something, seen as the text that it is."""
    return (as_text(pl.col(PREFIX + name), raw.types[name]).str.strip_chars() != "").fill_null(value=False)


def _check_columns(source: Source, raw: Raw) -> None:
    for name, column in _needed(source).items():
        if name not in raw.names:
            purpose = f" for {column!r}" if name != column else ""
            raise InputError(
                f"table {source.table!r} lacks the column {name!r}{purpose}{nearest(name, raw.names)}",
                where=str(source.place),
                todo=f"correct the export or use a mapping file; the columns are: {', '.join(raw.names[:30])}",
            )


def _needed(source: Source) -> dict[str, str]:
    """Source column that must be there -> the contract column that it is for."""
    mapping = source.mapping
    columns = [*required_columns(source.table), *mapping.columns]
    needed = {source_name(name, mapping): name for name in columns if name not in mapping.made()}
    needed |= {part: name for name, parts in mapping.joined.items() for part in parts}
    return needed | dict.fromkeys(mapping.only_where, "only_where")
