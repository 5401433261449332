"""`ringscope decide CASE RING_ID --as …`: keep a person's decision about a ring."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit.case import Case
from toolkit.contracts.report import VERDICTS


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("ring_id")
@click.option("--as", "verdict", type=click.Choice(VERDICTS), required=True, help="What you decide.")
@click.option("--note", default="", help="Why, in your words; it is shown with the ring.")
def command(*, case: Path, ring_id: str, verdict: str, note: str) -> None:
    """Keep your decision about the ring RING_ID in CASE/decisions.jsonl.

    Decisions are only added, never changed; the last one counts. A run does not touch them. A dismissed ring comes
    back when it has evidence that it did not have at the time, and says which.
    """
    from toolkit import dossier

    opened = Case.open(case)
    ring = dossier.read(opened, [ring_id]).rings[0]
    members = (member.buyer_id for member in ring.members)
    dossier.decide(opened, ring_id, verdict, note, members=members, evidence=map(dossier.fingerprint, ring.evidence))
    click.echo(f"{ring_id}: {verdict}")
