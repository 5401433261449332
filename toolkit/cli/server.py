"""Options that commands which speak to a Neo4j server share, and how progress is told."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

_OPTIONS = (
    click.option("--uri", help="The server's address, like neo4j+s://host:7687 (else NEO4J_URI, or .env)."),
    click.option("--user", help="Its user (else NEO4J_USER, or .env)."),
    click.option("--password", help="Its password; NEO4J_PASSWORD or .env keep it out of the list of processes."),
    click.option("--database", help="The database (else NEO4J_DATABASE, or the server's usual one)."),
)


def server_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options --uri, --user, --password and --database."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def teller(*, quiet: bool) -> Callable[[str, int, int], None] | None:
    """Says on stderr how far a write has come, at most once a second; nothing where `quiet`."""
    if quiet:
        return None
    last = time.monotonic()

    def tell(what: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= 1.0:
            last = time.monotonic()
            click.echo(f"{what}: {done:,} of {total:,} rows", err=True)

    return tell
