"""Fixtures that several suites share: one Neo4j server per test session."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests import engines

hypothesis.settings.register_profile("ringscope", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ringscope")  # no timed assertion, and the same examples everywhere

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Neo4jAddress:
    """How to reach the server of this test session."""

    uri: str
    user: str
    password: str
    database: str | None = None


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep all server tests in one worker, so that a session starts one server."""
    for item in items:
        if item.get_closest_marker("neo4j") and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group("neo4j"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Stop where pytest-xdist loses the groups: each worker would start a server, and nobody would notice."""
    grouped = [item for item in session.items if item.get_closest_marker("xdist_group")]
    if getattr(session.config.option, "loadgroup", False) and not all("@" in item.nodeid for item in grouped):
        raise pytest.UsageError("pytest-xdist did not group the tests: its release does not fit this pytest")


@pytest.fixture(scope="session")
def neo4j_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jAddress]:
    """The server in NEO4J_URI, or one that is started from Maven Central for this session."""
    given = os.environ.get("NEO4J_URI")
    if given:
        user = os.environ.get("NEO4J_USER") or os.environ.get("NEO4J_USERNAME") or "neo4j"
        yield Neo4jAddress(given, user, os.environ.get("NEO4J_PASSWORD", ""), os.environ.get("NEO4J_DATABASE"))
        return
    engines.require("java", "mvn")
    from tests.neo4j_server import PASSWORD, USER, Server

    server = Server(tmp_path_factory.mktemp("neo4j") / "home")
    server.start()
    try:
        yield Neo4jAddress(server.uri, USER, PASSWORD)
    finally:
        server.stop()
