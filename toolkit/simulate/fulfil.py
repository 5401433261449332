"""Fills in everything about an order that no component has set: who paid with what, for how much, and how it went.

A component that plants orders sets only what makes them special; the rest comes from here, by the same draws as for
anybody else, so that nothing but the planted footprint sets a planted order apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from toolkit.contracts.tables import ORDER_STATUS
from toolkit.simulate.calendar import NEW_USER, OTHER, PLATFORM_FUNDED, SHIPPING, SHOP
from toolkit.simulate.chance import DAY, HOUR, hits, lognormal_days, weighted
from toolkit.simulate.ledger import FILL, NONE
from toolkit.simulate.places import cut
from toolkit.simulate.population import FORWARDER
from toolkit.simulate.words import APPAREL, REASONS

if TYPE_CHECKING:
    from toolkit.simulate.chance import Bools, Floats, Generator, Ints
    from toolkit.simulate.world import World

Filled: TypeAlias = dict[str, npt.NDArray[Any]]
"""Order columns, all filled in: numbers of entities, seconds, amounts; `NONE` and NaN mean empty."""

CREATED, PAID, SHIPPED, DELIVERED, CANCELLED, RETURNED = range(len(ORDER_STATUS))


def fulfil(world: World) -> Filled:
    """All orders with every column filled in."""
    rows = world.ledger.orders.taken()
    listing = rows["listing"]
    rows["seller"], rows["country"] = world.shops.seller[listing], world.shops.country[listing]
    _category(world, rows)
    _identity(world, rows, world.rng("fulfil.identity"))
    _price(world, rows, world.rng("fulfil.price"))
    _vouchers(world, rows, world.rng("fulfil.vouchers"))
    _outcome(world, rows, world.rng("fulfil.outcome"))
    _refunds(world, rows, world.rng("fulfil.refunds"))
    _parcels(world, rows, world.rng("fulfil.parcels"))
    return rows


def _fill(rows: Filled, name: str, values: Ints | Floats) -> None:
    """Put `values` where the column was left open."""
    column = rows[name]
    unset = np.isnan(column) if column.dtype.kind == "f" else column == FILL
    rows[name] = np.where(unset, values, column)


def _category(world: World, rows: Filled) -> None:
    """The listing's category at the second of the order."""
    changes = world.ledger.changes.arrays()
    category = world.shops.category[rows["listing"]]
    if len(changes["listing"]):
        span = world.market.end + 1
        key = changes["listing"] * span + changes["at"]
        order = np.argsort(key, kind="stable")
        last = np.searchsorted(key[order], rows["listing"] * span + rows["at"], side="right") - 1
        change = order[np.maximum(last, 0)]
        changed = (last >= 0) & (changes["listing"][change] == rows["listing"])
        category = np.where(changed, changes["after"][change], category)
    _fill(rows, "category", category)


def _identity(world: World, rows: Filled, rng: Generator) -> None:
    """Own card, address and device mostly; the second one, often shared with strangers, in three orders of ten."""
    people, buyer = world.people, rows["buyer"]
    size = len(buyer)
    for name, missing in (("payment", 0.01), ("address", 0.01), ("device", 0.035)):
        own, other = getattr(people, name)[buyer], getattr(people, "alt_" + name)[buyer]
        value = np.where((other != FILL) & hits(rng, 0.3, size), other, own)
        _fill(rows, name, np.where(hits(rng, missing, size), NONE, value))


def _price(world: World, rows: Filled, rng: Generator) -> None:
    """Price times quantity, with small changes of price over the year."""
    size = len(rows["buyer"])
    quantity = 1.0 + weighted(rng, np.array([0.80, 0.13, 0.04, 0.02, 0.01]), size)
    drift = np.where(hits(rng, 0.25, size), rng.uniform(0.85, 1.08, size), 1.0)
    _fill(rows, "amount", cut(world.shops.price[rows["listing"]] * quantity * drift, rows["country"]))


