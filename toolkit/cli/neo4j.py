"""`ringscope neo4j`: publishes cases to a Neo4j server, and reads graphs back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from toolkit import pipeline
from toolkit.case import Case
from toolkit.cli.server import server_options, teller
from toolkit.errors import UsageError
from toolkit.graph.build import case_name
from toolkit.registry import neo4j, neo4j_settings

_case = click.argument("case", type=click.Path(path_type=Path))
_quiet = click.option("--quiet", is_flag=True, help="No progress on stderr.")


@click.group("neo4j")
def command() -> None:
    """Publish cases to a Neo4j server, and read graphs back."""


@command.command("push")
@_case
@server_options
@_quiet
def push(case: Path, quiet: bool, **flags: str | None) -> None:
    """Publish CASE; run it again to go on after an interruption, or to bring the server up to date."""
    name, nodes, relationships, changed = pipeline.publish(Case.open(case), flags, teller(quiet=quiet))
    said = "pushed" if changed else "already there, unchanged"
    click.echo(f"{name}: {nodes:,} nodes and {relationships:,} relationships {said}")


@command.command("purge")
@click.argument("case")
@server_options
def purge(case: str, **flags: str | None) -> None:
    """Remove one case from the server; CASE is its folder or its name there. Other cases stay."""
    folder = Path(case)
    name = case_name(Case.open(folder)) if (folder / "manifest.json").is_file() else case
    with closing(neo4j(neo4j_settings(flags))) as store:
        if name not in store.entries():
            known = ", ".join(store.entries()) or "none"
            raise UsageError("this case is not on the server", where=name, todo=f"there are: {known}")
        gone = store.purge(name)
    click.echo(f"{name}: {gone:,} nodes removed")


@command.command("cases")
@server_options
def cases(**flags: str | None) -> None:
    """List the cases on the server, and whether each is whole."""
    with closing(neo4j(neo4j_settings(flags))) as store:
        entries: dict[str, Any] = store.entries()
    for name, entry in entries.items():
        click.echo(f"{name}  {entry.state}")
