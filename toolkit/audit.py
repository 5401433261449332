"""The audit log of a case: what was done with it, append-only, each entry chained to the one before by its digest.

An entry holds no person's data: counts, names of files and commands, ids of rings. Cutting or changing an entry breaks
the chain, which `ringscope audit` shows; it does not keep anyone with the rights to the folder from removing it whole.
"""

from __future__ import annotations

import contextlib
import fcntl
import getpass
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, Final

from toolkit.case import os_errors
from toolkit.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE: Final = "audit.jsonl"
START: Final = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One line of the log.

    Attributes:
        at: When, ISO 8601 in UTC.
        who: The account of the operating system that ran the command.
        what: The act: investigated, reported, decided, published, purged.
        details: Numbers and names, no person's data.
        digest: SHA-256 of the entry and of the digest before it.
    """

    at: str
    who: str
    what: str
    details: dict[str, Any]
    digest: str


def record(case: Path, what: str, **details: Any) -> None:
    """Append one entry; concurrent writers wait for each other.

    Raises:
        RingscopeError: The log can't be written; what can't be logged is not to be done.
        InputError: Its last entry is damaged, so that none can be chained to it.
    """
    with _opened(case) as log:
        before = _last(log, case / FILE)
        body = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "who": _who(), "what": what, "details": details}
        log.write(json.dumps({**body, "digest": _digest(body, before)}, sort_keys=True).encode() + b"\n")
        log.flush()
        os.fsync(log.fileno())


def check(case: Path) -> None:
    """Make sure that an entry can be added, before something is done that has to be logged.

    Raises:
        RingscopeError: The log can't be written.
        InputError: Its last entry is damaged.
    """
    with _opened(case) as log:
        _last(log, case / FILE)


@contextlib.contextmanager
def _opened(case: Path) -> Iterator[IO[bytes]]:
    with os_errors(case / FILE), (case / FILE).open("a+b") as log:
        fcntl.flock(log, fcntl.LOCK_EX)
        yield log


def _last(log: IO[bytes], path: Path) -> str:
    """The digest of the last entry."""
    log.seek(0)
    text = log.read()
    if not text:
        return START
    try:
        # Without the last byte: of an entry that was cut off before its line end, that is no JSON.
        return str(json.loads(text.splitlines(keepends=True)[-1][:-1])["digest"])
    except (ValueError, KeyError, TypeError) as error:
        todo = "`ringscope audit CASE` shows what is whole; move the file elsewhere, and a new log is begun"
        raise InputError("the last entry of the audit log is damaged", where=str(path), todo=todo) from error


def read(case: Path) -> list[Entry]:
    """All entries, oldest first.

    Raises:
        InputError: An entry can't be read, or was changed, moved or cut out.
    """
    path, before, entries = case / FILE, START, []
    for number, line in enumerate(path.read_bytes().splitlines() if path.is_file() else [], 1):
        try:
            found = json.loads(line)
            body = {name: found[name] for name in ("at", "who", "what", "details")}
            whole = _digest(body, before) == found["digest"]
        except (ValueError, KeyError, TypeError):
            whole = False
        if not whole:
            todo = "ask who has changed this file; entries before this line are as they were written"
            raise InputError("the audit log was changed", where=f"{path}, line {number}", todo=todo)
        before = found["digest"]
        entries.append(Entry(**body, digest=before))
    return entries


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name
        return str(os.getuid())


def _digest(body: dict[str, Any], before: str) -> str:
    return hashlib.sha256((before + json.dumps(body, sort_keys=True)).encode()).hexdigest()