def _vouchers(world: World, rows: Filled, rng: Generator) -> None:
    """Campaign codes first, then welcome, shipping, shop and partner codes; then what each is worth."""
    fixed = rows["voucher"] != FILL
    _campaign_codes(world, rows, rng)
    size = len(rows["buyer"])
    tenure = rows["at"] - world.people.created[rows["buyer"]]
    chances: dict[int, float | Floats] = {
        NEW_USER: np.where(tenure < 45 * DAY, 0.4, 0.0),
        SHIPPING: 0.05,
        SHOP: 0.04,
        OTHER: 0.03,
    }
    for kind, chance in chances.items():
        taken = hits(rng, chance, size)
        for nation in range(world.market.countries):
            here = np.flatnonzero((rows["voucher"] == FILL) & taken & (rows["country"] == nation))
            codes = world.year.of_kind(kind, nation)
            code = codes[weighted(rng, 1.0 / (1 + np.arange(len(codes))), len(here))]
            enough = rows["amount"][here] >= world.year.voucher_min[code]
            rows["voucher"][here[enough]] = code[enough]
    _fill(rows, "voucher", np.full(size, NONE))
    _fill(rows, "campaign", np.full(size, NONE))
    _worth(world, rows, rng, fixed)


def _campaign_codes(world: World, rows: Filled, rng: Generator) -> None:
    """Shoppers in a campaign: four in ten use its code; some put one more thing in to reach the minimum spend."""
    year = world.year
    by_time = np.argsort(rows["at"], kind="stable")
    edges = np.searchsorted(rows["at"][by_time], np.stack([year.starts, year.ends], axis=1))
    for campaign, (low, high) in enumerate(edges):
        here = by_time[low:high]
        fits = (rows["country"][here] == year.country[campaign]) & (rows["voucher"][here] == FILL)
        if year.category[campaign] != NONE:
            fits &= rows["category"][here] == year.category[campaign]
        here = here[fits]
        floor, amount = year.min_spend[campaign], rows["amount"][here]
        tops_up = (amount < floor) & (amount > 0.55 * floor) & hits(rng, 0.2, len(here))
        topped = cut(floor * (1 + rng.exponential(0.05, len(here))), rows["country"][here])
        rows["amount"][here] = np.where(tops_up, np.maximum(topped, floor), amount)
        uses = here[(rows["amount"][here] >= floor) & (hits(rng, 0.4, len(here)) | tops_up)]
        rows["voucher"][uses] = rows["campaign"][uses] = campaign


def _worth(world: World, rows: Filled, rng: Generator, fixed: Bools) -> None:
    """Discount of the voucher, up to its cap; the platform's part of it is the subsidy."""
    year, voucher = world.year, rows["voucher"]
    has = voucher >= 0
    code = np.where(has, voucher, 0)
    full = fixed | hits(rng, 0.6, len(voucher))
    most = year.voucher_max[code] * np.where(full, 1.0, rng.uniform(0.3, 1.0, len(voucher)))
    _fill(rows, "discount", np.where(has, cut(np.minimum(most, rows["amount"] * 0.6), rows["country"]), 0.0))
    _fill(rows, "subsidy", np.where(has & (year.voucher_funding[code] == PLATFORM_FUNDED), rows["discount"], 0.0))


def _outcome(world: World, rows: Filled, rng: Generator) -> None:
    """Delivered in days, cancelled within hours, or still on its way as the market ends."""
    size, at, end = len(rows["buyer"]), rows["at"], world.market.end
    _fill(rows, "status", np.where(hits(rng, 0.045, size), CANCELLED, DELIVERED))
    arrives = np.where(_at_once(world, rows, rng), at + rng.integers(120, 3 * HOUR, size=size), _by_post(at, rng))
    patience = np.where(hits(rng, 0.15, size), 60, 9)
    leaves = at + (rng.exponential(patience * HOUR, size)).astype(np.int64) + 120
    gone = rows["status"] == CANCELLED
    _fill(rows, "delivered_at", np.where(gone, NONE, arrives))
    _fill(rows, "cancelled_at", np.where(gone, leaves, NONE))
    early = (rows["status"] == DELIVERED) & (rows["delivered_at"] >= end)
    waiting = np.where(end - at < DAY, np.where(end - at < HOUR, CREATED, PAID), SHIPPED)
    rows["status"] = np.where(early, waiting, rows["status"])
    for name in ("delivered_at", "cancelled_at"):
        rows[name] = np.where(rows[name] >= end, NONE, rows[name])
    odd = (rows["ordinary"] == 1) & hits(rng, 0.006, size)
    rows["status"] = np.where(odd & (rows["delivered_at"] >= 0), SHIPPED, rows["status"])


def _by_post(at: Ints, rng: Generator) -> Ints:
    return at + lognormal_days(rng, 3.6, 0.45, len(at)) + 4 * HOUR


def counter_shops(world: World) -> Bools:
    """Per shop: one in twenty-five sells codes or hands over at the counter."""
    return hits(world.rng("fulfil.counter_shops"), 0.04, world.market.sellers)


