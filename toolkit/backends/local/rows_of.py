"""The rows of each actor, by counting: two passes, and no sort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@numba.njit(cache=True)
def _index(actor: Any, number: Any, starts: Any, rows: Any) -> None:
    """Rows of the numbered actors in the order of their numbers; `starts` holds one more than there are numbers."""
    for row in range(actor.size):
        if number[actor[row]] >= 0:
            starts[number[actor[row]] + 1] += 1
    for place in range(starts.size - 1):
        starts[place + 1] += starts[place]
    for row in range(actor.size - 1, -1, -1):
        if number[actor[row]] >= 0:
            starts[number[actor[row]] + 1] -= 1
            rows[starts[number[actor[row]] + 1]] = row
    for place in range(starts.size - 1):
        starts[place] = starts[place + 1]


def rows_of(actor: NDArray[np.uint32], number: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Where each numbered actor's rows begin, and the rows, in order.

    Args:
        actor: Of each row.
        number: Of each actor, from 0; negative for those that are left out.
    """
    starts = np.zeros(int(number.max(initial=-1)) + 3, np.int64)
    rows = np.empty(int(np.count_nonzero(number[actor] >= 0)), np.int32)
    _index(actor, number, starts, rows)
    return starts[:-1], rows
