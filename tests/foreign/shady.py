"""What shops do wrong without a ring of buyers, and rings that work for a shop in ways of their own."""

from collections.abc import Callable

import numpy as np

from tests.foreign.crews import Crew, crew, finish, grams
from tests.foreign.promos import Promos
from tests.foreign.speech import BEG, NAMES, SPOKEN
from tests.foreign.world import DAY, DEFAULT, NONE, Ints, World

SHADY: list[tuple[str, int, tuple[str, ...], Callable[[World, Promos], None]]] = []


def shady(
    name: str, times: int, *needs: str
) -> Callable[[Callable[[World, Promos], None]], Callable[[World, Promos], None]]:
    """Register what a shop does, so many times in 200,000 orders, where the export has what shows it."""

    def keep(f: Callable[[World, Promos], None]) -> Callable[[World, Promos], None]:
        SHADY.append((name, times, needs, f))
        return f

    return keep


def say(w: World, seller: int, buyers: Ints, t: Ints, texts: tuple[str, ...], label: int) -> None:
    """A shop's messages from its templates, each with the buyer's name, an order number and an amount."""
    r = w.rng
    country = w.countries[int(w.s_country[seller])]
    for buyer, at, which in zip(buyers, t, r.integers(0, len(texts), len(buyers)), strict=True):
        money = f"{round(3 * country.scale)} {country.currency}"
        text = texts[which].format(n=NAMES[int(r.integers(0, len(NAMES)))], o=int(r.integers(10**6, 10**7)), m=money)
        w.messages.add(1, seller=seller, buyer=buyer, t=min(int(at), w.end - 1), text=w.phrase(text), label=label)


def tongue(w: World, seller: int) -> str:
    """The language of a shop."""
    spoken = SPOKEN[w.countries[int(w.s_country[seller])].code]
    return spoken[int(w.rng.integers(0, len(spoken)))]


@shady("begging", 10, "messages")
def begging(w: World, p: Promos) -> None:
    """A shop writes the same two or three requests to fifteen to ninety of its buyers, over one to four months."""
    r = w.rng
    seller = w.pick_seller(w.land(), 2)
    texts = BEG[tongue(w, seller)]
    mine = tuple(texts[i] for i in r.choice(len(texts), int(r.integers(1, 4)), replace=False))
    buyers = r.choice(
        np.flatnonzero(~w.idle & (w.country == w.s_country[seller])), int(r.integers(15, 90)), replace=False
    )
    t = w.when(120) + r.integers(0, int(r.integers(30, 120)) * DAY, len(buyers))
    say(w, seller, buyers, t, mine, 1)


def bargain(w: World, p: Promos, item: int, action: int, other: int, size: int) -> None:
    """Honest people who find the thing in the campaign and take the discount."""
    r = w.rng
    start, stop, code = int(p.c["start"][action]), int(p.c["end"][action]), int(p.c["voucher"][action])
    land = int(w.l_country[item])
    buyers = r.choice(np.flatnonzero(~w.idle & (w.country == land) & (w.born < start)), size, replace=False)
    amount = np.maximum(p.v["least"][code] * (1 + r.exponential(0.06, size)), w.price[item])
    t = start + (r.random(size) * (stop - start)).astype(np.int64)
    w.orders.add(size, buyer=buyers, listing=item, t=t, amount=amount, voucher=code, category=other)


@shady("switch_hop", 8, "category_changes", "orders.subsidy", "campaigns")
def hop(w: World, p: Promos) -> None:
    """A shop puts one to three things on a campaign's shelf, hours or days ahead, and home again, now and then by a detour."""
    r = w.rng
    land = w.land()
    seller = w.pick_seller(land, 2)
    items = w.pick(int(r.integers(1, 4)), country=land, seller=seller, low=0.3, high=0.9, before=w.start + 25 * DAY)
    other = int((w.cat[items[0]] + 1 + r.integers(0, w.n_cats - 1)) % w.n_cats)
    action = p.campaign(land, w.when(12, 30), other, int(r.integers(1, 4)))
    start, stop = int(p.c["start"][action]), int(p.c["end"][action])
    for item in items:
        there, back = start - int(r.integers(1, 60) * 3600), stop + int(r.integers(1, 72) * 3600)
        if r.random() < 0.3:
            shelf = int((other + 5) % w.n_cats)
            w.hops += [
                (int(item), there, int(w.cat[item]), other),
                (int(item), stop + 1800, other, shelf),
                (int(item), back, shelf, int(w.cat[item])),
            ]
            w.moved.append((int(item), there, back))
        else:
            w.switches.append((int(item), there, back, other, True))
        bargain(w, p, int(item), action, other, int(r.integers(8, 45)))


@shady("switch_again", 3, "category_changes", "orders.subsidy", "campaigns")
def again(w: World, p: Promos) -> None:
    """One thing that follows three campaigns from shelf to shelf."""
    r = w.rng
    land = w.land()
    item = int(w.pick(1, country=land, low=0.5, high=0.9, before=w.start + 25 * DAY)[0])
    for month in range(3):
        other = int((w.cat[item] + 1 + r.integers(0, w.n_cats - 1)) % w.n_cats)
        action = p.campaign(land, w.start + (40 + 45 * month) * DAY + int(r.integers(0, 20)) * DAY, other, 2)
        start, stop = int(p.c["start"][action]), int(p.c["end"][action])
        w.switches.append(
            (item, start - int(r.integers(1, 30) * 3600), stop + int(r.integers(1, 40) * 3600), other, True)
        )
        bargain(w, p, item, action, other, int(r.integers(8, 30)))


