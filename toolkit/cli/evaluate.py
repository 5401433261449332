"""`ringscope evaluate`: scores a case against planted or known truth."""

from __future__ import annotations

import json
from pathlib import Path

import click

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.argument("case", type=_FOLDER)
@click.option(
    "--truth", required=True, type=_FOLDER, help="Folder with rings.csv and members.csv, as simulate writes it."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(case: Path, *, truth: Path, as_json: bool) -> None:
    """Score CASE against planted or known truth."""
    from toolkit.evaluate.load import read_results, read_truth
    from toolkit.evaluate.scorecard import evaluate, lines

    card = evaluate(read_results(case), read_truth(truth))
    click.echo(json.dumps(card.as_data(), indent=2) if as_json else "\n".join(lines(card)))
