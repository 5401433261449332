"""Account links: telephones, e-mail, IP addresses and banks of buyers and shops."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.contracts.tables import ATTRIBUTE_KINDS
from toolkit.simulate.chance import DAY, distinct, hits, weighted
from toolkit.simulate.ledger import FILL

if TYPE_CHECKING:
    from toolkit.simulate.chance import Generator, Ints
    from toolkit.simulate.world import World

PAYMENT, ADDRESS, DEVICE, PHONE, EMAIL, IP, BANK = range(len(ATTRIBUTE_KINDS))


def link(
    world: World, accounts: Ints, kind: int, attribute: Ints | int, first: Ints, last: Ints, *, seller: bool = False
) -> None:
    """Note that accounts were seen with an attribute between two seconds."""
    end = world.market.end - 1
    world.ledger.links.add(
        len(accounts),
        account=accounts,
        seller=int(seller),
        kind=kind,
        attribute=attribute,
        first=np.minimum(first, end),
        last=np.minimum(np.maximum(first, last), end),
    )


def seen_in(
    world: World, rng: Generator, accounts: Ints, kind: int, attribute: Ints | int, window: tuple[int, int]
) -> None:
    """Note buyers with an attribute, each from some second of the window to a later one."""
    start = np.maximum(window[0], world.people.created[accounts])
    stop = np.maximum(start + 1, window[1])
    first = start + (rng.random(len(accounts)) * (stop - start) * 0.6).astype(np.int64)
    last = first + (rng.random(len(accounts)) * (stop - first)).astype(np.int64)
    link(world, accounts, kind, attribute, first, last)


def shop_seen_in(
    world: World, rng: Generator, sellers: Ints, kind: int, attribute: Ints | int, window: tuple[int, int]
) -> None:
    """Note shops with an attribute, each from some second of the window to a later one."""
    first = window[0] + (rng.random(len(sellers)) * (window[1] - window[0]) * 0.6).astype(np.int64)
    last = first + (rng.random(len(sellers)) * (window[1] - first)).astype(np.int64)
    link(world, sellers, kind, attribute, first, last, seller=True)


def ordinary_links(world: World) -> None:
    """What every account is seen with, whether it does anything special or not."""
    rng = world.rng("attributes")
    buyers = np.arange(world.people.size, dtype=np.int64)
    households = int(world.people.household.max()) + 1
    phone, home_ip, bank = (world.ledger.fresh(kind, households) for kind in ("phone", "ip", "bank"))
    own_phone = world.ledger.fresh("phone", world.people.size)
    shared = hits(rng, 0.1, households)[world.people.household]
    home = world.people.household
    _seen(world, buyers, PHONE, np.where(shared, phone[home], own_phone), 0.94, rng)
    mailbox = world.ledger.fresh("email", households)
    couple = hits(rng, 0.06, households)[home]
    own_mail = world.ledger.fresh("email", world.people.size)
    _seen(world, buyers, EMAIL, np.where(couple, mailbox[home], own_mail), 0.97, rng)
    _switchboards(world, rng)
    _seen(world, buyers, IP, home_ip[home], 0.7, rng)
    _seen(world, buyers, IP, _carriers(world, rng), 0.5, rng)
    _seen(world, buyers, BANK, bank[home], 0.15, rng)
    for kind, name in ((PAYMENT, "alt_payment"), (DEVICE, "alt_device")):
        second = getattr(world.people, name)
        has = np.flatnonzero(second != FILL)
        _seen(world, has, kind, second[has], 0.5, rng)
    _shops(world, rng)
    _owners(world, rng)


def _switchboards(world: World, rng: Generator) -> None:
    """Firms, care homes and parents lend one telephone to several people."""
    for _ in range(world.market.some(90)):
        nation = int(world.people.country[rng.integers(world.people.size)])
        users = distinct(rng, world.people.of(nation), int(np.exp(rng.uniform(np.log(3), np.log(20)))))
        _seen(world, users, PHONE, np.repeat(world.ledger.fresh("phone", 1), len(users)), 0.9, rng)


def _owners(world: World, rng: Generator) -> None:
    """People who keep a shop are buyers too: the same telephone, bank account or device, and orders at other shops."""
    for seller in np.flatnonzero(hits(rng, 0.4, world.market.sellers)):
        nation = int(world.shops.seller_country[seller])
        owner = distinct(rng, world.people.of(nation), int(rng.integers(1, 4)))
        for kind, name in ((BANK, "bank"), (PHONE, "phone"), (DEVICE, "device")):
            if rng.random() < 0.5:
                value = int(world.ledger.fresh(name, 1)[0])
                year = (world.market.end - world.market.days * DAY, world.market.end)
                seen_in(world, rng, owner, kind, value, year)
                shop_seen_in(world, rng, np.array([seller]), kind, value, year)


def _seen(world: World, accounts: Ints, kind: int, attribute: Ints, share: float, rng: Generator) -> None:
    here = hits(rng, share, len(accounts))
    who = accounts[here]
    first = np.maximum(world.people.created[who], world.market.end - world.market.days * DAY)
    last = (first + rng.random(len(who)) * (world.market.end - first)).astype(np.int64)
    link(world, who, kind, attribute[here], first, last)


def _carriers(world: World, rng: Generator) -> Ints:
    """Mobile carriers put hundreds of strangers behind one address."""
    per = world.market.some(60, 3)
    gate = world.ledger.fresh("ip", per * world.market.countries)
    local = weighted(rng, 1.0 / (3 + np.arange(per)), world.people.size)
    behind = world.people.country * per + local
    for number in np.unique(behind):
        world.trap("carrier", buyer=np.flatnonzero(behind == number))
    return np.asarray(gate[behind])


def _shops(world: World, rng: Generator) -> None:
    """Each shop has a bank account, a telephone and a warehouse; one warehouse in ten serves several shops."""
    size = len(world.shops.seller_country)
    shops = np.arange(size, dtype=np.int64)
    first = np.maximum(world.shops.seller_created, world.market.end - world.market.days * DAY)
    last = np.full(size, world.market.end - DAY)
    for kind, name in ((BANK, "bank"), (PHONE, "phone"), (DEVICE, "device")):
        link(world, shops, kind, world.ledger.fresh(name, size), first, last, seller=True)
    depot = world.ledger.addresses.add(size, kind=4, country=world.shops.seller_country)
    joint = hits(rng, 0.1, size)
    depot = np.where(joint, depot[world.shops.seller_country], depot)
    link(world, shops, ADDRESS, depot, first, last, seller=True)
