"""Reading times: ISO 8601 in its usual spellings, a pattern, or epoch numbers, always to instants in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import polars as pl

from toolkit.contracts.tables import TIME

EPOCH_UNITS: Final = {"epoch_s": 1_000_000, "epoch_ms": 1_000}
"""Name of an epoch format -> microseconds in one of its units."""

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2099
"""Times outside of these years are unparsable: they come from a wrong unit, an overflow or a placeholder."""

_NAIVE_FORMATS: Final = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d")
_ISO: Final = (
    r"^(\d{4}-\d{2}-\d{2})(?:[Tt ]+(\d{2}:\d{2})(:\d{2})?(?:[.,](\d+))?)?\s*([Zz]|[+-]\d{2}:?\d{2}|[+-]\d{2})?$"
)


def read_times(text: pl.Series, *, pattern: str | None, zone: str) -> pl.Series:
    """Times from text; null where a value can't be read.

    One column may mix spellings: each one is tried only on the values that those before it left over, so that a
    uniform column costs one pass.

    Args:
        text: The values, without blanks around them; null where missing.
        pattern: A strftime pattern, or None for ISO 8601.
        zone: The time zone of values that carry no offset.

    Returns:
        Instants in UTC, in microseconds.
    """
    if pattern is not None:
        return _in_years(_by_pattern(text, pattern, zone))
    result = _with_offset(text)
    for form in _NAIVE_FORMATS:
        left = result.is_null() & text.is_not_null()
        if not left.any():
            return _in_years(result)
        result = _fill(result, left, _naive(text.filter(left), form, zone))
    left = result.is_null() & text.is_not_null()
    if left.any():
        result = _fill(result, left, _any_iso(text.filter(left), zone))
    return _in_years(result)


def epoch_times(value: pl.Expr, unit: str) -> pl.Expr:
    """Times from numbers since 1970; fractions are kept to the microsecond."""
    micros = value.cast(pl.Float64, strict=False) * EPOCH_UNITS[unit]
    # Beyond the year 9999 the cast would overflow; such a number is in another unit, and no time.
    sane = micros.is_finite() & (micros.abs() < 2.6e17)
    return in_years(
        pl.when(sane).then(micros).round().cast(pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    )


def in_years(time: pl.Expr) -> pl.Expr:
    """The same times, null where outside of the years that are read."""
    first, after = (pl.lit(datetime(year, 1, 1, tzinfo=UTC), dtype=TIME) for year in (FIRST_YEAR, LAST_YEAR + 1))
    return pl.when(time.is_between(first, after, closed="left")).then(time)


def to_utc(time: pl.Expr, zone: str) -> pl.Expr:
    """Instants from wall-clock times: the earlier one where a clock was set back, null where it was set forward."""
    local = time.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return local.dt.convert_time_zone("UTC")


def _in_years(times: pl.Series) -> pl.Series:
    return times.to_frame("time").select(in_years(pl.col("time")).alias(times.name)).to_series()


def _with_offset(text: pl.Series) -> pl.Series:
    return text.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)


def _naive(text: pl.Series, form: str, zone: str) -> pl.Series:
    wall = text.str.strptime(pl.Datetime("us"), form, strict=False)
    return wall.to_frame("wall").select(to_utc(pl.col("wall"), zone)).to_series()


def _by_pattern(text: pl.Series, pattern: str, zone: str) -> pl.Series:
    if any(mark in pattern for mark in ("%z", "%:z", "%#z", "%+")):
        return text.str.strptime(TIME, pattern, strict=False)
    return _naive(text, pattern, zone)


def _any_iso(text: pl.Series, zone: str) -> pl.Series:
    """The rarer spellings: a blank before the offset, no seconds, a decimal comma, an offset of hours only."""
    parts = text.str.extract_groups(_ISO).struct.unnest()
    parts.columns = ["day", "minute", "second", "fraction", "offset"]
    filled = [pl.col("minute").fill_null("00:00"), pl.col("second").fill_null(":00"), pl.col("fraction").fill_null("0")]
    parts = parts.select(wall=pl.format("{}T{}{}.{}", "day", *filled), offset=pl.col("offset").str.to_uppercase())
    whole_hours = pl.col("offset").str.len_bytes() == 3
    ending = pl.when(whole_hours).then(pl.col("offset") + ":00").otherwise(pl.col("offset"))
    exact = _with_offset(parts.select(pl.col("wall") + ending).to_series())
    wall = _naive(parts["wall"], _NAIVE_FORMATS[0], zone)
    without = pl.when(pl.col("offset").is_null()).then(pl.col("of_zone")).otherwise(pl.col("exact"))
    return parts.with_columns(of_zone=wall, exact=exact).select(without).to_series()


def _fill(result: pl.Series, where: pl.Series, values: pl.Series) -> pl.Series:
    return result.scatter(where.arg_true(), values)
