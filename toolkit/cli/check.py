"""`ringscope check`: read and validate an export, and say what is there, what is missing and what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.contracts.needs import NEEDS, fed, switched_off
from toolkit.ingest import ingest
from toolkit.printable import printable

if TYPE_CHECKING:
    from toolkit.contracts.input_report import InputReport, TableReport


@click.command("check")
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), help="A mapping file (TOML) for foreign exports.")
@click.option("--json", "as_json", is_flag=True, help="Print machine-readable results.")
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
def command(data: Path, mapping: Path | None, as_json: bool, quiet: bool) -> None:
    """Read and validate the tables in DATA; write nothing."""

    def progress(table: str, rows: int) -> None:
        click.echo(f"read {table}: {rows:,} rows", err=True)

    report = ingest(data, None, mapping=mapping, progress=None if quiet else progress)
    click.echo(_json(report) if as_json else _text(report))


def _json(report: InputReport) -> str:
    tests = {"fed": fed(report), "switched_off": switched_off(report)}
    return json.dumps({**report.to_json(), "tests": tests}, indent=2, ensure_ascii=False)


def _text(report: InputReport) -> str:
    lines = [line for entry in report.tables for line in _table_lines(entry)]
    lines.append(f"absent tables: {', '.join(report.absent) or 'none'}")
    return "\n".join(printable(line) for line in [*lines, "", *_test_lines(report)])


def _table_lines(entry: TableReport) -> list[str]:
    lines = [
        f"{entry.table}: {entry.rows_read:,} read, {entry.rows_kept:,} kept, {entry.rows_quarantined:,} quarantined"
    ]
    lines += [f"  quarantined  {count:>10,}  {rule}" for rule, count in _by_count(entry.rules)]
    lines += [f"  unparsable   {count:>10,}  {column}" for column, count in _by_count(entry.unparsable)]
    if entry.rows_left_out:
        lines.append(f"  left out     {entry.rows_left_out:>10,}  rows that the mapping says are none of this table")
    for word, names in (("unknown", entry.unknown_columns), ("missing", entry.missing_columns)):
        if names:
            lines.append(f"  {word} columns: {', '.join(names)}")
    return [*lines, ""]


def _by_count(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _test_lines(report: InputReport) -> list[str]:
    off = switched_off(report)
    width = max(len(need.test) for need in NEEDS)
    return [
        f"{len(NEEDS) - len(off)} of {len(NEEDS)} tests can be fed by this data:",
        *(
            f"  {'off' if need.test in off else 'on':<4}{need.test:<{width}}  {off.get(need.test, need.sentence)}"
            for need in NEEDS
        ),
    ]
