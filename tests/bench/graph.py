"""Measures the graph stores: `python -m tests.bench.graph [--orders N] [--uri bolt://...]` prints a table.

The market is simulated; its planted rings are taken as the rings, so that the figures don't depend on the detection.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.conformance.test_library import drawn
from tests.markets import simulated_case
from tests.neo4j_server import PASSWORD, USER, Server
from toolkit.backends.embedded.store import EmbeddedStore
from toolkit.backends.neo4j.settings import Neo4jSettings
from toolkit.backends.neo4j.store import Neo4jStore
from toolkit.graph.build import case_key, project
from toolkit.graph.tables import tables
from toolkit.queries import ask, library

if TYPE_CHECKING:
    from collections.abc import Callable

    from toolkit.case import Case
    from toolkit.contracts.kinds import Graph
    from toolkit.ports import GraphStore


def timed(what: str, work: Callable[[], Any], *, relationships: int = 0) -> Any:
    """Run, print the seconds, those of this process's processor time, and by the million; give what came out."""
    begun, spent = time.monotonic(), time.process_time()
    result = work()
    seconds, own = time.monotonic() - begun, time.process_time() - spent
    million = f"{seconds * 1e6 / relationships:.1f} s for a million relationships" if relationships else ""
    print(f"| {what} | {seconds:.1f} s | {own:.1f} s own processor time | {million} |", flush=True)
    return result


def medians(store: GraphStore, graph: Graph, *, rounds: int = 5) -> list[tuple[float, str]]:
    """Median seconds of every query of the library over random parameters, slowest first."""
    found: list[tuple[float, str]] = []
    for name, query in library().items():
        draw = random.Random(name)
        seconds: list[float] = []
        for _ in range(rounds):
            given = drawn(query, graph, draw)
            begun = time.monotonic()
            ask(store, query, given, case_id=graph.case_id)
            seconds.append(time.monotonic() - begun)
        found.append((statistics.median(seconds), name))
    return sorted(found, reverse=True)


def embedded(case: Case, folder: Path) -> None:
    """Projection, opening and asking of the embedded store."""
    store = EmbeddedStore(folder / "graph")
    graph: Graph = timed("embedded: frames", lambda: project(case, "case"))
    timed("embedded: build", lambda: store.write(graph, key=case_key(case)))
    store.close()
    timed("embedded: open", lambda: store.readable("case"))
    slowest = medians(store, graph)
    print("| embedded: slowest query medians | " + ", ".join(f"{name} {s:.3f} s" for s, name in slowest[:4]) + " |")


def server(case: Case, uri: str) -> None:
    """Push, second push, pull and asking of a Neo4j server."""
    store = Neo4jStore(Neo4jSettings(uri, USER, PASSWORD))
    graph = project(case, "bench")
    store.purge("bench")
    rows = graph.counts()[1]
    timed("neo4j: push", lambda: store.write(graph, key="k"), relationships=rows)
    timed("neo4j: second, unchanged push", lambda: store.write(project(case, "bench"), key="k"), relationships=rows)
    timed("neo4j: pull", lambda: tables(store, "bench"), relationships=rows)
    slowest = medians(store, graph)
    print("| neo4j: slowest query medians | " + ", ".join(f"{name} {s:.3f} s" for s, name in slowest[:4]) + " |")
    timed("neo4j: purge", lambda: store.purge("bench"))
    store.close()


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=200_000)
    parser.add_argument("--uri", help="a running server; one is started where none is given")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        case = simulated_case(folder, orders=chosen.orders, rings=40, seed=1)
        nodes, relationships = project(case).counts()
        print(f"| {chosen.orders:,} orders | {nodes:,} nodes, {relationships:,} relationships |")
        embedded(case, folder)
        if chosen.uri:
            server(case, chosen.uri)
            return
        own = Server(folder / "neo4j")
        own.start()
        try:
            server(case, own.uri)
        finally:
            own.stop()


if __name__ == "__main__":
    main()
