"""What has been made so far: growing integer-coded tables, and the truth beside them.

Everything is a number until the very end: a buyer is its position in the population, a card its row in the cards.
`tables` gives each number its opaque id when all rows are there. Two numbers are special in a reference: `FILL` (to be
filled in as for anybody else) and `NONE` (left empty on purpose).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from toolkit.simulate.chance import Bools, Ints

FILL: Final = -1
NONE: Final = -2
NAN: Final = float("nan")

Column: TypeAlias = npt.NDArray[Any] | int | float


class Rows:
    """A table that grows by blocks of rows.

    Args:
        defaults: Column -> value that a block without that column gets; its type is the column's.
    """

    def __init__(self, **defaults: float) -> None:
        self._defaults = defaults
        self._blocks: list[dict[str, npt.NDArray[Any]]] = []
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def add(self, size: int, **columns: Column) -> Ints:
        """Append `size` rows; scalars are repeated. Gives the numbers of the new rows."""
        unknown = set(columns) - set(self._defaults)
        assert not unknown, f"no such column: {sorted(unknown)}"
        block = {
            name: np.array(np.broadcast_to(np.asarray(columns.get(name, default), dtype=type(default)), (size,)))
            for name, default in self._defaults.items()
        }
        self._blocks.append(block)
        self._size += size
        return np.arange(self._size - size, self._size, dtype=np.int64)

    def keep(self, chosen: Bools) -> None:
        """Keep only some rows; the others' numbers go to the rows that follow."""
        self._blocks = [{name: values[chosen] for name, values in self.arrays().items()}]
        self._size = int(chosen.sum())

    def put(self, name: str, values: Column) -> None:
        """Set one column of all rows."""
        self._blocks = [{**self.arrays(), name: np.array(np.broadcast_to(np.asarray(values), (self._size,)))}]

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Every column as one array."""
        empty = {name: np.empty(0, dtype=type(default)) for name, default in self._defaults.items()}
        return {
            name: np.concatenate([empty[name], *(block[name] for block in self._blocks)]) for name in self._defaults
        }

    def taken(self) -> dict[str, npt.NDArray[Any]]:
        """Every column as one array, for one who goes on with them; this table only keeps its size."""
        columns, self._blocks = self.arrays(), []
        return columns

    def ints(self, name: str) -> Ints:
        """One whole-number column as an array."""
        return np.concatenate([np.empty(0, dtype=np.int64), *(block[name] for block in self._blocks)]).astype(np.int64)


def _orders() -> Rows:
    return Rows(
        buyer=FILL,
        listing=FILL,
        at=0,
        payment=FILL,
        address=FILL,
        device=FILL,
        voucher=FILL,
        campaign=FILL,
        amount=NAN,
        discount=NAN,
        subsidy=NAN,
        status=FILL,
        delivered_at=FILL,
        cancelled_at=FILL,
        refunded_at=FILL,
        refund_amount=NAN,
        refund_payment=FILL,
        refund_reason=FILL,
        weight=NAN,
        tracking=FILL,
        category=FILL,
        ordinary=0,
    )


@dataclass
class Truth:
    """What was planted: the answers, kept apart from the market.

    Args:
        rings: (ring, scheme, level, variant).
        members: Ring -> buyers.
        targets: Ring -> listings.
        orders: Ring -> orders that stand for no real purchase, or that took money the ring had no right to.
        switches: Listing, from, until and campaign of each category switch.
        linked: Pairs of shops in one hand.
        traps: Kind of each innocent look-alike, and its entities by their kind.
    """

    rings: list[tuple[int, str, int, str]] = field(default_factory=list)
    members: dict[int, Ints] = field(default_factory=dict)
    targets: dict[int, Ints] = field(default_factory=dict)
    orders: dict[int, Ints] = field(default_factory=dict)
    switches: list[tuple[int, int, int, int]] = field(default_factory=list)
    linked: list[tuple[int, int]] = field(default_factory=list)
    traps: list[tuple[str, dict[str, Ints]]] = field(default_factory=list)


@dataclass
class Ledger:
    """All growing tables of one market, and the counters of entities that have no table."""

    orders: Rows = field(default_factory=_orders)
    reviews: Rows = field(
        default_factory=lambda: Rows(buyer=FILL, listing=FILL, at=0, order=NONE, rating=5, tone=FILL, script=FILL)
    )
    cards: Rows = field(
        default_factory=lambda: Rows(
            face=0.0, country=0, source=0, purchaser=NONE, payment=NONE, batch=NONE, issued=FILL
        )
    )
    redemptions: Rows = field(default_factory=lambda: Rows(card=FILL, buyer=FILL, at=0, amount=NAN))
    links: Rows = field(default_factory=lambda: Rows(account=FILL, seller=0, kind=0, attribute=FILL, first=0, last=0))
    addresses: Rows = field(default_factory=lambda: Rows(kind=0, country=0))
    payments: Rows = field(default_factory=lambda: Rows(kind=0, country=0))
    transfers: Rows = field(
        default_factory=lambda: Rows(buyer=FILL, at=0, amount=0.0, country=0, source=FILL, payment=NONE)
    )
    messages: Rows = field(default_factory=lambda: Rows(seller=FILL, buyer=FILL, at=0, order=NONE, phrase=0, label=0))
    clicks: Rows = field(default_factory=lambda: Rows(buyer=FILL, listing=FILL, at=0, session=FILL))
    changes: Rows = field(default_factory=lambda: Rows(listing=FILL, at=0, before=0, after=0))
    truth: Truth = field(default_factory=Truth)
    counts: Counter[str] = field(default_factory=Counter)

    def fresh(self, kind: str, size: int) -> Ints:
        """Numbers of `size` new entities of a kind that has no table (device, phone, email, ip, bank, party, ...)."""
        start = self.counts[kind]
        self.counts[kind] += size
        return np.arange(start, start + size, dtype=np.int64)

    def trap(self, kind: str, **entities: Ints) -> None:
        """Note an innocent look-alike: its kind, and the buyers, sellers or listings it consists of."""
        self.truth.traps.append((kind, {entity: np.unique(numbers) for entity, numbers in entities.items()}))
