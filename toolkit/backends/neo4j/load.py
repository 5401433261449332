"""Makes a server hold exactly one case's graph: only what differs is written, and a killed push goes on.

A part is a label, or a slice of a relationship kind between two labels. Its rows are written in batches; each batch
moves the part's mark in the same transaction, so a batch is written once whatever breaks. `CREATE` is used throughout
for relationships, which was measured to be twice as fast as `MERGE`; nodes that may be there already are merged.
"""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.backends.neo4j import ledger
from toolkit.backends.neo4j.read import counts, node_ids
from toolkit.contracts import statements
from toolkit.contracts.kinds import Route
from toolkit.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable

    from toolkit.backends.neo4j.connection import Connection
    from toolkit.contracts.kinds import Graph

BATCH: Final = 10_000
SESSIONS: Final = 2
_SPLIT: Final = 40_000
_DELETE: Final = 20_000


@dataclass(frozen=True)
class Piece:
    """A part to be written: its name on the server, what it is of, and its rows."""

    name: str
    kind: str | Route
    frame: pl.DataFrame
    digest: str


class Loader:
    """Writes one graph to one server.

    Args:
        connection: To the server.
        graph: What it is to hold.
        progress: Told about each batch.
    """

    def __init__(
        self, connection: Connection, graph: Graph, progress: Callable[[str, int, int], None] | None = None
    ) -> None:
        self._connection = connection
        self._graph = graph
        self._progress = progress
        self._lock = threading.Lock()
        self._done, self._total = 0, sum(graph.counts())

    def whole(self) -> bool:
        """Whether the server really holds as many nodes and relationships as the graph has."""
        held = counts(self._connection, self._graph.case_id)
        wanted = [*self._graph.nodes.values(), *self._graph.relationships.values()]
        return held == [frame.height for frame in wanted]

    def load(self) -> None:
        """Write what differs."""
        known = ledger.parts(self._connection, self._graph.case_id)
        every = pieces(self._graph)
        nodes = [piece for piece in every if isinstance(piece.kind, str)]
        joined = [piece for piece in every if isinstance(piece.kind, Route)]
        stale = self._stale(joined, known)
        for route in sorted(stale):
            self._clear(route)
        for piece in nodes:
            self._write_nodes(piece, known)
        todo = [(piece, {} if piece.kind in stale else known) for piece in joined]
        with ThreadPoolExecutor(SESSIONS) as pool:
            for written in [pool.submit(self._write, piece, parts) for piece, parts in todo]:
                written.result()

    def _stale(self, pieces: list[Piece], known: dict[str, ledger.Part]) -> set[Route]:
        """Routes with a relationship on the server that is not in the graph any more, or may not be."""
        wanted = {piece.name: piece.digest for piece in pieces}
        kinds: dict[str, Route] = {str(piece.kind): piece.kind for piece in pieces if isinstance(piece.kind, Route)}
        off = {name for name, part in known.items() if "[" in name and wanted.get(name) != part.digest}
        return {kinds[name.partition(" #")[0]] for name in off}

    def _write_nodes(self, piece: Piece, known: dict[str, ledger.Part]) -> None:
        """Nodes: created where the label is new on this server, else merged, and those that are gone are removed."""
        label, before = str(piece.kind), known.get(piece.name)
        if before is not None and before.digest == piece.digest:
            # A part that was begun may have been begun on top of older nodes, so it is gone on with by merging.
            self._write(piece, known, statement=statements.merge_nodes(label))
            return
        there = set(node_ids(self._connection, label, self._graph.case_id))
        self._remove(label, sorted(there.difference(piece.frame.get_column("id"))))
        self._write(piece, known, statement=statements.merge_nodes(label) if there else None)

    def _remove(self, label: str, ids: list[str]) -> None:
        text = f"UNWIND $ids AS id MATCH (n:{label} {{case_id: $case, id: id}}) DETACH DELETE n"
        for first in range(0, len(ids), 1000):
            self._connection.write((text, {"ids": ids[first : first + 1000], "case": self._graph.case_id}))

    def _write(self, piece: Piece, known: dict[str, ledger.Part], *, statement: str | None = None) -> None:
        """Write a part from its mark on."""
        before = known.get(piece.name)
        done = before.done if before is not None and before.digest == piece.digest else None
        if done is None and (piece.frame.height or before is not None):
            self._batch(piece, 0, statement, first=True)
            done = min(BATCH, piece.frame.height)
        self._tell(piece, done or 0)
        for offset in range(done or 0, piece.frame.height, BATCH):
            self._batch(piece, offset, statement)
            self._tell(piece, min(BATCH, piece.frame.height - offset))

    def _batch(self, piece: Piece, offset: int, statement: str | None, *, first: bool = False) -> None:
        """Write one batch and move the part's mark, in one transaction."""
        batch = statements.encode(piece.frame.slice(offset, BATCH))
        mark = {"digest": piece.digest, "rows": piece.frame.height, "offset": offset, "next": offset + batch.height}
        claim = ledger.CLAIM_FIRST if first else ledger.CLAIM
        case = {"case": self._graph.case_id}
        step = (statement or _creating(piece), {**case, "rows": batch.rows()})
        self._connection.guarded((claim, {**case, "part": piece.name, **mark}), step)

    def _clear(self, route: Route) -> None:
        """Remove all relationships of a route, and its marks."""
        text = (
            f"MATCH (a:{route.start} {{case_id: $case}})-[r:{route.name}]->(:{route.end}) "
            f"WITH r LIMIT {_DELETE} DELETE r RETURN count(*)"
        )
        marks = "MATCH (p:CasePart {case_id: $case}) WHERE p.id = $route OR p.id STARTS WITH $route + ' #' DELETE p"
        self._connection.write((marks, {"case": self._graph.case_id, "route": str(route)}))
        while self._connection.write((text, {"case": self._graph.case_id}))[0][0]:
            pass

    def _tell(self, piece: Piece, rows: int) -> None:
        if self._progress:
            with self._lock:
                self._done += rows
                self._progress(piece.kind if isinstance(piece.kind, str) else piece.kind.name, self._done, self._total)


