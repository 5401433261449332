"""Campaigns and vouchers: who may use them, when, and who pays."""

import numpy as np

from tests.foreign.world import DAY, NONE, Ints, World

KINDS = ("new_user", "category", "shipping", "seller", "sampling", "other")


class Promos:
    """Vouchers by number: country, campaign, kind, funding, minimum spend and largest discount in local money."""

    def __init__(self, world: World) -> None:
        self.w = world
        self.v: dict[str, list[float]] = {
            k: [] for k in ("country", "campaign", "kind", "platform", "least", "most", "share")
        }
        self.c: dict[str, list[float]] = {k: [] for k in ("start", "end", "category", "country", "voucher")}
        self.newcomer = [self.add(i, kind=0, least=5, most=4, share=0.5) for i in range(len(world.countries))]
        self.shipping = [self.add(i, kind=2, least=8, most=2, share=0.1) for i in range(len(world.countries))]
        for _ in range(world.style.campaign_days):
            self.campaign(world.land(), world.when(4, 2))

    def money(self, country: int, usd: float) -> float:
        """A round amount of local money."""
        x = usd * self.w.countries[country].scale
        step = 10.0 ** max(0, int(np.log10(x)) - 0)
        return max(1.0, round(x / step * 2) / 2 * step)

    def add(
        self,
        country: int,
        *,
        kind: int,
        least: float,
        most: float,
        share: float,
        platform: bool = True,
        campaign: int = NONE,
    ) -> int:
        """A new voucher; amounts in dollars."""
        row = (country, campaign, kind, platform, self.money(country, least), self.money(country, most), share)
        for name, value in zip(self.v, row, strict=True):
            self.v[name].append(float(value))
        return len(self.v["kind"]) - 1

    def campaign(self, country: int, start: int, category: int | None = None, days: float | None = None) -> int:
        """A campaign of one to three days with its category voucher; returns its number."""
        r = self.w.rng
        start -= start % DAY
        cat = int(r.integers(0, self.w.n_cats)) if category is None else category
        number = len(self.c["start"])
        least, most = r.choice([(10, 3), (15, 4), (25, 6), (40, 8)], 1)[0]
        voucher = self.add(country, kind=1, least=least, most=most, share=r.choice([0.12, 0.2, 0.3]), campaign=number)
        row = (start, start + (days or r.integers(1, 4)) * DAY - 1, cat, country, voucher)
        for name, value in zip(self.c, row, strict=True):
            self.c[name].append(float(value))
        return number

    def honest(self, buyer: Ints, listing: Ints, t: Ints, amount: np.ndarray) -> tuple[Ints, np.ndarray]:
        """Which voucher honest buyers use, and what they then spend (some fill the basket up to the minimum)."""
        w, r = self.w, self.w.rng
        used, amount = np.full(len(buyer), NONE), amount.copy()
        keen = r.random(len(buyer)) < w.thrift[buyer]
        for i in range(len(self.c["start"])):
            inside = np.flatnonzero((t >= self.c["start"][i]) & (t <= self.c["end"][i]) & keen)
            inside = inside[
                (w.cat[listing[inside]] == self.c["category"][i])
                & (w.l_country[listing[inside]] == self.c["country"][i])
            ]
            least = self.v["least"][int(self.c["voucher"][i])]
            short = inside[(amount[inside] < least) & (amount[inside] > least * 0.6) & (r.random(len(inside)) < 0.5)]
            amount[short] = least * (1 + r.exponential(0.04, len(short)))
            used[inside[amount[inside] >= least]] = int(self.c["voucher"][i])
        first = (t - w.born[buyer] < 14 * DAY) & (t >= w.born[buyer]) & (used == NONE) & (r.random(len(buyer)) < 0.25)
        fresh = np.array(self.newcomer)[w.l_country[listing]]
        used = np.where(first & (amount >= np.array(self.v["least"])[fresh]), fresh, used)
        ship = (used == NONE) & keen & (r.random(len(buyer)) < 0.15)
        return np.where(ship, np.array(self.shipping)[w.l_country[listing]], used), amount
