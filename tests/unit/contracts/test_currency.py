"""Money is exact in its own currency."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.contracts.currency import exact, major, minor_units, spoken, units


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (412_000_000.0, "VND", "412,000,000 VND"),
        (1_234_567.0, "JPY", "1,234,567 JPY"),
        (0.1 + 0.2, "USD", "0.30 USD"),
        (10.005, "USD", "10.005 USD"),  # more decimals than the currency has are shown, not rounded away
        (1.5, "KWD", "1.500 KWD"),
        (0.0, "USD", "0.00 USD"),
        (1e15, "IDR", "1,000,000,000,000,000.00 IDR"),
        (3.0, "<b>", "3.00 <b>"),
        (1.5, "JPY", "1.5 JPY"),
    ],
)
def test_spoken(amount, currency, text):
    assert spoken(exact(amount, currency), currency) == text


@given(st.lists(st.integers(0, 10**9), max_size=50), st.sampled_from(["USD", "VND", "KWD"]))
def test_sums_of_minor_units_are_exact(cents, currency):
    units = minor_units(currency)
    total = sum(cent / 10**units for cent in cents)
    assert exact(total, currency) == Decimal(sum(cents)).scaleb(-units)


def summed(amounts, currency):
    return major(pl.DataFrame({"a": amounts}).select(units(pl.col("a")).sum())["a"], [currency]).item()


@pytest.mark.parametrize(
    ("amounts", "currency", "total"),
    [
        ([17.08, 17.08], "BRL", 34.16),  # 341600 parts times a reciprocal is 34.160000000000004
        ([1035.48, 1035.47, 1035.48], "USD", 3106.43),
        ([0.1, 0.2], "USD", 0.3),
        ([0.001, 0.002], "KWD", 0.003),
        ([1.5, 1.0], "JPY", 2.0),  # half a yen can't be paid: rounded once, to even
        ([9.99e14] * 2000, "IDR", 1.998e18),
        ([1e15] * 10_000, "VND", 1e19),
    ],
)
def test_sums_are_the_shortest_decimal_and_never_overflow(amounts, currency, total):
    assert repr(summed(amounts, currency)) == repr(total)
