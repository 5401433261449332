"""From raw values to the types of the contract, one column at a time, with what went wrong said by rule.

A value that can't be read makes its row break a rule where the column is required, and becomes null elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import dataframely as dy
import numpy as np
import polars as pl

from toolkit.contracts.tables import TABLES
from toolkit.ingest.currencies import CURRENCIES
from toolkit.ingest.readers import PREFIX, ROW, as_text
from toolkit.ingest.times import EPOCH_UNITS, epoch_times, in_years, read_times, to_utc

if TYPE_CHECKING:
    from toolkit.ingest.mapping import TableMapping

ID_BYTES: Final = 1_024
"""Longest id that is read. Ids are tokens; a longer one is a text in the wrong column, and would fill every report."""

TEXT_BYTES: Final = 1_000_000
"""Longest free text that is read."""

LARGEST: Final = 1e15
"""Largest number that is read as an amount: cents are still exact in a float below it."""

FREE_TEXT: Final = frozenset({"text", "title", "refund_reason"})
"""Columns that hold sentences and not tokens."""

TEXT: Final = "text:"
"""Prefix of a column's value as text, stripped, null where missing."""

_DELETE: Final = 0x7F
"""The byte of the control character DEL; those above it belong to characters that are not ASCII."""

_TRUE: Final = ("true", "t", "yes", "y", "1", "1.0")
_FALSE: Final = ("false", "f", "no", "n", "0", "0.0")


@dataclass(frozen=True)
class Rule:
    """A rule that rows can break.

    Args:
        name: What the quarantine calls it.
        column: The contract column that it is about.
        broken: True for rows that break it; null counts as kept.
        shape: Whether it says that the row is none. Such a row's values say nothing, so no other rule is tried on it.
    """

    name: str
    column: str
    broken: pl.Expr
    shape: bool = False


@dataclass(frozen=True)
class Column:
    """How one column of the contract is made.

    Args:
        name: The contract column.
        prepared: The raw value, stripped and mapped, to stand as `TEXT + name`; null where it is missing.
        value: The clean value, computed from the prepared one.
        required: Whether a row without it is no row.
        sources: The source columns that it comes from.
    """

    name: str
    prepared: pl.Expr
    value: pl.Expr
    required: bool
    sources: tuple[str, ...]

    def unread(self) -> pl.Expr:
        """True where there was something and nothing could be made of it."""
        return pl.col(TEXT + self.name).is_not_null() & pl.col(self.name).is_null()

    def rules(self) -> list[Rule]:
        """The rules that rows break by this column alone."""
        rules = []
        if self.required:
            rules.append(Rule(f"{self.name}_missing", self.name, pl.col(TEXT + self.name).is_null()))
            rules.append(Rule(f"{self.name}_unparsable", self.name, self.unread()))
        return rules


def columns_of(table: str, types: dict[str, pl.DataType], mapping: TableMapping) -> list[Column]:
    """How each column of a table is made; one that the source lacks and the mapping does not make is left out."""
    made = []
    for name, column in TABLES[table].columns().items():
        raw = _raw(table, name, types, mapping)
        if raw is not None:
            expression, dtype, sources = raw
            prepared, dtype = _prepared(expression, dtype, mapping.values.get(name), mapping.missing)
            value = _value(name, column, dtype, mapping)
            made.append(Column(name, prepared, value, not column.nullable, sources))
    return made


def source_name(name: str, mapping: TableMapping) -> str:
    """The source column that a contract column is read from."""
    return mapping.columns.get(name, name)


def _raw(
    table: str, name: str, types: dict[str, pl.DataType], mapping: TableMapping
) -> tuple[pl.Expr, pl.DataType, tuple[str, ...]] | None:
    if name in mapping.constants:
        return pl.lit(mapping.constants[name]), pl.String(), ()
    if name == mapping.row_id:
        return pl.format("{}-{}", pl.lit(table), pl.col(ROW)), pl.String(), ()
    if name in mapping.joined:
        parts = mapping.joined[name]
        texts = [_as_id_text(pl.col(PREFIX + part), types[part]) for part in parts]
        return pl.concat_str(texts, separator="|"), pl.String(), parts
    source = source_name(name, mapping)
    return (pl.col(PREFIX + source), types[source], (source,)) if source in types else None


def _prepared(
    raw: pl.Expr, dtype: pl.DataType, values: dict[str, str] | None, missing: tuple[str, ...]
) -> tuple[pl.Expr, pl.DataType]:
    """The value with blanks stripped, empty and missing ones null, and the mapping's value map applied."""
    if dtype.is_nested():
        # Nothing of the contract is a list: there is something, and it will not be read.
        return raw, dtype
    if dtype in (pl.Categorical, pl.Enum, pl.Binary) or values:
        raw, dtype = _as_id_text(raw, dtype), pl.String()
    if dtype == pl.String:
        stripped = raw.map_batches(_stripped, return_dtype=pl.String(), is_elementwise=True)
        raw = pl.when(~stripped.is_in(["", *missing]) if missing else stripped != "").then(stripped)
    if dtype.is_float():
        raw = raw.fill_nan(None)
    return (raw.replace(values) if values else raw), dtype


