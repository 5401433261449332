"""Builds one market: stage, rings, innocent groups, everybody else, papers."""

from pathlib import Path

import numpy as np

from tests.foreign import honest, known, lookalikes, pens, unknown
from tests.foreign.crews import SCHEMES
from tests.foreign.export import Export, truth
from tests.foreign.innocent import TRAPS
from tests.foreign.promos import Promos
from tests.foreign.settle import Rows, reviews, settle
from tests.foreign.shady import SHADY
from tests.foreign.styles import STYLES
from tests.foreign.wary import WARY
from tests.foreign.world import World

PLANTERS = (known, unknown, lookalikes)  # importing them fills SCHEMES and TRAPS
RINGS_PER_ORDERS = 28 / 200_000


def make(out: Path, style: str, orders: int, seed: int, *, rings: int | None = None, shops: bool = False) -> World:
    """Write one market and its truth to a folder.

    `rings` are planted, as many as the size asks for where it is None; with `shops`, what shops do, and innocent shops,
    are planted too.
    """
    w = World(STYLES[style], orders, seed)
    w.people()
    w.shops()
    promos = Promos(w)
    _plant(w, promos, rings)
    for _, times, planter in TRAPS:
        for _ in range(max(1, round(times * w.scale))):
            planter(w, promos)
    if shops:
        _shops(w, promos)
    honest.orders(w, max(0, w.n_orders - w.orders.size))
    for table, fill in (
        ("redemptions", honest.cards),
        ("transfers", honest.wallets),
        ("account_links", honest.wires),
        ("messages", honest.chatter),
        ("clicks", honest.browsing),
    ):
        if w.style.has(table):
            fill(w)
    done = settle(w, promos)
    written = reviews(w, done)
    pens.honest_copies(w, written)
    _visible(w, done, written)
    export = Export(w, promos, done, written, out)
    export.write()
    truth(export)
    return w


def _plant(w: World, promos: Promos, rings: int | None) -> None:
    fit = [name for name, (_, needs) in sorted(SCHEMES.items()) if any(w.style.has(*n) for n in needs)]
    count = max(10, round(RINGS_PER_ORDERS * w.n_orders)) if rings is None else rings
    chosen = [
        fit[i % len(fit)] for i in np.concatenate([w.rng.permutation(len(fit)) for _ in range(count // len(fit) + 1)])
    ][:count]
    levels = w.rng.permutation(np.arange(count) % 4)
    for name, level in zip(chosen, levels, strict=True):
        SCHEMES[name][0](w, promos, int(level))


def _shops(w: World, promos: Promos) -> None:
    for _, times, needs, planter in SHADY:
        if w.style.has(*needs):
            for _ in range(max(1, round(times * w.scale))):
                planter(w, promos)
    for _, times, innocent in WARY:
        for _ in range(max(1, round(times * w.scale))):
            innocent(w, promos)


def _visible(w: World, o: Rows, r: Rows) -> None:
    """Members are those of whom the export shows at least one act for the ring."""
    clicks = w.clicks.all() if w.style.has("clicks") else None
    for i, ring in enumerate(w.rings):
        acted = [r["buyer"][r["ring"] == i]]
        if w.style.has("orders"):
            acted.append(o["buyer"][o["ring"] == i])
        if clicks is not None:
            acted.append(clicks["buyer"][np.isin(clicks["listing"], ring.targets)])
        ring.members = np.intersect1d(ring.members, np.concatenate(acted).astype(np.int64))
