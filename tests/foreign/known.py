"""The catalogue's schemes S1 to S14, planted in our own way."""

import numpy as np

from tests.foreign.crews import BURST, SLIPS, anything, crew, finish, grams, grid, praise, scheme
from tests.foreign.promos import Promos
from tests.foreign.world import DAY, DEFAULT, NONE, World


@scheme("s01_card_cashback", ("redemptions", "reviews"))
def cashback(w: World, p: Promos, level: int) -> None:
    c = crew(w, "s01_card_cashback", level, (10, 36), span=(12, 30, 60, 110)[level])
    n, r = len(c.members), w.rng
    item = w.pick(1, country=c.country, low=0.3, high=0.8, before=c.t0)
    if level == 3:
        item = np.concatenate([item, w.pick(1, country=c.country, seller=int(w.seller[item[0]]), before=c.t0)])
    listing = item[r.integers(0, len(item), n)]
    t = c.times(n)
    said = praise(c, n, 1.0)
    c.buy(np.arange(n), listing, t, lag=r.gamma(3, 1, n), **said)
    base = w.countries[c.country].faces
    values = np.array(base[: (1, 1, 2, 3)[level]]) if level else np.array([12.0 * w.countries[c.country].scale])
    paid = ~c.slips(n) & (said["review"] == 1)
    k = int(paid.sum())
    at = t + ((4 + said["review_lag"] + r.gamma(2, (2, 3, 5, 8)[level], n)) * DAY).astype(np.int64)
    giver = int(w.recruit(1, country=c.country)[0])
    known = r.random(k) < (0.9, 0.7, 0.4, 0.15)[level]
    card = w.cards.add(k, face=r.choice(values, k), country=c.country, source=r.choice([0, 3, 4], k, p=[0.6, 0.1, 0.3]),
                       purchaser=np.where(known, giver, NONE), pay=np.where(known, w.pay[giver], NONE), t=at[paid] - 3 * DAY)  # fmt: skip
    w.redeemed.add(k, card=card, buyer=c.members[paid], t=np.minimum(at[paid], w.end - 1))
    finish(c, item)


@scheme("s02_insert", ("redemptions", "reviews"))
def insert(w: World, p: Promos, level: int) -> None:
    c = crew(w, "s02_insert", level, (12, 40), span=(20, 40, 70, 120)[level], bought=0.0, shared=0.0)
    n, r = len(c.members), w.rng
    item = w.pick(1, country=c.country, low=0.6, high=0.98, before=c.t0)
    t = c.times(n)
    said = praise(c, n, 0.97)
    said["review_lag"] = r.gamma(2, 2.5, n)
    c.buy(np.arange(n), item[0], t, lag=r.gamma(3, 1, n), **said)
    face = w.countries[c.country].faces[(4, 3, 2, 0)[level] % len(w.countries[c.country].faces)]
    paid = (r.random(n) < (0.95, 0.8, 0.65, 0.5)[level]) & (said["review"] == 1)
    k = int(paid.sum())
    at = t[paid] + ((6 + r.gamma(2, 4, k)) * DAY).astype(np.int64)
    card = w.cards.add(k, face=face, country=c.country, source=4, t=at - 2 * DAY)
    w.redeemed.add(k, card=card, buyer=c.members[paid], t=np.minimum(at, w.end - 1))
    text = w.phrase(
        "Hi! Scan the code in your parcel, leave us 5 stars and receive a gift card. Write to care_team at our mail, not here."
    )
    told = np.flatnonzero(r.random(n) < (0.6, 0.4, 0.2, 0.0)[level])
    w.messages.add(len(told), seller=w.seller[item[0]], buyer=c.members[told], t=t[told] + 2 * DAY, text=text, label=1)
    finish(c, item)


@scheme("s03_refund_off_platform", ("reviews",))
def off_platform(w: World, p: Promos, level: int) -> None:
    c = crew(w, "s03_refund_off_platform", level, (14, 45), shared=0.1 * (3 - level))
    items = w.pick(int(w.rng.integers(4, 10)), country=c.country, low=0.1, high=0.6, before=c.t0)
    who, which = grid(c, items)
    starts = c.t0 + w.rng.random(len(items)) * max(0, c.span - BURST[level] * DAY)
    c.buy(who, items[which], c.times(len(who), starts[which]), **praise(c, len(who), 0.97))
    finish(c, items)


