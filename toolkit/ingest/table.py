"""One table from its files to a clean file and a quarantine file."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import polars as pl

from toolkit.contracts.input_report import SourceFile, TableReport
from toolkit.contracts.tables import TABLES
from toolkit.errors import InputError
from toolkit.ingest.heads import not_utf8
from toolkit.ingest.output import Counts, Target, write_table
from toolkit.ingest.plan import Plan, make_plan
from toolkit.ingest.readers import scan
from toolkit.ingest.rejects import check_share
from toolkit.ingest.sources import Source, changed, fingerprints, reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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
    with _parsing(source):
        plan = make_plan(source, scan(source, scratch), kept)
        counts = write_table(plan, target)
    if changed(source, prints):
        raise InputError("the file changed while it was read", where=source.where, todo="wait for the export to finish")
    check_share(plan, counts, target.rejected(source.table), reject_limit)
    return _report(plan, prints, counts)


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


@contextlib.contextmanager
def _parsing(source: Source) -> Iterator[None]:
    """Say in words why the parser gave up."""
    try:
        with reading(source):
            yield
    except pl.exceptions.PolarsError as error:
        if "utf-8" in str(error).lower() or "utf8" in str(error).lower():
            raise not_utf8(source) from error
        if source.kind == "csv" and "could not parse" in str(error):
            what = "a quoted field is never closed, or goes on after its closing quote"
            raise InputError(what, where=source.where, todo='write quotes within a field as ""') from error
        what = "the file is damaged: the parser gave up"
        raise InputError(what, where=source.where, todo="export it again") from error
