"""`ringscope demo`: from nothing to the pages of a small marketplace."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit import pipeline
from toolkit.cli.progress import Talk
from toolkit.config import Settings
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market
from toolkit.simulate.writer import write


@click.command()
@click.option("--out", default=Path("demo"), show_default=True, type=click.Path(path_type=Path), help="The folder.")
@click.option("--seed", default=7, show_default=True, help="Another seed makes another marketplace.")
@click.option("--quiet", is_flag=True, help="No talk on stderr.")
def command(*, out: Path, seed: int, quiet: bool) -> None:
    """Make a small synthetic marketplace with planted rings, investigate it, and say where the pages are."""
    talk = Talk(quiet=quiet)
    data = out / "data"
    talk.say(f"making a marketplace in {data}")
    write(simulate(Market(orders=40_000, rings=8, seed=seed)), data, form="csv")
    talk.done(pipeline.investigate(data, out / "case", Settings(), say=talk.say))
