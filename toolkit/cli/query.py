"""`ringscope query`: asks a case, by a named query of the library or by Cypher of one's own."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import polars as pl

from toolkit.case import Case
from toolkit.cli.server import server_options, teller
from toolkit.cli.table import show
from toolkit.errors import UsageError
from toolkit.queries import ask, bind, find
from toolkit.registry import open_store

if TYPE_CHECKING:
    from toolkit.ports import GraphStore


_LONGEST_S: Final = 86_400


@click.command("query")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("name", required=False)
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of the query.")
@click.option("--cypher", help="Cypher of your own instead of a NAME; it may only read.")
@click.option("--store", default="embedded", show_default=True, help="Where to ask: embedded, neo4j, or a plug-in's.")
@server_options
@click.option("--timeout", type=float, default=60.0, show_default=True, help="Most seconds a query may take.")
@click.option("--json", "style", flag_value="json", help="Print JSON.")
@click.option("--csv", "style", flag_value="csv", help="Print CSV.")
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
def command(
    case: Path,
    name: str | None,
    params: tuple[str, ...],
    cypher: str | None,
    store: str,
    timeout: float,
    style: str | None,
    quiet: bool,
    **flags: str | None,
) -> None:
    """Run the query NAME of the library on CASE; `ringscope queries` lists them."""
    given = dict(_pair(text) for text in params)
    if not 0 < timeout <= _LONGEST_S:  # also where it is no number at all
        raise UsageError(f"no time to wait: {timeout}", where="--timeout", todo="give seconds, up to a day")
    if (name is None) == (cypher is None):
        raise UsageError("say which query", where="NAME or --cypher", todo="`ringscope queries` lists the names")
    if name is not None:
        bind(find(name), given)  # before a store is opened: what is missing should be said at once
    opened, case_id = open_store(store, Case.investigated(case), flags, teller(quiet=quiet))
    with closing(opened) as graph:
        if name is not None:
            query = find(name)
            frame = ask(graph, query, bind(query, given), case_id=case_id, seconds=timeout)
        else:
            frame = _free(graph, str(cypher), given, case_id, timeout, warn=not quiet and store == "embedded")
    show(frame, style or "text")


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark or not name:
        raise UsageError("a parameter is off", where="--param", todo="write it as --param NAME=VALUE")
    return name, value


def _free(
    graph: GraphStore, text: str, given: dict[str, Any], case_id: str, seconds: float, *, warn: bool
) -> pl.DataFrame:
    """Cypher of a person's own, with parameters as text."""
    if warn:
        click.echo("note: the embedded store is tested for the library's queries only; check others on Neo4j", err=True)
    columns = graph.run(text, given, case_id=case_id, seconds=seconds)
    return pl.DataFrame([_series(name, values) for name, values in columns.items()])


def _series(name: str, values: list[Any]) -> pl.Series:
    """A column of unknown type: as it is where Polars can hold it, else as text."""
    try:
        return pl.Series(name, values, strict=True)
    except TypeError:
        return pl.Series(name, [None if value is None else str(value) for value in values], dtype=pl.String)
