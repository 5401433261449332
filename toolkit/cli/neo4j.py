"""`ringscope neo4j`: publishes cases to a Neo4j server, and reads graphs back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from toolkit import pipeline
from toolkit.case import Case, write_frame
from toolkit.cli.server import server_options, teller
from toolkit.cli.table import show
from toolkit.contracts.graph import BODIES
from toolkit.errors import UsageError
from toolkit.graph.agreement import adjusted_rand, ring_overlap
from toolkit.graph.build import case_key, case_name, project
from toolkit.registry import neo4j, neo4j_settings, pulled

ALGORITHMS = ("leiden", "louvain", "wcc", "label_propagation")
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
    name, nodes, relationships, changed = pipeline.publish(Case.investigated(case), flags, teller(quiet=quiet))
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


@command.command("pull")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder to write input tables to.")
@click.option("--case", "name", help="The name of the case on the server, where there are several.")
@click.option("--mapping", type=click.Path(path_type=Path), help="Labels and properties of a graph of your own (TOML).")
@server_options
def pull(out: Path, name: str | None, mapping: Path | None, **flags: str | None) -> None:
    """Read a graph back as input tables: a case that was pushed, or a graph of your own with a mapping."""
    if out.is_dir() and any(out.iterdir()):
        raise UsageError("the folder is not empty", where=str(out), todo="choose another --out")
    with closing(neo4j(neo4j_settings(flags))) as store:
        found = pulled(store, name, mapping)
    for table, frame in found.items():
        write_frame(out / f"{table}.parquet", frame)
        click.echo(f"{table}: {frame.height:,} rows")
    if mapping is None and not BODIES.keys().isdisjoint(found):
        click.echo("note: what people wrote is in no graph, so tests that read texts have nothing to read", err=True)


@command.command("export")
@_case
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder to write the files to.")
def export(case: Path, out: Path) -> None:
    """Write the files for Neo4j's offline import, and print the command to run on the stopped server."""
    from toolkit.backends.neo4j.offline import write_files

    opened = Case.investigated(case)
    click.echo(write_files(project(opened, pipeline.named(opened)), case_key(opened), out.resolve()))


@command.command("communities")
@_case
@click.option("--algorithm", type=click.Choice(ALGORITHMS), default="leiden", show_default=True)
@click.option("--gamma", type=float, default=1.0, show_default=True, help="Resolution of Leiden.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of Leiden.")
@click.option("--json", "style", flag_value="json", help="Print JSON.")
@click.option("--csv", "style", flag_value="csv", help="Print CSV.")
@server_options
def communities(case: Path, algorithm: str, gamma: float, seed: int, style: str | None, **flags: str | None) -> None:
    """Group the linked accounts of a pushed CASE with Graph Data Science, and compare with ringscope's own rings."""
    opened = Case.investigated(case)
    with closing(neo4j(neo4j_settings(flags))) as store:
        store.ready(case_name(opened))
        found = store.communities(case_name(opened), algorithm, gamma=gamma, seed=seed)
    members = opened.result("members").select("ring_id", "buyer_id")
    overlap = ring_overlap(members, found)
    both = found.join(members.unique("buyer_id", keep="first", maintain_order=True), on="buyer_id")
    click.echo(
        f"{algorithm}: {found['community'].n_unique():,} communities of {found.height:,} accounts; "
        f"{overlap['found'].sum()} of {overlap.height} rings found; "
        f"adjusted Rand index over ring members {adjusted_rand(both, 'ring_id', 'community'):.3f}",
        err=True,
    )
    show(overlap, style or "text")
