"""What was read of an input folder: the numbers that `check` prints and that the manifest of a case keeps."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file that a table was read from.

    Args:
        name: The path inside the data folder.
        size: Its bytes.
        sha256: Its fingerprint, of the bytes as they lie on disk.
    """

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TableReport:
    """What happened to the rows of one table. `rows_read` is `rows_kept` plus `rows_quarantined`.

    Args:
        table: The table's name in the contract.
        sources: The files it was read from.
        rows_read: Rows of data; blank lines are not rows.
        rows_kept: Rows in `tables/<table>.parquet`.
        rows_quarantined: Rows in `quarantine/<table>.parquet`.
        rows_left_out: Rows of the source that the mapping says are none of this table, on top of those read.
        rules: Rule -> rows that broke it. A row that broke two rules counts in both.
        unparsable: Optional column -> values that could not be read and became null, in rows that were kept or not.
        filled: Column of the contract -> rows kept that have a value in it, where there are any.
        missing_columns: Optional columns of the contract that the source lacks.
        unknown_columns: Columns of the source that the contract does not know, and that were kept out.
    """

    table: str
    sources: tuple[SourceFile, ...]
    rows_read: int
    rows_kept: int
    rows_quarantined: int
    rows_left_out: int = 0
    rules: dict[str, int] = field(default_factory=dict)
    unparsable: dict[str, int] = field(default_factory=dict)
    filled: dict[str, int] = field(default_factory=dict)
    missing_columns: tuple[str, ...] = ()
    unknown_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputReport:
    """What was read of an input folder: one entry a table that is there, and the names of those that are not."""

    tables: tuple[TableReport, ...]
    absent: tuple[str, ...]

    def table(self, name: str) -> TableReport | None:
        """The report of one table, or None where it is absent."""
        return next((entry for entry in self.tables if entry.table == name), None)

    def columns(self) -> dict[str, tuple[str, ...]]:
        """Table that has rows -> its columns that have a value in at least one of them."""
        return {entry.table: tuple(entry.filled) for entry in self.tables if entry.rows_kept}

    def to_json(self) -> dict[str, Any]:
        """Plain lists and dicts, ready for `json.dumps`."""
        return json_ready(asdict(self))

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> InputReport:
        """The report that `to_json` was called on."""
        tables = tuple(_table_from_json(entry) for entry in plain["tables"])
        return cls(tables=tables, absent=tuple(plain["absent"]))


def json_ready(plain: dict[str, Any]) -> dict[str, Any]:
    """The same, with tuples as lists, as they come back from a JSON file."""
    result: dict[str, Any] = json.loads(json.dumps(plain))
    return result


def _table_from_json(plain: dict[str, Any]) -> TableReport:
    lists = {name: tuple(plain[name]) for name in ("missing_columns", "unknown_columns")}
    sources = tuple(SourceFile(**source) for source in plain["sources"])
    return TableReport(**{**plain, **lists, "sources": sources})
