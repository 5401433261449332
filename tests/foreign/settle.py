"""Fills in what is usual for every order: price, voucher, parcel, return, and who writes a review about it."""

from typing import Any

import numpy as np

from tests.foreign.promos import Promos
from tests.foreign.world import DAY, DEFAULT, NONE, Floats, Ints, World

STATUS = np.array(["created", "paid", "shipped", "delivered", "cancelled", "returned"])
REASONS = ("changed my mind", "item not received", "box was empty", "defective", "does not fit", "not as described")
Rows = dict[str, Any]


def default(given: Any, usual: Any) -> Any:
    """The usual value where none was given."""
    return np.where(given == DEFAULT, usual, given)


def money(w: World, country: Ints, amount: Floats) -> Floats:
    """Rounded to the smallest coin of each country."""
    decimals = np.array([c.decimals for c in w.countries])[country]
    return np.where(decimals == 0, np.round(amount), np.round(amount, 2))


def settle(w: World, p: Promos) -> Rows:
    """All orders, complete, in the order of time."""
    r = w.rng
    o: Rows = w.orders.all()
    keep = np.argsort(np.asarray(o["t"]), kind="stable")
    o = {k: np.asarray(v)[keep] for k, v in o.items()}
    n = len(o["t"])
    for name in (
        "buyer",
        "listing",
        "t",
        "voucher",
        "pay",
        "addr",
        "dev",
        "status",
        "ring",
        "reason",
        "refund_pay",
        "parcel",
        "category",
        "review",
        "text",
        "rating",
        "qty",
    ):
        o[name] = o[name].astype(np.int64)
    b, item = o["buyer"], o["listing"]
    np.minimum.at(w.l_born, item, o["t"] - 3600)
    np.minimum.at(w.born, b, o["t"] - 300)
    o["qty"] = np.where(o["qty"] == 0, r.choice([1, 2, 3, 5], n, p=[0.88, 0.08, 0.03, 0.01]), o["qty"])
    week = (o["t"] - w.start) // (7 * DAY)
    sale = np.array([1, 1, 1, 1, 0.95, 0.9, 0.8])[(item * 7919 + week * 104729) % 7]
    usual = w.price[item] * o["qty"] * sale
    land = w.l_country[item]
    taken, padded = p.honest(b, item, o["t"], usual)
    free = (o["voucher"] == DEFAULT) & np.isnan(o["amount"])
    o["amount"] = money(w, land, np.where(free, padded, np.where(np.isnan(o["amount"]), usual, o["amount"])))
    o["voucher"] = np.where(free, taken, np.maximum(o["voucher"], NONE))
    _discount(w, p, o, land)
    o["pay"] = default(o["pay"], np.where(r.random(n) < 0.8, w.pay[b], w.pay2[b]))
    o["addr"] = default(o["addr"], np.where(r.random(n) < 0.85, w.home[b], w.other[b]))
    o["dev"] = default(o["dev"], np.where(r.random(n) < 0.7, w.dev[b], w.dev2[b]))
    _outcome(w, o, land)
    return o


def _discount(w: World, p: Promos, o: Rows, land: Ints) -> None:
    v = np.maximum(o["voucher"], 0)
    share, most = np.array(p.v["share"])[v], np.array(p.v["most"])[v]
    off = np.where(o["voucher"] >= 0, np.minimum(most, o["amount"] * share), 0.0)
    own = (o["voucher"] < 0) & (w.rng.random(len(off)) < 0.08)
    off = np.where(own, o["amount"] * 0.05, off)
    o["discount"] = money(w, land, np.minimum(off, o["amount"]))
    o["subsidy"] = np.where((o["voucher"] >= 0) & (np.array(p.v["platform"])[v] > 0), o["discount"], 0.0)
    o["campaign"] = np.where(o["voucher"] >= 0, np.array(p.v["campaign"])[v], NONE).astype(np.int64)


