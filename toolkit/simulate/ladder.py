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
    Level(0.80, 0.90, 0.0, 5, 0.00, 10, 1, 0.40, (8, 15), 2, 0.00),
    Level(0.65, 0.60, 1.0, 10, 0.10, 20, 1, 0.15, (6, 12), 3, 0.02),
    Level(0.50, 0.35, 2.0, 20, 0.25, 45, 2, 0.05, (5, 8), 4, 0.04),
    Level(0.35, 0.15, 2.5, 30, 0.40, 90, 3, 0.00, (5, 8), 5, 0.06),
)


_FARMS: Final = {"voucher_farm": (0.95, 0.80, 0.60, 0.45), "account_farm": (0.95, 0.80, 0.60, 0.45)}
"""Farms live by what their accounts share: they have no common listing to spare it."""

_FRESH: Final = {"voucher_farm": (0.60, 0.45, 0.30, 0.20), "account_farm": (1.00, 0.85, 0.70, 0.55)}
"""Farms need accounts made for the purpose."""


def rung(level: int, scheme: str, *, harder: bool) -> Level:
    """The rung of a level for a scheme; `harder` halves fresh accounts and adds strangers to whatever is shared."""
    found = LADDER[level]
    if scheme in _FARMS:
        found = replace(found, shared=_FARMS[scheme][level], fresh=_FRESH[scheme][level])
    if not harder:
        return found
    innocents, shared, twice = found.innocents + 3, found.shared * 0.8, found.twice * 1.5
    return replace(found, fresh=found.fresh / 2, innocents=innocents, shared=shared, twice=twice)
