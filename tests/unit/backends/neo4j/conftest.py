"""A server of their own for tests that kill it or hem it in, and the session's server for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import engines
from tests.cases import tiny_case
from tests.markets import investigated_case, simulated_case
from tests.neo4j_server import PASSWORD, USER, Server
from toolkit.backends.neo4j.settings import Neo4jSettings
from toolkit.backends.neo4j.store import Neo4jStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Neo4jAddress
    from toolkit.case import Case


@pytest.fixture(scope="session")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that a test may kill; it is running when a test gets it first."""
    engines.require("java", "mvn")
    server = Server(tmp_path_factory.mktemp("own") / "home", heap="512m")
    server.start()
    yield server
    server.stop()


def reached(server: Server, password: str = PASSWORD, database: str | None = None) -> Neo4jSettings:
    """How to reach a server of the tests."""
    return Neo4jSettings(server.uri, USER, password, database)


@pytest.fixture
def neo4j_store(neo4j_address: Neo4jAddress) -> Iterator[Neo4jStore]:
    """An empty store on the session's server."""
    opened = Neo4jStore(
        Neo4jSettings(neo4j_address.uri, neo4j_address.user, neo4j_address.password, neo4j_address.database)
    )
    for case_id in opened.entries():
        opened.purge(case_id)
    yield opened
    for case_id in opened.entries():
        opened.purge(case_id)
    opened.close()


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The case made by hand."""
    return tiny_case(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A simulated case."""
    return simulated_case(tmp_path_factory.mktemp("market"), orders=6_000, rings=6, seed=3)


@pytest.fixture(scope="session")
def investigated(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A simulated market in `data` beside the case, investigated."""
    return investigated_case(tmp_path_factory.mktemp("investigated"))
