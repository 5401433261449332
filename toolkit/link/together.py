"""Together: pairs of buyers that meet again and again, on whatever: one purchase, one code, one device, one refund day.

Claims: a pair met more than once on things so little crowded that few pairs of strangers do. One meeting says nothing;
a device and a code of the same days, or two quiet listings, do. One thing that is told several times, as a purchase is
by the look and by the shop, must be the rarer, the more accounts there are. It proposes groups, and claims nothing in a
report: `detect` and `score` test what it proposes. Null: an account falls into a crowd of c acts with a chance of c
over the people of its region; meetings are taken as independent, which they need not be, so the weight is no
p-value. Misses: accounts that meet on one thing only. Cost: one pass over all events, and the neighbours of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.config import DAY
from toolkit.link.in_order import first_of
from toolkit.ports import Incidences, Layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from toolkit.config import LinkSettings
    from toolkit.contracts.tokens import TokenKind
    from toolkit.ports import Compute

ALWAYS: Final = 100 * 365 * DAY
"""A window for what has no time: whoever holds it meets whoever else does."""

ACTS: Final = {
    "listing_ordered": (30 * DAY, 1.0, "listing"),
    "listing_reviewed": (30 * DAY, 1.0, "listing"),
    "seller_ordered": (14 * DAY, 0.3, "seller"),
    "seller_refunded": (7 * DAY, 0.7, "seller_refunded"),
    "listing_clicked": (3 * DAY, 0.5, "listing"),
    "voucher": (2 * DAY, 1.0, "voucher"),
    "refund_story": (DAY, 1.0, "refund_story"),
}
"""Kind -> window, strength, what its things are: days over which a ring's tasks on one thing lie; a look says less than
a purchase, and a shop less than the thing that was bought there, which the same order shows."""

ONE_THING: Final = 1.8
"""What one thing counts, at most, against a purchase: whoever bought it has looked at it, and ordered at its shop."""
MEASURED: Final = 40_000
"""Accounts from which one thing must be the rarer. Its weight grows by ONE_THING with each factor of ten, the floor by
one: among ten times as many accounts, everybody would have six times as many chance partners, and in markets of two
millions a single purchase would make one of every stranger who made it. Up to this size nobody has more than in the
markets that detection was measured on."""

HELD: Final = {
    "payment": 0.7,
    "address": 0.5,
    "device": 0.7,
    "phone": 0.7,
    "email": 0.7,
    "bank": 0.7,
    "funding_source": 0.7,
    "refund_instrument": 1.0,
    "card_purchaser": 0.7,
    "tracking": 0.7,
}
"""Kind -> strength: less than an act, because people who live or work together share several of them."""


def pairs(
    tokens: Mapping[str, TokenKind],
    household: NDArray[np.uint32],
    region: NDArray[np.uint32],
    compute: Compute,
    settings: LinkSettings,
) -> pl.DataFrame:
    """left, right, observed, weight of pairs of different households that meet at least twice.

    Reviews are a meeting only where there are no orders: whoever was chosen for reviewing the same things can't be
    asked whether it reviews too much of what it orders.
    """
    n = household.size
    population = np.bincount(region)[region].astype(np.float64)
    acts = {k: how for k, how in ACTS.items() if k in tokens}
    if "listing_ordered" in acts:
        acts.pop("listing_reviewed", None)
    layers = []
    for k, (window, weight, names) in acts.items():
        follows = k == "seller_ordered" and "listing_ordered" in acts
        layers.append(_layer(tokens[k], n, window, settings.near_cap, weight, "" if follows else names))
    layers += [_layer(tokens[k], n, ALWAYS, settings.hub, weight, k) for k, weight in HELD.items() if k in tokens]
    layers = [layer for layer in layers if layer.incidences.actor.size]
    if not layers:
        return pl.DataFrame(schema={"left": pl.UInt32, "right": pl.UInt32, "observed": pl.Int32, "weight": pl.Float64})
    floor = np.log10(max(n, 10)) + settings.meeting_surplus
    alone = floor + (ONE_THING - 1.0) * max(np.log10(n / MEASURED), 0.0)
    met = compute.meetings(
        layers, population=population, least=settings.least_shared, floor=float(floor), alone=float(alone)
    )
    apart = household[met["left"].to_numpy()] != household[met["right"].to_numpy()]
    return met.filter(pl.Series(apart, dtype=pl.Boolean))


def _layer(kind: TokenKind, n: int, window: int, cap: int, strength: float, names: str) -> Layer:
    """One meeting a day and thing at most; what is untimed, once."""
    frame = kind.frame
    if window == ALWAYS:
        frame = first_of(frame, ("token", "buyer")) if kind.timed else frame
        crowds = frame["token"].value_counts(name="d").filter(pl.col("d") > cap)
        frame = frame.filter(~pl.col("token").is_in(crowds["token"].implode()))
    events = Incidences(
        actor=frame["buyer"].to_numpy(),
        thing=frame["token"].to_numpy(),
        at=np.zeros(frame.height, np.int64) if window == ALWAYS else frame["at"].to_numpy(),
        n_actors=n,
    )
    return Layer(events, window, cap, strength, names)
