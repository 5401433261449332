"""`ringscope ring CASE RING_ID`: one ring with its evidence."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit.case import Case


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("ring_id")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: the ring as `report --format json` writes it.")
def command(*, case: Path, ring_id: str, as_json: bool) -> None:
    """Show the ring RING_ID of CASE: claim, evidence with its input rows, innocent explanations, money, members.

    An unknown id ends with exit code 2 and names the nearest ones.
    """
    from toolkit import dossier, report

    book = dossier.read(Case.investigated(case), [ring_id])
    text = report.ring_json(book, book.rings[0]) if as_json else report.ring_text(book, book.rings[0])
    click.echo(text, nl=False)
