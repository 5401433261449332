"""`ringscope neo4j`: publishes cases to a Neo4j server, and reads graphs back."""

from __future__ import annotations

import secrets
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from toolkit.case import Case
from toolkit.cli.server import server_options, teller
from toolkit.errors import UsageError
from toolkit.graph.build import case_key, case_name, project
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
    opened = Case.open(case)
    with closing(neo4j(neo4j_settings(flags))) as store:
        name = _named(opened)
        graph = project(opened, name)
        changed = store.write(graph, key=case_key(opened), progress=teller(quiet=quiet))
    nodes, relationships = graph.counts()
    said = "pushed" if changed else "already there, unchanged"
    click.echo(f"{name}: {nodes:,} nodes and {relationships:,} relationships {said}")


def _named(case: Case) -> str:
    """The case's name on servers; made once and kept in its manifest, so that two folders of one name don't mix."""
    if "case_id" not in case.manifest():
        with case.lock():
            case.update_manifest(case_id=f"{case_name(case)}-{secrets.token_hex(4)}")
    return case_name(case)


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
