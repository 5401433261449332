"""Innocent shops and customers that a finding could name: whoever is careful names none of them."""

from collections.abc import Callable

import numpy as np

from tests.foreign import honest
from tests.foreign.innocent import neighbours
from tests.foreign.promos import Promos
from tests.foreign.shady import clean, say
from tests.foreign.speech import SPOKEN, TALK
from tests.foreign.world import DAY, DEFAULT, NONE, World

WARY: list[tuple[str, int, Callable[[World, Promos], None]]] = []


def wary(name: str, times: int) -> Callable[[Callable[[World, Promos], None]], Callable[[World, Promos], None]]:
    """Register an innocent group, so many times in 200,000 orders."""

    def keep(f: Callable[[World, Promos], None]) -> Callable[[World, Promos], None]:
        WARY.append((name, times, f))
        return f

    return keep


@wary("polite_shop", 14)
def polite(w: World, p: Promos) -> None:
    """A shop that writes to half of its customers: parcels, refunds, thanks, warnings, and 'rate it if you like'."""
    r = w.rng
    seller = clean(w, w.land())
    spoken = SPOKEN[w.countries[int(w.s_country[seller])].code]
    buyers = r.choice(
        np.flatnonzero(~w.idle & (w.country == w.s_country[seller])), int(r.integers(30, 160)), replace=False
    )
    say(w, seller, buyers, w.start + r.integers(20 * DAY, w.end - w.start - DAY, len(buyers)), TALK[spoken[0]], 0)
    w.trap("polite_shop", [seller], "seller")


@wary("code_shop", 4)
def code_shop(w: World, p: Promos) -> None:
    """A shop of codes and downloads: everything arrives within minutes, all year, and it has a rush in a campaign."""
    r = w.rng
    land = w.land()
    seller = clean(w, land)
    items = np.flatnonzero(w.seller == seller)
    w.quick[items] = True
    item = int(items[np.argmax(w.pop[items])])
    w.l_born[item] = min(int(w.l_born[item]), w.start - DAY)  # sold all year, and not from the day of the rush on
    steady = w.recruit(40, country=land)
    t = np.maximum(honest.moments(w, len(steady)), w.l_born[item] + 3600)
    w.orders.add(len(steady), buyer=steady, listing=item, t=t)
    fans = w.recruit(int(r.integers(50, 120)), country=land)
    if w.style.has("campaigns"):
        action = p.campaign(land, w.when(6, 40), int(w.cat[item]), 1)
        code, start = int(p.c["voucher"][action]), int(p.c["start"][action])
        amount = p.v["least"][code] * (1 + r.exponential(0.03, len(fans)))
        w.orders.add(
            len(fans),
            buyer=fans,
            listing=item,
            t=start + 12 * 3600 + r.integers(0, 5400, len(fans)),
            voucher=code,
            amount=amount,
        )
    w.trap("code_shop", [seller], "seller")
    w.trap("code_shop", fans)


@wary("office_order", 8)
def office(w: World, p: Promos) -> None:
    """A secretary orders for the floor: twenty to forty baskets from one shop before lunch."""
    members, land, city = neighbours(w, 1, 3)
    seller = clean(w, land)
    item = w.pick(2, country=land, seller=seller)
    n = int(w.rng.integers(18, 42))
    t = w.when(5, 30) // DAY * DAY + 10 * 3600 + w.rng.integers(0, 3400, n)
    w.orders.add(
        n,
        buyer=members[0],
        listing=item[w.rng.integers(0, len(item), n)],
        t=t,
        addr=w.place(land, city, 1, 4)[0],
        qty=1,
    )
    w.trap("office_order", members)
    w.trap("office_order", [seller], "seller")


@wary("reseller", 6)
def reseller(w: World, p: Promos) -> None:
    """A corner shop that stocks up from one wholesaler every week or so."""
    land = w.land()
    who = w.recruit(1, country=land)
    seller = clean(w, land)
    items = w.pick(4, country=land, seller=seller)
    n = int(w.rng.integers(25, 60))
    w.orders.add(
        n,
        buyer=who[0],
        listing=items[w.rng.integers(0, len(items), n)],
        t=honest.moments(w, n),
        qty=w.rng.integers(5, 25, n),
    )
    w.trap("reseller", who)
    w.trap("reseller", [seller], "seller")


