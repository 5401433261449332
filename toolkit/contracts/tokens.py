"""Tokens: what an account can be seen with or do, one frame a kind, all tested the same way.

A listing that is ordered, a device, a funding source, a voucher of one campaign at one seller: each is a value that a
number of accounts hold. A ring is a set of accounts with values that it holds far more often than chance would have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

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

    def codes(self, tokens: pl.Series) -> pl.Series:
        """The anchor's codes of some tokens."""
        return tokens % self.base if self.base else tokens
