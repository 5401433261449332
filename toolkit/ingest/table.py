"""One table from its files to a clean file and a quarantine file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.input_report import SourceFile, TableReport
from toolkit.contracts.tables import TABLES
from toolkit.errors import InputError
from toolkit.ingest.heads import not_utf8
from toolkit.ingest.lookup import looked_up
from toolkit.ingest.output import Counts, Target, write_table
from toolkit.ingest.plan import Plan, make_plan
from toolkit.ingest.readers import scan
from toolkit.ingest.rejects import check_share
from toolkit.ingest.sources import Source, changed, fingerprints, reading

if TYPE_CHECKING:
    from pathlib import Path

_PARSER_ERRORS: Final = (pl.exceptions.ComputeError, pl.exceptions.SchemaError, pl.exceptions.NoDataError)
"""What the parser raises for the sake of a file. Its other errors are faults of this program and stay what they are."""


def read_table(
    source: Source, target: Target, kept: dict[str, Path], scratch: Path, reject_limit: float
) -> TableReport:
    """Read, clean and split one table.

    Args:
        source: Its files.
        target: Where it is written to.
        kept: Table -> its clean file, for the tables that were read before.
        scratch: A folder for what is only needed while reading.
        reject_limit: Share of the rows that may be rejected.

    Returns:
        What was read.

    Raises:
        InputError: The files can't be read, lack a required column, or too many rows are rejected.
        RingscopeError: The target can't be written to.
    """
    prints = fingerprints(source)
    plan, counts = _clean(source, target, kept, scratch)
    if changed(source, prints):
        raise InputError("the file changed while it was read", where=source.where, todo="wait for the export to finish")
    check_share(plan, counts, target.rejected(source.table), reject_limit)
    return _report(plan, prints, counts)


def _clean(source: Source, target: Target, kept: dict[str, Path], scratch: Path) -> tuple[Plan, Counts]:
    """Clean and split the table; where the parser gives up on lines of text, once more with those set apart."""
    try:
        return _attempt(source, target, kept, scratch, repair=False)
    except _PARSER_ERRORS as error:
        _refuse(source, error)
    try:
        return _attempt(source, target, kept, scratch, repair=True)
    except _PARSER_ERRORS as error:
        raise _damaged(source) from error


def _attempt(
    source: Source, target: Target, kept: dict[str, Path], scratch: Path, *, repair: bool
) -> tuple[Plan, Counts]:
    with reading(source):
        raw = looked_up(source, scan(source, scratch, repair=repair), scratch, repair=repair)
        plan = make_plan(source, raw, kept)
        return plan, write_table(plan, target)


def _refuse(source: Source, error: Exception) -> None:
    """Say in words why the parser gave up, unless it is for lines that can be set apart."""
    if "utf-8" in str(error).lower() or "utf8" in str(error).lower():
        raise not_utf8(source) from error
    if source.kind == "parquet":
        raise _damaged(source) from error


def _damaged(source: Source) -> InputError:
    return InputError("the file is damaged: the parser gave up", where=source.where, todo="export it again")


def _report(plan: Plan, prints: tuple[SourceFile, ...], counts: Counts) -> TableReport:
    there = {column.name for column in plan.columns}
    used = {name for column in plan.columns for name in column.sources}
    return TableReport(
        table=plan.source.table,
        sources=prints,
        rows_read=counts.read,
        rows_kept=counts.read - counts.rejected,
        rows_quarantined=counts.rejected,
        rows_left_out=counts.left_out,
        rules=counts.rules,
        unparsable=counts.unread,
        filled=counts.filled,
        missing_columns=tuple(name for name in TABLES[plan.source.table].column_names() if name not in there),
        unknown_columns=tuple(name for name in plan.raw.names if name not in used),
    )