def _as_id_text(raw: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """A value as the text of an id. Whole floats lose their fraction: ids beside missing ones are often stored so."""
    if dtype.is_float():
        whole = raw.is_finite() & (raw == raw.round()) & (raw.abs() < 2**53)
        return pl.when(whole).then(raw.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(raw.cast(pl.String))
    return as_text(raw, dtype)


def _value(name: str, column: dy.Column, dtype: pl.DataType, mapping: TableMapping) -> pl.Expr:
    given = pl.col(TEXT + name)
    if dtype.is_nested() or dtype in (pl.Object, pl.Null):
        return pl.lit(None, dtype=column.dtype)
    match column:
        case dy.Datetime():
            return _time(given, dtype, mapping.format_of(name), mapping.time_zone)
        case dy.Float64():
            return _number(given, dtype, decimal_comma=mapping.decimal_comma)
        case dy.Bool():
            return _truth(given, dtype)
        case _:
            return _text(name, column, _as_id_text(given, dtype))


def _text(name: str, column: dy.Column, text: pl.Expr) -> pl.Expr:
    """What a text column holds: one of a list, a currency, a sentence or a token."""
    if isinstance(column, dy.Enum):
        choices = partial(_choices, dtype=column.dtype)
        return text.map_batches(choices, return_dtype=column.dtype, is_elementwise=True)
    if name == "currency":
        code = text.str.to_uppercase()
        return pl.when(code.is_in(CURRENCIES)).then(code)
    return _words(text) if name in FREE_TEXT else _token(text)


def _choices(texts: pl.Series, dtype: pl.DataType) -> pl.Series:
    """Values of a list, in any case; looked up as they are first, for most exports spell them as the contract does."""
    found = texts.cast(dtype, strict=False)
    return found if found.null_count() == texts.null_count() else texts.str.to_lowercase().cast(dtype, strict=False)


def _token(text: pl.Expr) -> pl.Expr:
    """An id: any text without control characters, not longer than `ID_BYTES`."""
    return text.map_batches(_tokens, return_dtype=pl.String(), is_elementwise=True)


def _tokens(texts: pl.Series) -> pl.Series:
    if _plain(texts):
        return texts
    text = pl.col(texts.name)
    plain = ~text.str.contains(r"[\x00-\x1f\x7f]") & (text.str.len_bytes() <= ID_BYTES)
    return texts.to_frame().select(pl.when(plain).then(text)).to_series()


def _stripped(texts: pl.Series) -> pl.Series:
    return texts if _plain(texts) else texts.str.strip_chars()


def _plain(texts: pl.Series) -> bool:
    """Whether no value can need cleaning: all are of printable ASCII without blanks, and none is longer than an id.

    Looking at all bytes of a batch at once costs a fraction of stripping and searching value by value, and nearly all
    batches of ids pass.
    """
    if (texts.str.len_bytes() > ID_BYTES).any():
        return False
    together = np.frombuffer(texts.str.join("").cast(pl.Binary).item(), np.uint8)
    return not len(together) or bool(together.min() > ord(" ") and together.max() < _DELETE)


def _words(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.len_bytes() <= TEXT_BYTES).then(text.str.replace_all("\x00", "", literal=True))


def _number(given: pl.Expr, dtype: pl.DataType, *, decimal_comma: bool) -> pl.Expr:
    if dtype == pl.String:
        if decimal_comma:
            given = given.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        number = given.cast(pl.Float64, strict=False)
    elif dtype.is_numeric():
        number = given.cast(pl.Float64, strict=False)
    else:
        return pl.lit(None, dtype=pl.Float64)
    return pl.when(number.is_finite() & (number.abs() <= LARGEST)).then(number)


def _truth(given: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Boolean:
        return given
    word = as_text(given, dtype).str.to_lowercase()
    return pl.when(word.is_in(_TRUE)).then(True).when(word.is_in(_FALSE)).then(False)


def _time(given: pl.Expr, dtype: pl.DataType, form: str | None, zone: str) -> pl.Expr:
    utc = pl.Datetime("us", "UTC")
    if isinstance(dtype, pl.Datetime):
        time = given.dt.cast_time_unit("us")
        return in_years(time.dt.convert_time_zone("UTC") if dtype.time_zone else to_utc(time, zone))
    if dtype == pl.Date:
        return in_years(to_utc(given.cast(pl.Datetime("us")), zone))
    if form in EPOCH_UNITS:
        return epoch_times(given, form) if dtype == pl.String or dtype.is_numeric() else pl.lit(None, dtype=utc)
    if dtype != pl.String:
        return pl.lit(None, dtype=utc)
    return given.map_batches(partial(read_times, pattern=form, zone=zone), return_dtype=utc, is_elementwise=True)
