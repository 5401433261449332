"""Writing a table: the rows to keep and the rows in quarantine, in one pass, each file whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.case import os_number, write_atomically
from toolkit.contracts.tables import FOREIGN_KEYS, TABLES
from toolkit.ingest.readers import EXTRA, PREFIX, ROW, as_text
from toolkit.ingest.sources import reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from toolkit.ingest.plan import Plan
    from toolkit.ingest.sources import Source

RULE_MARK: Final = "; "
"""What parts the names of the rules in the quarantine's column `rule`."""

_BROKEN: Final = "rule:"
_UNREAD: Final = "unread:"
_WHOLE: Final = "#whole"
_FILLED: Final = "filled:"


@dataclass(frozen=True)
class Counts:
    """What was counted while a table was written.

    Args:
        read: Rows of the table.
        left_out: Rows of the file that the mapping says are none of this table.
        rejected: Rows in quarantine.
        rules: Rule -> rows that broke it, where there are any.
        unread: Optional column -> values that became null, where there are any.
        filled: Column -> rows kept that have a value.
    """

    read: int
    left_out: int
    rejected: int
    rules: dict[str, int]
    unread: dict[str, int]
    filled: dict[str, int]


@dataclass(frozen=True)
class Target:
    """The folder that a table is written to.

    Args:
        folder: It gets `tables/` and `quarantine/`.
        keys_only: Keep only the columns that other tables refer to, as a check needs no more.
    """

    folder: Path
    keys_only: bool = False

    def clean(self, table: str) -> Path:
        """Where the rows to keep lie."""
        return self.folder / "tables" / f"{table}.parquet"

    def rejected(self, table: str) -> Path:
        """Where the rows in quarantine lie."""
        return self.folder / "quarantine" / f"{table}.parquet"


def write_table(plan: Plan, target: Target) -> Counts:
    """Write the rows to keep and the rows in quarantine, and count both.

    Raises:
        RingscopeError: The disk is full, or the folder can't be written to.
    """
    table = plan.source.table
    flagged = _flagged(plan)
    broken = pl.any_horizontal(_BROKEN + rule.name for rule in plan.rules)
    good = flagged.filter(~broken).select(_kept_columns(table) if target.keys_only else TABLES[table].column_names())
    bad = flagged.filter(broken).select(_quarantine_columns(plan))
    sums = flagged.select(_sums(plan, broken))
    whole = [_without_blank(plan, plan.raw.rows).select(pl.len())] if plan.source.mapping.only_where else []
    counted: list[pl.DataFrame] = []

    def sink(clean: Path, rejected: Path) -> None:
        with _whose_errors(plan.source):
            files = [good.sink_parquet(clean, lazy=True, compression_level=1), bad.sink_parquet(rejected, lazy=True)]
            counted.extend(pl.collect_all([*files, sums, *whole], engine="streaming")[len(files) :])

    # Both are moved into place only when both are whole.
    write_atomically(
        target.clean(table),
        lambda clean: write_atomically(target.rejected(table), lambda rejected: sink(clean, rejected)),
    )
    row = counted[0].row(0, named=True)
    return _counts(row, counted[1].item() if whole else row["read"])


def _flagged(plan: Plan) -> pl.LazyFrame:
    shapes = [rule.broken.fill_null(value=False) for rule in plan.rules if rule.shape]
    rows = _without_blank(plan, plan.rows)
    rows = rows.with_columns((~pl.any_horizontal(shapes) if shapes else pl.lit(value=True)).alias(_WHOLE))
    optional = [column for column in plan.columns if not column.required]
    return rows.with_columns(
        *(_on_whole(rule.broken, whole=rule.shape).alias(_BROKEN + rule.name) for rule in plan.rules),
        *(_on_whole(column.unread()).alias(_UNREAD + column.name) for column in optional),
    )


def _on_whole(claim: pl.Expr, *, whole: bool = False) -> pl.Expr:
    """The claim, where it can be made: of rows that have the shape of one, unless it is about the shape itself."""
    claim = claim.fill_null(value=False)
    return claim if whole else claim & pl.col(_WHOLE)


def _without_blank(plan: Plan, rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows if plan.raw.blank is None else rows.filter(~plan.raw.blank)


def _kept_columns(table: str) -> list[str]:
    """The key, and what others refer to."""
    referred = {key for columns in FOREIGN_KEYS.values() for other, key in columns.values() if other == table}
    return sorted({*TABLES[table].primary_key(), *referred})


def _sums(plan: Plan, broken: pl.Expr) -> list[pl.Expr]:
    return [
        pl.len().alias("read"),
        broken.sum().alias("rejected"),
        pl.col(f"^({_BROKEN}|{_UNREAD}).*$").sum(),
        *((pl.col(column.name).is_not_null() & ~broken).sum().alias(_FILLED + column.name) for column in plan.columns),
    ]


def _counts(row: dict[str, int], whole: int) -> Counts:
    def under(prefix: str) -> dict[str, int]:
        return {name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix) and value}

    left_out = whole - row["read"]
    return Counts(row["read"], left_out, row["rejected"], under(_BROKEN), under(_UNREAD), under(_FILLED))


def _quarantine_columns(plan: Plan) -> list[pl.Expr]:
    """What the owner of the data gets back: number, rules, and the raw values that the table was to be made of."""
    names = list(dict.fromkeys(name for column in plan.columns for name in column.sources))
    broken = [pl.when(pl.col(_BROKEN + rule.name)).then(pl.lit(rule.name)) for rule in plan.rules]
    return [
        pl.col(ROW).alias("row_number"),
        pl.concat_str(broken, separator=RULE_MARK, ignore_nulls=True).alias("rule"),
        *(_as_text(PREFIX + name, plan.raw.types[name]).alias(quarantine_name(name)) for name in names),
        *([pl.col(EXTRA)] if plan.raw.faults else []),
    ]


def quarantine_name(source_column: str) -> str:
    """What a source column is called in the quarantine: its own name, unless the quarantine uses that itself."""
    return f"source_{source_column}" if source_column in ("rule", "row_number", EXTRA) else source_column


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    """A raw value as text where it can be; lists and structs stay what they are."""
    return pl.col(name) if dtype.is_nested() else as_text(pl.col(name), dtype)


@contextlib.contextmanager
def _whose_errors(source: Source) -> Iterator[None]:
    """Tell errors of reading from errors of writing: both come out of the same pass, often as mere text."""
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        number = os_number(error)
        # The folders that are written to were just made, so what is not there is the source.
        if number in (None, errno.ENOENT):
            with reading(source):
                raise
        raise OSError(number, os.strerror(number)) from error
