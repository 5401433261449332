"""Schemes that no catalogue of ours names, from what marketplaces and their press report."""

import numpy as np

from tests.foreign.crews import BURST, SLIPS, crew, finish, grid, local, praise, scheme
from tests.foreign.promos import Promos
from tests.foreign.world import DAY, DEFAULT, NONE, World


@scheme("x01_staff_swap", ("reviews",))
def staff_swap(w: World, p: Promos, level: int) -> None:
    """Staff of five to eight small shops buy and praise each other's goods, never their own."""
    c = crew(w, "x01_staff_swap", level, (12, 24), shared=(0.3, 0.15, 0.05, 0.0)[level], bought=(0.5, 0.2, 0, 0)[level])
    r = w.rng
    shops = [w.pick_seller(c.country, 1) for _ in range(int(r.integers(5, 9)))]
    items = np.array([int(w.pick(1, country=c.country, seller=s, before=c.t0)[0]) for s in shops])
    employer = r.integers(0, len(items), len(c.members))
    who, which = grid(c, items)
    fair = employer[who] != which
    who, which = who[fair], which[fair]
    c.buy(who, items[which], c.times(len(who)), **praise(c, len(who), 0.95))
    finish(c, items)


@scheme("x02_refund_keep", ("orders.refund_amount",))
def refund_keep(w: World, p: Promos, level: int) -> None:
    """A chat group that claims 'never arrived' for dear goods of many large shops, and keeps them."""
    c = crew(w, "x02_refund_keep", level, (8, 30), shared=(0.5, 0.25, 0.1, 0.0)[level])
    r = w.rng
    dear = w.price > np.quantile(w.price[w.l_country == c.country], 0.85)
    pool = np.flatnonzero(dear & (w.l_country == c.country) & (w.l_born < c.t0))
    pool = r.choice(pool, min(len(pool), (6, 12, 25, 60)[level]), replace=False)
    who = np.repeat(np.arange(len(c.members)), r.integers(2, 6, len(c.members)))
    back = np.where(r.random(len(who)) < (1, 0.85, 0.65, 0.5)[level], 5, 3)
    c.buy(
        who,
        pool[r.integers(0, len(pool), len(who))],
        c.times(len(who)),
        status=back,
        reason=1,
        refund_lag=r.uniform(0.2, 3, len(who)),
        review=0,
    )
    finish(c, pool if level < 2 else [])