@shady("sisters", 6, "account_links")
def sisters(w: World, p: Promos) -> None:
    """Two or three shops of one owner: a bank account, a telephone or a machine in common, seldom all."""
    r = w.rng
    land = w.land()
    here = np.flatnonzero(w.s_country == land)
    shops = np.sort(r.choice(here, min(len(here), int(r.integers(2, 4))), replace=False))
    kinds = r.permutation([(3, "bank"), (0, "phone"), (5, "dev")])[: int(r.integers(1, 4))]
    for attribute, what in kinds:
        value = w.thing(str(what), 1)[0]
        w.links.add(len(shops), kind=1, account=shops, attribute=int(attribute), value=value, t=w.start, t2=w.end - 1)
    w.pairs += [(int(a), int(b)) for i, a in enumerate(shops) for b in shops[i + 1 :]]


@shady("y01_hour_brush", 3, "orders.seller_id")
def hour_brush(w: World, p: Promos) -> None:
    """Five to twelve accounts order three to six times within the hour, on two to four evenings; bags instead of goods."""
    r = w.rng
    c = crew(w, "y01_hour_brush", int(r.integers(0, 4)), (5, 12), span=40)
    seller = w.pick_seller(c.country, 2)
    items = w.pick(3, country=c.country, seller=seller, before=c.t0)
    for evening in range(int(r.integers(2, 5))):
        who = np.repeat(np.arange(len(c.members)), r.integers(3, 7, len(c.members)))
        listing = items[r.integers(0, len(items), len(who))]
        t = c.t0 + evening * 9 * DAY + 20 * 3600 + r.integers(0, 3300, len(who))
        c.buy(who, listing, t, weight=grams(c, listing, 0.05), status=3)
    finish(c, items)


@shady("y02_cap_hunters", 3, "orders.voucher_id", "vouchers")
def cap_hunters(w: World, p: Promos) -> None:
    """A flat of phones: each account orders for the most that a code pays, cancels, and uses the code again."""
    r = w.rng
    c = crew(w, "y02_cap_hunters", int(r.integers(0, 3)), (8, 24), span=20, shared=0.8, bought=0.6)
    code = p.add(c.country, kind=5, least=10, most=6, share=0.3)
    enough = p.v["most"][code] / 0.3
    n = len(c.members)
    for turn in range(3):
        t = c.t0 + turn * 6 * DAY + r.integers(0, 2 * DAY, n)
        amount = np.maximum(p.v["least"][code], enough * (1 + r.exponential(0.03, n)))
        listing = w.browse(c.members, t)
        ok = np.flatnonzero(listing >= 0)
        void = r.random(len(ok)) < (0.6 if turn < 2 else 0.1)
        c.buy(ok, listing[ok], t[ok], amount=amount[ok], voucher=code, status=np.where(void, 4, 3), review=0)
    finish(c, [])


@shady("y03_rival", 3, "orders.seller_id")
def rival(w: World, p: Promos) -> None:
    """Somebody brushes another's shop: cheap orders in bulk, most of them cancelled or sent back, bad stars."""
    r = w.rng
    c: Crew = crew(w, "y03_rival", int(r.integers(0, 4)), (10, 30), span=25)
    seller = clean(w, c.country)
    items = w.pick(4, country=c.country, seller=seller)
    who = np.repeat(np.arange(len(c.members)), r.integers(1, 4, len(c.members)))
    status = r.choice([3, 4, 5], len(who), p=[0.35, 0.4, 0.25])
    code = DEFAULT
    if w.style.has("campaigns"):
        action = p.campaign(c.country, c.t0 + 5 * DAY, int(w.cat[items[0]]), 3)
        code = int(p.c["voucher"][action])
    coupon = np.where((r.random(len(who)) < 0.4) & (code != DEFAULT), code, NONE)
    amount = np.where(coupon >= 0, p.v["least"][max(code, 0)] * 1.01, w.price[items[0]])
    c.buy(who, items[r.integers(0, len(items), len(who))], c.times(len(who)), status=status, voucher=coupon, amount=amount,
          review=np.where(status == 3, 1, 0), rating=1)  # fmt: skip
    finish(c, items)
    w.trap("victim_shop", [seller], "seller")


@shady("y04_hidden_variant", 3, "orders.amount")
def hidden_variant(w: World, p: Promos) -> None:
    """A shop opens a variant at an odd price, which only its helpers are told of; what arrives is a bag."""
    r = w.rng
    c = crew(w, "y04_hidden_variant", int(r.integers(0, 3)), (8, 25), span=30)
    items = w.pick(2, country=c.country, seller=w.pick_seller(c.country, 2), before=c.t0)
    tag = round(float(w.price[items[0]]) * r.uniform(0.27, 0.45), w.countries[c.country].decimals)
    who = np.repeat(np.arange(len(c.members)), r.integers(1, 4, len(c.members)))
    listing = items[r.integers(0, len(items), len(who))]
    c.buy(who, listing, c.times(len(who)), amount=tag, voucher=NONE, weight=grams(c, listing, 0.06), status=3)
    finish(c, items)


def clean(w: World, country: int) -> int:
    """A shop that no ring works for."""
    worked = {int(w.seller[item]) for ring in w.rings for item in ring.targets}
    blamed = worked | {int(m) for trap in w.traps if trap.entity == "seller" for m in trap.members}
    sizes = np.bincount(w.seller[w.l_country == country], minlength=w.k)
    fit = np.array([shop for shop in np.flatnonzero(sizes >= 3) if shop not in blamed])
    return int(w.rng.choice(fit)) if len(fit) else w.pick_seller(country, 3)
