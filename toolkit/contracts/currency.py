"""Money as exact decimal text in its own currency. Nothing here adds or converts."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

_NO_DECIMALS: Final = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905 - reads as the list it is
)
_THREE_DECIMALS: Final = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))


def minor_units(currency: str) -> int:
    """Decimals that ISO 4217 gives the currency; 2 for one that it does not know."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


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
