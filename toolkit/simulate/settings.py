"""What a market is asked to be, and the sizes that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from toolkit.errors import UsageError
from toolkit.simulate.places import COUNTRIES

START: Final = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp())
"""First second of every market."""

LEVELS: Final = (0, 1, 2, 3)

SCHEMES: Final = (
    "gift_card_cashback",
    "review_ring",
    "brushing",
    "virtual_orders",
    "voucher_farm",
    "refund_ring",
    "account_farm",
    "coattail",
    "self_purchase",
)
"""Schemes that leave rings, in the contract's words where it has one."""

_FEWEST_ORDERS: Final = 1_000
_FEWEST_DAYS: Final = 120


@dataclass(frozen=True)
class Market:
    """The order for a market.

    Args:
        orders: Rows of the table `orders`, planted ones included.
        rings: Planted rings; none gives a market in which every alert is false.
        seed: Number that all draws hang on.
        schemes: Schemes that the rings go round.
        levels: Camouflage levels that the rings go round, 0 (bare) to 3.
        days: Length of the market.
        traps: Whether innocent look-alikes are planted.
        harder: Adds aged accounts, borrowed cards and shared targets beyond what the level asks for.
    """

    orders: int
    rings: int
    seed: int
    schemes: tuple[str, ...] = SCHEMES
    levels: tuple[int, ...] = LEVELS
    days: int = 365
    traps: bool = True
    harder: bool = False

    def __post_init__(self) -> None:
        """Refuse what can't be made, before any work."""
        _refuse(self.orders < _FEWEST_ORDERS, "--orders", f"ask for at least {_FEWEST_ORDERS:,} orders")
        _refuse(self.rings < 0, "--rings", "ask for 0 rings or more")
        _refuse(self.seed < 0, "--seed", "give a seed of 0 or more")
        _refuse(self.days < _FEWEST_DAYS, "--days", f"ask for at least {_FEWEST_DAYS} days")
        _refuse(
            not self.schemes or bool(set(self.schemes) - set(SCHEMES)), "--schemes", f"choose from {', '.join(SCHEMES)}"
        )
        _refuse(not self.levels or bool(set(self.levels) - set(LEVELS)), "--levels", "choose from 0,1,2,3")
        most = self.buyers // 14
        _refuse(
            self.rings > most, "--rings", f"at most {most} rings fit into {self.orders:,} orders; ask for more orders"
        )

    @property
    def buyers(self) -> int:
        """Buyer accounts: 5 orders a year each."""
        return self.orders // 5

    @property
    def listings(self) -> int:
        """Listings: 32 orders each on average, most have far fewer."""
        return max(120, self.orders // 32)

    @property
    def sellers(self) -> int:
        """Shops: 11 listings each on average."""
        return max(24, self.listings // 11)

    @property
    def countries(self) -> int:
        """Countries with a marketplace: small markets have few, so that each stays lively."""
        return min(max(self.buyers // 1_500, 1), len(COUNTRIES))

    @property
    def scale(self) -> float:
        """Size beside the reference market of 200,000 orders; counts of look-alikes grow with it."""
        return self.orders / 200_000

    @property
    def end(self) -> int:
        """Second after the market's last one."""
        return START + self.days * 86_400

    def some(self, reference: float, least: int = 1) -> int:
        """A count that is `reference` in a market of 200,000 orders, and at least `least`."""
        return max(least, round(reference * self.scale))


def _refuse(wrong: bool, where: str, todo: str) -> None:  # noqa: FBT001 - reads as a sentence at its callers
    if wrong:
        raise UsageError("such a market can't be made", where=where, todo=todo)
