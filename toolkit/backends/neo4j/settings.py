"""How to reach a server: from flags, else from the environment, else from a `.env` file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from toolkit.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCHEMES: Final = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
_VARIABLES: Final = {
    "uri": ("NEO4J_URI",),
    "user": ("NEO4J_USER", "NEO4J_USERNAME"),
    "password": ("NEO4J_PASSWORD",),
    "database": ("NEO4J_DATABASE",),
}


@dataclass(frozen=True)
class Neo4jSettings:
    """Address and account of a server. The password is in no text that this object gives of itself."""

    uri: str
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str | None = None

    def __post_init__(self) -> None:
        """Refuse an address that no driver understands, and one that carries a password.

        Raises:
            UsageError: The address is off.
        """
        parts = urlsplit(self.uri)
        if parts.scheme not in SCHEMES or not parts.hostname:
            todo = f"write it like neo4j+s://host:7687; schemes are {', '.join(SCHEMES)}"
            raise UsageError("the server's address is not one that Neo4j speaks", where=parts.scheme, todo=todo)
        if "@" in parts.netloc:
            todo = "give them with NEO4J_USER and NEO4J_PASSWORD, or in a .env file"
            raise UsageError("user and password don't belong into the address", where=parts.scheme, todo=todo)


def settings(flags: Mapping[str, str | None], environment: Mapping[str, str], env_file: Path) -> Neo4jSettings:
    """The settings: a flag wins over the environment, and that over the file.

    Raises:
        UsageError: There is no address.
        InputError: The file can't be read.
    """
    from_file = read_env(env_file) if env_file.is_file() else {}
    found: dict[str, str] = {}
    for name, variables in _VARIABLES.items():
        candidates = [flags.get(name), *(place.get(key) for place in (environment, from_file) for key in variables)]
        value = next((candidate for candidate in candidates if candidate), None)
        if value is not None:
            found[name] = value
    if "uri" not in found:
        todo = "give --uri, or set NEO4J_URI, or write it into .env; `make neo4j` starts a server"
        raise UsageError("no address of a Neo4j server", where="--uri", todo=todo)
    return Neo4jSettings(**found)


def read_env(path: Path) -> dict[str, str]:
    """The NAME=VALUE lines of a `.env` file; comments, `export` and quotes are understood.

    Raises:
        InputError: The file is no UTF-8 text.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (UnicodeDecodeError, PermissionError) as error:
        raise InputError("the .env file can't be read", where=str(path), todo="save it as UTF-8 text") from error
    pairs = (line.strip().removeprefix("export ").partition("=") for line in lines if not line.lstrip().startswith("#"))
    return {name.strip(): _unquoted(value.strip()) for name, mark, value in pairs if mark}


def _unquoted(value: str) -> str:
    quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value
