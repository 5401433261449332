"""`ringscope investigate DATA --out CASE`: the main job."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit import config, pipeline
from toolkit.cli.progress import Talk


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The case folder to write.")
@click.option("--mapping", type=click.Path(path_type=Path), help="TOML: how foreign exports are read.")
@click.option("--config", "settings", type=click.Path(path_type=Path), help="TOML: settings that differ.")
@click.option("--quiet", is_flag=True, help="No talk on stderr.")
def command(*, data: Path, out: Path, mapping: Path | None, settings: Path | None, quiet: bool) -> None:
    """Find the rings in a folder of tables, with their evidence, and write them to a case folder."""
    talk = Talk(quiet=quiet)
    case = pipeline.investigate(data, out, config.load(settings), mapping=mapping, say=talk.say)
    talk.done(case)