def pieces(graph: Graph) -> list[Piece]:
    """The parts of a graph, nodes first."""
    nodes = [_piece(label, label, frame) for label, frame in graph.nodes.items()]
    return nodes + [piece for route, frame in graph.relationships.items() for piece in _slices(route, frame)]


def check(loader: Loader, connection: Connection, where: str) -> None:
    """See that all arrived; if not, the next push begins anew.

    Raises:
        BackendError: Something else writes to this case, or removed from it.
    """
    if not loader.whole():
        ledger.distrust(connection, where)
        what = "the server does not hold all that was written: something else changed this case meanwhile"
        raise BackendError(what, where=where, todo="run the same command again")


def _creating(piece: Piece) -> str:
    if isinstance(piece.kind, Route):
        return statements.create_relationships(piece.kind)
    return statements.create_nodes(piece.kind)


def _slices(route: Route, frame: pl.DataFrame) -> list[Piece]:
    """Large parts in two, so that two sessions share the work."""
    if frame.height < _SPLIT:
        return [_piece(str(route), route, frame)]
    half = frame.height // 2
    return [
        _piece(f"{route} #1", route, frame.head(half)),
        _piece(f"{route} #2", route, frame.tail(frame.height - half)),
    ]


def _piece(name: str, kind: str | Route, frame: pl.DataFrame) -> Piece:
    return Piece(name, kind, frame, _digest(frame))


def _digest(frame: pl.DataFrame) -> str:
    """A digest of a frame's rows in their order."""
    flat = frame.with_columns(pl.col(pl.List(pl.String)).list.join("\x1f").fill_null("\x1e"))
    digest = hashlib.sha256(f"{frame.columns} {frame.height}".encode())
    digest.update(flat.hash_rows(seed=7).to_numpy().tobytes())
    return digest.hexdigest()[:32]
