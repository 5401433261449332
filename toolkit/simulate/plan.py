"""Plans the rings before anything happens: who, when, for which shop, and what its accounts share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from toolkit.simulate.chance import DAY, distinct, hits, weighted
from toolkit.simulate.ladder import Level, rung
from toolkit.simulate.pools import share
from toolkit.simulate.settings import START

if TYPE_CHECKING:
    from toolkit.simulate.chance import Generator, Ints
    from toolkit.simulate.world import World

KINDS: Final = (
    ("gift_card_cashback", "paid_review"),
    ("gift_card_cashback", "insert"),
    ("review_ring", "off_platform"),
    ("review_ring", "agency"),
    ("brushing", "empty_parcels"),
    ("virtual_orders", "campaign"),
    ("voucher_farm", "codes"),
    ("refund_ring", "returns"),
    ("account_farm", "burst"),
    ("coattail", "hot_item"),
    ("self_purchase", "linked_shop"),
    ("brushing", "competitor"),
)
"""(scheme, variant) in the order that rings go round them."""

_UNRELATED: Final = frozenset({"insert"})
"""Variants whose members are real customers that share nothing."""


_OWN: Final = 0.7
"""What is left of a member's own shopping: the account's time goes into the ring."""


@dataclass
class Ring:
    """One planned ring.

    Args:
        number: Position among the rings.
        scheme, variant: What it does.
        rank: Level 0 to 3.
        level: The rung of that level.
        country: Where it works.
        start, end: Its window, in seconds.
        members: Its accounts.
        payment, address, device: Per member, what it takes from the ring; `FILL` where it uses its own.
        rng: Its own generator.
    """

    number: int
    scheme: str
    variant: str
    rank: int
    level: Level
    country: int
    start: int
    end: int
    members: Ints
    rng: Generator
    payment: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    address: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    device: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def span(self) -> int:
        """Length of the window in seconds."""
        return self.end - self.start


def plan_rings(world: World) -> list[Ring]:
    """All rings of the market; kinds go round, and levels are spread evenly over kinds."""
    market = world.market
    kinds = [kind for kind in KINDS if kind[0] in market.schemes]
    rings: list[Ring] = []
    for number in range(market.rings):
        rank = market.levels[(number % len(kinds) + number // len(kinds)) % len(market.levels)]
        rings.append(_plan(world, number, kinds[number % len(kinds)], rank))
    return rings


def _plan(world: World, number: int, kind: tuple[str, str], rank: int) -> Ring:
    rng = world.rng(f"ring.{number}")
    level = rung(rank, kind[0], harder=world.market.harder)
    country = _country(world, rng)
    span = min(level.span, world.market.days // 3) * DAY
    start = START + int(rng.integers(40, max(41, world.market.days - 50 - span // DAY))) * DAY + int(rng.integers(DAY))
    members = _recruit(world, country, level, start, _size(world, kind[0], rng), rng)
    ring = Ring(number, *kind, rank, level, country, start, start + span, members, rng)
    if ring.variant not in _UNRELATED:
        _make_fresh(world, ring)
        share(world, ring)
    return ring


def _country(world: World, rng: Generator) -> int:
    sizes = np.bincount(world.people.country, minlength=world.market.countries).astype(np.float64)
    return int(weighted(rng, sizes**0.7, 1)[0])


def _size(world: World, scheme: str, rng: Generator) -> int:
    """14 to 44 accounts; 8 to 12 where a shop buys from itself; fewer where the market is small."""
    if scheme == "self_purchase":
        return int(rng.integers(8, 13))
    most = max(12, min(44, world.people.size // max(world.market.rings * 5, 1)))
    return int(rng.integers(min(14, most - 2), most + 1))


def _recruit(world: World, country: int, level: Level, start: int, size: int, rng: Generator) -> Ints:
    """Accounts that are months old and neither idle nor among the busiest; a few serve another ring too."""
    people = world.people
    here = people.of(country)
    usual = here[
        (people.created[here] < start - 60 * DAY) & (people.activity[here] > 0.15) & (people.activity[here] < 3)
    ]
    taken = people.busy[usual]
    again = distinct(rng, usual[taken], int(rng.binomial(size, level.twice)))
    free = distinct(rng, usual[~taken], size - len(again))
    members = np.concatenate([again, free])
    people.busy[members] = True
    people.activity[free] *= _OWN
    return rng.permutation(members)


def _make_fresh(world: World, ring: Ring) -> None:
    """Some accounts are made for the ring, in the weeks before it starts; a farm's within days of each other."""
    rng, people = ring.rng, world.people
    fresh = ring.members[hits(rng, ring.level.fresh, len(ring.members))]
    days = (2, 5, 14, 30)[ring.rank] if ring.scheme == "account_farm" else 21 * (1 + ring.rank)
    born = ring.start - DAY - rng.integers(0, days * DAY, size=len(fresh))
    people.created[fresh] = np.maximum(people.created[fresh], born)