def _at_once(world: World, rows: Filled, rng: Generator) -> Bools:
    """Orders of counter shops are mostly done within hours."""
    return counter_shops(world)[rows["seller"]] & hits(rng, 0.75, len(rows["at"]))


def _refunds(world: World, rows: Filled, rng: Generator) -> None:
    """Returns (more in apparel), and money back for what was cancelled after payment."""
    size, end = len(rows["buyer"]), world.market.end
    apparel = np.isin(rows["category"], list(APPAREL))
    returns = (rows["ordinary"] == 1) & (rows["status"] == DELIVERED) & hits(rng, np.where(apparel, 0.15, 0.055), size)
    rows["status"] = np.where(returns, RETURNED, rows["status"])
    back = np.where(rows["status"] == RETURNED, rows["delivered_at"] + lognormal_days(rng, 7, 0.5, size), NONE)
    dropped = (rows["status"] == CANCELLED) & (rows["cancelled_at"] >= 0) & hits(rng, 0.85, size)
    back = np.where(dropped, rows["cancelled_at"] + lognormal_days(rng, 1, 0.8, size), back)
    _fill(rows, "refunded_at", np.where(back >= end, NONE, back))
    refunded = rows["refunded_at"] >= 0
    part = np.where((rows["status"] == RETURNED) & hits(rng, 0.1, size), 0.5, 1.0)
    _fill(
        rows,
        "refund_amount",
        np.where(refunded, cut((rows["amount"] - rows["discount"]) * part, rows["country"]), np.nan),
    )
    _fill(rows, "refund_payment", np.where(refunded, _instrument(world, rows, rng), NONE))
    _fill(rows, "refund_reason", np.where(refunded & (rows["status"] == RETURNED), _reasons(apparel, rng), NONE))


def _instrument(world: World, rows: Filled, rng: Generator) -> Ints:
    """Back to the instrument that paid; one in twelve over one of the country's cash counters, which serve many."""
    size = len(rows["buyer"])
    counters = world.market.some(40, 2)
    first = world.ledger.payments.add(
        counters * world.market.countries, kind=1, country=np.repeat(np.arange(world.market.countries), counters)
    )[0]
    counter = first + rows["country"] * counters + weighted(rng, 1.0 / (1 + np.arange(counters)), size)
    return np.where(hits(rng, 0.08, size), counter, rows["payment"])


def _reasons(apparel: Bools, rng: Generator) -> Ints:
    size = len(apparel)
    usual = weighted(rng, np.array([0.1, 0.22, 0.14, 0.18, 0.08, 0.08, 0.14, 0.03, 0.03]), size)
    assert len(REASONS) == 9
    return np.where(apparel & hits(rng, 0.6, size), 0, usual)


def _parcels(world: World, rows: Filled, rng: Generator) -> None:
    """Weight of goods and packing on a scale that errs; one tracking number a parcel, one parcel a shop and day."""
    size, shops, listing = len(rows["buyer"]), world.shops, rows["listing"]
    quantity = np.maximum(1.0, np.round(rows["amount"] / np.maximum(shops.price[listing], 1e-9)))
    grams = np.round(shops.weight[listing] * quantity * np.exp(rng.normal(0.03, 0.05, size)) + rng.uniform(5, 60, size))
    grams = np.where(hits(rng, 0.012, size), np.round(grams * rng.uniform(0.03, 0.4, size)) + 4, grams)
    sent = rows["delivered_at"] >= 0
    _fill(rows, "weight", np.where(sent & ~hits(rng, 0.05, size), grams, np.nan))
    rows["weight"] = np.where(rows["weight"] < 0, np.nan, rows["weight"])  # nothing was sent, and nothing weighed
    _fill(rows, "tracking", np.where(sent & ~hits(rng, 0.02, size), _parcel_numbers(world, rows, rng), NONE))


def _parcel_numbers(world: World, rows: Filled, rng: Generator) -> Ints:
    """One number for what a buyer orders from a shop in a day; forwarders join a week of many people."""
    size, day = len(rows["at"]), (rows["at"] - 1) // DAY
    key = (rows["buyer"] * world.market.sellers + rows["seller"]) * 65_536 + day
    kind = world.ledger.addresses.ints("kind")[np.maximum(rows["address"], 0)]
    joined = (rows["address"] >= 0) & (kind == FORWARDER) & hits(rng, 0.35, size)
    key = np.where(joined, -1 - rows["address"] * 65_536 - day // 7, key)
    _, parcel = np.unique(key, return_inverse=True)
    first = world.ledger.fresh("tracking", size)[0]
    return np.asarray(parcel.ravel() + first, dtype=np.int64)
