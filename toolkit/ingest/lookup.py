"""Columns from another file of the export, looked up row by row: `[[orders.lookup]]` in a mapping file.

A row gets the values of the one row there that has its key. Where no row there has it, or several that differ in the
columns that are asked for, the values are missing: to pick one of them would be a guess.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.errors import InputError
from toolkit.ingest.mapping import TableMapping, nearest
from toolkit.ingest.readers import PREFIX, Raw, as_text, scan
from toolkit.ingest.sources import beside

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.ingest.mapping import Lookup
    from toolkit.ingest.sources import Source

_KEY: Final = "#key"


def looked_up(source: Source, raw: Raw, scratch: Path, *, repair: bool = False) -> Raw:
    """The raw rows with the columns of every lookup beside their own.

    Args:
        source: The table's files and mapping.
        raw: Its rows.
        scratch: A folder for rewritten copies of files.
        repair: Set lines apart that the parser gave up on.

    Raises:
        InputError: A column is not there, or there twice.
    """
    for lookup in source.mapping.lookup:
        raw = _joined(source, lookup, raw, scratch, repair=repair)
    return raw


def _joined(source: Source, lookup: Lookup, raw: Raw, scratch: Path, *, repair: bool) -> Raw:
    plain = TableMapping(delimiter=source.mapping.delimiter, encoding=source.mapping.encoding)
    there = replace(beside(source, lookup.file), mapping=plain)
    folder = scratch / f"lookup-{source.table}-{source.mapping.lookup.index(lookup)}"
    folder.mkdir(exist_ok=True)
    other = scan(there, folder, repair=repair)
    _check(there, (lookup.on, *lookup.columns), other.names)
    _check(source, (lookup.on,), raw.names)
    twice = [name for name in lookup.columns if name in raw.names]
    if twice:
        raise InputError(
            f"the lookup's column {twice[0]!r} is in {source.place.name} too",
            where=there.where,
            todo="take it out of the lookup, or rename it in one of the files",
        )
    faults = [~fault.fill_null(value=False) for fault in other.faults.values()]
    wanted = [as_text(pl.col(PREFIX + name), other.types[name]).alias(PREFIX + name) for name in lookup.columns]
    key = as_text(pl.col(PREFIX + lookup.on), other.types[lookup.on]).str.strip_chars().alias(_KEY)
    rows = other.rows.filter(faults) if faults else other.rows
    only = rows.select(key, *wanted).unique().filter(pl.col(_KEY) != "", pl.len().over(_KEY) == 1)
    own = as_text(pl.col(PREFIX + lookup.on), raw.types[lookup.on]).str.strip_chars().alias(_KEY)
    joined = raw.rows.with_columns(own).join(only, on=_KEY, how="left", maintain_order="left").drop(_KEY)
    types = raw.types | dict.fromkeys(lookup.columns, pl.String())
    return replace(raw, rows=joined, names=(*raw.names, *lookup.columns), types=types)


def _check(source: Source, wanted: tuple[str, ...], names: tuple[str, ...]) -> None:
    for name in wanted:
        if name not in names:
            raise InputError(
                f"a lookup needs the column {name!r}, which is not there{nearest(name, names)}",
                where=source.where,
                todo=f"correct the mapping; the columns are: {', '.join(names[:30])}",
            )
