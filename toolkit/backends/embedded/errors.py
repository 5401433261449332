"""What the embedded engine can refuse, in our words."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

import kglite

from toolkit.case import os_number
from toolkit.errors import BackendError, RingscopeError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


_ROOM: Final = "give the folder write rights, or free space; the store is only a cache and can be removed"
_REBUILT: Final = "run the command again: the store is a cache, and is built anew from the case's tables"
_KNOWN: Final[tuple[tuple[type[Exception], type[RingscopeError], str, str], ...]] = (
    (
        kglite.CypherTimeoutError,
        BackendError,
        "the query took too long and was stopped",
        "narrow the question with its parameters, or give it more time with --timeout",
    ),
    (kglite.FileError, BackendError, "the embedded store can't be read", _REBUILT),
    (kglite.FileFormatError, BackendError, "the embedded store can't be read", _REBUILT),
    (kglite.LoadMemoryLimitError, BackendError, "the embedded store is too large for this machine", "use Neo4j"),
    (kglite.WriterLeaseHeldError, BackendError, "another process writes the embedded store", "wait for it to end"),
    (kglite.ReadOnlyError, UsageError, "a query may only read", "leave out CREATE, MERGE, SET and DELETE"),
)


@contextlib.contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn the engine's errors into ours."""
    try:
        yield
    except kglite.KgError as error:
        raise _ours(error, where) from error
    except OSError as error:
        raise BackendError(f"the embedded store can't be written: {error.strerror}", where=where, todo=_ROOM) from error


def _ours(error: kglite.KgError, where: str) -> RingscopeError:
    for kind, ours, what, todo in _KNOWN:
        if isinstance(error, kind):
            return ours(what, where=where, todo=todo)
    if isinstance(error, kglite.CypherSyntaxError):
        return UsageError(f"the query is not understood: {first_line(error)}", where=where, todo="see docs/queries.md")
    if "Missing parameter" in str(error):
        return UsageError(first_line(error), where=where, todo="give it with --param NAME=VALUE")
    if os_number(error) is not None:
        return BackendError(f"the embedded store can't be written: {first_line(error)}", where=where, todo=_ROOM)
    todo = "the store is tested for the library's queries (`ringscope queries`); ask others with --store neo4j"
    return RingscopeError(f"the embedded store refused the query: {first_line(error)}", where=where, todo=todo)


def first_line(error: Exception) -> str:
    """The first line of an engine's message, cut short."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
