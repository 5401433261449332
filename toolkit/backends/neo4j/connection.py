"""A connection to a server: checked once when it is opened, patient with what passes, quiet about passwords."""

from __future__ import annotations

import logging
import random
import time
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import neo4j
from neo4j import exceptions as neo4j_errors

from toolkit.backends.neo4j.errors import OLDEST, retryable, translate, translated
from toolkit.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from toolkit.backends.neo4j.settings import Neo4jSettings

ATTEMPTS: Final = 8
Result = TypeVar("Result")


class Connection:
    """A driver, the address for messages, and the two ways of working: read and write.

    Args:
        settings: Address and account.
    """

    def __init__(self, settings: Neo4jSettings) -> None:
        logging.getLogger("neo4j").setLevel(logging.CRITICAL)
        self.where = settings.uri
        self._database = settings.database
        with translated(self.where):
            self._driver = neo4j.GraphDatabase.driver(
                settings.uri,
                auth=(settings.user, settings.password),
                connection_timeout=15.0,
                notifications_min_severity="OFF",
            )
        try:
            self._verify()
        except BaseException:
            self._driver.close()
            raise

    def _verify(self) -> None:
        """Reach the server, and see that it is one that we know."""
        with translated(self.where):
            self._driver.verify_connectivity()
            with self.session() as session:
                agent = session.run("RETURN 1").consume().server.agent
        version = agent.partition("/")[2].partition(".")[0]
        if version.isdigit() and int(version) < OLDEST:
            raise BackendError(f"the server is too old: {agent}", where=self.where, todo=f"use Neo4j {OLDEST} or later")

    def __enter__(self) -> Self:
        """Itself; closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Let go of the server."""
        self._driver.close()

    def session(self, *, write: bool = False, rows: int = 1000) -> neo4j.Session:
        """A session; reading ones are refused any write by the server."""
        mode = neo4j.WRITE_ACCESS if write else neo4j.READ_ACCESS
        return self._driver.session(database=self._database, default_access_mode=mode, fetch_size=rows)

    def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, seconds: float | None = None
    ) -> tuple[list[str], list[list[Any]]]:
        """Run a reading query; gives its column names and rows."""
        query = neo4j.Query(text, timeout=seconds)

        def work() -> tuple[list[str], list[list[Any]]]:
            with self.session(rows=10_000) as session:
                result = session.run(query, dict(parameters or {}))
                return list(result.keys()), result.values()

        return self._patiently(work)

    def write(self, *steps: tuple[str, Mapping[str, Any]]) -> list[list[Any]]:
        """Run statements in one transaction; gives the rows of the last one."""

        def work() -> list[list[Any]]:
            with self.session(write=True) as session, session.begin_transaction() as transaction:
                rows: list[list[Any]] = []
                for text, parameters in steps:
                    rows = transaction.run(text, dict(parameters)).values()
                transaction.commit()
                return rows

        return self._patiently(work)

    def guarded(self, claim: tuple[str, Mapping[str, Any]], step: tuple[str, Mapping[str, Any]]) -> None:
        """In one transaction: run `claim`, and `step` only where the claim gave a row.

        A batch that was committed just before the line broke is so not written twice: its claim finds nothing.
        """

        def work() -> None:
            with self.session(write=True) as session, session.begin_transaction() as transaction:
                if transaction.run(claim[0], dict(claim[1])).values():
                    transaction.run(step[0], dict(step[1])).consume()
                transaction.commit()

        self._patiently(work)

    def _patiently(self, work: Callable[[], Result]) -> Result:
        """Try again what passes: deadlocks, a leader's change, a short break of the line."""
        for attempt in range(ATTEMPTS):
            try:
                return work()
            except (neo4j_errors.Neo4jError, neo4j_errors.DriverError) as error:
                if not retryable(error) or attempt == ATTEMPTS - 1 or self._gone(error):
                    raise translate(error, self.where) from error
                time.sleep(min(2.0, 0.05 * 2**attempt) * random.uniform(0.5, 1.5))  # noqa: S311 - no secret, a pause
        raise AssertionError

    def _gone(self, error: neo4j_errors.Neo4jError | neo4j_errors.DriverError) -> bool:
        """Whether the server itself is away, so that waiting longer only hides it."""
        if not isinstance(error, (neo4j_errors.ServiceUnavailable, neo4j_errors.SessionExpired)):
            return False
        try:
            self._driver.verify_connectivity()
        except (neo4j_errors.Neo4jError, neo4j_errors.DriverError):
            return True
        return False
