"""What ordinary people do: when they buy, what, again and in baskets; cards, top-ups, messages and clicks."""

import numpy as np

from tests.foreign.world import DAY, NONE, Floats, Ints, World

WEEK = np.array([0.95, 0.9, 0.93, 1.0, 1.12, 1.2, 1.18])
HOURS = np.array([3, 2, 1, 1, 1, 2, 4, 6, 7, 8, 9, 10, 11, 9, 8, 8, 9, 10, 12, 14, 15, 14, 10, 6], float)


def calendar(w: World) -> Floats:
    """How busy each day of the export is."""
    days = np.datetime64(w.style.start) + np.arange(w.style.days)
    weekday = (days.astype("datetime64[D]").astype(int) + 3) % 7
    busy = WEEK[weekday] * np.linspace(0.9, 1.12, w.style.days)
    dom = (days - days.astype("datetime64[M]")).astype(int) + 1
    busy *= np.where(np.isin(dom, (1, 15, 16, 30)), w.style.payday, 1.0)
    names = np.array([str(d)[5:] for d in days])
    for name, factor in w.style.peaks.items():
        busy[names == name] *= factor
    return busy / busy.sum()


def moments(w: World, n: int) -> Ints:
    """Times of n orders."""
    day = w.rng.choice(w.style.days, n, p=calendar(w))
    hour = w.rng.choice(24, n, p=HOURS / HOURS.sum())
    return w.start + day * DAY + hour * 3600 + w.rng.integers(0, 3600, n)


def orders(w: World, n: int) -> None:
    """N honest orders: tastes, repeats of what is used up, baskets of one shop."""
    r = w.rng
    weight = np.cumsum(w.activity)
    buyer = np.searchsorted(weight, r.random(n) * weight[-1], side="right")
    t = moments(w, n)
    early = t < w.born[buyer]
    t = np.where(early, (w.born[buyer] + r.random(n) * (w.end - w.born[buyer])).astype(np.int64), t)
    order = np.lexsort((t, buyer))
    buyer, t = buyer[order], t[order]
    listing = w.browse(buyer, t)
    same = np.concatenate([[False], buyer[1:] == buyer[:-1]])
    prev = np.concatenate([[0], np.arange(n - 1)])
    consumed = np.isin(w.cat, np.arange(0, w.n_cats, 4))
    again = same & (r.random(n) < 0.3) & consumed[listing[prev]] & (listing[prev] >= 0)
    listing = np.where(again, listing[prev], listing)
    basket = same & ~again & (r.random(n) < 0.14)
    t = np.where(basket, np.minimum(t[prev] + r.integers(0, 90, n), w.end - 1), t)
    ok = (listing >= 0) & (w.l_born[np.maximum(listing, 0)] <= t)
    w.orders.add(int(ok.sum()), buyer=buyer[ok], listing=listing[ok], t=t[ok])


def shopping(w: World, buyers: Ints, each: float, t0: int, t1: int) -> None:
    """Ordinary purchases of some accounts within a span, `each` on average."""
    k = w.rng.poisson(each, len(buyers))
    b = np.repeat(buyers, k)
    t = np.maximum(t0, w.born[b]) + (w.rng.random(len(b)) * max(1, t1 - t0)).astype(np.int64)
    t = np.minimum(t, w.end - 1)
    listing = w.browse(b, t)
    ok = listing >= 0
    w.orders.add(int(ok.sum()), buyer=b[ok], listing=listing[ok], t=t[ok])


def faces(w: World, country: Ints) -> Floats:
    """Face values as they are sold in each country."""
    out = np.zeros(len(country))
    for i, c in enumerate(w.countries):
        p = 1 / np.arange(1.0, len(c.faces) + 1) ** 0.7
        here = country == i
        out[here] = w.rng.choice(c.faces, int(here.sum()), p=p / p.sum())
    return out