@wary("joint_parcel", 30)
def joint(w: World, p: Promos) -> None:
    """Neighbours order together, and one box comes for all."""
    members, land, city = neighbours(w, 5, 12)
    seller = clean(w, land)
    items = w.pick(3, country=land, seller=seller)
    t = w.when(5, 20) + w.rng.integers(0, 4 * 3600, len(members))
    box = 5 * 10**13 + int(w.rng.integers(0, 10**12))
    w.orders.add(len(members), buyer=members, listing=items[w.rng.integers(0, len(items), len(members))], t=t, parcel=box,
                 addr=w.place(land, city, 1)[0])  # fmt: skip
    w.trap("joint_parcel", members)


@wary("sachets", 4)
def sachets(w: World, p: Promos) -> None:
    """A shop hands out samples: a code that says so, a bag of a few grams, no price."""
    land = w.land()
    seller = clean(w, land)
    item = w.pick(1, country=land, seller=seller)[0]
    takers = w.recruit(int(w.rng.integers(30, 80)), country=land)
    code = p.add(land, kind=4, least=0.1, most=900, share=1.0, platform=False)
    t = w.when(30, 30) + w.rng.integers(0, 20 * DAY, len(takers))
    w.orders.add(len(takers), buyer=takers, listing=item, t=t, voucher=code, weight=w.rng.integers(10, 30, len(takers)))
    w.trap("sachets", takers)
    w.trap("sachets", [seller], "seller")


@wary("spare_lids", 5)
def lids(w: World, p: Promos) -> None:
    """A pan whose lid is sold under the same number: light and cheap, all year."""
    land = w.land()
    seller = clean(w, land)
    item = int(w.pick(1, country=land, seller=seller, before=w.start + 10 * DAY)[0])
    who = w.recruit(int(w.rng.integers(20, 60)), country=land)
    t = np.maximum(honest.moments(w, len(who)), w.l_born[item] + 3600)
    w.orders.add(
        len(who),
        buyer=who,
        listing=item,
        t=t,
        amount=w.price[item] * 0.2,
        weight=w.grams[item] * 0.15 + 20 + w.rng.integers(0, 4, len(who)) * 10,
        qty=1,
    )
    w.trap("spare_lids", who)
    w.trap("spare_lids", [seller], "seller")


@wary("shop_staff", 8)
def staff(w: World, p: Promos) -> None:
    """Three to nine people behind a counter: its machine, its line, its telephone; they buy there a few times a year."""
    r = w.rng
    members, land, _ = neighbours(w, 3, 10)
    seller = clean(w, land)
    items = np.flatnonzero(w.seller == seller)
    for attribute, value in ((5, w.s_dev), (2, w.s_ip), (0, w.s_phone)):
        if r.random() < 0.7:
            w.links.add(
                len(members), account=members, attribute=attribute, value=value[seller], t=w.start, t2=w.end - 1
            )
    who = np.repeat(members, r.integers(1, 4, len(members)))
    t = np.maximum(honest.moments(w, len(who)), w.start + 20 * DAY)
    own = p.add(land, kind=3, least=0.1, most=5, share=0.2, platform=False) if r.random() < 0.5 else NONE
    w.orders.add(len(who), buyer=who, listing=items[r.integers(0, len(items), len(who))], t=t, voucher=own)
    w.trap("shop_staff", members)
    w.trap("shop_staff", [seller], "seller")


@wary("owners_family", 8)
def relatives(w: World, p: Promos) -> None:
    """Two to five relatives of a shop's owner: one home, the owner's bank account or telephone, an order now and then."""
    r = w.rng
    members, land, _ = neighbours(w, 2, 6)
    seller = clean(w, land)
    items = np.flatnonzero(w.seller == seller)
    home = w.home[members[0]]
    for attribute, value in ((3, w.s_bank), (0, w.s_phone)):
        if r.random() < 0.7:
            w.links.add(
                len(members), account=members, attribute=attribute, value=value[seller], t=w.start, t2=w.end - 1
            )
    who = np.repeat(members, r.integers(1, 3, len(members)))
    t = np.maximum(honest.moments(w, len(who)), w.start + 20 * DAY)
    w.orders.add(len(who), buyer=who, listing=items[r.integers(0, len(items), len(who))], t=t, addr=home)
    w.trap("owners_family", members)
    w.trap("owners_family", [seller], "seller")


