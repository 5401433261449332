"""Store name -> store, imported only when it is asked for, so that nothing above drags in a driver."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from toolkit import plugins
from toolkit.errors import BackendError, UsageError
from toolkit.graph.build import case_key, case_name, project
from toolkit.graph.tables import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

    from toolkit.backends.embedded.store import EmbeddedStore
    from toolkit.backends.neo4j.settings import Neo4jSettings
    from toolkit.backends.neo4j.store import Neo4jStore
    from toolkit.case import Case
    from toolkit.ports import GraphStore

STORES: Final = ("embedded", "neo4j")
EMBEDDED_NAME: Final = "case"
"""What the one case in an embedded store is called; a case's name on servers may change, its cache need not."""


def open_store(
    name: str,
    case: Case,
    flags: Mapping[str, str | None] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[GraphStore, str]:
    """A store in which this case can be asked, and the case's name there.

    The embedded one is built where it is missing, older than the case, or unreadable; a Neo4j server has to hold the
    case already, because publishing is a decision.

    Args:
        name: One of STORES, or a plug-in's.
        case: The case.
        flags: What the command line says of the server: uri, user, password, database.
        progress: Told about each batch that is written.

    Raises:
        UsageError: There is no store of that name, or no address of a server.
        BackendError: The store can't be reached or used.
    """
    if name == "embedded":
        return embedded(case, progress), EMBEDDED_NAME
    if name == "neo4j":
        store = neo4j(neo4j_settings(flags or {}))
        try:
            store.ready(case_name(case))
        except BaseException:
            store.close()
            raise
        return store, case_name(case)
    added = plugins.stores(STORES)
    if name in added:
        return added[name].open(case, flags or {}, progress)
    raise UsageError(f"there is no store {name!r}", where="--store", todo=f"use one of: {', '.join([*STORES, *added])}")


def embedded(case: Case, progress: Callable[[str, int, int], None] | None = None) -> EmbeddedStore:
    """The embedded store under CASE/graph/, with this case in it as it is now.

    Raises:
        BackendError: Its engine is not there, or is another one than we know; all but this store works without.
    """
    try:
        from toolkit.backends.embedded.store import EmbeddedStore
    except (ImportError, AttributeError) as error:
        what = f"the embedded store's engine can't be used here: {error}"
        todo = (
            "push the case to a Neo4j server and ask with --store neo4j, or install ringscope's pinned packages again"
        )
        raise BackendError(what, where="kglite", todo=todo) from error
    store = EmbeddedStore(case.path / "graph")
    key = case_key(case)
    if store.cases().get(EMBEDDED_NAME) == key and store.readable(EMBEDDED_NAME):
        return store
    store.write(project(case, EMBEDDED_NAME), key=key, progress=progress)
    return store


def neo4j_settings(flags: Mapping[str, str | None]) -> Neo4jSettings:
    """Address and account from flags, the environment, or `.env` in the working folder."""
    from toolkit.backends.neo4j.settings import settings

    return settings(flags, os.environ, Path(".env"))


def neo4j(settings: Neo4jSettings) -> Neo4jStore:
    """A store on a Neo4j server."""
    from toolkit.backends.neo4j.store import Neo4jStore

    return Neo4jStore(settings)


def pulled(store: Neo4jStore, name: str | None, mapping: Path | None) -> dict[str, pl.DataFrame]:
    """Input tables from a server: of a case that was pushed, or by a mapping.

    Raises:
        UsageError: There are several cases and none was named, or there is none of that name.
        BackendError: The case is half-written, or there is none and no mapping.
    """
    if mapping is not None:
        return store.mapped(mapping)
    known = list(store.entries())
    if name is None and len(known) != 1:
        todo = f"give --case, one of: {', '.join(known)}" if known else "give --mapping for a graph of your own"
        raise UsageError(f"the server holds {len(known)} cases", where="--case", todo=todo)
    chosen = name or known[0]
    store.ready(chosen)
    return tables(store, chosen)
