"""What a server can refuse, in our words: one clear message each, and never a password."""

from __future__ import annotations

import contextlib
import ssl
from typing import TYPE_CHECKING, Final

from neo4j import exceptions as neo4j_errors

from toolkit.errors import BackendError, RingscopeError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST: Final = 5
"""The oldest major version of Neo4j that the library's queries were tested on."""

_BY_CODE: Final[dict[str, tuple[str, str]]] = {
    "Security.Unauthorized": (
        "the server refused user or password",
        "check NEO4J_USER and NEO4J_PASSWORD, or --user and --password",
    ),
    "Security.AuthenticationRateLimit": (
        "the server refuses this user for a while, after too many wrong passwords",
        "wait some seconds, then try again with the right password",
    ),
    "Security.CredentialsExpired": (
        "the password has expired",
        "set a new one in Neo4j Browser or with cypher-shell",
    ),
    "Security.Forbidden": (
        "this user may not do that on the server",
        "ask its administrator for the right to read, write and make constraints",
    ),
    "Database.DatabaseNotFound": (
        "there is no such database on the server",
        "check --database or NEO4J_DATABASE; leave it out for the usual one",
    ),
    "General.WriteOnReadOnlyAccessDatabase": (
        "the database is read-only",
        "push to another database, or let its administrator allow writing",
    ),
    "General.ForbiddenOnReadOnlyDatabase": (
        "the database is read-only",
        "push to another database, or let its administrator allow writing",
    ),
    "Procedure.ProcedureNotFound": (
        "Graph Data Science is not installed on this server",
        "install the GDS plugin, or use ringscope's own communities",
    ),
    "Statement.UnknownFunction": (
        "Graph Data Science is not installed on this server",
        "install the GDS plugin, or use ringscope's own communities",
    ),
    "Transaction.TransactionTimedOut": (
        "the server stopped the query because it took too long",
        "narrow it with its parameters, give it more time with --timeout, or raise the server's limit",
    ),
    "General.MemoryPoolOutOfMemoryError": (
        "the server's memory for transactions is full",
        "raise dbms.memory.transaction.total.max or the heap, or wait for others to finish",
    ),
    "General.OutOfMemoryError": ("the server's heap is full", "raise server.memory.heap.max_size and start it again"),
    "General.StackOverFlowError": ("the server ran out of stack", "raise -Xss of the server, or narrow the query"),
    "Schema.ConstraintValidationFailed": (
        "the database holds nodes that break ringscope's rule of one id a case",
        "use a database of its own for ringscope: --database",
    ),
    "Schema.IndexAlreadyExists": (
        "the database has an index in the place of ringscope's constraint",
        "drop that index, or use a database of its own for ringscope: --database",
    ),
    "Schema.ConstraintWithNameAlreadyExists": (
        "the database has another constraint under a name of ringscope's; maybe an old version made it",
        "drop the constraints whose names begin with ringscope_, then push again",
    ),
}


@contextlib.contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn the driver's errors into ours."""
    try:
        yield
    except (neo4j_errors.Neo4jError, neo4j_errors.DriverError) as error:
        raise translate(error, where) from error


def retryable(error: neo4j_errors.Neo4jError | neo4j_errors.DriverError) -> bool:
    """Whether trying again can help; a full memory pool calls itself transient, but stays full."""
    return error.is_retryable() and "OutOfMemory" not in (getattr(error, "code", None) or "")


def translate(error: neo4j_errors.Neo4jError | neo4j_errors.DriverError, where: str) -> RingscopeError:
    """The driver's error in our words."""
    code = getattr(error, "code", None) or ""
    for known, (what, todo) in _BY_CODE.items():
        if known in code:
            return BackendError(what, where=where, todo=todo)
    if isinstance(error, neo4j_errors.AuthError):
        what, todo = _BY_CODE["Security.Unauthorized"]
        return BackendError(what, where=where, todo=todo)
    if isinstance(error, neo4j_errors.UnsupportedServerProduct):
        todo = f"use Neo4j {OLDEST} or later (`make neo4j` starts one)"
        return BackendError("the server is of a kind or version that the driver can't speak to", where=where, todo=todo)
    if isinstance(error, neo4j_errors.DriverError) and _about_tls(error):
        what = "the Neo4j server can't be reached with TLS: it speaks none, or its certificate is not trusted"
        todo = "check certificate and host name; +ssc instead of +s takes a certificate of the server's own making"
        return BackendError(what, where=where, todo=todo)
    if isinstance(error, neo4j_errors.DriverError):
        todo = "check the address and that the server runs (`make neo4j` starts one); then run the same command again"
        return BackendError("the Neo4j server can't be reached, or went away", where=where, todo=todo)
    return _about_text(error, code, where)


def _about_tls(error: BaseException | None) -> bool:
    """Whether the encryption failed, somewhere in the chain of causes."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _about_text(error: neo4j_errors.Neo4jError, code: str, where: str) -> RingscopeError:
    """Errors that the text of a query made."""
    said = ((error.message or "").splitlines() or [""])[0][:200]
    if "Statement.ParameterMissing" in code:
        return UsageError(said, where=where, todo="give it with --param NAME=VALUE")
    if "Statement.AccessMode" in code:
        return UsageError("a query may only read", where=where, todo="leave out CREATE, MERGE, SET and DELETE")
    if isinstance(error, neo4j_errors.CypherSyntaxError):
        return UsageError(f"the query is not understood: {said}", where=where, todo="see docs/queries.md")
    if isinstance(error, neo4j_errors.TransientError):
        return BackendError(f"the server can't do it now ({code})", where=where, todo="run the same command again")
    return RingscopeError(f"the server refused ({code or type(error).__name__})", where=where, todo="report this")