@wary("sponsor", 6)
def sponsor(w: World, p: Promos) -> None:
    """A grandmother sends each of her grandchildren exactly what the bicycle helmet costs."""
    r = w.rng
    members, land, _ = neighbours(w, 4, 6)
    seller = clean(w, land)
    item = int(w.pick(1, country=land, seller=seller)[0])
    children = members[1:]
    t = w.when(5, 25) + r.integers(0, 3 * DAY, len(children))
    w.transfers.add(
        len(children),
        buyer=children,
        t=t - r.integers(600, DAY, len(children)),
        amount=w.price[item],
        source=w.thing("bank", 1)[0],
    )
    w.orders.add(
        len(children),
        buyer=children,
        listing=item,
        t=t,
        amount=w.price[item],
        addr=np.where(r.random() < 0.5, w.home[members[0]], DEFAULT),
        voucher=NONE,
    )
    w.trap("sponsor", members)
    w.trap("sponsor", [seller], "seller")


@wary("undone_move", 20)
def undone(w: World, p: Promos) -> None:
    """Support moves a thing by mistake and takes it back after hours or days."""
    item = int(w.pick(1, country=w.land(), low=0.1, high=0.95, before=w.start + 20 * DAY)[0])
    at = w.when(20, 25)
    w.switches.append(
        (
            item,
            at,
            at + int(w.rng.integers(2 * 3600, 12 * DAY)),
            int((w.cat[item] + 1 + w.rng.integers(0, w.n_cats - 1)) % w.n_cats),
            False,
        )
    )
    w.trap("undone_move", [item], "listing")


@wary("seasonal_shelf", 5)
def seasonal(w: World, p: Promos) -> None:
    """A shop shows its best things on the shelf of gifts for two months, and then at home again."""
    seller = clean(w, w.land())
    items = np.flatnonzero(w.seller == seller)[:4]
    at = w.when(80, 15)
    for item in items:
        w.switches.append((int(item), at, at + 62 * DAY, int((w.cat[item] + 3) % w.n_cats), False))
    w.trap("seasonal_shelf", items, "listing")


@wary("round_price", 4)
def round_price(w: World, p: Promos) -> None:
    """A thing that costs exactly what the campaign asks for; everybody's order lies at the minimum."""
    r = w.rng
    land = w.land()
    seller = clean(w, land)
    item = int(w.pick(1, country=land, seller=seller)[0])
    action = p.campaign(land, w.when(6, 30), int(w.cat[item]), 2)
    code, start = int(p.c["voucher"][action]), int(p.c["start"][action])
    w.price[item] = p.v["least"][code]
    who = w.recruit(int(r.integers(40, 110)), country=land)
    t = start + r.integers(0, 2 * DAY - 60, len(who))
    w.orders.add(len(who), buyer=who, listing=item, t=t, voucher=code, amount=w.price[item], qty=1)
    w.trap("round_price", who)
    w.trap("round_price", [seller], "seller")


@wary("agency_shops", 4)
def agency(w: World, p: Promos) -> None:
    """Five to nine unrelated shops let one bookkeeper answer: her mail address and telephone stand in all their accounts."""
    r = w.rng
    land = w.land()
    shops = r.choice(
        np.flatnonzero(w.s_country == land),
        min(int((w.s_country == land).sum()), int(r.integers(5, 10))),
        replace=False,
    )
    for attribute, what in ((1, "email"), (0, "phone")):
        w.links.add(
            len(shops), kind=1, account=shops, attribute=attribute, value=w.thing(what, 1)[0], t=w.start, t2=w.end - 1
        )
    w.trap("agency_shops", shops, "seller")


@wary("market_hall", 3)
def hall(w: World, p: Promos) -> None:
    """Shops of one hall and those who work there: one address, one line."""
    r = w.rng
    members, land, city = neighbours(w, 10, 30)
    shops = r.choice(
        np.flatnonzero(w.s_country == land), min(int((w.s_country == land).sum()), int(r.integers(4, 9))), replace=False
    )
    place, line = w.place(land, city, 1, 4)[0], w.thing("ip", 1)[0]
    for attribute, value in ((4, place), (2, line)):
        w.links.add(len(shops), kind=1, account=shops, attribute=attribute, value=value, t=w.start, t2=w.end - 1)
        w.links.add(len(members), account=members, attribute=attribute, value=value, t=w.start, t2=w.end - 1)
    who = np.repeat(members, 2)
    items = np.flatnonzero(np.isin(w.seller, shops))
    t = np.maximum(honest.moments(w, len(who)), w.start + 20 * DAY)
    w.orders.add(len(who), buyer=who, listing=items[r.integers(0, len(items), len(who))], t=t, addr=place)
    w.trap("market_hall", members)
    w.trap("market_hall", shops, "seller")
