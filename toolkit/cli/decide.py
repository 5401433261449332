"""`ringscope decide CASE RING_ID --as …`: keep a person's decision about a ring."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from toolkit import audit
from toolkit.case import Case
from toolkit.contracts.report import VERDICTS
from toolkit.errors import InputError, UsageError


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("ring_id", required=False)
@click.option("--as", "verdict", type=click.Choice(VERDICTS), help="What you decide.")
@click.option("--note", default="", help="Why, in your words; it is shown with the ring.")
@click.option("--from", "file", type=click.Path(path_type=Path), help="A decisions.json saved from the pages.")
def command(*, case: Path, ring_id: str | None, verdict: str | None, note: str, file: Path | None) -> None:
    """Keep your decision about the ring RING_ID, or those saved from the pages, in CASE/decisions.jsonl.

    Decisions are only added, never changed; the last one counts. A run does not touch them. A dismissed ring comes
    back when it has evidence that it did not have at the time, and says which.
    """
    if file is not None and ring_id is None and verdict is None:
        wanted = _saved(file)
    elif file is None and ring_id is not None and verdict is not None:
        wanted = [(ring_id, verdict, note)]
    else:
        todo = "ringscope decide CASE RING_ID --as confirmed, or ringscope decide CASE --from decisions.json"
        raise UsageError("give either a ring and --as, or --from alone", todo=todo)
    _keep(Case.investigated(case), wanted)


def _keep(case: Case, wanted: list[tuple[str, str, str]]) -> None:
    from toolkit import dossier

    if not wanted:
        click.echo("no decision in the file", err=True)
        return
    rings = {ring.ring_id: ring for ring in dossier.read(case, [ring_id for ring_id, _, _ in wanted]).rings}
    audit.check(case.path)
    for ring_id, verdict, note in wanted:
        ring = rings[ring_id]
        members = (member.buyer_id for member in ring.members)
        dossier.decide(case, ring_id, verdict, note, members=members, evidence=map(dossier.fingerprint, ring.evidence))
        audit.record(case.path, "decided", ring=ring_id, verdict=verdict)
        click.echo(f"{ring_id}: {verdict}")


def _saved(file: Path) -> list[tuple[str, str, str]]:
    """Ring, verdict and note of each decision in a file that the pages saved."""
    try:
        listed = json.loads(file.read_text(encoding="utf-8"))["decisions"]
        return [_one(entry) for entry in listed]
    except (OSError, ValueError, KeyError, TypeError) as error:
        todo = "save it anew from a page: Decisions (JSON)"
        raise InputError("the file of decisions can't be read", where=str(file), todo=todo) from error


def _one(entry: dict[str, Any]) -> tuple[str, str, str]:
    if entry["as"] not in VERDICTS:
        raise ValueError(entry["as"])
    return str(entry["ring_id"]), entry["as"], str(entry.get("note", ""))
