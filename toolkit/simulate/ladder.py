"""The camouflage ladder: how hard a ring tries not to look like one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True)
class Level:
    """One rung.

    Args:
        density: Share of the cells members x targets that are filled.
        shared: Chance that a member takes the ring's address; the same for its card and its device.
        camouflage: Ordinary-looking orders beside each ring order.
        lag: Mean days from review to gift card.
        unpaid: Share paid off the platform, of which no card is seen.
        span: Days that the ring's actions spread over.
        faces: Different gift-card faces used.
        fresh: Share of members whose accounts were made for the ring; all others have years of honest history.
        piece: Smallest and largest number of members behind one address, card or device.
        innocents: Mean number of strangers behind each of them.
        twice: Chance that a member serves another ring as well.
    """

    density: float
    shared: float
    camouflage: float
    lag: float
    unpaid: float
    span: int
    faces: int
    fresh: float
    piece: tuple[int, int]
    innocents: float
    twice: float


LADDER: Final = (
    Level(0.80, 0.90, 0.0, 5, 0.00, 10, 1, 0.40, (8, 15), 1, 0.00),
    Level(0.65, 0.60, 1.0, 10, 0.10, 20, 1, 0.15, (6, 12), 2, 0.02),
    Level(0.50, 0.35, 2.0, 20, 0.25, 45, 2, 0.05, (5, 8), 3, 0.04),
    Level(0.35, 0.15, 2.5, 30, 0.40, 90, 3, 0.00, (5, 8), 4, 0.06),
)


def rung(level: int, *, harder: bool) -> Level:
    """The rung of a level; `harder` takes away fresh accounts and adds strangers to whatever is shared."""
    found = LADDER[level]
    if not harder:
        return found
    return replace(found, fresh=0.0, innocents=found.innocents + 3, shared=found.shared * 0.8, twice=found.twice * 1.5)
