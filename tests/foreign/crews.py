"""What all planted groups have in common: whom they recruit, what they share, how they hide by level (0 blatant, 3 hidden)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.foreign import honest
from tests.foreign.pens import crew_texts
from tests.foreign.promos import Promos
from tests.foreign.world import DAY, DEFAULT, Floats, Ints, Ring, World

DENSITY = (0.88, 0.65, 0.45, 0.3)  # share of the targets that a member takes
SPAN = (7, 24, 60, 120)  # days from first to last act
BURST = (2, 5, 12, 25)  # days in which one target is served
SHARED = (0.8, 0.45, 0.2, 0.06)  # members who share an attribute with another
BOUGHT = (0.9, 0.5, 0.2, 0.0)  # members whose account was opened for the purpose
CAMOUFLAGE = (0.3, 1.5, 3.0, 4.0)  # other purchases of those accounts per ring purchase
SLIPS = (0.0, 0.1, 0.25, 0.4)  # how often a tell-tale is left out

Planter = Callable[[World, Promos, int], None]
SCHEMES: dict[str, tuple[Planter, tuple[tuple[str, ...], ...]]] = {}


def scheme(name: str, *needs: tuple[str, ...]) -> Callable[[Planter], Planter]:
    """Register a planter; it is used where the export has everything of one of `needs`."""

    def keep(planter: Planter) -> Planter:
        SCHEMES[name] = (planter, needs)
        return planter

    return keep


@dataclass
class Crew:
    """A planted group at work: its accounts, and the attributes that they use for it."""

    w: World
    number: int
    level: int
    country: int
    members: Ints
    t0: int
    span: int
    pay: Ints
    addr: Ints
    dev: Ints

    def buy(self, who: Ints, listing: Any, t: Any, **more: Any) -> Ints:
        """Orders by members (given by position), with the crew's attributes unless said otherwise."""
        given = {"pay": self.pay[who], "addr": self.addr[who], "dev": self.dev[who], "ring": self.number} | more
        t = np.minimum(np.asarray(t), self.w.end - 1).astype(np.int64)
        return self.w.orders.add(len(who), buyer=self.members[who], listing=listing, t=t, **given)

    def times(self, n: int, centre: Any = None, burst: float | None = None) -> Ints:
        """N times inside the span, or within a burst after a centre."""
        r = self.w.rng
        if centre is None:
            return (self.t0 + r.random(n) * self.span).astype(np.int64)
        days = BURST[self.level] if burst is None else burst
        return (np.asarray(centre) + r.beta(1.2, 2.0, n) * days * DAY).astype(np.int64)

    def slips(self, n: int) -> Any:
        """Where the group left no tell-tale."""
        return self.w.rng.random(n) < SLIPS[self.level]


def crew(w: World, name: str, level: int, size: tuple[int, int], *, country: int | None = None, span: float | None = None,
         bought: float | None = None, shared: float | None = None, city: bool = False) -> Crew:  # fmt: skip
    """Recruit a group of log-uniform size and give it its shared attributes."""
    r = w.rng
    n = round(float(np.exp(r.uniform(np.log(size[0]), np.log(size[1])))))
    land = w.land() if country is None else country
    town = int(r.integers(0, 8)) if city else None
    share_new = BOUGHT[level] if bought is None else bought
    members = w.recruit(n, country=land, city=town, share_idle=share_new)
    days = SPAN[level] if span is None else span
    t0 = w.when(days)
    new = w.idle[members]
    lead = np.array([3, 40, 150, 400])[level] * r.gamma(1.5, 0.7, n) * DAY
    w.born[members] = np.where(new, t0 - lead, np.minimum(w.born[members], t0 - DAY)).astype(np.int64)
    w.rings.append(Ring(name, level))
    share = SHARED[level] if shared is None else shared
    pay, dev, addr = (_cells(w, members, what, share, land) for what in ("pay", "dev", "addr"))
    return Crew(w, len(w.rings) - 1, level, land, members, t0, int(days * DAY), pay, addr, dev)


def _cells(w: World, members: Ints, what: str, share: float, land: int) -> Ints:
    """Some members, in little cells of two to six, use one thing that may be an innocent's too."""
    r, n = w.rng, len(members)
    out = np.full(n, DEFAULT)
    chosen = r.permutation(n)[: round(n * share)]
    cell = np.searchsorted(np.cumsum(r.integers(2, 7, n)), np.arange(len(chosen)), side="right")
    k = int(cell.max()) + 1 if len(cell) else 0
    city = int(w.city[members[0]])
    new = w.place(land, city, k) if what == "addr" else w.thing(what, k)
    lent = {"pay": w.pay, "dev": w.dev, "addr": w.home}[what][r.integers(0, w.n, k)]
    out[chosen] = np.where(r.random(k) < 0.4, lent, new)[cell]
    return out


def grid(c: Crew, targets: Ints, density: float | None = None) -> tuple[Ints, Ints]:
    """Which member takes which target; everybody takes at least one, two where there are enough."""
    r, n, m = c.w.rng, len(c.members), len(targets)
    p = np.clip((DENSITY[c.level] if density is None else density) * r.uniform(0.7, 1.3, n), 0.05, 1)
    hit = r.random((n, m)) < p[:, None]
    for i in np.flatnonzero(hit.sum(1) < min(2, m)):
        hit[i, r.choice(m, min(2, m), replace=False)] = True
    who, which = np.nonzero(hit)
    return who, which


def finish(c: Crew, targets: Any) -> None:
    """Note the targets, and let the accounts shop elsewhere as their level asks."""
    ring = c.w.rings[c.number]
    ring.members, ring.targets = np.unique(c.members), np.unique(np.asarray(targets, np.int64))
    new = c.members[c.w.idle[c.members]]
    acts = 4 * CAMOUFLAGE[c.level]
    honest.shopping(c.w, new, acts, c.t0 - 60 * DAY * (c.level > 0), min(c.w.end - 1, c.t0 + c.span + 60 * DAY))


def praise(c: Crew, n: int, rate: float = 0.9) -> dict[str, Any]:
    """Orders that are reviewed, mostly with five stars, soon after they came."""
    r = c.w.rng
    written = r.random(n) < rate * (1 - SLIPS[c.level] * 0.6)
    return {
        "review": np.where(written, 1, 0),
        "rating": np.where(r.random(n) < (1.0, 0.95, 0.9, 0.85)[c.level], 5, 4),
        "review_lag": r.gamma(2.0, (0.5, 1.0, 2.0, 3.5)[c.level], n),
        "status": 3,
        "text": crew_texts(c.w, c.level, n),
    }


def anything(c: Crew, who: Ints, t: Ints) -> Ints:
    """What members would buy to look like everybody; any listing that is on sale where their tastes find nothing."""
    w = c.w
    listing = w.browse(c.members[who], t)
    shop = np.flatnonzero((w.l_country == c.country) & (w.l_born < max(c.t0, int(w.l_born.min()) + 1)))
    return np.where(listing < 0, w.rng.choice(shop, len(who)), listing)


def local(c: Crew, usd: float) -> float:
    """Dollars in the crew's money."""
    return usd * c.w.countries[c.country].scale


def grams(c: Crew, listing: Ints, share: float) -> Floats:
    """Weights far below what the goods weigh."""
    return np.maximum(8, np.round(c.w.grams[listing] * share * c.w.rng.lognormal(0, 0.2, len(listing))))
