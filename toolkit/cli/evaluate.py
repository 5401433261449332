"""`ringscope evaluate`: scores a case against planted or known truth."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from toolkit.case import Case

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.argument("case", type=_FOLDER)
@click.option(
    "--truth", required=True, type=_FOLDER, help="Folder with rings.csv and members.csv, as simulate writes it."
)
@click.option(
    "--compare", "beside", is_flag=True, help="Run other community engines on the case, each at its best cut."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the other engines.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(case: Path, *, truth: Path, beside: bool, seed: int, as_json: bool) -> None:
    """Score CASE against planted or known truth."""
    from toolkit.backends import local
    from toolkit.evaluate.compare import compare, table
    from toolkit.evaluate.load import read_results, read_truth
    from toolkit.evaluate.material import gather
    from toolkit.evaluate.scorecard import evaluate, lines

    if (case / "manifest.json").is_file():  # without one, the results may be another program's
        Case.investigated(case)
    results, planted = read_results(case), read_truth(truth)
    card = evaluate(results, planted)
    others = list(compare(gather(case, local, seed=seed), results, planted)) if beside else []
    if as_json:
        data = card.as_data() | ({"engines": [asdict(line) for line in others]} if beside else {})
        click.echo(json.dumps(data, indent=2))
    else:
        click.echo("\n".join([*lines(card), *(["", *table(others)] if beside else [])]))