@scheme("s04_lockstep", ("reviews",))
def lockstep(w: World, p: Promos, level: int) -> None:
    c = crew(w, "s04_lockstep", level, (10, 34))
    items = w.pick(int(w.rng.integers(6, 14)), country=c.country, low=0.2, high=0.75, before=c.t0)
    who, which = grid(c, items)
    starts = c.t0 + np.linspace(0, max(0, c.span - BURST[level] * DAY), len(items))
    at = c.times(len(who), starts[which], BURST[level] * 0.6)
    if level == 3 and w.rng.random() < 0.5:  # reviews without a purchase
        w.reviews.add(
            len(who),
            buyer=c.members[who],
            listing=items[which],
            t=at,
            rating=w.rng.choice([5, 4], len(who), p=[0.8, 0.2]),
            ring=c.number,
        )
    else:
        c.buy(who, items[which], at, **praise(c, len(who), 0.85))
    finish(c, items)


@scheme("s05_empty_parcels", ("orders.parcel_weight_g",), ("orders.seller_id", "reviews"))
def empty_parcels(w: World, p: Promos, level: int) -> None:
    c = crew(w, "s05_empty_parcels", level, (8, 40), bought=(1, 0.9, 0.7, 0.4)[level])
    seller = w.pick_seller(c.country, 3)
    items = w.pick(5, country=c.country, seller=seller, before=c.t0 + 20 * DAY)
    each = w.rng.integers(2, 6, len(c.members))
    who = np.repeat(np.arange(len(c.members)), each)
    listing = items[w.rng.integers(0, len(items), len(who))]
    light = ~c.slips(len(who))
    weight = np.where(light, grams(c, listing, (0.03, 0.06, 0.15, 0.3)[level]), np.nan)
    victims = w.home[w.rng.integers(0, w.n, len(who))]
    addr = np.where(w.rng.random(len(who)) < 0.7, victims, c.addr[who])
    scan = c.number * 10_000_000 + w.rng.integers(0, max(2, len(who) // 3), len(who))
    parcel = np.where(w.rng.random(len(who)) < (0.6, 0.3, 0.1, 0.0)[level], scan, DEFAULT)
    c.buy(who, listing, c.times(len(who)), weight=weight, addr=addr, parcel=parcel, **praise(c, len(who), 0.6))
    finish(c, items)


@scheme("s06_virtual_orders", ("orders.subsidy",))
def virtual(w: World, p: Promos, level: int) -> None:
    c = crew(w, "s06_virtual_orders", level, (9, 40), span=(4, 12, 30, 60)[level])
    seller, r = w.pick_seller(c.country, 3), w.rng
    items = w.pick(4, country=c.country, seller=seller, before=c.t0 + 30 * DAY)
    rounds = (1, 2, 4, 6)[level]
    days = (c.t0 + np.linspace(0, c.span, rounds)).astype(np.int64)
    actions = [p.campaign(c.country, int(d), int(w.cat[items[0]]), 2) for d in days]
    who, which = np.nonzero(r.random((len(c.members), rounds)) < max(DENSITY_ROUND[level], 1.5 / rounds))
    voucher = np.array([int(p.c["voucher"][a]) for a in actions])[which]
    start = np.array([int(p.c["start"][a]) for a in actions])[which]
    t = start + (r.random(len(who)) * (0.1, 0.3, 0.9, 1.9)[level] * DAY).astype(np.int64)
    least = np.array(p.v["least"])[voucher]
    amount = least * (1 + np.abs(r.normal(0, (0.005, 0.02, 0.06, 0.15)[level], len(who))))
    voided = r.random(len(who)) < (0.5, 0.3, 0.15, 0.05)[level]
    listing = items[r.integers(0, len(items), len(who))]
    same = w.cat[listing] == w.cat[items[0]]
    c.buy(who, np.where(same, listing, items[0]), t, amount=amount, voucher=voucher, status=np.where(voided, 4, 3),
          lag=np.where(c.slips(len(who)), np.nan, r.uniform(0.05, 0.6, len(who))), weight=grams(c, listing, 0.2))  # fmt: skip
    finish(c, items)


DENSITY_ROUND = (1.0, 0.85, 0.65, 0.5)


@scheme("s07_seller_funded", ("transfers",))
def funded(w: World, p: Promos, level: int) -> None:
    c = crew(w, "s07_seller_funded", level, (8, 32))
    seller, r = w.pick_seller(c.country, 3), w.rng
    items = w.pick(4, country=c.country, seller=seller, before=c.t0 + 20 * DAY)
    who = np.repeat(np.arange(len(c.members)), r.integers(1, 5, len(c.members)))
    listing, t = items[r.integers(0, len(items), len(who))], c.times(len(who))
    agent = w.thing("bank", (1, 1, 2, 4)[level])
    straight = r.random(len(who)) < (0.8, 0.4, 0.1, 0.0)[level]
    paid = ~c.slips(len(who))
    extra = 1 + r.choice([0.0, 0.05, 0.1], len(who)) * (level > 1)
    w.transfers.add(int(paid.sum()), buyer=c.members[who][paid], t=t[paid] - r.integers(600, (1, 2, 3, 6)[level] * DAY, int(paid.sum())),
                    amount=(w.price[listing] * extra)[paid], seller=np.where(straight, seller, NONE)[paid],
                    source=np.where(straight, NONE, agent[r.integers(0, len(agent), len(who))])[paid])  # fmt: skip
    c.buy(who, listing, t, amount=w.price[listing], **praise(c, len(who), 0.5))
    finish(c, items)


@scheme("s08_self_purchase", ("account_links",))
def self_purchase(w: World, p: Promos, level: int) -> None:
    c = crew(w, "s08_self_purchase", level, (6, 16), span=(20, 40, 80, 120)[level])
    seller, r = w.pick_seller(c.country, 2), w.rng
    items = w.pick(4, country=c.country, seller=seller, before=c.t0 + 20 * DAY)
    who = np.repeat(np.arange(len(c.members)), r.integers(2, 6, len(c.members)))
    c.buy(who, items[r.integers(0, len(items), len(who))], c.times(len(who)), **praise(c, len(who), 0.7))
    tied = c.members[r.random(len(c.members)) < (0.9, 0.7, 0.5, 0.35)[level]]
    for attribute, value, share in ((3, w.s_bank, 0.5), (2, w.s_ip, 0.7), (0, w.s_phone, 0.3)):
        some = tied[r.random(len(tied)) < share]
        w.links.add(len(some), account=some, attribute=attribute, value=value[seller], t=w.born[some], t2=w.end - 1)
    finish(c, items)


@scheme("s09_account_farm", ("orders.device_id",), ("account_links",))
def farm(w: World, p: Promos, level: int) -> None:
    c = crew(w, "s09_account_farm", level, (10, 45), bought=1.0, shared=(0.9, 0.7, 0.5, 0.35)[level])
    r, n = w.rng, len(c.members)
    w.born[c.members] = c.t0 - (20 + 40 * level) * DAY + r.integers(0, (2, 6, 20, 60)[level] * 3600, n)
    who = np.repeat(np.arange(n), r.integers(2, 6, n))
    t = c.times(len(who))
    listing = anything(c, who, t)
    c.buy(who, listing, t, review=1 if level < 2 else DEFAULT, rating=5 if level < 2 else 0)
    for attribute, what, size in ((2, "ip", 6), (0, "phone", 4), (3, "bank", 8)):
        some = np.flatnonzero(r.random(n) < (0.9, 0.6, 0.4, 0.25)[level])
        value = w.thing(what, n // size + 1)[r.integers(0, n // size + 1, len(some))]
        w.links.add(
            len(some),
            account=c.members[some],
            attribute=attribute,
            value=value,
            t=w.born[c.members[some]],
            t2=w.end - 1,
        )
    finish(c, [])


@scheme("s10_mule_address", ("orders.address_id",))
def mule(w: World, p: Promos, level: int) -> None:
    c = crew(w, "s10_mule_address", level, (8, 30), bought=(1, 0.8, 0.6, 0.4)[level], shared=0.1 * (3 - level))
    r, n = w.rng, len(c.members)
    units = w.place(c.country, int(r.integers(0, w.n_cities)), (1, 2, 4, 7)[level])
    costly = np.flatnonzero(
        (w.l_country == c.country) & (w.price > np.quantile(w.price[w.l_country == c.country], 0.9))
    )
    who = np.repeat(np.arange(n), r.integers(2, 5, n))
    t = c.times(len(who))
    listing = r.choice(costly[w.l_born[costly] < c.t0] if (w.l_born[costly] < c.t0).any() else costly, len(who))
    late = r.random(len(who)) < 0.3
    c.buy(
        who,
        listing,
        t,
        addr=units[r.integers(0, len(units), len(who))],
        review=0,
        status=np.where(late, 5, 3),
        reason=0,
    )
    finish(c, [])


@scheme("s11_voucher_farm", ("orders.voucher_id",))
def vouchers(w: World, p: Promos, level: int) -> None:
    c = crew(
        w,
        "s11_voucher_farm",
        level,
        (12, 45),
        bought=1.0,
        shared=(0.9, 0.65, 0.4, 0.2)[level],
        span=(3, 10, 25, 60)[level],
    )
    r, n = w.rng, len(c.members)
    w.born[c.members] = (c.t0 + r.random(n) * c.span - r.integers(0, 3 * DAY, n)).astype(np.int64)
    code = p.newcomer[c.country]
    who = np.repeat(np.arange(n), r.integers(1, 4, n))
    t = np.maximum(c.times(len(who)), w.born[c.members[who]] + r.integers(300, 2 * DAY, len(who)))
    listing = anything(c, who, t)
    amount = p.v["least"][code] * (1 + np.abs(r.normal(0, (0.02, 0.05, 0.15, 0.4)[level], len(who))))
    void = r.random(len(who)) < (0.4, 0.25, 0.1, 0.05)[level]
    c.buy(who, listing, t, amount=amount, voucher=code, status=np.where(void, 4, 3), review=0)
    finish(c, [])


@scheme("s12_category_switch", ("category_changes", "orders.subsidy"))
def switching(w: World, p: Promos, level: int) -> None:
    c = crew(w, "s12_category_switch", level, (10, 32), span=3, shared=(0.5, 0.3, 0.1, 0.03)[level])
    seller, r = w.pick_seller(c.country, 2), w.rng
    items = w.pick((1, 1, 2, 3)[level], country=c.country, seller=seller, before=c.t0)
    other = int((w.cat[items[0]] + 1 + r.integers(0, w.n_cats - 1)) % w.n_cats)
    action = p.campaign(c.country, c.t0, other, 2)
    start, stop, code = int(p.c["start"][action]), int(p.c["end"][action]), int(p.c["voucher"][action])
    for item in items:
        w.switches.append(
            (
                int(item),
                start - int(r.integers(1, (3, 8, 20, 40)[level]) * 3600),
                stop + int(r.integers(1, 20) * 3600),
                other,
                True,
            )
        )
    who = np.repeat(np.arange(len(c.members)), r.integers(1, 3, len(c.members)))
    amount = p.v["least"][code] * (1 + np.abs(r.normal(0, (0.01, 0.03, 0.08, 0.2)[level], len(who))))
    t = start + (r.random(len(who)) * (stop - start)).astype(np.int64)
    c.buy(
        who,
        items[r.integers(0, len(items), len(who))],
        t,
        amount=amount,
        voucher=code,
        category=other,
        status=3,
        review=0,
    )
    finish(c, items)


@scheme("s13_coattail", ("clicks",))
def coattail(w: World, p: Promos, level: int) -> None:
    c = crew(w, "s13_coattail", level, (14, 40))
    hot = w.pick(2, country=c.country, low=0.985, high=1.0, before=c.t0)
    items = w.pick(int(w.rng.integers(2, 6)), country=c.country, low=0.05, high=0.5, before=c.t0)
    who, which = grid(c, items)
    k = w.rng.integers(2, (12, 8, 5, 3)[level] + 1, len(who))
    at = np.repeat(c.times(len(who)), k) + w.rng.integers(0, 1200, k.sum())
    b = np.repeat(c.members[who], k)
    w.clicks.add(len(b), buyer=b, listing=np.repeat(items[which], k), t=np.minimum(at, w.end - 1))
    w.clicks.add(len(b), buyer=b, listing=hot[w.rng.integers(0, len(hot), len(b))], t=np.minimum(at + 20, w.end - 1))
    some = w.rng.random(len(who)) < 0.3
    c.buy(who[some], items[which][some], c.times(int(some.sum())), review=0)
    finish(c, items)


@scheme("s14_return_collusion", ("orders.refund_amount",))
def returns(w: World, p: Promos, level: int) -> None:
    c = crew(w, "s14_return_collusion", level, (8, 30))
    sellers, r = [w.pick_seller(c.country, 2) for _ in range((1, 2, 4, 6)[level])], w.rng
    items = np.concatenate([w.pick(4, country=c.country, seller=s, before=c.t0 + 10 * DAY) for s in sellers])
    who = np.repeat(np.arange(len(c.members)), r.integers(2, 6, len(c.members)))
    wallet = w.thing("pay", (1, 2, 4, 8)[level], 1)
    other = r.random(len(who)) < (0.9, 0.7, 0.45, 0.25)[level]
    back = np.where(r.random(len(who)) < 0.95 - SLIPS[level] * 0.7, 5, 3)
    c.buy(who, items[r.integers(0, len(items), len(who))], c.times(len(who)), status=back, reason=np.where(c.slips(len(who)), DEFAULT, 2),
          refund_pay=np.where(other, wallet[r.integers(0, len(wallet), len(who))], DEFAULT), refund_lag=r.uniform(1, 9, len(who)), review=0)  # fmt: skip
    finish(c, items)
