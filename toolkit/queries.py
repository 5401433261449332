"""The cypher/ library: named queries with a strict header, and the only way that values reach them: as parameters.

A header is comment lines before the query, in this order:

    // name: ring_timeline
    // about: Everything that a ring's members did, in order of time.
    // param: ring: text
    // param: limit: integer = 500
    // returns: at: time
    // returns: buyer: text
    // cost: a few milliseconds; grows with the members' events

Types are those of the graph's contract: text, integer, number, boolean, time, texts. A parameter without a default is
required. `$case` is in every query and filled in by the store.
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

import polars as pl

from toolkit.contracts.kinds import DTYPES, PropertyType
from toolkit.errors import RingscopeError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from toolkit.ports import GraphStore

_GAP: Final = r"(?:\s|/\*.*?\*/|//[^\r\n]*[\r\n])*"
_READS_FILES: Final = re.compile(r"LOAD.*CSV|\\u", re.IGNORECASE | re.DOTALL)
"""Wherever and however the two words stand: engines differ in what may lie between, and in quotes around a keyword."""
_PROCEDURE: Final = re.compile(rf"(?<![A-Za-z_.$])CALL(?!\w)(?!{_GAP}[{{(])", re.IGNORECASE | re.DOTALL)
"""CALL before anything but a subquery in braces, with or without what it takes in."""
_FUNCTION: Final = re.compile(rf"(\w+)`?(?:{_GAP}\.{_GAP}`?\w+`?)+{_GAP}\(", re.DOTALL)
_HARMLESS: Final = {"date", "datetime", "duration", "localdatetime", "localtime", "time", "point"}
"""Namespaces of functions that compute and no more; others can run text, project graphs or reach out."""
_LINE: Final = re.compile(r"// (name|about|param|returns|cost): (.+)")
_FIELD: Final = re.compile(r"(\w+): (\w+)(?: = (.+))?")
_ORDER: Final = ("name", "about", "param", "returns", "cost")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a query; required where it has no default."""

    name: str
    type: PropertyType
    required: bool
    default: Any = None


@dataclass(frozen=True)
class Column:
    """A returned column."""

    name: str
    type: PropertyType


@dataclass(frozen=True)
class Query:
    """A named query.

    Attributes:
        name: Its name, also the file's.
        folder: The folder that it is grouped in.
        about: The question that it answers, as a sentence.
        params: What it takes.
        returns: What it gives, in order.
        cost: What it costs to run.
        text: The Cypher without its header.
    """

    name: str
    folder: str
    about: str
    params: tuple[Parameter, ...]
    returns: tuple[Column, ...]
    cost: str
    text: str

    def summary(self) -> dict[str, Any]:
        """For machines: name, about, params, returns, folder and cost."""
        params = [
            {"name": item.name, "type": item.type, "required": item.required, "default": item.default}
            for item in self.params
        ]
        returns = [{"name": item.name, "type": item.type} for item in self.returns]
        about = {"name": self.name, "about": self.about, "params": params, "returns": returns}
        return {**about, "folder": self.folder, "cost": self.cost}


def root() -> Traversable:
    """Where the library lies: in an installed package, else in the checkout."""
    packed = files("toolkit") / "_cypher"
    return packed if packed.is_dir() else Path(__file__).resolve().parent.parent / "cypher"


@cache
def library() -> dict[str, Query]:
    """Every query by name, by folder and then by name.

    Raises:
        RingscopeError: The library is missing, or a header is off.
    """
    if not root().is_dir():
        raise RingscopeError("the library of queries is missing", where="cypher/", todo="install ringscope again")
    found: dict[str, Query] = {}
    for folder in sorted((entry for entry in root().iterdir() if entry.is_dir()), key=lambda entry: entry.name):
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith(".cypher"):
                query = parse(entry.read_text(encoding="utf-8"), folder=folder.name, file=entry.name)
                if query.name in found:
                    raise RingscopeError(f"two queries are called {query.name}", where=f"{folder.name}/{entry.name}")
                found[query.name] = query
    return found


def parse(text: str, *, folder: str, file: str) -> Query:
    """A query from the text of its file.

    Raises:
        RingscopeError: The header is not as described above.
    """
    fields: list[tuple[str, str]] = []
    lines = text.splitlines()
    while lines and (match := _LINE.fullmatch(lines[0])):
        fields.append((match[1], match[2].strip()))
        lines.pop(0)
    keys = [key for key, _ in fields]
    single = {key: value for key, value in fields if key in {"name", "about", "cost"}}
    in_order = keys == sorted(keys, key=_ORDER.index)
    body = "\n".join(lines).strip()
    if not in_order or len(single) != 3 or keys.count("returns") == 0 or single["name"] + ".cypher" != file or not body:
        raise RingscopeError("the header of a query is off", where=f"{folder}/{file}", todo="see toolkit/queries.py")
    params = tuple(_parameter(value, f"{folder}/{file}") for key, value in fields if key == "param")
    returns = tuple(Column(*_field(value, f"{folder}/{file}")[:2]) for key, value in fields if key == "returns")
    return Query(single["name"], folder, single["about"], params, returns, single["cost"], body)


