"""A folder of exports to clean tables: every table that is there, in an order in which references can be checked."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.contracts.input_report import InputReport
from toolkit.contracts.tables import TABLES
from toolkit.errors import InputError, RingscopeError
from toolkit.ingest.mapping import load_mapping
from toolkit.ingest.output import Target
from toolkit.ingest.sources import Source, find_source
from toolkit.ingest.table import read_table

if TYPE_CHECKING:
    from collections.abc import Callable


def ingest(
    data: Path,
    out: Path | None,
    *,
    mapping: Path | None = None,
    reject_limit: float = 0.2,
    progress: Callable[[str, int], None] | None = None,
) -> InputReport:
    """Read every table of a folder, clean it, and split it into rows to keep and rows to quarantine.

    Args:
        data: The folder of exports.
        out: The case folder, which gets `tables/` and `quarantine/`; None to read and validate only.
        mapping: A mapping file for foreign exports.
        reject_limit: Share of a table's rows that may be rejected before the run stops.
        progress: Called with a table's name and its rows after each table.

    Returns:
        What was read.

    Raises:
        InputError: The input can't be used.
        UsageError: The mapping file is wrong.
    """
    sources = _sources(data, mapping)
    with tempfile.TemporaryDirectory(prefix="ringscope-") as scratch:
        target = Target(out) if out is not None else Target(Path(scratch) / "dry", keys_only=True)
        _remove_old(target, {source.table for source in sources})
        kept: dict[str, Path] = {}
        reports = []
        for source in sources:
            report = read_table(source, target, kept, Path(scratch), reject_limit)
            kept[source.table] = target.clean(source.table)
            reports.append(report)
            if progress is not None:
                progress(source.table, report.rows_read)
    result = InputReport(tuple(reports), tuple(name for name in TABLES if name not in kept))
    _check_enough(data, result)
    return result


def _sources(data: Path, mapping: Path | None) -> list[Source]:
    mappings = load_mapping(mapping) if mapping is not None else {}
    if not data.is_dir():
        raise InputError(
            "the data folder is not there", where=str(data), todo="give a folder of tables, for example orders.csv"
        )
    found = [find_source(data, table, mappings.get(table)) for table in TABLES]
    sources = [source for source in found if source is not None]
    if not {source.table for source in sources} & {"orders", "reviews"}:
        names = ", ".join(sorted(path.name for path in data.iterdir())[:10]) or "nothing"
        raise InputError(
            "neither orders nor reviews are there",
            where=f"{data} holds: {names}",
            todo="add orders.csv or reviews.csv, or use --mapping",
        )
    return sources


def _remove_old(target: Target, there: set[str]) -> None:
    """Remove what an earlier run wrote for tables that are no longer part of the input."""
    old = [path for table in set(TABLES) - there for path in (target.clean(table), target.rejected(table))]
    for path in filter(Path.is_file, old):
        try:
            path.unlink()
        except OSError as error:
            what = f"a table of an earlier run can't be removed: {error.strerror}"
            raise RingscopeError(what, where=str(path), todo="remove it, or choose another --out") from error


def _check_enough(data: Path, report: InputReport) -> None:
    rows = sum(entry.rows_kept for entry in report.tables if entry.table in ("orders", "reviews"))
    if not rows:
        raise InputError(
            "no orders and no reviews are left: nothing to investigate", where=str(data), todo="check the export"
        )
