"""Mapping files: how a foreign export's files and columns become the tables of the contract (TOML).

The grammar, with an example for each key, is in docs/bring-your-data.md.
"""

from __future__ import annotations

import tomllib
import zoneinfo
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from toolkit.contracts.tables import TABLES
from toolkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_TODO: Final = "see docs/bring-your-data.md for the grammar of mapping files"


@dataclass(frozen=True)
class Lookup:
    """Columns that come from another file of the export.

    Args:
        file: The other file, inside the data folder.
        on: The column that both hold.
        columns: What is taken from there.
    """

    file: str
    on: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class TableMapping:
    """How one table is read.

    Args:
        file: The source file or folder of parts, inside the data folder; None for the table's own name.
        columns: Contract column -> source column.
        constants: Contract column -> one value for every row.
        joined: Contract column -> source columns whose texts, joined by `|`, make an id.
        row_id: Contract column that gets the row number as its id; None for none.
        only_where: Source columns without which a row of the file is no row of this table.
        lookup: Other files from which source columns come, in this order.
        values: Contract column -> source value -> contract value.
        missing: Texts that stand for a missing value.
        time_format: Contract column -> `epoch_s`, `epoch_ms` or a strftime pattern; `*` stands for every time column.
        time_zone: Zone of times without an offset.
        decimal_comma: Numbers are written as 1.234,56.
        delimiter: What parts the fields of a CSV file.
        encoding: How the text is encoded.
    """

    file: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    joined: dict[str, tuple[str, ...]] = field(default_factory=dict)
    row_id: str | None = None
    only_where: tuple[str, ...] = ()
    lookup: tuple[Lookup, ...] = ()
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    time_format: dict[str, str] = field(default_factory=dict)
    time_zone: str = "UTC"
    decimal_comma: bool = False
    delimiter: str = ","
    encoding: str = "utf-8"

    def format_of(self, column: str) -> str | None:
        """How the times of a column are written; None for ISO 8601."""
        return self.time_format.get(column, self.time_format.get("*"))

    def made(self) -> set[str]:
        """Contract columns that are made without a source column of their own."""
        return {*self.constants, *self.joined, *([self.row_id] if self.row_id else [])}


def load_mapping(path: Path) -> dict[str, TableMapping]:
    """The mapping of each table that a mapping file speaks of.

    Raises:
        UsageError: The file is missing or no TOML, or a key, table or column in it is not one that exists.
    """
    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"the mapping file can't be read: {error.strerror}", where=str(path), todo=_TODO) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"the mapping file is not TOML: {error}", where=str(path), todo=_TODO) from error
    _known(plain, TABLES, "table", str(path))
    return {table: _table(table, entry, str(path)) for table, entry in plain.items()}


def nearest(word: str, words: Iterable[str]) -> str:
    """A phrase that names the most similar word, or nothing where none is near."""
    by_lower = {known.lower(): known for known in words}
    found = get_close_matches(word.lower(), list(by_lower), n=1, cutoff=0.6)
    return f"; did you mean {by_lower[found[0]]!r}?" if found else ""


def _known(given: Iterable[str], words: Iterable[str], kind: str, where: str) -> None:
    allowed = list(words)
    for word in given:
        if word not in allowed:
            raise UsageError(f"no {kind} {word!r} in a mapping file{nearest(word, allowed)}", where=where, todo=_TODO)