def _outcome(w: World, o: Rows, land: Ints) -> None:
    r, n = w.rng, len(o["t"])
    wear = np.where(w.cat[o["listing"]] % 7 == 0, 2.5, 0.75) * w.style.return_rate
    x = r.random(n)
    o["status"] = default(o["status"], np.where(x < 0.04, 4, np.where(x < 0.04 + wear, 5, 3)))
    usual = r.gamma(3, 1.3, n)
    quick = w.quick[o["listing"]] & np.isnan(o["lag"])
    lag = np.where(np.isnan(o["lag"]), usual, o["lag"])
    done = o["t"] + np.where(quick, (usual * 300).astype(np.int64) + 5, (lag * DAY).astype(np.int64) + 1800)
    arrived = np.isin(o["status"], (3, 5))
    late = arrived & (done >= w.end)
    o["status"] = np.where(late, 2, o["status"])
    o["delivered"] = np.where(arrived & ~late, done, NONE)
    o["cancelled"] = np.where(o["status"] == 4, o["t"] + r.integers(300, 2 * DAY, n), NONE)
    wait = np.where(np.isnan(o["refund_lag"]), r.gamma(2.5, 4, n), o["refund_lag"])
    back = np.where(
        o["status"] == 5, o["delivered"] + (np.maximum(wait, 0.02) * DAY).astype(np.int64), o["cancelled"] + 3600
    )
    money_back = np.isin(o["status"], (4, 5)) & (back < w.end)
    o["status"] = np.where((o["status"] == 5) & ~money_back, 3, o["status"])
    o["refunded"] = np.where(money_back, back, NONE)
    o["refund"] = np.where(money_back, money(w, land, o["amount"] - o["discount"]), np.nan)
    why = default(o["reason"], r.choice(6, n, p=[0.28, 0.1, 0.01, 0.21, 0.22, 0.18]))
    o["reason"] = np.where(money_back & (o["status"] == 5), np.maximum(why, 0), NONE)
    other = np.where(r.random(n) < 0.03, w.pay2[o["buyer"]], o["pay"])
    o["refund_pay"] = np.where(money_back, default(o["refund_pay"], other), NONE)
    true = w.grams[o["listing"]] * o["qty"] * r.normal(1, 0.04, n) + r.gamma(2, 20, n)
    o["weight"] = np.round(np.where(np.isnan(o["weight"]), np.maximum(true, 10), o["weight"]), -1)
    o["weight"] = np.where(np.isnan(o["weight"]) | (r.random(n) < w.style.missing), np.nan, np.maximum(o["weight"], 10))
    same = np.concatenate([[False], (np.diff(o["buyer"]) == 0) & (np.diff(o["t"]) < 3600)])
    o["parcel"] = default(o["parcel"], 10**13 + np.arange(n) - same)


def reviews(w: World, o: Rows) -> Rows:
    """Reviews about orders, and those written without one."""
    r, n = w.rng, len(o["t"])
    p = np.clip(w.style.review_rate * w.voice[o["buyer"]], 0, 0.9)
    writes = (default(o["review"], r.random(n) < p) > 0) & (o["status"] != 4)
    lag = np.where(np.isnan(o["review_lag"]), r.gamma(1.3, 8, n), o["review_lag"])
    at = np.where(o["delivered"] > 0, o["delivered"], o["t"] + 5 * DAY) + (lag * DAY).astype(np.int64)
    rows = np.flatnonzero(writes & (at < w.end))
    x = r.random(n) + w.quality[o["listing"]] * 0.2 - 0.25 * (o["status"] == 5)
    stars = np.where(o["rating"] > 0, o["rating"], np.select([x < 0.09, x < 0.13, x < 0.2, x < 0.37], [1, 2, 3, 4], 5))
    loose: Rows = w.reviews.all()
    first = np.unique(np.stack([o["buyer"][rows], o["listing"][rows]]), axis=1, return_index=True)[1]
    rows = np.sort(rows[first])
    k = len(loose["t"])
    return {
        "buyer": np.concatenate([o["buyer"][rows], loose["buyer"]]).astype(np.int64),
        "listing": np.concatenate([o["listing"][rows], loose["listing"]]).astype(np.int64),
        "t": np.concatenate([at[rows], loose["t"]]).astype(np.int64),
        "rating": np.concatenate([stars[rows], loose["rating"]]).astype(np.int64),
        "order": np.concatenate([rows, np.full(k, NONE)]).astype(np.int64),
        "verified": np.concatenate([np.ones(len(rows)), loose["verified"]]).astype(bool),
        "ring": np.concatenate([o["ring"][rows], loose["ring"]]).astype(np.int64),
        "text": np.concatenate([o["text"][rows], loose["text"]]).astype(np.int64),
    }
