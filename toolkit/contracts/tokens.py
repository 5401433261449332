"""Tokens: what an account can be seen with or do, one frame a kind, all tested the same way.

A listing that is ordered, a device, a funding source, a voucher of one campaign at one seller: each is a value that a
number of accounts hold. A ring is a set of accounts with values that it holds far more often than chance would have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TOKENS: Final = pl.Schema(
    {
        "token": pl.UInt32,  # code of the value, within its kind
        "buyer": pl.UInt32,
        "at": pl.Int64,  # 0 where the kind has no times
        "row": pl.UInt32,  # row of `table` that shows it
    }
)
"""One row a value and buyer (the first time)."""


@dataclass(frozen=True)
class TokenKind:
    """One kind of token.

    Attributes:
        name: For example `listing_ordered`, `device`, `funding_source`.
        family: The evidence family that it counts for.
        table: The input table that its rows lie in.
        timed: Whether acts have a time, so that a ring has a window on each value.
        least: Members on a value, at least, that make it worth a test.
        anchor: Kind of id that `token` codes (`listing`, `seller`, `device`, ...), for reading it back.
        frame: The tokens (schema TOKENS), sorted by token, at, buyer.
        acts: How many acts of this kind each buyer has, also those on no token; where None, the frame's rows count.
        chance: For each token the chance that one such act is on it; where None, its holders over all who might be.
        brought: Whether a value is asked about only because a member brought it, and hardly anybody else holds it: then
            p is that of more holders, given one.
        places: token (null where on none), buyer, place of every act, if what is held at one place alone joins nobody.
        base: Where a token also names days or a region, how many codes the anchor has: the rest of the division of the
            token by it is the anchor's code. 0 where the token is the code.
    """

    name: str
    family: str
    table: str
    timed: bool
    least: int
    anchor: str
    frame: pl.DataFrame
    base: int = 0
    acts: NDArray[np.float64] | None = None
    chance: NDArray[np.float64] | None = None
    places: pl.DataFrame | None = None
    brought: bool = False

    def codes(self, tokens: pl.Series) -> pl.Series:
        """The anchor's codes of some tokens."""
        return tokens % self.base if self.base else tokens
