"""`ringscope queries`: what the library of Cypher queries can be asked."""

from __future__ import annotations

import json
from itertools import groupby

import click

from toolkit.queries import Query, library


@click.command("queries")
@click.option("--json", "as_json", is_flag=True, help="Print machine-readable results.")
def command(as_json: bool) -> None:
    """List the queries of the library, with what they take."""
    queries = list(library().values())
    if as_json:
        click.echo(json.dumps([query.summary() for query in queries], indent=2, ensure_ascii=False))
        return
    for folder, group in groupby(queries, key=lambda query: query.folder):
        click.echo(folder)
        for query in group:
            click.echo(f"  {query.name}{_taken(query)}\n      {query.about}")


def _taken(query: Query) -> str:
    words = [item.name if item.required else f"[{item.name}={json.dumps(item.default)}]" for item in query.params]
    return " " + " ".join(words) if words else ""
