"""`ringscope rings CASE`: the list of rings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolkit.case import Case
from toolkit.contracts.results import SCHEMES, TIERS
from toolkit.contracts.wording import counted
from toolkit.errors import UsageError

if TYPE_CHECKING:
    from toolkit.contracts.report import Dossier


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--tier", type=click.Choice(TIERS), multiple=True, help="Only rings of this tier; may be given twice.")
@click.option("--scheme", multiple=True, help="Only rings of this scheme, ours or a plug-in's (x_...).")
@click.option("--all", "dismissed", is_flag=True, help="Dismissed rings without new evidence too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, case: Path, tier: tuple[str, ...], scheme: tuple[str, ...], dismissed: bool, as_json: bool) -> None:
    """List the rings of CASE, the strongest first.

    A ring that was dismissed is left out until it has new evidence; --all lists it too.
    """
    from toolkit import dossier

    unknown = [name for name in scheme if name not in SCHEMES and not name.startswith("x_")]
    if unknown:
        raise UsageError(f"no such scheme: {unknown[0][:40]}", where="--scheme", todo=f"one of: {', '.join(SCHEMES)}")
    book = dossier.read(Case.investigated(case))
    wanted = [ring for ring in book.rings if (not tier or ring.tier in tier) and (not scheme or ring.scheme in scheme)]
    listed = [ring for ring in wanted if dismissed or not _set_aside(ring)]
    if as_json:
        click.echo(json.dumps([_record(ring) for ring in listed], indent=2, ensure_ascii=True))
    else:
        _table(listed)
    if len(listed) < len(wanted):
        click.echo(
            f"{counted(len(wanted) - len(listed), 'dismissed ring')} without new evidence left out; --all shows all",
            err=True,
        )


def _set_aside(ring: Dossier) -> bool:
    return ring.decision is not None and ring.decision.verdict == "dismissed" and not ring.new_evidence


def _decision(ring: Dossier) -> str:
    if ring.decision is None:
        return ""
    return ring.decision.verdict + (f", {len(ring.new_evidence)} new" if ring.new_evidence else "")


def _record(ring: Dossier) -> dict[str, Any]:
    return {
        "ring_id": ring.ring_id,
        "tier": ring.tier,
        "score": ring.score,
        "scheme": ring.scheme,
        "families": list(ring.families),
        "n_members": ring.n_members,
        "n_core": ring.n_core,
        "n_targets": ring.n_targets,
        "first_at": None if ring.first_at is None else ring.first_at.isoformat(),
        "last_at": None if ring.last_at is None else ring.last_at.isoformat(),
        "q_value": ring.q_value,
        "summary": ring.summary,
        "decision": None if ring.decision is None else ring.decision.verdict,
        "new_evidence": list(ring.new_evidence),
    }


def _table(rings: list[Dossier]) -> None:
    if not rings:
        click.echo("no rings")
        return
    head = ("ring", "tier", "score", "scheme", "members", "targets", "first", "last", "decision")
    lines = [head, *(_line(ring) for ring in rings)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        click.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def _line(ring: Dossier) -> tuple[str, ...]:
    first, last = ("" if at is None else f"{at:%Y-%m-%d}" for at in (ring.first_at, ring.last_at))
    counts = (f"{ring.n_members} ({ring.n_core} core)", str(ring.n_targets))
    return (ring.ring_id, ring.tier, f"{ring.score:.1f}", ring.scheme, *counts, first, last, _decision(ring))
