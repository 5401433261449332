"""Innocent groups that look like rings: people who know each other, events, habits, and what platforms do themselves."""

from collections.abc import Callable

import numpy as np

from tests.foreign import honest
from tests.foreign.promos import Promos
from tests.foreign.world import DAY, DEFAULT, Ints, World

TRAPS: list[tuple[str, int, Callable[[World, Promos], None]]] = []


def trap(name: str, times: int) -> Callable[[Callable[[World, Promos], None]], Callable[[World, Promos], None]]:
    """Register an innocent group, planted so many times in 200,000 orders."""

    def keep(f: Callable[[World, Promos], None]) -> Callable[[World, Promos], None]:
        TRAPS.append((name, times, f))
        return f

    return keep


def neighbours(w: World, low: int, high: int) -> tuple[Ints, int, int]:
    """So many people of one town."""
    land, city = w.land(), int(w.rng.integers(0, 6))
    return w.recruit(int(w.rng.integers(low, high)), country=land, city=city), land, city


def buy(
    w: World, members: Ints, items: Ints, p: float, t0: Ints | int, days: float, **more: object
) -> tuple[Ints, Ints]:
    """Each member takes each item with probability p, within so many days of its time."""
    who, which = np.nonzero(w.rng.random((len(members), len(items))) < p)
    start = np.broadcast_to(np.asarray(t0), (len(items),))[which]
    t = np.minimum(start + (w.rng.random(len(who)) ** 1.3 * days * DAY).astype(np.int64), w.end - 1)
    w.orders.add(len(who), buyer=members[who], listing=items[which], t=t, **more)
    return members[who], t


@trap("course_textbook", 3)
def course(w: World, p: Promos) -> None:
    members, land, city = neighbours(w, 25, 60)
    dorm = w.place(land, city, 1, 3)
    items = w.pick(3, country=land, low=0.3, high=0.9)
    t0 = max(w.when(70), int(w.l_born[items].max()))
    addr = np.where(w.rng.random() < 2, dorm[0], DEFAULT)
    who, _ = buy(w, members, items, 0.8, t0 + np.array([0, 7, 21])[: len(items)] * DAY, 6, addr=addr)
    w.trap("course_textbook", who)


@trap("team_kit", 5)
def team_kit(w: World, p: Promos) -> None:
    members, land, city = neighbours(w, 11, 26)
    seller = w.pick_seller(land, 4)
    items = w.pick(4, country=land, seller=seller)
    hall = w.place(land, city, 1)[0]
    t0 = max(w.when(10), int(w.l_born[items].max()))
    who, _ = buy(w, members, items, 0.75, t0, 4, addr=hall if w.rng.random() < 0.5 else DEFAULT)
    w.trap("team_kit", who)


@trap("influencer", 3)
def influencer(w: World, p: Promos) -> None:
    land = w.land()
    fans = w.recruit(int(w.rng.integers(70, 170)), country=land)
    items = w.pick(int(w.rng.integers(4, 8)), country=land, low=0.3, high=0.95)
    posts = np.maximum(w.when(90) + np.sort(w.rng.integers(0, 90, len(items))) * DAY, w.l_born[items])
    who, _ = buy(w, fans, items, 0.22, posts, 3)
    w.trap("influencer", who)