def _field(value: str, where: str) -> tuple[str, PropertyType, str | None]:
    match = _FIELD.fullmatch(value)
    if match is None or match[2] not in get_args(PropertyType):
        raise RingscopeError(f"a line of a query's header is off: {value}", where=where)
    kind: PropertyType = match[2]  # type: ignore[assignment]
    return match[1], kind, match[3]


def _parameter(value: str, where: str) -> Parameter:
    name, kind, default = _field(value, where)
    return Parameter(name, kind, default is None, None if default is None else json.loads(default))


def find(name: str) -> Query:
    """The query of that name.

    Raises:
        UsageError: There is none; the nearest name is given.
    """
    known = library()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
        todo = f"did you mean {near[0]}? `ringscope queries` lists them" if near else "`ringscope queries` lists them"
        raise UsageError(f"there is no query {name!r}", where="the library", todo=todo)
    return known[name]


def bind(query: Query, given: Mapping[str, str]) -> dict[str, Any]:
    """Typed parameters from text, with defaults for those not given.

    Raises:
        UsageError: One is missing, unknown, or not of its type.
    """
    names = [item.name for item in query.params]
    for name in given:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            todo = f"did you mean {near[0]}?" if near else f"it takes: {', '.join(names) or 'none'}"
            raise UsageError(f"query {query.name} has no parameter {name!r}", where=query.name, todo=todo)
    missing = [item.name for item in query.params if item.required and item.name not in given]
    if missing:
        todo = " ".join(f"--param {name}=..." for name in missing)
        raise UsageError(f"query {query.name} needs {', '.join(missing)}", where=query.name, todo=todo)
    return {item.name: _typed(query, item, given) for item in query.params}


def _typed(query: Query, item: Parameter, given: Mapping[str, str]) -> Any:
    if item.name not in given:
        return item.default
    try:
        return _READERS[item.type](given[item.name])
    except ValueError as error:
        todo = f"give {_EXAMPLES[item.type]}"
        what = f"parameter {item.name} of query {query.name} is no {item.type}"
        raise UsageError(what, where=f"--param {item.name}", todo=todo) from error


def iso(text: str) -> str:
    """A time as ISO 8601 text in UTC, the one form that both stores read alike; without an offset it is UTC."""
    read = datetime.fromisoformat(text.strip())
    aware = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    return aware.isoformat().replace("+00:00", "Z")


def _whole(text: str | int) -> int:
    """A whole number that a store can hold: of 64 bits with a sign."""
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError(text)
    return number


def _truth(text: str) -> bool:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if text.strip().lower() not in known:
        raise ValueError(text)
    return known[text.strip().lower()]


_READERS: Final[dict[PropertyType, Any]] = {
    "text": str,
    "integer": _whole,
    "number": float,
    "boolean": _truth,
    "time": iso,
    "texts": lambda text: [part.strip() for part in text.split(",") if part.strip()],
}
_EXAMPLES: Final[dict[PropertyType, str]] = {
    "text": "text",
    "integer": "a whole number like 45",
    "number": "a number like 0.5",
    "boolean": "true or false",
    "time": "a time like 2024-03-01T12:00:00Z",
    "texts": "names with commas between",
}


def ask(
    store: GraphStore, query: Query, parameters: Mapping[str, Any], *, case_id: str, seconds: float = 60.0
) -> pl.DataFrame:
    """Run a named query; gives exactly the columns that its header declares, of the declared types.

    Raises:
        RingscopeError: The query gave other columns than its header says.
    """
    columns = store.run(query.text, parameters, case_id=case_id, seconds=seconds)
    declared = {item.name: DTYPES[item.type] for item in query.returns}
    if list(columns) != list(declared):
        raise RingscopeError(f"query {query.name} gave {list(columns)}, not {list(declared)}", where=query.folder)
    frame = pl.DataFrame(columns, schema=declared, strict=False)
    # Stores add up in different orders, so the last digits of a mean differ; results carry nine.
    return frame.with_columns(pl.col(pl.Float64).round_sig_figs(9))


def refuse_files(text: str) -> None:
    """Refuse text that could read a file or reach out: LOAD CSV, procedures, plugins, letters hidden in escapes.

    Raises:
        UsageError: The text has one of these.
    """
    foreign = {name.lower() for name in _FUNCTION.findall(text)} - _HARMLESS
    if _READS_FILES.search(text) or _PROCEDURE.search(text) or foreign:
        todo = "ask with MATCH ... RETURN alone; values go in as parameters"
        what = "a query here may not use LOAD CSV, procedures, functions of plugins or escaped letters"
        raise UsageError(what, where="query", todo=todo)
