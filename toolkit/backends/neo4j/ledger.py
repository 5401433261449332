"""What a server holds of which case, written in the same transactions as the rows themselves.

A node `Case` says what a case is and whether it is whole; a node `CasePart` says how far one part of it (a label, or a
relationship between two labels) has come, and a digest of the rows that it is made of. That is what makes a push
repeatable, and lets one that was killed go on where it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toolkit.contracts import statements
from toolkit.contracts.graph import FORMAT
from toolkit.errors import BackendError

if TYPE_CHECKING:
    from toolkit.backends.neo4j.connection import Connection

CONSTRAINTS: Final = (
    "CREATE CONSTRAINT ringscope_case IF NOT EXISTS FOR (n:Case) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT ringscope_case_part IF NOT EXISTS FOR (n:CasePart) REQUIRE (n.case_id, n.id) IS UNIQUE",
)
_NAMES: Final = "SHOW CONSTRAINTS YIELD name WHERE name STARTS WITH 'ringscope_' RETURN name"
_BEGIN: Final = (
    "MERGE (c:Case {id: $case}) "
    "SET c.case_id = $case, c.state = 'loading', c.key = $key, c.format = $format, c.began_at = datetime()"
)
_FINISH: Final = (
    "MATCH (c:Case {id: $case}) "
    "SET c.state = 'complete', c.nodes = $nodes, c.relationships = $relationships, c.pushed_at = datetime()"
)
_PARTS: Final = "MATCH (p:CasePart {case_id: $case}) RETURN p.id, p.digest, p.rows, p.done"
CLAIM_FIRST: Final = (
    "MERGE (p:CasePart {case_id: $case, id: $part}) WITH p WHERE coalesce(p.digest, '') <> $digest "
    "SET p.digest = $digest, p.rows = $rows, p.done = $next RETURN 1"
)
"""Begins a part anew with its first batch; gives no row where that was done before."""
CLAIM: Final = (
    "MATCH (p:CasePart {case_id: $case, id: $part}) WHERE p.digest = $digest AND p.done = $offset "
    "SET p.done = $next RETURN 1"
)
"""Moves a part's mark from `offset` to `next`; gives no row where that was done before."""


@dataclass(frozen=True)
class Part:
    """How far one part has come."""

    digest: str
    rows: int
    done: int


@dataclass(frozen=True)
class Entry:
    """What the server says about a case."""

    key: str
    state: str
    format: int


def constrain(connection: Connection) -> None:
    """Make the constraints that are not there yet; they come before any row."""
    _, rows = connection.read(_NAMES)
    there = {row[0] for row in rows}
    for statement in (*CONSTRAINTS, *statements.constraints()):
        if statement.split()[2] not in there:
            connection.write((statement, {}))


def entries(connection: Connection) -> dict[str, Entry]:
    """Every case on the server, whole or not."""
    _, rows = connection.read("MATCH (c:Case) RETURN c.id, c.key, c.state, c.format ORDER BY c.id")
    return {case_id: Entry(key, state, made) for case_id, key, state, made in rows if key is not None}


def check_format(case_id: str, entry: Entry) -> None:
    """Refuse a case that a newer program wrote.

    Raises:
        BackendError: It did.
    """
    if entry.format > FORMAT:
        raise BackendError("a newer ringscope wrote this case", where=case_id, todo="upgrade ringscope")


def check_whole(case_id: str, entry: Entry | None) -> None:
    """Refuse to ask a case that is not there, half-written, or of another model.

    Raises:
        BackendError: It is one of these.
    """
    push = "run: ringscope neo4j push CASE"
    if entry is None:
        raise BackendError("this case is not on the server", where=case_id, todo=push)
    check_format(case_id, entry)
    if entry.format < FORMAT:
        raise BackendError("an older ringscope wrote this case, with an old schema", where=case_id, todo=push)
    if entry.state != "complete":
        raise BackendError("a push of this case was interrupted; it is half-written", where=case_id, todo=push)


def parts(connection: Connection, case_id: str) -> dict[str, Part]:
    """Every part of a case that was begun."""
    _, rows = connection.read(_PARTS, {"case": case_id})
    return {name: Part(digest, total, done) for name, digest, total, done in rows}


def distrust(connection: Connection, case_id: str) -> None:
    """Mark a case as one whose parts can't be built upon: the next push removes it and begins anew."""
    connection.write(("MATCH (c:Case {id: $case}) SET c.state = 'distrusted'", {"case": case_id}))


def begin(connection: Connection, case_id: str, key: str) -> None:
    """Mark a case as being written."""
    connection.write((_BEGIN, {"case": case_id, "key": key, "format": FORMAT}))


def finish(connection: Connection, case_id: str, counts: tuple[int, int]) -> None:
    """Mark a case as whole."""
    nodes, relationships = counts
    connection.write((_FINISH, {"case": case_id, "nodes": nodes, "relationships": relationships}))