@trap("subscription", 4)
def subscription(w: World, p: Promos) -> None:
    land = w.land()
    item = w.pick(1, country=land, low=0.2, high=0.7)
    base = max(w.start + 15 * DAY, int(w.l_born[item[0]]))
    who = w.recruit(int(w.rng.integers(25, 60)), country=land)
    rounds = np.arange(int((w.end - base) // (28 * DAY)))
    b, k = (x.ravel() for x in np.meshgrid(who, rounds, indexing="ij"))
    first = np.repeat(base + w.rng.integers(0, 28 * DAY, len(who)), len(rounds))
    t = first + k * 28 * DAY + w.rng.integers(0, 7200, len(b))
    ok = (t < w.end) & (w.rng.random(len(b)) < 0.9)
    w.orders.add(int(ok.sum()), buyer=b[ok], listing=item[0], t=t[ok], qty=1)
    w.trap("subscription", who)


@trap("collectors", 4)
def collectors(w: World, p: Promos) -> None:
    land = w.land()
    seller = w.pick_seller(land, 6)
    items = w.pick(9, country=land, seller=seller)
    members = w.recruit(int(w.rng.integers(14, 32)), country=land)
    releases = np.maximum(
        w.l_born[items], w.start + np.arange(1, len(items) + 1) * (w.end - w.start) // (len(items) + 2)
    )
    w.voice[members] = np.maximum(w.voice[members], 0.5 / w.style.review_rate)  # they write about whatever they buy
    who, _ = buy(w, members, items, 0.7, releases, 18)
    w.trap("collectors", who)


@trap("company_card", 5)
def company_card(w: World, p: Promos) -> None:
    members, land, city = neighbours(w, 8, 26)
    card, office = w.thing("pay", 1, 4)[0], w.place(land, city, 1, 4)[0]
    b = np.repeat(members, w.rng.integers(3, 9, len(members)))
    t = honest.moments(w, len(b))
    listing = w.browse(b, t)
    ok = listing >= 0
    w.orders.add(int(ok.sum()), buyer=b[ok], listing=listing[ok], t=t[ok], pay=card, addr=office)
    w.trap("company_card", members)


@trap("apartment_wifi", 5)
def apartment(w: World, p: Promos) -> None:
    members, land, city = neighbours(w, 20, 70)
    box, line = w.place(land, city, 1, 1)[0], w.thing("ip", 1)[0]
    b = np.repeat(members, 4)
    t = honest.moments(w, len(b))
    listing = w.browse(b, t)
    ok = listing >= 0
    w.orders.add(int(ok.sum()), buyer=b[ok], listing=listing[ok], t=t[ok], addr=box)
    w.links.add(len(members), account=members, attribute=2, value=line, t=w.start, t2=w.end - 1)
    w.trap("apartment_wifi", members)


@trap("expat_forwarder", 3)
def forwarder(w: World, p: Promos) -> None:
    land = w.land()
    members = w.recruit(int(w.rng.integers(40, 100)), country=land)
    hub = w.place(land, 3, 1, 2)[0]
    home_goods = w.pick(25, country=land, low=0.5, high=1.0)
    b = np.repeat(members, w.rng.integers(2, 6, len(members)))
    listing = w.rng.choice(home_goods, len(b))
    t = np.maximum(honest.moments(w, len(b)), w.l_born[listing])
    w.orders.add(len(b), buyer=b, listing=listing, t=t, addr=hub)
    w.trap("expat_forwarder", members)


@trap("product_recall", 3)
def recall(w: World, p: Promos) -> None:
    land = w.land()
    item = w.pick(1, country=land, low=0.8, high=0.97, before=w.start + 40 * DAY)
    members = w.recruit(int(w.rng.integers(30, 80)), country=land)
    day = w.when(20, 60) + 40 * DAY
    t = day - w.rng.integers(5, 40, len(members)) * DAY
    w.orders.add(len(members), buyer=members, listing=item[0], t=t, status=5, reason=3, lag=3.0,
                 refund_lag=(day - t) / DAY - 3 + w.rng.random(len(members)) * 3)  # fmt: skip
    w.trap("product_recall", members)


@trap("holiday_promotion", 3)
def holiday(w: World, p: Promos) -> None:
    members, land, _ = neighbours(w, 60, 120)
    action = p.campaign(land, w.when(10), days=3)
    start, code, cat = int(p.c["start"][action]), int(p.c["voucher"][action]), p.c["category"][action]
    goods = np.flatnonzero((w.cat == cat) & (w.l_country == land) & (w.l_born < start))
    if len(goods) < 3:
        return
    weight = w.pop[goods] / w.pop[goods].sum()
    b = np.repeat(members, w.rng.integers(1, 3, len(members)))
    t = start + (w.rng.random(len(b)) * 3 * DAY).astype(np.int64)
    amount = p.v["least"][code] * (1 + w.rng.exponential(0.12, len(b)))
    w.orders.add(len(b), buyer=b, listing=w.rng.choice(goods, len(b), p=weight), t=t, voucher=code, amount=amount)
    w.trap("holiday_promotion", members)


@trap("platform_credit", 4)
def credit(w: World, p: Promos) -> None:
    land = w.land()
    item = w.pick(1, country=land, low=0.7, high=0.97, before=w.start + 40 * DAY)
    members = w.recruit(int(w.rng.integers(20, 60)), country=land)
    t = w.when(50, 45) + w.rng.integers(0, 20 * DAY, len(members))
    w.orders.add(
        len(members),
        buyer=members,
        listing=item[0],
        t=t,
        status=3,
        review=np.where(w.rng.random(len(members)) < 0.4, 1, DEFAULT),
    )
    at = np.minimum(t + 21 * DAY + w.rng.integers(0, 9 * DAY, len(members)), w.end - 1)
    card = w.cards.add(len(members), face=w.countries[land].faces[-1], country=land, source=1, t=t + 21 * DAY)
    w.redeemed.add(len(members), card=card, buyer=members, t=at)
    w.trap("platform_credit", members)


@trap("employer_cards", 5)
def employer(w: World, p: Promos) -> None:
    members, land, _city = neighbours(w, 15, 60)
    boss = int(w.recruit(1, country=land)[0])
    xmas = int(np.datetime64(f"{w.style.start.year}-12-18", "s").astype(np.int64))
    issued = xmas if w.start < xmas < w.end - 30 * DAY else w.when(40)
    at = np.minimum(issued + w.rng.gamma(1.5, 9 * DAY, len(members)).astype(np.int64), w.end - 1)
    hidden = w.rng.random() < 0.4  # not every export knows that it was an employer
    card = w.cards.add(len(members), face=w.countries[land].faces[int(w.rng.integers(0, 3)) % len(w.countries[land].faces)], country=land,
                       source=4 if hidden else 2, purchaser=boss, pay=w.pay[boss], batch=boss, t=issued)  # fmt: skip
    w.redeemed.add(len(members), card=card, buyer=members, t=at)
    listing = w.browse(members, at)
    ok = listing >= 0
    w.orders.add(int(ok.sum()), buyer=members[ok], listing=listing[ok], t=np.minimum(at[ok] + 3600, w.end - 1))
    w.trap("employer_cards", members)


@trap("baby_registry", 5)
def registry(w: World, p: Promos) -> None:
    land = w.land()
    family = w.recruit(1, country=land)[0]
    givers = w.recruit(int(w.rng.integers(12, 30)), country=land)
    items = w.pick(18, country=land, low=0.4, high=1.0)
    n = len(givers) * 2
    t0 = w.when(30)
    listing = w.rng.choice(items, n)
    t = np.maximum(t0 + w.rng.integers(0, 25 * DAY, n), w.l_born[listing])
    w.orders.add(n, buyer=np.repeat(givers, 2), listing=listing, t=t, addr=w.home[family])
    w.trap("baby_registry", givers)


@trap("student_voucher", 2)
def students(w: World, p: Promos) -> None:
    members, land, city = neighbours(w, 70, 150)
    code = p.add(land, kind=5, least=10, most=5, share=0.15)
    hall = w.place(land, city, 3, 3)
    b = np.repeat(members, w.rng.integers(1, 5, len(members)))
    t = honest.moments(w, len(b))
    listing = w.browse(b, t)
    ok = listing >= 0
    w.orders.add(int(ok.sum()), buyer=b[ok], listing=listing[ok], t=t[ok], voucher=code, addr=hall[b[ok] % 3])
    w.trap("student_voucher", members)


@trap("local_grocer", 3)
def grocer(w: World, p: Promos) -> None:
    members, land, _ = neighbours(w, 50, 100)
    seller = w.pick_seller(land, 5)
    items = w.pick(12, country=land, seller=seller, before=w.start + 20 * DAY)
    weeks = w.style.days // 7 - 3
    who, week = np.nonzero(w.rng.random((len(members), weeks)) < 0.28 * 26 / max(weeks, 26))
    t = w.start + (week + 3) * 7 * DAY + members[who] % 5 * DAY + w.rng.integers(8 * 3600, 20 * 3600, len(who))
    w.orders.add(
        len(who),
        buyer=members[who],
        listing=items[w.rng.integers(0, len(items), len(who))],
        t=np.minimum(t, w.end - 1),
        lag=0.2,
    )
    w.trap("local_grocer", members)
    w.trap("local_grocer", [seller], "seller")


@trap("flash_hunters", 2)
def hunters(w: World, p: Promos) -> None:
    land = w.land()
    members = w.recruit(int(w.rng.integers(40, 80)), country=land)
    fridays = w.start + (np.arange(6, min(w.style.days // 7, 24)) * 7 + 1) * DAY + 12 * 3600
    items = w.pick(len(fridays) * 2, country=land, low=0.4, high=0.98, before=w.start + 30 * DAY)
    at = fridays[np.arange(len(items)) % len(fridays)]
    who, _ = buy(w, members, items, 0.18, at, 0.02)
    w.trap("flash_hunters", who)


@trap("book_club", 4)
def book_club(w: World, p: Promos) -> None:
    land = w.land()
    members = w.recruit(int(w.rng.integers(9, 20)), country=land)
    items = w.pick(8, country=land, low=0.3, high=0.9, before=w.start + 30 * DAY)
    months = w.start + (np.arange(len(items)) + 1.2) * (w.end - w.start) / (len(items) + 2)
    who, which = np.nonzero(w.rng.random((len(members), len(items))) < 0.7)
    t = (months[which] + w.rng.random(len(who)) * 15 * DAY).astype(np.int64)
    w.orders.add(
        len(who),
        buyer=members[who],
        listing=items[which],
        t=t,
        review=np.where(w.rng.random(len(who)) < 0.6, 1, 0),
        review_lag=w.rng.gamma(3, 7, len(who)),
    )
    w.trap("book_club", members)


@trap("sampling_programme", 2)
def sampling(w: World, p: Promos) -> None:
    land = w.land()
    members = w.recruit(int(w.rng.integers(25, 50)), country=land)
    code = p.add(land, kind=4, least=0.1, most=900, share=1.0)
    items = w.pick(14, country=land, low=0.1, high=0.7, before=w.start + 40 * DAY)
    at = w.start + (np.arange(len(items)) + 2) * (w.end - w.start) // (len(items) + 4)
    buy(w, members, items, 0.3, at, 10, voucher=code, review=1, review_lag=6.0)
    w.trap("sampling_programme", members)
