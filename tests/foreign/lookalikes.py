"""More innocent groups: what a place, a machine, a platform or a mistake gives many people in common."""

import numpy as np

from tests.foreign import honest
from tests.foreign.innocent import buy, neighbours, trap
from tests.foreign.promos import Promos
from tests.foreign.world import DAY, DEFAULT, World


@trap("school_list", 4)
def school(w: World, p: Promos) -> None:
    members, land, _ = neighbours(w, 15, 29)
    items = w.pick(9, country=land, low=0.3, high=0.97, before=w.start + 30 * DAY)
    who, _ = buy(w, members, items, 0.6, w.when(20, 30), 14)
    w.trap("school_list", who)


@trap("coworking", 3)
def coworking(w: World, p: Promos) -> None:
    """People and shops of one shared office; some buy from a neighbour."""
    members, land, city = neighbours(w, 25, 60)
    line, desk = w.thing("ip", 1)[0], w.place(land, city, 1, 4)[0]
    shops = np.array([w.pick_seller(land, 2) for _ in range(4)])
    w.links.add(len(members), account=members, attribute=2, value=line, t=w.start, t2=w.end - 1)
    w.links.add(len(shops), kind=1, account=shops, attribute=2, value=line, t=w.start, t2=w.end - 1)
    some = w.rng.permutation(members)[: len(members) // 4]
    items = w.pick(3, country=land, seller=int(shops[0]), before=w.start + 30 * DAY)
    t = np.maximum(honest.moments(w, len(some)), w.start + 30 * DAY)
    w.orders.add(len(some), buyer=some, listing=items[w.rng.integers(0, len(items), len(some))], t=t, addr=desk)
    w.trap("coworking", members)
    w.trap("coworking", shops, "seller")


@trap("bad_batch", 4)
def bad_batch(w: World, p: Promos) -> None:
    land = w.land()
    item = w.pick(1, country=land, low=0.7, high=0.95, before=w.start + 40 * DAY)
    members = w.recruit(int(w.rng.integers(25, 60)), country=land)
    back = w.rng.random(len(members)) < 0.6
    w.orders.add(len(members), buyer=members, listing=item[0], t=w.when(20, 45) + w.rng.integers(0, 18 * DAY, len(members)),
                 status=np.where(back, 5, 3), reason=3, review=np.where(w.rng.random(len(members)) < 0.3, 1, DEFAULT), rating=1)  # fmt: skip
    w.trap("bad_batch", members)


@trap("livestream_rush", 3)
def livestream(w: World, p: Promos) -> None:
    land = w.land()
    seller = w.pick_seller(land, 3)
    item = w.pick(2, country=land, seller=seller, before=w.start + 40 * DAY)
    action = p.campaign(land, w.when(5, 45), int(w.cat[item[0]]), 1)
    code, start = int(p.c["voucher"][action]), int(p.c["start"][action])
    members = w.recruit(int(w.rng.integers(80, 160)), country=land)
    amount = p.v["least"][code] * (1 + w.rng.exponential(0.05, len(members)))
    w.orders.add(
        len(members),
        buyer=members,
        listing=item[0],
        t=start + 19 * 3600 + w.rng.integers(0, 900, len(members)),
        voucher=code,
        amount=amount,
    )
    w.trap("livestream_rush", members)
    w.trap("livestream_rush", [seller], "seller")


@trap("internet_cafe", 4)
def cafe(w: World, p: Promos) -> None:
    members, _, _ = neighbours(w, 20, 50)
    machine, line = w.thing("dev", 2), w.thing("ip", 1)[0]
    b = np.repeat(members, 3)
    t = honest.moments(w, len(b))
    listing = w.browse(b, t)
    ok = listing >= 0
    w.orders.add(int(ok.sum()), buyer=b[ok], listing=listing[ok], t=t[ok], dev=machine[b[ok] % 2])
    w.links.add(len(members), account=members, attribute=2, value=line, t=w.start, t2=w.end - 1)
    w.trap("internet_cafe", members)


@trap("cash_agent", 3)
def cash_agent(w: World, p: Promos) -> None:
    """A corner shop pays online for people without a bank account, to the exact amount, minutes before."""
    members, _land, _ = neighbours(w, 30, 70)
    agent = w.thing("bank", 1)[0]
    b = np.repeat(members, w.rng.integers(2, 6, len(members)))
    t = honest.moments(w, len(b))
    listing = w.browse(b, t)
    ok = listing >= 0
    b, t, listing = b[ok], t[ok], listing[ok]
    w.orders.add(len(b), buyer=b, listing=listing, t=t, amount=w.price[listing])
    w.transfers.add(len(b), buyer=b, t=t - w.rng.integers(120, 3600, len(b)), amount=w.price[listing], source=agent)
    w.trap("cash_agent", members)


@trap("monthly_gamers", 3)
def gamers(w: World, p: Promos) -> None:
    """A game's players redeem a card of one value on each release day."""
    land = w.land()
    members = w.recruit(int(w.rng.integers(25, 60)), country=land)
    item = w.pick(1, country=land, low=0.9, high=1.0, before=w.start + 20 * DAY)
    for month in range(2, w.style.days // 30 - 1):
        who = members[w.rng.random(len(members)) < 0.6]
        t = w.start + month * 30 * DAY + w.rng.integers(0, 3 * DAY, len(who))
        card = w.cards.add(len(who), face=w.countries[land].faces[1], country=land, source=0, purchaser=who, t=t - DAY)
        w.redeemed.add(len(who), card=card, buyer=who, t=t)
        w.orders.add(
            len(who), buyer=who, listing=item[0], t=t + 600, review=np.where(w.rng.random(len(who)) < 0.15, 1, 0)
        )
    w.trap("monthly_gamers", members)


@trap("wrong_weights", 4)
def wrong_weights(w: World, p: Promos) -> None:
    """A shop whose catalogue says the weight of the box of twelve."""
    seller = w.pick_seller(w.land(), 3)
    items = np.flatnonzero(w.seller == seller)
    w.catalogue[items] = w.grams[items] * 12
    w.trap("wrong_weights", [seller], "seller")


@trap("price_forum", 3)
def forum(w: World, p: Promos) -> None:
    """Readers of a public deal forum: many deals, few readers on each, nobody organised it."""
    land = w.land()
    members = w.recruit(int(w.rng.integers(60, 140)), country=land)
    items = w.pick(20, country=land, low=0.3, high=0.97, before=w.start + 30 * DAY)
    at = w.start + 30 * DAY + np.sort(w.rng.random(len(items))) * (w.end - w.start - 40 * DAY)
    who, _ = buy(w, members, items, 0.12, at.astype(np.int64), 1.5)
    w.trap("price_forum", who)


@trap("taxonomy", 1)
def taxonomy(w: World, p: Promos) -> None:
    """The platform merges two shelves on one day, for good; a helper corrects some other listings."""
    day = w.when(10, 40)
    old = int(w.rng.integers(0, w.n_cats))
    moved = np.flatnonzero((w.cat == old) & (w.l_born < day))
    for item in moved:
        w.switches.append((int(item), day + int(w.rng.integers(0, 7200)), 0, (old + 1) % w.n_cats, False))
    w.trap("taxonomy", moved, "listing")


@trap("couples", 1)
def couples(w: World, p: Promos) -> None:
    for _ in range(max(3, int(40 * w.scale))):
        pair = w.recruit(2, country=0)
        t = honest.moments(w, 12)
        listing = w.browse(np.repeat(pair[:1], 12), t)
        ok = listing >= 0
        b = np.tile(pair, 6)[ok]
        w.orders.add(
            int(ok.sum()),
            buyer=b,
            listing=listing[ok],
            t=t[ok],
            pay=w.pay[pair[0]],
            addr=w.home[pair[0]],
            dev=w.dev[pair[0]],
        )
        w.trap("couples", pair)
