"""The stores that every body of this suite runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cases import tiny_case
from tests.markets import investigated_case, simulated_case
from toolkit.backends.embedded.store import EmbeddedStore
from toolkit.backends.neo4j.settings import Neo4jSettings
from toolkit.backends.neo4j.store import Neo4jStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Neo4jAddress
    from toolkit.case import Case
    from toolkit.ports import GraphStore

STORES = ["embedded", pytest.param("neo4j", marks=[pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")])]


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """An empty store of each kind."""
    opened: GraphStore
    if request.param == "embedded":
        opened = EmbeddedStore(tmp_path_factory.mktemp("store") / "graph")
    else:
        opened = neo4j_store(request.getfixturevalue("neo4j_address"))
        _empty(opened)
    yield opened
    _empty(opened)
    opened.close()


@pytest.fixture(scope="session")
def neo4j_session_store(neo4j_address: Neo4jAddress) -> Iterator[Neo4jStore]:
    """The server, for tests that keep a case on it over several bodies."""
    opened = neo4j_store(neo4j_address)
    yield opened
    opened.close()


def neo4j_store(address: Neo4jAddress) -> Neo4jStore:
    """A store on the session's server."""
    return Neo4jStore(Neo4jSettings(address.uri, address.user, address.password, address.database))


def _empty(opened: GraphStore) -> None:
    for case_id in opened.cases():
        opened.purge(case_id)


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
