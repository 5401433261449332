"""`ringscope audit CASE`: what was done with a case."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from toolkit import audit
from toolkit.case import Case


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, case: Path, as_json: bool) -> None:
    """Print the audit log of CASE, oldest first, after checking that no entry was changed or cut out."""
    entries = audit.read(Case.open(case).path)
    if as_json:
        click.echo(json.dumps([asdict(entry) for entry in entries], indent=2))
        return
    for entry in entries:
        told = ", ".join(f"{name} {value}" for name, value in entry.details.items())
        click.echo(f"{entry.at}  {entry.who}  {entry.what}  {told}")
    click.echo(f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}, chain whole", err=True)
