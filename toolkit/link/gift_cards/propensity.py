"""How likely each buyer is to redeem a card of a currency at all, compared with the other buyers.

Heavy buyers both review more and redeem more, and nobody redeems the cards of another country: without this every
listing with busy reviewers, and every listing of a small market, would look odd.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.contracts.gift_card_settings import GiftCardSettings
    from toolkit.market import Market

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_ACTIVITY_BINS = 14  # by powers of two: 8,192 orders and more are one stratum
_REVIEW_BINS = 4


@dataclass(frozen=True)
class Propensity:
    """Relative inclination to redeem, by currency.

    Attributes:
        home: Currency that each buyer lives with; -1 where unknown.
        stratum: Stratum of activity of each buyer.
        rate: Expected redemptions of a buyer at home, by currency and stratum.
        abroad: Expected redemptions of a buyer who lives with another currency, by currency.
        created: When each account was made, sorted by `order`.
        mass: Summed propensity of the accounts made up to each place of `order`, by currency, from 0.
    """

    home: Ints
    stratum: Ints
    rate: Floats
    abroad: Floats
    created: Ints
    mass: Floats

    def of(self, buyer: Ints, currency: Ints) -> Floats:
        """Propensity of buyers to redeem cards of currencies."""
        at_home = self.home[buyer] == currency
        chance: Floats = np.where(at_home, self.rate[currency, self.stratum[buyer]], self.abroad[currency])
        return chance

    def total(self, currency: Ints, at: Ints) -> Floats:
        """Summed propensity of all accounts that there were at a time."""
        place = np.searchsorted(self.created, at, side="right")
        total: Floats = np.maximum(self.mass[currency, place], 1e-12)
        return total


def learn(market: Market, events: pl.DataFrame, settings: GiftCardSettings) -> Propensity:
    """Propensities from the buyers' orders, reviews and redemptions (`events`: buyer, currency)."""
    buyers, currencies = market.size("buyer"), max(market.size("currency"), 1)
    home = _homes(market, events, buyers, currencies)
    orders, reviews = _counts(market, "orders", buyers), _counts(market, "reviews", buyers)
    activity = orders if orders.any() else reviews
    stratum = _strata(activity, reviews)
    prior = (activity + settings.shrink) / (activity.mean() + settings.shrink)
    rate = np.zeros((currencies, _ACTIVITY_BINS * _REVIEW_BINS))
    abroad = np.zeros(currencies)
    for currency in range(currencies):
        local = home == currency
        spent = events.filter(pl.col("currency") == currency)["buyer"]
        redeemed = np.bincount(spent.to_numpy(), minlength=buyers).astype(np.float64)
        rate[currency] = _rates(redeemed, prior, stratum, local, settings.stratum)
        abroad[currency] = (redeemed[~local].sum() + 0.5) / (np.count_nonzero(~local) + 1.0)
    created, mass = _mass(market, home, stratum, rate, abroad)
    return Propensity(home, stratum, rate, abroad, created, mass)


def _rates(redeemed: Floats, prior: Floats, stratum: Ints, local: NDArray[np.bool_], weight: float) -> Floats:
    """Redemptions per buyer of each stratum, shrunk towards activity's propensity."""
    bins = _ACTIVITY_BINS * _REVIEW_BINS
    level = (redeemed[local].sum() + 0.5) / max(prior[local].sum(), 1.0)
    size = np.bincount(stratum[local], minlength=bins)
    count = np.bincount(stratum[local], weights=redeemed[local], minlength=bins)
    shape = np.bincount(stratum, weights=prior, minlength=bins) / np.maximum(np.bincount(stratum, minlength=bins), 1)
    rates: Floats = (count + weight * level * shape) / (size + weight)
    return rates


def _strata(activity: Floats, reviews: Floats) -> Ints:
    by_activity = np.minimum(np.log2(activity + 1.0).astype(np.int64), _ACTIVITY_BINS - 1)
    by_reviews = np.minimum(np.log2(reviews + 1.0).astype(np.int64), _REVIEW_BINS - 1)
    return by_activity * _REVIEW_BINS + by_reviews


def _counts(market: Market, table: str, buyers: int) -> Floats:
    if not market.case.has_table(table):
        return np.zeros(buyers)
    return np.bincount(market.table(table)["buyer"].to_numpy(), minlength=buyers).astype(np.float64)


def _mass(market: Market, home: Ints, stratum: Ints, rate: Floats, abroad: Floats) -> tuple[Ints, Floats]:
    """Running sums of propensity over the accounts in the order in which they were made; unknown counts as always."""
    created = np.full(home.size, np.iinfo(np.int64).min)
    if market.has("buyers", "created_at"):
        known = market.table("buyers").select("buyer", "created_at").drop_nulls()
        created[known["buyer"].to_numpy()] = known["created_at"].to_numpy()
    order = np.argsort(created, kind="stable")
    mass = np.zeros((rate.shape[0], home.size + 1))
    for currency in range(rate.shape[0]):
        chance = np.where(home == currency, rate[currency, stratum], abroad[currency])
        np.cumsum(chance[order], out=mass[currency, 1:])
    return created[order], mass


def _homes(market: Market, events: pl.DataFrame, buyers: int, currencies: int) -> Ints:
    """The currency that a buyer pays in; else that of what it reviews; -1 where nothing says."""
    home = np.full(buyers, -1, dtype=np.int64)
    listings = _listing_currencies(market, events, currencies)
    _put(home, market.table("reviews").select("buyer", "listing").join(listings, on="listing"), currencies)
    if market.has("orders", "currency"):
        _put(home, market.table("orders").select("buyer", "currency").drop_nulls(), currencies)
    return home


def _put(home: Ints, pairs: pl.DataFrame, currencies: int) -> None:
    best = _most_common(pairs["buyer"], pairs["currency"], home.size, currencies)
    np.copyto(home, best, where=best >= 0)


def _most_common(key: pl.Series, currency: pl.Series, keys: int, currencies: int) -> Ints:
    """The commonest currency of each key, the smaller code on a tie; -1 where there is none."""
    place = key.to_numpy().astype(np.int64) * currencies + currency.to_numpy()
    counts = np.bincount(place, minlength=keys * currencies).reshape(keys, currencies)
    best: Ints = np.where(counts.any(axis=1), counts.argmax(axis=1), -1)
    return best


def _listing_currencies(market: Market, events: pl.DataFrame, currencies: int) -> pl.DataFrame:
    """listing, currency: as catalogued, as ordered, or as its reviewers redeem, whichever is known first."""
    size = market.size("listing")
    spent = _most_common(events["buyer"], events["currency"], market.size("buyer"), currencies)
    reviews = market.table("reviews").select("buyer", "listing")
    reviews = reviews.with_columns(currency=pl.Series(spent[reviews["buyer"].to_numpy()])).filter(
        pl.col("currency") >= 0
    )
    known = _most_common(reviews["listing"], reviews["currency"], size, currencies)
    if market.has("orders", "currency"):
        orders = market.table("orders").select("listing", "currency").drop_nulls()
        sold = _most_common(orders["listing"], orders["currency"], size, currencies)
        np.copyto(known, sold, where=sold >= 0)
    if market.has("listings", "currency"):
        text = market.case.table("listings").select("currency").collect()["currency"]
        coded = market.table("listings").select("listing", market.encode("currency", text).alias("currency"))
        coded = coded.drop_nulls()
        known[coded["listing"].to_numpy()] = coded["currency"].to_numpy()
    return pl.DataFrame({"listing": np.arange(size, dtype=np.uint32), "currency": known}).filter(
        pl.col("currency") >= 0
    )