def _table(table: str, plain: Any, path: str) -> TableMapping:
    where = f"{path}, [{table}]"
    _of_type(plain, dict, table, where)
    _known(plain, TableMapping.__dataclass_fields__, "key", where)
    columns = TABLES[table].column_names()
    for key in ("columns", "constants", "joined", "values"):
        _of_type(plain.get(key, {}), dict, key, where)
        _known(plain.get(key, {}), columns, "column", f"{where}, {key}")
    if "row_id" in plain:
        _known([plain["row_id"]], columns, "column", f"{where}, row_id")
    mapping = TableMapping(
        file=_text(plain.get("file"), "file", where),
        columns={column: str(name) for column, name in plain.get("columns", {}).items()},
        constants={column: _as_text(value) for column, value in plain.get("constants", {}).items()},
        joined={column: _names(value, column, f"{where}, joined") for column, value in plain.get("joined", {}).items()},
        row_id=plain.get("row_id"),
        only_where=_names(plain.get("only_where", []), "only_where", where),
        lookup=tuple(_lookup(entry, where) for entry in _of_type(plain.get("lookup", []), list, "lookup", where)),
        values={column: _value_map(value, column, where) for column, value in plain.get("values", {}).items()},
        missing=_names(plain.get("missing", []), "missing", where),
        time_format=_time_format(plain.get("time_format", {}), columns, where),
        time_zone=_zone(plain.get("time_zone", "UTC"), where),
        decimal_comma=bool(_of_type(plain.get("decimal_comma", False), bool, "decimal_comma", where)),
        delimiter=_delimiter(plain.get("delimiter", ","), where),
        encoding=_encoding(plain.get("encoding", "utf-8"), where),
    )
    _once(mapping, where)
    return mapping


def _of_type(value: Any, kind: type, key: str, where: str) -> Any:
    if not isinstance(value, kind):
        wanted = {dict: "a table", bool: "true or false", str: "text", list: "a list of texts"}[kind]
        raise UsageError(f"{key!r} must be {wanted}", where=where, todo=_TODO)
    return value


def _text(value: Any, key: str, where: str) -> str | None:
    return None if value is None else str(_of_type(value, str, key, where))


def _as_text(value: Any) -> str:
    """A constant as it would stand in a CSV file."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _names(value: Any, key: str, where: str) -> tuple[str, ...]:
    return tuple(str(name) for name in _of_type(value, list, key, where))


def _lookup(plain: Any, where: str) -> Lookup:
    """One `[[table.lookup]]`: all of its keys are needed."""
    entry, where = _of_type(plain, dict, "lookup", where), f"{where}, lookup"
    keys = tuple(Lookup.__dataclass_fields__)
    _known(entry, keys, "key", where)
    absent = [key for key in keys if not entry.get(key)]
    if absent:
        raise UsageError(f"a lookup lacks {absent[0]!r}", where=where, todo="give file, on and columns")
    return Lookup(
        file=str(_of_type(entry["file"], str, "file", where)),
        on=str(_of_type(entry["on"], str, "on", where)),
        columns=_names(entry["columns"], "columns", where),
    )


def _value_map(value: Any, column: str, where: str) -> dict[str, str]:
    entries = _of_type(value, dict, column, f"{where}, values")
    return {str(old): _as_text(new) for old, new in entries.items()}


def _time_format(value: Any, columns: list[str], where: str) -> dict[str, str]:
    if isinstance(value, str):
        return {"*": value}
    _known(_of_type(value, dict, "time_format", where), columns, "column", f"{where}, time_format")
    return {column: str(form) for column, form in value.items()}


def _zone(value: Any, where: str) -> str:
    name = str(_of_type(value, str, "time_zone", where))
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        hint = nearest(name, ["utc", "Europe/Berlin", "America/Sao_Paulo", "Asia/Ho_Chi_Minh"])
        raise UsageError(
            f"no time zone {name!r}{hint}", where=where, todo="use an IANA name such as Asia/Jakarta"
        ) from error
    return name


def _delimiter(value: Any, where: str) -> str:
    text = str(_of_type(value, str, "delimiter", where))
    if len(text.encode()) != 1 or text in '"\r\n':
        raise UsageError("the delimiter must be one plain character", where=where, todo=r'for a tab: delimiter = "\t"')
    return text


def _encoding(value: Any, where: str) -> str:
    name = str(_of_type(value, str, "encoding", where))
    try:
        "".encode(name)
    except LookupError as error:
        raise UsageError(
            f"no encoding {name!r}", where=where, todo='use a name such as "utf-16" or "latin-1"'
        ) from error
    return name


def _once(mapping: TableMapping, where: str) -> None:
    """Refuse a column that is given in two ways: nobody could tell which one holds."""
    ways = [set(mapping.columns), set(mapping.constants), set(mapping.joined), {mapping.row_id or ""}]
    for column in sorted(set().union(*ways) - {""}):
        if sum(column in way for way in ways) > 1:
            raise UsageError(
                f"column {column!r} is given twice", where=where, todo="keep one of columns, constants, joined, row_id"
            )