def cards(w: World) -> None:
    """Gifts, and people who buy a card for themselves each month."""
    r = w.rng
    n = int((~w.idle).sum() * w.style.card_rate)
    pull = np.where(w.idle, 0, r.gamma(0.6, 1, w.n) + 0.1 * np.sqrt(w.activity))
    buyer = r.choice(w.n, n, p=pull / pull.sum())
    t = moments(w, n)
    late = r.random(n) < 0.2  # gifts of December are spent around New Year
    winter = int(np.datetime64(f"{w.style.start.year}-12-26", "s").astype(np.int64))
    t = np.where(late, np.clip(winter + r.normal(0, 9 * DAY, n), w.start, w.end - 1).astype(np.int64), t)
    t = np.maximum(t, np.minimum(w.born[buyer] + 60, w.end - 1))
    source = r.choice(5, n, p=[0.55, 0.08, 0.1, 0.02, 0.25])
    giver = np.where(r.random(n) < 0.35, r.integers(0, w.n, n), np.where(r.random(n) < 0.3, buyer, NONE))
    giver = np.where(np.isin(source, (1, 2, 3)), NONE, giver)
    pay = np.where((giver != NONE) & (r.random(n) < 0.7), w.pay[np.maximum(giver, 0)], NONE)
    issued = t - (r.gamma(1.1, 20, n) * DAY).astype(np.int64)
    card = w.cards.add(
        n, face=faces(w, w.country[buyer]), country=w.country[buyer], source=source, purchaser=giver, pay=pay, t=issued
    )
    spent = r.random(n) < 0.93
    w.redeemed.add(
        int(spent.sum()),
        card=card[spent],
        buyer=buyer[spent],
        t=t[spent],
        share=np.where(r.random(n) < 0.9, 1.0, 0.6)[spent],
    )


def wallets(w: World) -> None:
    """People top up their wallet in round amounts, from their bank or at a kiosk."""
    r = w.rng
    n = int(w.n_orders * 0.1)
    buyer = r.choice(w.n, n, p=w.activity / w.activity.sum())
    scale = np.array([c.scale for c in w.countries])[w.country[buyer]]
    amount = r.choice([5.0, 10, 20, 50], n, p=[0.3, 0.4, 0.2, 0.1]) * scale
    kiosks = w.thing("bank", 40)
    own = w.thing("bank", w.n)
    source = np.where(r.random(n) < 0.25, kiosks[w.city[buyer] % 40], own[buyer])
    w.transfers.add(n, buyer=buyer, t=moments(w, n), amount=amount, source=source)


def wires(w: World) -> None:
    """Phones, mail addresses, home lines and mobile masts of accounts; banks and lines of shops."""
    r, n = w.rng, w.n
    who = np.arange(n)
    seen = np.maximum(w.born, w.start - 200 * DAY)
    for value, attribute, rate in ((w.phone, 0, 0.9), (w.email, 1, 0.98), (w.ip, 2, 0.8), (w.tower, 2, 0.45)):
        has = r.random(n) < rate
        w.links.add(int(has.sum()), account=who[has], attribute=attribute, value=value[has], t=seen[has], t2=w.end - 1)
    shops = np.arange(w.k)
    for value, attribute in ((w.s_bank, 3), (w.s_ip, 2), (w.s_phone, 0), (w.s_addr, 4), (w.s_dev, 5)):
        w.links.add(w.k, kind=1, account=shops, attribute=attribute, value=value, t=w.s_born, t2=w.end - 1)


CHAT = (
    "hello is this still available in blue", "when will it ship", "does it fit the older model", "thanks, arrived today",
    "can I change the address", "the colour is different from the picture", "do you have a size chart", "ok thank you",
    "is it original", "please send invoice", "how long is the warranty", "can you ship faster",
)  # fmt: skip


def chatter(w: World) -> None:
    """Questions of buyers, and the thanks that some shops send to everybody."""
    r = w.rng
    o = w.orders.all()
    lines = np.array([w.phrase(x) for x in CHAT])
    ask = np.flatnonzero(r.random(len(o["t"])) < 0.04)
    seller = w.seller[o["listing"][ask]]
    w.messages.add(
        len(ask),
        seller=seller,
        buyer=o["buyer"][ask],
        t=o["t"][ask] + r.integers(60, 2 * DAY, len(ask)),
        text=r.choice(lines, len(ask)),
    )
    polite = np.flatnonzero(r.random(w.k) < 0.06)
    for shop in polite:
        text = w.phrase(
            f"Dear customer, thank you for shopping at store {shop % 97}! Your parcel is on its way. Any problem, write to us first."
        )
        rows = np.flatnonzero((w.seller[o["listing"]] == shop) & (r.random(len(o["t"])) < 0.5))[:400]
        w.messages.add(len(rows), seller=shop, buyer=o["buyer"][rows], t=o["t"][rows] + 3600, text=text)


def browsing(w: World) -> None:
    """Clicks before orders, and clicks that lead nowhere."""
    r = w.rng
    o = w.orders.all()
    pick = np.flatnonzero(r.random(len(o["t"])) < 0.8)
    w.clicks.add(
        len(pick), buyer=o["buyer"][pick], listing=o["listing"][pick], t=o["t"][pick] - r.integers(30, 1800, len(pick))
    )
    idle = r.choice(w.n, w.n_orders, p=w.activity / w.activity.sum())
    t = moments(w, len(idle))
    seen = w.browse(idle, t)
    ok = seen >= 0
    w.clicks.add(int(ok.sum()), buyer=idle[ok], listing=seen[ok], t=t[ok])
