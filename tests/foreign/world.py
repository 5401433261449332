"""A market as integer columns: people, shops, promotions, and the events that the planters add to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from tests.foreign.styles import COUNTRIES, Country, Style

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
DAY = 86400
DEFAULT = -2  # the finisher fills in what is usual
NONE = -1  # nothing, on purpose

ORDER_DEFAULTS: dict[str, float] = {
    "amount": np.nan, "qty": 0, "voucher": DEFAULT, "pay": DEFAULT, "addr": DEFAULT, "dev": DEFAULT, "status": DEFAULT,
    "lag": np.nan, "review": DEFAULT, "review_lag": np.nan, "rating": 0, "reason": DEFAULT, "refund_lag": np.nan,
    "refund_pay": DEFAULT, "weight": np.nan, "parcel": DEFAULT, "ring": NONE, "category": DEFAULT, "text": NONE,
}  # fmt: skip


class Columns:
    """Rows added in pieces; every column that a piece leaves out takes its default."""

    def __init__(self, defaults: dict[str, float]) -> None:
        self.defaults, self.pieces, self.size = defaults, [], 0

    def add(self, n: int, **given: Any) -> Ints:
        """Append n rows and return their row numbers."""
        unknown = given.keys() - self.defaults.keys()
        assert not unknown, unknown
        piece = {name: np.broadcast_to(np.asarray(given.get(name, d)), (n,)) for name, d in self.defaults.items()}
        self.pieces.append(piece)
        self.size += n
        return np.arange(self.size - n, self.size)

    def all(self) -> dict[str, npt.NDArray[Any]]:
        """Every row so far, column by column."""
        if not self.pieces:
            return {name: np.empty(0) for name in self.defaults}
        return {name: np.concatenate([p[name] for p in self.pieces]) for name in self.defaults}


@dataclass
class Trap:
    """An innocent group that looks like a ring (or like a shop that should be found)."""

    kind: str
    entity: str
    members: Ints


@dataclass
class Ring:
    """A planted group; members are those who acted."""

    scheme: str
    level: int
    members: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    targets: Ints = field(default_factory=lambda: np.empty(0, np.int64))


class World:
    """The stage: who lives there, what is sold, and what has happened so far."""

    def __init__(self, style: Style, orders: int, seed: int) -> None:
        self.style, self.seed = style, seed
        self.rng = np.random.default_rng([seed, crc32(style.name.encode())])
        self.pen = np.random.default_rng([seed, crc32(style.name.encode()), 5])
        self.n_orders = int(orders * style.size)
        self.scale = self.n_orders / 200_000
        self.countries: list[Country] = [COUNTRIES[c] for c in style.countries]
        self.start = int(np.datetime64(style.start, "s").astype(np.int64))
        self.end = self.start + style.days * DAY
        self.orders = Columns({"buyer": 0, "listing": 0, "t": 0} | ORDER_DEFAULTS)
        self.reviews = Columns(
            {"buyer": 0, "listing": 0, "t": 0, "rating": 5, "verified": 0, "ring": NONE, "text": NONE}
        )
        self.cards = Columns(
            {"face": 0.0, "country": 0, "source": 0, "purchaser": NONE, "pay": NONE, "batch": NONE, "t": 0}
        )
        self.redeemed = Columns({"card": 0, "buyer": 0, "t": 0, "share": 1.0})
        self.links = Columns({"kind": 0, "account": 0, "attribute": 0, "value": 0, "t": 0, "t2": 0})
        self.transfers = Columns({"buyer": 0, "t": 0, "amount": 0.0, "seller": NONE, "source": NONE, "pay": NONE})
        self.messages = Columns({"seller": 0, "buyer": 0, "t": 0, "text": 0, "label": 0})
        self.clicks = Columns({"buyer": 0, "listing": 0, "t": 0})
        self.switches: list[
            tuple[int, int, int, int, bool]
        ] = []  # listing, from, until (0: for good), category, planted
        self.hops: list[tuple[int, int, int, int]] = []  # listing, when, from, to: moves with a detour
        self.moved: list[tuple[int, int, int]] = []  # planted switches with a detour: listing, from, until
        self.pairs: list[tuple[int, int]] = []  # shops of one owner
        self.texts: list[str] = []
        self.rings: list[Ring] = []
        self.traps: list[Trap] = []
        self.kinds: dict[str, list[Ints]] = {
            "pay": [],
            "addr": [],
            "dev": [],
            "ip": [],
            "phone": [],
            "email": [],
            "bank": [],
        }
        self.counts = dict.fromkeys(self.kinds, 0)
        self.addr_country: list[Ints] = []
        self.addr_city: list[Ints] = []

    def thing(self, what: str, n: int, kind: int = 0) -> Ints:
        """N new payments, devices, addresses, … of a kind."""
        first = self.counts[what]
        self.counts[what] += n
        self.kinds[what].append(np.full(n, kind))
        return np.arange(first, first + n)

    def place(self, country: npt.ArrayLike, city: npt.ArrayLike, n: int, kind: int = 0) -> Ints:
        """N new addresses."""
        self.addr_country.append(np.broadcast_to(np.asarray(country), (n,)))
        self.addr_city.append(np.broadcast_to(np.asarray(city), (n,)))
        return self.thing("addr", n, kind)

    def phrase(self, text: str) -> int:
        """Number of a text."""
        self.texts.append(text)
        return len(self.texts) - 1

    def people(self) -> None:
        """Accounts: real ones in households, and idle ones of which rings take their own."""
        r, s = self.rng, self.style
        real = int(self.n_orders / s.orders_per_buyer)
        idle = int(real * 0.08) + 400
        self.n = n = real + idle
        self.idle = np.arange(n) >= real
        self.free = np.ones(n, bool)
        weights = np.array([1.0, 0.7, 0.5][: len(self.countries)])
        size = r.choice([1, 2, 3, 4, 5], n, p=[0.36, 0.33, 0.14, 0.11, 0.06])
        house = np.repeat(np.arange(n), size)[:n]
        h = house.max() + 1
        h_country = r.choice(len(self.countries), h, p=weights / weights.sum())
        self.n_cities = 35
        cities = 1 / np.arange(1.0, self.n_cities + 1) ** 0.8
        h_city = r.choice(self.n_cities, h, p=cities / cities.sum())
        self.house = np.where(self.idle, h + np.arange(n), house)
        self.country, self.city = h_country[house], h_city[house]
        h_addr = self.place(h_country, h_city, h)
        self.home = np.where(self.idle, 0, h_addr[house])
        squat = r.random(n) < 0.35  # some idle accounts live in a house of real people
        lodging = h_addr[house[r.integers(0, real, n)]]
        fresh = self.place(self.country, self.city, n)
        self.home = np.where(self.idle, np.where(squat, lodging, fresh), self.home)
        self.other = np.where(r.random(n) < 0.12, self.home[r.integers(0, n, n)], self.home)  # a gift, a parent, work
        lockers = self.place(0, np.arange(60) % self.n_cities, 60, 1)
        self.other = np.where(r.random(n) < 0.06, lockers[self.city], self.other)
        kinds = r.choice(5, n, p=[0.62, 0.2, 0.08, 0.08, 0.02])
        own = self.thing("pay", n)
        self.kinds["pay"][-1] = kinds
        shared = own[np.searchsorted(house, house)]
        self.pay = np.where((r.random(n) < 0.3) & ~self.idle, shared, own)
        self.pay2 = self.thing("pay", n)
        dev = self.thing("dev", n)
        self.dev = np.where((r.random(n) < 0.22) & ~self.idle, dev[np.searchsorted(house, house)], dev)
        self.dev2 = self.thing("dev", n)
        age = r.gamma(1.2, 420, n) * DAY
        self.born = np.where(
            r.random(n) < 0.3, self.start + r.random(n) ** 0.8 * (self.end - self.start), self.start - age
        )
        self.born = self.born.astype(np.int64)
        self.activity = np.where(self.idle, 0, r.gamma(s.activity_shape, 1, n) + 0.02)
        self.voice = r.gamma(0.5, 2, n)  # how much more or less than usual somebody reviews
        self.thrift = r.beta(0.8, 1.6, n)  # how readily somebody takes a voucher
        self._wires(h, house)

    def _wires(self, h: int, house: Ints) -> None:
        n = self.n
        home_ip = self.thing("ip", h)[house]
        self.ip = np.where(self.idle, self.thing("ip", n), home_ip)
        towers = self.thing("ip", len(self.countries) * self.n_cities * 4)
        self.tower = towers[(self.country * self.n_cities + self.city) * 4 + self.rng.integers(0, 4, n)]
        self.phone = self.thing("phone", n)
        self.email = self.thing("email", n)

    def shops(self) -> None:
        """Sellers with their listings, prices, weights and life times."""
        r, s = self.rng, self.style
        self.m = m = int(self.n_orders / s.orders_per_listing)
        self.k = k = max(12, int(m / s.listings_per_seller))
        weights = np.array([1.0, 0.7, 0.5][: len(self.countries)])
        self.s_country = r.choice(len(self.countries), k, p=weights / weights.sum())
        self.s_city = r.integers(0, self.n_cities, k)
        size = r.lognormal(0, s.seller_sigma, k)
        self.seller = np.concatenate([np.arange(k), r.choice(k, m - k, p=size / size.sum())])
        self.n_cats = 28
        main = r.integers(0, self.n_cats, k)
        self.cat = np.where(r.random(m) < 0.75, main[self.seller], r.integers(0, self.n_cats, m))
        self.l_country = self.s_country[self.seller]
        level = np.exp(r.normal(2.9, 0.6, self.n_cats))
        usd = np.clip(level[self.cat] * r.lognormal(0, 0.6, m), 1.5, 900)
        self.price = np.array([self.charm(c, x) for c, x in zip(self.l_country, usd, strict=True)])
        self.grams = np.round(np.clip(r.lognormal(5.6, 0.9, m), 15, 20000))
        self.catalogue = np.where(r.random(m) < 0.25, np.nan, np.round(self.grams * r.normal(1, 0.06, m), -1) + 5)
        young = r.random(m) < 0.35
        self.l_born = np.where(
            young, self.start + r.random(m) * (self.end - self.start) * 0.9, self.start - r.gamma(1, 300, m) * DAY
        )
        self.l_born = self.l_born.astype(np.int64)
        self.fade = np.where(r.random(m) < 0.3, r.uniform(20, 120, m), 4000.0) * DAY
        self.pop = r.lognormal(0, s.popularity_sigma, m) * r.lognormal(0, s.seller_sigma, k)[self.seller]
        self.quality = r.normal(0, 0.35, m)
        self.s_born = np.minimum(
            self._first_listing(), self.start - r.gamma(1, 500, k) * DAY * (r.random(k) < 0.7)
        ).astype(np.int64)
        self.s_bank, self.s_ip, self.s_phone = self.thing("bank", k), self.thing("ip", k), self.thing("phone", k)
        self.s_addr, self.s_dev = self.place(self.s_country, self.s_city, k), self.thing("dev", k)
        self.quick = np.zeros(m, bool)  # delivered within minutes
        self.taste = r.integers(0, self.n_cats, (self.n, 3))
        self._shelves()

    def _first_listing(self) -> Ints:
        first = np.full(self.k, self.end)
        np.minimum.at(first, self.seller, self.l_born)
        return first

    def charm(self, country: int, usd: float) -> float:
        """A price tag in local money, as shops write them."""
        c = self.countries[int(country)]
        x = usd * c.scale
        if c.decimals == 0:
            step = 10 ** max(2, int(np.log10(x)) - 1)
            return float(max(step, round(x / step) * step))
        return float(max(1, round(x)) - 0.01) if x < 200 else float(round(x))

    def _shelves(self) -> None:
        key = self.l_country * self.n_cats + self.cat
        self.shelf = np.argsort(key, kind="stable")
        cum = np.cumsum(self.pop[self.shelf])
        edges = np.searchsorted(key[self.shelf], np.arange(len(self.countries) * self.n_cats + 1))
        padded = np.concatenate([[0.0], cum])
        self.shelf_cum, self.shelf_low, self.shelf_high = cum, padded[edges[:-1]], padded[edges[1:]]

    def browse(self, buyer: Ints, t: Ints) -> Ints:
        """What these buyers would honestly buy at these times; NONE where nothing was for sale."""
        r, n = self.rng, len(buyer)
        got = np.full(n, NONE)
        for _ in range(6):
            todo = np.flatnonzero(got == NONE)
            slot = r.choice(4, len(todo), p=[0.42, 0.22, 0.12, 0.24])
            cat = np.where(slot == 3, r.integers(0, self.n_cats, len(todo)), self.taste[buyer[todo], slot % 3])
            land = np.where(
                r.random(len(todo)) < 0.97, self.country[buyer[todo]], r.integers(0, len(self.countries), len(todo))
            )
            key = land * self.n_cats + cat
            low, high = self.shelf_low[key], self.shelf_high[key]
            at = np.searchsorted(self.shelf_cum, low + r.random(len(todo)) * (high - low), side="right")
            item = self.shelf[np.minimum(at, self.m - 1)]
            age = t[todo] - self.l_born[item]
            fine = (age >= 0) & (high > low) & (r.random(len(todo)) < np.exp(-np.maximum(age, 0) / self.fade[item]))
            got[todo[fine]] = item[fine]
        return got

    def recruit(self, n: int, *, country: int | None = None, city: int | None = None, share_idle: float = 0.0) -> Ints:
        """N accounts that no ring or trap has yet: real ones by activity, the rest idle ones."""
        r = self.rng
        pool = self.free.copy() if country is None else self.free & (self.country == country)
        idle = np.flatnonzero(pool & self.idle)
        new = r.choice(idle, min(round(n * share_idle), len(idle)), replace=False)
        real = np.flatnonzero(pool & ~self.idle & ((self.city == city) if city is not None else True))
        real = real if len(real) >= n - len(new) else np.flatnonzero(pool & ~self.idle)
        w = self.activity[real] ** 0.5
        old = r.choice(real, n - len(new), replace=False, p=w / w.sum())
        # whoever is cast for a part was there before the play; spread out, so that no birthday is made up
        self.born[old] = np.minimum(self.born[old], self.start - (old * 7919 % 600 + 2) * DAY - old * 104729 % DAY)
        members = r.permutation(np.concatenate([new, old]))
        self.free[members] = False
        return members

    def pick(
        self,
        n: int,
        *,
        country: int,
        low: float = 0.2,
        high: float = 0.85,
        seller: int | None = None,
        before: int | None = None,
    ) -> Ints:
        """N listings between two quantiles of popularity, on sale before a time."""
        ok = self.l_country == country
        if seller is not None:
            ok &= self.seller == seller
        else:
            a, b = np.quantile(self.pop, [low, high])
            ok &= (self.pop >= a) & (self.pop <= b)
        if before is not None:
            ok &= self.l_born < before
        found = np.flatnonzero(ok)
        if len(found) == 0:
            found = np.flatnonzero(self.l_country == country if seller is None else self.seller == seller)
        return self.rng.choice(found, min(n, len(found)), replace=False)

    def pick_seller(self, country: int, least: int = 1) -> int:
        """A seller of the country with at least so many listings that are old enough."""
        old = self.l_born < self.start + 20 * DAY
        many = np.bincount(self.seller[old & (self.l_country == country)], minlength=self.k)
        fit = np.flatnonzero(many >= least)
        return int(self.rng.choice(fit)) if len(fit) else int(many.argmax())

    def land(self) -> int:
        """A country, by its size."""
        return int(self.country[self.rng.integers(0, self.n)])

    def when(self, span_days: float, margin_days: float = 12) -> int:
        """A start such that the span fits into the export."""
        room = self.style.days - span_days - 2 * margin_days
        return int(self.start + (margin_days + self.rng.random() * max(1.0, room)) * DAY)

    def trap(self, kind: str, members: Sequence[int] | Ints, entity: str = "buyer") -> None:
        """Remember an innocent group."""
        self.traps.append(Trap(kind, entity, np.unique(np.asarray(members, np.int64))))
