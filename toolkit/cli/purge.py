"""`ringscope purge CASE`: retention."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from toolkit import audit
from toolkit.case import Case
from toolkit.contracts.wording import counted
from toolkit.errors import UsageError

INPUT: Final = ("tables", "quarantine", "graph", "work")
EVERYTHING: Final = (*INPUT, "results", "reports", "decisions.jsonl")


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--older-than", type=int, metavar="DAYS", help="Only if the case was last written this many days ago.")
@click.option("--input-only", is_flag=True, help="Keep results, reports and decisions; remove the tables about people.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(*, case: Path, older_than: int | None, input_only: bool, yes: bool) -> None:
    """Remove what CASE holds about people; the manifest and the audit log stay and say so."""
    opened = Case.open(case)
    age = (datetime.now(UTC) - datetime.fromtimestamp(opened.manifest_path.stat().st_mtime, UTC)).days
    if older_than is not None and age < older_than:
        click.echo(f"{case}: written {counted(age, 'day')} ago, kept")
        return
    parts = [opened.path / name for name in (INPUT if input_only else EVERYTHING)]
    there = [part for part in parts if part.exists()]
    if not yes and not click.confirm(
        f"Remove {', '.join(part.name for part in there) or 'nothing'} of {case}?", err=True
    ):
        raise UsageError("nothing was removed", where=str(case), todo="answer y, or give --yes")
    audit.check(opened.path)
    with opened.lock():
        for part in there:
            if part.is_dir() and not part.is_symlink():
                shutil.rmtree(part)
            else:
                part.unlink()
        opened.update_manifest(stages={}, purged_at=datetime.now(UTC).isoformat(timespec="seconds"))
        audit.record(opened.path, "purged", removed=[part.name for part in there])
    click.echo(f"{case}: {counted(len(there), 'part')} removed")
