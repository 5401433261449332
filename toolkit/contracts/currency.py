"""Money in its own currency: exact sums, and exact decimal text. Nothing here converts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

UNIT_DECIMALS: Final = 4
"""Money is added up in ten-thousandths of a major unit: one decimal more than any currency of ISO 4217 has."""

_NO_DECIMALS: Final = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905 - reads as the list it is
)
_THREE_DECIMALS: Final = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))


def minor_units(currency: str) -> int:
    """Decimals that ISO 4217 gives the currency; 2 for one that it does not know."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def units(amount: pl.Expr) -> pl.Expr:
    """Amounts in major units as whole ten-thousandths.

    128 bits wide, because amounts go up to 10^15, and no sum of them may overflow.
    """
    return (amount * 10**UNIT_DECIMALS).round().cast(pl.Int128)


def major(sums: Iterable[int], currencies: Iterable[str | None]) -> pl.Series:
    """Sums of `units` in major units, rounded once to the currency's decimals: 34.16, never 34.160000000000004."""
    pairs = zip(sums, currencies, strict=True)
    return pl.Series(
        [float(round(Decimal(value).scaleb(-UNIT_DECIMALS), minor_units(name or ""))) for value, name in pairs],
        dtype=pl.Float64,
    )


def exact(amount: float, currency: str) -> Decimal:
    """The amount as a decimal number, with at least the currency's decimals.

    Sums of cents in binary floating point are off in the 16th digit; they are rounded to a ten-thousandth of the
    smallest unit. An amount that really has more decimals than its currency keeps them: rounding would hide it.
    """
    units = minor_units(currency)
    finest = round(Decimal(repr(float(amount))), units + 4)
    coarse = round(finest, units)
    return coarse if coarse == finest else finest.normalize()


def spoken(amount: Decimal, currency: str) -> str:
    """The amount for people: `1,234.50 USD`, `412,000,000 VND`."""
    return f"{amount:,f} {currency}"
