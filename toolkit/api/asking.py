"""Questions to a case's graph: named queries of the library, and Cypher of one's own, on either store."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit.errors import BackendError
from toolkit.graph.agreement import ring_overlap
from toolkit.graph.build import case_name
from toolkit.queries import ask, bind, find, library
from toolkit.registry import neo4j, neo4j_settings, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from toolkit.case import Case as Folder
    from toolkit.ports import GraphStore

_LIBRARY: Final[dict[str, Any]] = {
    "name": pl.String,
    "folder": pl.String,
    "about": pl.String,
    "parameters": pl.List(pl.String),
}


@dataclass(frozen=True)
class Place:
    """Where questions are asked.

    Attributes:
        store: `embedded` or `neo4j`.
        server: Of a Neo4j server: uri, user, password, database; what is not named comes from the environment.
    """

    store: str = "embedded"
    server: Mapping[str, str | None] = field(default_factory=dict, repr=False)

    @contextmanager
    def opened(self, folder: Folder) -> Iterator[tuple[GraphStore, str]]:
        """The store with this case in it, and the case's name there; closed at the end."""
        store, case_id = open_store(self.store, folder, self.server)
        with closing(store):
            yield store, case_id


def named(folder: Folder, place: Place, name: str, parameters: Mapping[str, Any], seconds: float) -> pl.DataFrame:
    """The answer of a named query, in the columns that its header declares."""
    query = find(name)
    bound = bind(query, {key: _word(value) for key, value in parameters.items() if value is not None})
    # A list stays one, so that an id may hold a comma.
    listed = {item.name: _texts(parameters[item.name]) for item in query.params if _is_list(parameters.get(item.name))}
    kinds = {item.name: item.type for item in query.params}
    bound |= {key: value for key, value in listed.items() if kinds[key] == "texts"}
    with place.opened(folder) as (store, case_id):
        return ask(store, query, bound, case_id=case_id, seconds=seconds)


def free(folder: Folder, place: Place, text: str, parameters: Mapping[str, Any], seconds: float) -> pl.DataFrame:
    """The answer of Cypher of one's own; it may only read."""
    with place.opened(folder) as (store, case_id):
        columns = store.run(text, dict(parameters), case_id=case_id, seconds=seconds)
    return pl.DataFrame([_series(name, values) for name, values in columns.items()])


def queries(folder_name: str | None = None) -> pl.DataFrame:
    """The library: name, folder, about, parameters."""
    rows = [
        (one.name, one.folder, one.about, [f"{item.name}: {item.type}" for item in one.params])
        for one in library().values()
        if folder_name in (None, one.folder)
    ]
    return pl.DataFrame(rows, schema=_LIBRARY, orient="row")


def communities(folder: Folder, place: Place, algorithm: str, *, gamma: float, seed: int) -> pl.DataFrame:
    """Rings beside the communities that Graph Data Science finds on the server."""
    if place.store != "neo4j":
        todo = "case.publish(uri=...) gives a case that is asked there"
        raise BackendError("Graph Data Science runs on a Neo4j server", where=place.store, todo=todo)
    with closing(neo4j(neo4j_settings(place.server))) as store:
        store.ready(case_name(folder))
        found = store.communities(case_name(folder), algorithm, gamma=gamma, seed=seed)
    return ring_overlap(folder.result("members").select("ring_id", "buyer_id"), found)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence | pl.Series) and not isinstance(value, str)


def _texts(values: Any) -> list[str]:
    return [str(value) for value in values]


def _word(value: Any) -> str:
    """A value as the command line would give it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if _is_list(value):
        return ",".join(_texts(value))
    return str(value)


def _series(name: str, values: list[Any]) -> pl.Series:
    """A column of unknown type: as it is where Polars can hold it, else as text."""
    try:
        return pl.Series(name, values, strict=True)
    except TypeError:
        return pl.Series(name, [None if value is None else str(value) for value in values], dtype=pl.String)
