"""Messages of shops to buyers: about orders and products, and campaigns that ask for reviews against a reward."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from toolkit.simulate.chance import DAY, HOUR, distinct, hits, one_of
from toolkit.simulate.ledger import NONE
from toolkit.simulate.phrases import KINDS, SOLICITING, phrases
from toolkit.simulate.places import COUNTRIES

if TYPE_CHECKING:
    from toolkit.simulate.chance import Generator, Ints
    from toolkit.simulate.fulfil import Filled
    from toolkit.simulate.world import World

LANGUAGES: Final[dict[str, dict[str, float]]] = {
    "US": {"en": 0.9, "es": 0.05, "zh": 0.05},
    "VN": {"vi": 0.9, "zh": 0.05, "en": 0.05},
    "BR": {"pt": 1.0},
    "MY": {"ms": 0.45, "zh": 0.25, "en": 0.2, "id": 0.1},
    "TH": {"th": 0.9, "zh": 0.05, "en": 0.05},
    "MX": {"es": 1.0},
    "CO": {"es": 1.0},
    "CL": {"es": 1.0},
}
"""Country -> languages that its people write in."""

_USUAL: Final = {"order": 0.05, "support": 0.015, "review_request": 0.02, "delicate": 0.006}
"""Kind -> share of orders that get such a message."""


def ordinary_messages(world: World, orders: Filled) -> None:
    """Messages that everybody gets."""
    rng = world.rng("letters")
    speech = _speech(world, rng)
    for kind, share in _USUAL.items():
        order = np.flatnonzero((orders["ordinary"] == 1) & hits(rng, share, len(orders["at"])))
        later = (
            rng.integers(HOUR, 2 * DAY, size=len(order)) if kind == "order" else rng.integers(DAY, 20 * DAY, len(order))
        )
        _send(world, rng, orders, order, orders["at"][order] + later, kind, speech)


def solicit(world: World, orders: Filled) -> None:
    """Some shops write to twenty to ninety of their buyers for reviews; each has its own wording, hardly changed."""
    rng = world.rng("letters.solicit")
    speech = _speech(world, rng)
    size = np.bincount(orders["seller"], minlength=world.market.sellers)
    apart = np.setdiff1d(np.flatnonzero(size >= 40), sorted(world.shops.innocent))
    shops = distinct(rng, apart, max(2, min(world.market.some(14), world.market.rings)))
    for shop in shops:
        mine = np.flatnonzero((orders["seller"] == shop) & (orders["delivered_at"] > 0))
        order = distinct(rng, mine, int(rng.integers(20, 91)))
        at = orders["delivered_at"][order] + rng.integers(HOUR, 6 * DAY, size=len(order))
        kind = KINDS[one_of(rng, np.array(SOLICITING))]
        wording = one_of(rng, np.array(phrases(kind, speech[shop])))
        _add(world, orders, order, at, np.full(len(order), wording), KINDS.index(kind), rng)


def _speech(world: World, rng: Generator) -> list[str]:
    """The language of each shop."""
    chosen = []
    for country, draw in zip(world.shops.seller_country, rng.random(world.market.sellers), strict=True):
        shares = LANGUAGES[COUNTRIES[country].code]
        position = int(np.searchsorted(np.cumsum(list(shares.values())), draw * 0.999999))
        chosen.append(list(shares)[min(position, len(shares) - 1)])
    return chosen


def _send(world: World, rng: Generator, orders: Filled, order: Ints, at: Ints, kind: str, speech: list[str]) -> None:
    """One of the kind's texts in the language of each shop."""
    spoken = np.array(speech)[orders["seller"][order]]
    for language in np.unique(spoken):
        here = spoken == language
        texts = np.array(phrases(kind, str(language)))
        drawn = texts[rng.integers(0, len(texts), size=int(here.sum()))]
        _add(world, orders, order[here], at[here], drawn, KINDS.index(kind), rng)


def _add(world: World, orders: Filled, order: Ints, at: Ints, phrase: Ints, label: int, rng: Generator) -> None:
    seen = at < world.market.end
    order, at, phrase = order[seen], at[seen], phrase[seen]
    world.ledger.messages.add(
        len(order),
        seller=orders["seller"][order],
        buyer=orders["buyer"][order],
        at=at,
        phrase=phrase,
        label=label,
        order=np.where(hits(rng, 0.12, len(order)), NONE, order),
    )
