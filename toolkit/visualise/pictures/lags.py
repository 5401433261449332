"""Gift cards around reviews: how long after them members redeemed cards, against the time before (the placebo)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from toolkit.contracts.gift_card_settings import GiftCardSettings
from toolkit.visualise.pictures.canvas import FAINT, INK, Picture, colour, label, legend, nothing, sheet, style

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toolkit.contracts.report import Dossier

_DAY: Final = 86_400.0
_STEP: Final = 3
"""Days of one bar."""


def lags(ring: Dossier, *, window_days: int = GiftCardSettings().window_days) -> Picture:
    """A histogram of the days between members' reviews and their gift cards.

    A card counts after the latest review of a target before it, and in the placebo where it was redeemed before its
    buyer's first such review; either within the window, as the test of gift cards counts (F1, F1b).

    Args:
        ring: The ring.
        window_days: Days to either side of a review.
    """
    title = f"Gift cards redeemed by members of ring {label(ring.ring_id)}, by days from their review"
    reviews, cards = _acts(ring)
    if not cards:
        return nothing(title, "no gift card of a member is known in the time of the ring.")
    after, before = split(reviews, cards, window_days)
    if not after and not before:
        return nothing(title, f"no member redeemed a card within {window_days} days of reviewing a target of the ring.")
    words = (
        f"{len(after)} cards within {window_days} days after a review of a target; "
        f"{len(before)} in the {window_days} days before the first one."
    )
    note = (
        f"{words} A bar is {_STEP} days. Cards bought for oneself fall on either side alike; the side before is the "
        "placebo. Cards of every amount and currency are counted, none is added up."
    )
    with style():
        figure, (axes,) = sheet(title, note)
        edges = list(range(0, window_days + _STEP, _STEP))
        past = [-edge for edge in reversed(edges)]
        axes.hist(
            before, past, color="#b9bfc6", edgecolor=FAINT, hatch="////", label="before the first review: placebo"
        )
        axes.hist(after, edges, color=colour("gift_card_value"), edgecolor="white", label="after the review")
        axes.axvline(0.0, color=INK, linewidth=1.2)
        axes.set_xlim(-edges[-1], edges[-1])
        axes.set_xlabel("days from the review")
        axes.set_ylabel("gift cards redeemed")
        axes.locator_params(axis="y", integer=True)
        axes.grid(axis="y")
        legend(axes)
    return Picture(figure, title, words)


def split(
    reviews: dict[str, Sequence[datetime]], cards: Sequence[tuple[str, datetime]], window_days: int
) -> tuple[list[float], list[float]]:
    """Days from the latest review before each card, and (negative) to the first review after it, within the window.

    Args:
        reviews: Buyer -> times of reviews, oldest first.
        cards: Buyer and time of each redemption.
        window_days: Days to either side.
    """
    after: list[float] = []
    before: list[float] = []
    for buyer, at in cards:
        times = reviews.get(buyer, ())
        past = [time for time in times if time < at]
        if past:
            after.append((at - past[-1]).total_seconds() / _DAY)
        elif times:
            before.append((at - times[0]).total_seconds() / _DAY)
    return [days for days in after if days <= window_days], [days for days in before if days >= -window_days]


def _acts(ring: Dossier) -> tuple[dict[str, Sequence[datetime]], list[tuple[str, datetime]]]:
    """Members' reviews of targets (of anything, where there is no target), and members' cards."""
    members, targets = {one.buyer_id for one in ring.members}, {one.listing_id for one in ring.targets}
    reviews: defaultdict[str, list[datetime]] = defaultdict(list)
    cards: list[tuple[str, datetime]] = []
    for event in ring.events:
        if event.buyer_id is None or event.buyer_id not in members:
            continue
        if event.table == "redemptions":
            cards.append((event.buyer_id, event.at))
        elif event.table == "reviews" and (event.thing_id in targets or not targets):
            reviews[event.buyer_id].append(event.at)
    return {buyer: sorted(times) for buyer, times in reviews.items()}, cards
