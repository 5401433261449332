"""`ringscope investigate DATA --out CASE`: the main job."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from toolkit import config, pipeline
from toolkit.cli.progress import Talk
from toolkit.cli.server import server_options, teller
from toolkit.errors import BackendError


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The case folder to write.")
@click.option("--mapping", type=click.Path(path_type=Path), help="TOML: how foreign exports are read.")
@click.option("--config", "settings", type=click.Path(path_type=Path), help="TOML: settings that differ.")
@click.option("--calibrate", type=click.IntRange(0), help="Null worlds to compare rings with, for q-values; e.g. 20.")
@click.option("--engine", type=click.Choice(["local", "spark"]), default="local", show_default=True)
@click.option("--store", type=click.Choice(["embedded", "neo4j"]), default="embedded", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the alerts as JSON.")
@click.option("--quiet", is_flag=True, help="No talk on stderr.")
@server_options
def command(
    *,
    data: Path,
    out: Path,
    mapping: Path | None,
    settings: Path | None,
    calibrate: int | None,
    engine: str,
    store: str,
    as_json: bool,
    quiet: bool,
    **flags: str | None,
) -> None:
    """Find the rings in a folder of tables, with their evidence, and write them to a case folder."""
    if engine != "local":
        raise BackendError("this version has no Spark engine", where="--engine spark", todo="use --engine local")
    talk = Talk(quiet=quiet)
    if store == "neo4j":
        pipeline.reach(flags)
    chosen = config.load(settings)
    if calibrate is not None:
        chosen = replace(chosen, calibrate=calibrate)
    case = pipeline.investigate(data, out, chosen, mapping=mapping, say=talk.say)
    if store == "neo4j":
        pipeline.publish(case, flags, progress=teller(quiet=quiet))
    talk.done(case, as_json=as_json)