@scheme("x03_referral_farm", ("orders.voucher_id",))
def referral(w: World, p: Promos, level: int) -> None:
    """Chains of new accounts, each inviting the next: one cheapest purchase with the newcomer's voucher, then silence."""
    c = crew(w, "x03_referral_farm", level, (12, 50), bought=1.0, shared=0.0, span=(3, 9, 30, 70)[level])
    n, r = len(c.members), w.rng
    step = np.sort(r.random(n)) * c.span
    w.born[c.members] = (c.t0 + step).astype(np.int64)
    link = w.thing("dev", n)
    hand = r.random(n) < (0.9, 0.7, 0.45, 0.2)[level]
    dev = np.where(hand, link[np.arange(n) // (4, 3, 2, 2)[level]], DEFAULT)
    cheap = np.flatnonzero((w.l_country == c.country) & (w.l_born < c.t0))
    cheap = cheap[np.argsort(w.price[cheap])][: max(3, int(len(cheap) * 0.08))]
    cheap = r.choice(cheap, min(len(cheap), (3, 6, 15, 40)[level]), replace=False)
    least = p.v["least"][p.newcomer[c.country]]
    t = w.born[c.members] + r.integers(300, (1, 1, 2, 5)[level] * DAY, n)
    c.buy(
        np.arange(n),
        cheap[r.integers(0, len(cheap), n)],
        t,
        dev=dev,
        amount=least * r.uniform(1.0, 1.15, n),
        voucher=p.newcomer[c.country],
        review=0,
        status=3,
    )
    ips = w.thing("ip", n // 3 + 1)
    some = np.flatnonzero(r.random(n) < (0.8, 0.5, 0.3, 0.1)[level])
    w.links.add(
        len(some), account=c.members[some], attribute=2, value=ips[some // 3], t=w.born[c.members[some]], t2=w.end - 1
    )
    finish(c, [])


@scheme("x04_drop_bots", ("orders",))
def drop_bots(w: World, p: Promos, level: int) -> None:
    """One reseller's accounts buy each limited release within seconds; few ship-to places."""
    c = crew(w, "x04_drop_bots", level, (10, 40), shared=(0.7, 0.4, 0.15, 0.03)[level], span=(30, 60, 90, 120)[level])
    seller, r = w.pick_seller(c.country, 4), w.rng
    items = w.pick((3, 4, 5, 6)[level], country=c.country, seller=seller, before=c.t0 + 20 * DAY)
    drops = (c.t0 + np.linspace(0.02, 1, len(items)) * c.span).astype(np.int64)
    depots = w.place(c.country, int(r.integers(0, w.n_cities)), (2, 4, 9, 20)[level])
    who, which = grid(c, items, (0.9, 0.75, 0.6, 0.5)[level])
    t = drops[which] + r.exponential((4, 12, 45, 240)[level], len(who)).astype(np.int64)
    addr = np.where(
        r.random(len(who)) < (1, 0.8, 0.5, 0.25)[level], depots[r.integers(0, len(depots), len(who))], DEFAULT
    )
    c.buy(who, items[which], t, addr=addr, review=0, status=3, qty=1)
    fans = w.recruit(25, country=c.country)  # honest ones are slower
    f, d = np.nonzero(r.random((len(fans), len(items))) < 0.35)
    w.orders.add(
        len(f),
        buyer=fans[f],
        listing=items[d],
        t=np.minimum(drops[d] + r.exponential(5400, len(f)).astype(np.int64), w.end - 1),
    )
    finish(c, items)


@scheme("x05_price_error", ("orders.amount",))
def price_error(w: World, p: Promos, level: int) -> None:
    """A paid alert group empties mispriced listings of unrelated shops in minutes, several pieces each."""
    c = crew(
        w,
        "x05_price_error",
        level,
        (14, 45),
        bought=(0.3, 0.1, 0, 0)[level],
        span=(20, 45, 90, 140)[level],
        shared=0.05,
    )
    r = w.rng
    items = w.pick((4, 5, 7, 8)[level], country=c.country, low=0.2, high=0.9, before=c.t0)
    at = (c.t0 + r.random(len(items)) * c.span).astype(np.int64)
    who, which = grid(c, items, (0.8, 0.6, 0.45, 0.35)[level])
    t = at[which] + r.gamma(1.5, (200, 500, 1200, 3000)[level], len(who)).astype(np.int64)
    qty = r.integers(2, 9, len(who))
    void = r.random(len(who)) < 0.4
    c.buy(
        who, items[which], t, amount=w.price[items[which]] * 0.1 * qty, qty=qty, status=np.where(void, 4, 3), review=0
    )
    finish(c, items)


@scheme("x06_click_farm", ("clicks",))
def click_farm(w: World, p: Promos, level: int) -> None:
    """Rented phones view and wish for a shop's goods in shifts, and buy next to nothing."""
    c = crew(w, "x06_click_farm", level, (16, 60), bought=(1, 1, 0.8, 0.5)[level])
    seller, r = w.pick_seller(c.country, 3), w.rng
    items = w.pick(5, country=c.country, seller=seller, before=c.t0 + 10 * DAY)
    who, which = grid(c, items)
    k = r.integers(1, (10, 7, 4, 3)[level] + 1, len(who))
    at = np.repeat(c.times(len(who), c.t0 + which * c.span / 6), k)
    w.clicks.add(
        int(k.sum()),
        buyer=np.repeat(c.members[who], k),
        listing=np.repeat(items[which], k),
        t=np.minimum(at + r.integers(0, 900, k.sum()), w.end - 1),
    )
    some = r.random(len(who)) < 0.12
    c.buy(who[some], items[which][some], c.times(int(some.sum())), review=0)
    finish(c, items)


@scheme("x07_card_laundry", ("redemptions",))
def laundry(w: World, p: Promos, level: int) -> None:
    """Gift cards bought with stolen payment cards, drained by a chain of accounts into easily sold goods."""
    c = crew(w, "x07_card_laundry", level, (8, 26), bought=(1, 0.8, 0.5, 0.3)[level])
    n, r = len(c.members), w.rng
    stolen = w.pay2[r.integers(0, w.n, (3, 6, 15, 40)[level])]
    each = r.integers(2, 6, n)
    who = np.repeat(np.arange(n), each)
    t = c.times(len(who))
    faces = np.array(w.countries[c.country].faces)
    face = r.choice(np.sort(faces)[-2:], len(who)) if level < 2 else r.choice(faces, len(who))
    buyer_of = w.recruit((1, 2, 4, 8)[level], country=c.country, share_idle=1.0)
    known = r.random(len(who)) < (0.9, 0.75, 0.5, 0.3)[level]
    card = w.cards.add(len(who), face=face, country=c.country, source=0, purchaser=np.where(known, buyer_of[r.integers(0, len(buyer_of), len(who))], NONE),
                       pay=np.where(r.random(len(who)) < 0.7, stolen[r.integers(0, len(stolen), len(who))], NONE), t=t - r.integers(600, 3 * DAY, len(who)))  # fmt: skip
    w.redeemed.add(len(who), card=card, buyer=c.members[who], t=t)
    goods = np.flatnonzero((w.l_country == c.country) & (w.price > local(c, 40)) & (w.l_born < c.t0))
    goods = r.choice(goods, min(len(goods), (4, 8, 20, 60)[level]), replace=False)
    c.buy(
        who,
        goods[r.integers(0, len(goods), len(who))],
        t + r.integers(60, (1, 6, 24, 72)[level] * 3600, len(who)),
        review=0,
        status=3,
    )
    finish(c, [])


@scheme("x08_one_star", ("reviews",))
def one_star(w: World, p: Promos, level: int) -> None:
    """A competitor's listings are given one star by hired accounts, bought or not."""
    c = crew(w, "x08_one_star", level, (10, 30), span=(4, 10, 25, 50)[level], shared=(0.5, 0.2, 0.05, 0)[level])
    seller, r = w.pick_seller(c.country, 3), w.rng
    items = w.pick((2, 3, 3, 4)[level], country=c.country, seller=seller, before=c.t0)
    who, which = grid(c, items, (0.9, 0.75, 0.6, 0.5)[level])
    t = c.times(len(who))
    stars = np.where(r.random(len(who)) < 0.9 - SLIPS[level] / 2, 1, 2)
    if level < 2:
        w.reviews.add(len(who), buyer=c.members[who], listing=items[which], t=t, rating=stars, ring=c.number)
    else:
        c.buy(who, items[which], t, review=1, rating=stars, review_lag=r.gamma(1, 1, len(who)), status=3)
    finish(c, items)


@scheme("x09_rotating_pool", ("reviews",))
def rotating(w: World, p: Promos, level: int) -> None:
    """An agency's pool: each new listing of its customers gets another third of the pool as early reviewers."""
    c = crew(
        w, "x09_rotating_pool", level, (36, 80), span=(50, 80, 120, 180)[level], shared=(0.3, 0.15, 0.05, 0)[level]
    )
    r = w.rng
    new = np.flatnonzero((w.l_country == c.country) & (w.l_born > c.t0 - 10 * DAY) & (w.l_born < c.t0 + c.span))
    items = r.choice(new, min(len(new), int(r.integers(8, 15))), replace=False)
    who, which = np.nonzero(r.random((len(c.members), len(items))) < (0.4, 0.33, 0.25, 0.18)[level])
    born = np.maximum(w.l_born[items], c.t0)
    c.buy(who, items[which], c.times(len(who), born[which] + DAY, (5, 9, 14, 25)[level]), **praise(c, len(who), 0.95))
    c.members = c.members[np.unique(who)]
    finish(c, items)


@scheme("x10_slow_drip", ("orders",))
def slow_drip(w: World, p: Promos, level: int) -> None:
    """One shop's helpers: an order a week, by one of them in turn, for most of a year."""
    days = w.style.days - 40
    c = crew(
        w,
        "x10_slow_drip",
        level,
        (6, 14),
        span=days,
        shared=(0.9, 0.6, 0.3, 0.1)[level],
        bought=(1, 0.6, 0.2, 0)[level],
    )
    seller, r = w.pick_seller(c.country, 2), w.rng
    items = w.pick(3, country=c.country, seller=seller, before=c.t0 + 10 * DAY)
    n = int(days / 7 * (2.0, 1.5, 1.2, 1.0)[level])
    who = np.arange(n) % len(c.members)
    t = c.t0 + np.arange(n) * c.span / n + r.random(n) * 2 * DAY
    c.buy(who, items[r.integers(0, len(items), n)], t, **praise(c, n, 0.8))
    finish(c, items)


@scheme("x11_moonlighters", ("reviews",))
def moonlighters(w: World, p: Promos, level: int) -> None:
    """Paid buyers with a life of their own: now and then a task from an agent's long list, none overlapping much."""
    c = crew(w, "x11_moonlighters", level, (20, 60), span=(40, 70, 110, 150)[level], bought=0.0, shared=0.0)
    r = w.rng
    items = w.pick((15, 20, 28, 36)[level], country=c.country, low=0.1, high=0.7, before=c.t0)
    open_ = c.t0 + r.random(len(items)) * (c.span - 6 * DAY)
    who, which = np.nonzero(r.random((len(c.members), len(items))) < np.array([9, 7, 5, 4])[level] / len(items))
    c.buy(who, items[which], c.times(len(who), open_[which], 5), **praise(c, len(who), 0.95))
    c.members = c.members[np.unique(who)]
    finish(c, items)


@scheme("x12_triangulation", ("orders.payment_id", "orders.device_id"))
def triangulation(w: World, p: Promos, level: int) -> None:
    """A broker fulfils other people's orders with stolen cards: each order another card and another address, few devices."""
    c = crew(w, "x12_triangulation", level, (8, 24), bought=1.0, shared=(1.0, 0.8, 0.5, 0.3)[level])
    r = w.rng
    items = w.pick((4, 8, 14, 25)[level], country=c.country, low=0.4, high=0.95, before=c.t0)
    who = np.repeat(np.arange(len(c.members)), r.integers(3, 8, len(c.members)))
    cards, homes = w.thing("pay", len(who)), w.home[r.integers(0, w.n, len(who))]
    c.buy(who, items[r.integers(0, len(items), len(who))], c.times(len(who)), pay=cards, addr=homes, review=0, status=3)
    finish(c, items if level < 2 else [])


@scheme("x13_helpful_launch", ("reviews",))
def launch(w: World, p: Promos, level: int) -> None:
    """Copied review texts on one shop's new listings, by accounts that never meet elsewhere."""
    c = crew(w, "x13_helpful_launch", level, (15, 45), shared=(0.2, 0.1, 0, 0)[level])
    seller, r = w.pick_seller(c.country, 2), w.rng
    items = w.pick((2, 3, 4, 5)[level], country=c.country, seller=seller, before=c.t0)
    phrases = [
        w.phrase(
            f"Absolutely love this product number {k + c.number}, my whole family uses it every day, highly recommend"
        )
        for k in range(3)
    ]
    who = np.repeat(np.arange(len(c.members)), r.integers(1, min(3, len(items)) + 1, len(c.members)))
    said = praise(c, len(who), 1.0)
    copied = r.random(len(who)) < (0.9, 0.7, 0.4, 0.2)[level]
    said["text"] = np.where(copied, r.choice(phrases, len(who)), NONE)
    c.buy(
        who,
        items[r.integers(0, len(items), len(who))],
        c.times(len(who), c.t0, BURST[level] * 2),
        **said,
    )
    finish(c, items)
