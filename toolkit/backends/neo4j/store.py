"""A Neo4j server as a store of cases."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from neo4j.time import DateTime

from toolkit.backends.neo4j import ledger
from toolkit.backends.neo4j.communities import communities
from toolkit.backends.neo4j.connection import Connection
from toolkit.backends.neo4j.load import Loader, check
from toolkit.backends.neo4j.mapping import read_mapping, read_tables
from toolkit.backends.neo4j.read import read_nodes, read_relationships
from toolkit.contracts.graph import FORMAT, NODES, ROUTES
from toolkit.errors import BackendError
from toolkit.queries import refuse_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import polars as pl

    from toolkit.backends.neo4j.settings import Neo4jSettings
    from toolkit.contracts.kinds import Graph, Route

_REMOVE: Final = "MATCH (n:{} {{case_id: $case}}) WITH n LIMIT 20000 DETACH DELETE n RETURN count(*)"


class Neo4jStore:
    """Cases on a server; each node carries the `case_id` of the one case that it belongs to.

    Args:
        settings: Address and account.
    """

    def __init__(self, settings: Neo4jSettings) -> None:
        self.connection = Connection(settings)

    def write(self, graph: Graph, *, key: str, progress: Callable[[str, int, int], None] | None = None) -> bool:
        """Make the server hold exactly this graph under its case id; gives whether anything had to change.

        Run again after an interruption, it goes on where it was.
        """
        ledger.constrain(self.connection)
        known = ledger.entries(self.connection).get(graph.case_id)
        loader = Loader(self.connection, graph, progress)
        if known is not None:
            ledger.check_format(graph.case_id, known)
            same = known.state == "complete" and known.key == key and known.format == FORMAT
            if same and loader.whole():
                return False
            if same or known.format != FORMAT or known.state not in {"complete", "loading"}:
                self.purge(graph.case_id)
        ledger.begin(self.connection, graph.case_id, key)
        with _half_written_said():
            loader.load()
            check(loader, self.connection, graph.case_id)
            ledger.finish(self.connection, graph.case_id, graph.counts())
        return True

    def entries(self) -> dict[str, ledger.Entry]:
        """Every case on the server, whole or not."""
        return ledger.entries(self.connection)

    def cases(self) -> dict[str, str]:
        """Case id -> key of every case that was written whole."""
        return {case_id: entry.key for case_id, entry in self.entries().items() if entry.state == "complete"}

    def ready(self, case_id: str) -> None:
        """See that the case can be asked.

        Raises:
            BackendError: It is not there, half-written, or of another model.
        """
        ledger.check_whole(case_id, ledger.entries(self.connection).get(case_id))

    def run(
        self, text: str, parameters: Mapping[str, Any], *, case_id: str, seconds: float = 60.0
    ) -> dict[str, list[Any]]:
        """Run a reading query on the server."""
        refuse_files(text)
        names, rows = self.connection.read(text, {**parameters, "case": case_id}, seconds=seconds)
        return {name: [_plain(row[place]) for row in rows] for place, name in enumerate(names)}

    def nodes(self, label: str, *, case_id: str) -> pl.DataFrame:
        """All nodes of a label, sorted by id."""
        return read_nodes(self.connection, label, case_id)

    def relationships(self, route: Route, *, case_id: str) -> pl.DataFrame:
        """All relationships of a kind between two labels, sorted by their ends."""
        return read_relationships(self.connection, route, case_id)

    def purge(self, case_id: str) -> int:
        """Remove one case and leave the others; gives how many nodes went.

        The case is marked as half-written first, and its entry goes last, so a purge that breaks off is no secret.
        """
        given = {"case": case_id}
        ledger.distrust(self.connection, case_id)
        begun = {name.partition(" #")[0] for name in ledger.parts(self.connection, case_id)}
        for route in (route for route in ROUTES if str(route) in begun):
            match = f"MATCH (:{route.start} {{case_id: $case}})-[r:{route.name}]->(:{route.end})"
            self._drain(f"{match} WITH r LIMIT 20000 DELETE r RETURN count(*)", given)
        gone = sum(self._drain(_REMOVE.format(label), given) for label in (k.label for k in NODES) if label in begun)
        self._drain(_REMOVE.format("CasePart"), given)
        self.connection.write(("MATCH (c:Case {id: $case}) DETACH DELETE c", given))
        return gone

    def communities(self, case_id: str, algorithm: str, *, gamma: float = 1.0, seed: int = 0) -> pl.DataFrame:
        """Communities of linked accounts by Graph Data Science: buyer_id, community."""
        return communities(self.connection, case_id, algorithm, gamma=gamma, seed=seed)

    def mapped(self, mapping: Path) -> dict[str, pl.DataFrame]:
        """Input tables from a graph of someone else's making, by a mapping file."""
        return read_tables(self.connection, read_mapping(mapping))

    def close(self) -> None:
        """Let go of the server."""
        self.connection.close()

    def _drain(self, text: str, given: dict[str, str]) -> int:
        total = 0
        while removed := int(self.connection.write((text, given))[0][0]):
            total += removed
        return total


@contextlib.contextmanager
def _half_written_said() -> Iterator[None]:
    """Whatever breaks a push off, its message says what that leaves behind."""
    try:
        yield
    except BackendError as error:
        left = "the case is half-written there, marked as such, and refused to be asked; a push goes on with it"
        raise BackendError(error.what, where=error.where, todo=f"{error.todo}; {left}") from error


def _plain(value: Any) -> Any:
    """A driver's time as Python's own, in UTC; lists are looked into."""
    if isinstance(value, DateTime):
        native = value.to_native()
        return native.replace(tzinfo=UTC) if native.tzinfo is None else native.astimezone(UTC)
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return [_plain(item) for item in value] if isinstance(value, list) else value
