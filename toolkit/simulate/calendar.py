"""Season, sale days, the hours people shop at, and the platform's campaigns with their vouchers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from toolkit.contracts.tables import VOUCHER_KINDS
from toolkit.simulate.chance import DAY, HOUR, weighted
from toolkit.simulate.ledger import NONE
from toolkit.simulate.places import money
from toolkit.simulate.settings import START, Market
from toolkit.simulate.words import NAMES

if TYPE_CHECKING:
    from toolkit.simulate.chance import Floats, Generator, Ints

_PEAKS: Final = {(11, 11): 2.8, (9, 9): 2.4, (7, 10): 2.6, (7, 11): 2.2, (12, 12): 2.2, (11, 28): 2.4}
_HOURS: Final = np.array([3, 2, 1, 1, 1, 1, 2, 4, 6, 7, 8, 8, 9, 8, 7, 7, 7, 8, 9, 11, 13, 13, 10, 6], dtype=np.float64)

NEW_USER, CATEGORY, SHIPPING, SHOP, SAMPLING, OTHER = range(len(VOUCHER_KINDS))
PLATFORM_FUNDED, SELLER_FUNDED = 0, 1


@dataclass
class Calendar:
    """Days with their weight, campaigns, and the vouchers that they or the shops give.

    Args:
        days: Relative demand of each day.
        starts, ends, country, category, min_spend, max_discount: The campaigns; category `NONE` means all.
        voucher_*: The vouchers; campaign `NONE` means that a voucher stands on its own, country says where it is valid.
    """

    days: Floats
    starts: Ints
    ends: Ints
    country: Ints
    category: Ints
    min_spend: Floats
    max_discount: Floats
    voucher_campaign: Ints
    voucher_kind: Ints
    voucher_funding: Ints
    voucher_country: Ints
    voucher_min: Floats
    voucher_max: Floats

    def new_voucher(
        self, country: int, kind: int, *, campaign: int = NONE, floor: float = 8, most: float = 6, seller: bool = False
    ) -> int:
        """Add a voucher (amounts in dollars at the country's price level) and give its number."""
        self.voucher_campaign = np.append(self.voucher_campaign, campaign)
        self.voucher_kind = np.append(self.voucher_kind, kind)
        self.voucher_funding = np.append(self.voucher_funding, SELLER_FUNDED if seller else PLATFORM_FUNDED)
        self.voucher_country = np.append(self.voucher_country, country)
        self.voucher_min = np.append(self.voucher_min, money(np.array([floor]), country))
        self.voucher_max = np.append(self.voucher_max, money(np.array([most]), country))
        return len(self.voucher_kind) - 1

    def of_kind(self, kind: int, country: int) -> Ints:
        """Vouchers of one kind that are valid in one country."""
        return np.flatnonzero((self.voucher_kind == kind) & (self.voucher_country == country))


def times(rng: Generator, days: Floats, size: int) -> Ints:
    """Seconds drawn by season, sale day and hour."""
    day = weighted(rng, days, size)
    hour = weighted(rng, _HOURS, size)
    return START + day * DAY + hour * HOUR + rng.integers(0, HOUR, size=size)


def daytime(rng: Generator, day_start: Ints) -> Ints:
    """A second at a usual shopping hour on the day of each given second."""
    hour = weighted(rng, _HOURS, len(day_start))
    return (day_start - START) // DAY * DAY + START + hour * HOUR + rng.integers(0, HOUR, size=len(day_start))


def plan_year(market: Market, rng: Generator) -> Calendar:
    """Weigh the days and set up campaigns and standing vouchers, country by country."""
    nations = np.arange(market.countries)
    per = max(6, min(14, market.orders // 12_000))
    country = np.repeat(nations, per)
    size = len(country)
    starts = START + rng.integers(15, market.days - 15, size=size) * DAY
    length = rng.integers(1, 5, size=size) * DAY
    spend = np.array([10.0, 15, 20, 25, 30, 40])[rng.integers(0, 6, size=size)]
    calendar = Calendar(
        days=_day_weights(market.days),
        starts=starts,
        ends=starts + length,
        country=country,
        category=np.where(
            (rng.random(size) < 0.2) | (np.arange(size) % per < 2), NONE, rng.integers(0, len(NAMES), size=size)
        ),
        min_spend=money(spend, country),
        max_discount=money(np.round(spend * 0.25), country),
        voucher_campaign=np.arange(size),
        voucher_kind=np.full(size, CATEGORY),
        voucher_funding=np.zeros(size, dtype=np.int64),
        voucher_country=country.copy(),
        voucher_min=money(spend, country),
        voucher_max=money(np.round(spend * 0.25), country),
    )
    for nation in nations:
        _standing(calendar, int(nation), market, rng)
    return calendar


def _standing(calendar: Calendar, country: int, market: Market, rng: Generator) -> None:
    """Vouchers without a campaign: welcome codes, free shipping, shop codes, and codes of partners and coupon sites."""
    for _ in range(3):
        calendar.new_voucher(country, NEW_USER, floor=6, most=float(rng.integers(4, 9)))
    for _ in range(2):
        calendar.new_voucher(country, SHIPPING, floor=12, most=3)
    for _ in range(market.some(30) // market.countries + 1):
        calendar.new_voucher(country, SHOP, floor=10, most=4, seller=True)
    for _ in range(market.some(60) // market.countries + 2):
        calendar.new_voucher(country, OTHER, floor=8, most=float(rng.integers(4, 10)))


def _day_weights(days: int) -> Floats:
    """A yearly wave, a strong November and December, and one-day peaks."""
    first = datetime.fromtimestamp(START, UTC)
    dates = [first + timedelta(days=day) for day in range(days)]
    wave = 1 + 0.25 * np.sin(2 * np.pi * np.arange(days) / 365 - 1.8)
    month = np.array([{11: 2.0, 12: 1.6}.get(date.month, 1.0) for date in dates])
    peak = np.array([_PEAKS.get((date.month, date.day), 1.0) for date in dates])
    return np.asarray(wave * month * peak, dtype=np.float64)
