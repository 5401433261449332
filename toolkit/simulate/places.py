"""Countries of the market: currency, its decimals, price level, common gift-card faces, cities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from toolkit.simulate.chance import Floats, Ints


@dataclass(frozen=True)
class Country:
    """One marketplace.

    Args:
        code: ISO 3166 code.
        share: Weight of its buyers among all buyers.
        currency: ISO 4217 code.
        decimals: Minor digits of the currency that prices carry.
        rate: Units of the currency that buy about what one US dollar buys; sets the price level only.
        faces: Gift-card faces, the commonest first.
        language: Language of its messages.
        cities: A few places for address tokens.
    """

    code: str
    share: float
    currency: str
    decimals: int
    rate: float
    faces: tuple[float, ...]
    language: str
    cities: tuple[str, ...]


COUNTRIES: Final = (
    Country(
        "US",
        0.34,
        "USD",
        2,
        1,
        (25, 50, 100, 10, 20, 15, 75, 30, 150, 200),
        "en",
        ("Austin", "Dayton", "Tacoma", "Macon"),
    ),
    Country(
        "VN",
        0.13,
        "VND",
        0,
        25_000,
        (200_000, 500_000, 1_000_000, 100_000, 300_000, 150_000, 700_000, 250_000, 1_500_000, 2_000_000),
        "vi",
        ("Ha Noi", "Da Nang", "Can Tho", "Hue"),
    ),
    Country(
        "BR",
        0.13,
        "BRL",
        2,
        5,
        (50, 100, 200, 30, 60, 40, 150, 80, 300, 400),
        "pt",
        ("Recife", "Curitiba", "Santos", "Natal"),
    ),
    Country(
        "MY",
        0.10,
        "MYR",
        2,
        4.4,
        (50, 100, 200, 20, 30, 40, 150, 80, 300, 500),
        "ms",
        ("Ipoh", "Kuching", "Klang", "Melaka"),
    ),
    Country(
        "TH",
        0.10,
        "THB",
        2,
        34,
        (500, 1_000, 2_000, 200, 300, 400, 1_500, 700, 3_000, 5_000),
        "th",
        ("Bangkok", "Chiang Mai", "Khon Kaen", "Hat Yai"),
    ),
    Country(
        "MX",
        0.09,
        "MXN",
        2,
        18,
        (300, 500, 1_000, 100, 200, 150, 750, 400, 1_500, 2_000),
        "es",
        ("Puebla", "Merida", "Leon", "Toluca"),
    ),
    Country(
        "CO",
        0.06,
        "COP",
        2,
        4_000,
        (100_000, 200_000, 300_000, 30_000, 50_000, 40_000, 150_000, 80_000, 400_000, 500_000),
        "es",
        ("Cali", "Pereira", "Tunja", "Neiva"),
    ),
    Country(
        "CL",
        0.05,
        "CLP",
        0,
        930,
        (20_000, 50_000, 100_000, 10_000, 15_000, 12_000, 70_000, 30_000, 150_000, 200_000),
        "es",
        ("Arica", "Temuco", "Talca", "Iquique"),
    ),
)
"""The markets, in the order in which they join as a market grows."""

FACE_SHARES: Final = (0.27, 0.24, 0.18, 0.10, 0.06, 0.04, 0.04, 0.03, 0.02, 0.02)
"""How often each of a country's faces is bought: 25 dollars is the commonest by far."""

_DECIMALS: Final = np.array([country.decimals for country in COUNTRIES])
_RATES: Final = np.array([country.rate for country in COUNTRIES])


def money(dollars: Floats, country: Ints | int) -> Floats:
    """Dollar amounts at a country's price level, cut to the decimals of its currency."""
    return cut(dollars * _RATES[country], country)


def cut(amounts: Floats, country: Ints | int) -> Floats:
    """Amounts cut to the decimals of the country's currency; large denominations to whole hundreds."""
    unit = np.where(
        _DECIMALS[country] == 2,
        np.where(_RATES[country] > 1_000, 100.0, 0.01),
        np.where(_RATES[country] > 10_000, 1_000.0, 10.0),
    )
    steps = np.round(amounts / unit)
    return np.where(unit < 1, steps / 100.0, steps * unit)
