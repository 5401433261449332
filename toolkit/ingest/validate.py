"""The rules that rows can break: a column's own, those between columns, keys that come twice or lead nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dataframely as dy
import polars as pl

from toolkit.contracts.tables import FOREIGN_KEYS, TABLES
from toolkit.ingest.clean import Column, Rule
from toolkit.ingest.readers import ROW

if TYPE_CHECKING:
    from pathlib import Path


def own_rules(table: str, columns: list[Column], faults: dict[str, pl.Expr]) -> list[Rule]:
    """The rules that a row breaks by itself."""
    rules = [rule for column in columns for rule in column.rules()]
    rules += [_negative(column.name) for column in columns if _has_floor(table, column.name)]
    rules += _between_columns(table)
    return rules + [Rule(name, columns[0].name, broken, shape=True) for name, broken in faults.items()]


def _has_floor(table: str, name: str) -> bool:
    column = TABLES[table].columns()[name]
    return isinstance(column, dy.Float64) and column.min is not None


def _negative(name: str) -> Rule:
    return Rule(f"{name}_negative", name, pl.col(name) < 0)


def _between_columns(table: str) -> list[Rule]:
    schema = TABLES[table]
    found = schema._schema_validation_rules()  # noqa: SLF001 - the library has no public list of a schema's own rules
    return [Rule(name, _subject(name, schema.column_names()), ~rule.expr) for name, rule in found.items()]


def _subject(rule: str, columns: list[str]) -> str:
    """The column that a rule is about: the one whose name the rule's begins with."""
    stem = rule.split("_before_", maxsplit=1)[0].split("_", maxsplit=1)[0]
    return next((name for name in columns if name.startswith(stem)), columns[0])


def lost_references(
    table: str, rows: pl.LazyFrame, columns: list[Column], kept: dict[str, Path]
) -> dict[str, pl.LazyFrame]:
    """Column -> the distinct values of it that the table it refers to does not have.

    Args:
        table: The table that refers.
        rows: Its clean rows.
        columns: The columns that it has.
        kept: Table -> its clean file, for the tables that are part of the input.
    """
    there = {column.name for column in columns}
    lost = {}
    for name, (other, key) in FOREIGN_KEYS.get(table, {}).items():
        if name in there and other in kept:
            known = pl.scan_parquet(kept[other]).select(pl.col(key).alias(name))
            lost[name] = rows.select(name).drop_nulls().join(known, on=name, how="anti").unique()
    return lost


def reference_rules(table: str, lost: dict[str, pl.Series]) -> list[Rule]:
    """The rules for values that lead nowhere."""
    return [
        Rule(f"{name}_not_in_{FOREIGN_KEYS[table][name][0]}", name, pl.col(name).is_in(values.implode()))
        for name, values in lost.items()
        if len(values)
    ]


def key_hashes(table: str, rows: pl.LazyFrame) -> pl.LazyFrame:
    """One 64-bit number per row that is the same for the same primary key."""
    return rows.select(pl.struct(TABLES[table].primary_key()).hash(seed=0).alias("hash"))


def duplicate_rows(table: str, rows: pl.LazyFrame, hashes: pl.Series, rules: list[Rule]) -> pl.Series:
    """Numbers of the rows whose primary key a row before them has that was kept.

    Args:
        table: The table.
        rows: Its clean rows with their numbers.
        hashes: `key_hashes` of them.
        rules: All other rules: a row that breaks one of them is not kept, and takes no key.
    """
    keys = TABLES[table].primary_key()
    # Equal numbers side by side: sorting 64-bit numbers costs a fraction of a hash table of them.
    ordered = hashes.sort()
    twice = ordered.filter(ordered == ordered.shift()).unique()
    if not len(twice):
        return pl.Series(ROW, [], dtype=pl.Int64)
    broken = pl.any_horizontal(rule.broken.fill_null(value=False) for rule in rules)
    suspects = (
        rows.filter(pl.struct(keys).hash(seed=0).is_in(twice.implode()), *(pl.col(key).is_not_null() for key in keys))
        .select(*keys, ROW, broken.alias("#broken"))
        .collect(engine="streaming")
    )
    first = suspects.filter(~pl.col("#broken")).group_by(keys).agg(pl.col(ROW).min().alias("#first"))
    return suspects.join(first, on=keys).filter(pl.col(ROW) > pl.col("#first"))[ROW].sort()


def duplicate_rule(table: str, rows: pl.Series) -> list[Rule]:
    """The rule for keys that come twice."""
    keys = TABLES[table].primary_key()
    name = "duplicate_" + "_".join(keys) if len(keys) == 1 else "duplicate_key"
    return [Rule(name, keys[0], pl.col(ROW).is_in(rows.implode()))] if len(rows) else []
