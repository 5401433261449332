"""The day on which an account was made.

Claims: members' accounts were made on one day. Null: the accounts that the whole market made on that day, over the
people of the region; so a day of advertising, when many join, is expected. Misses: accounts made one a day. Cost: one
pass over the buyers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from toolkit.config import DAY
from toolkit.link.tokens.made import kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.contracts.tokens import TokenKind
    from toolkit.market import Market


def births(market: Market) -> Iterator[TokenKind]:
    """The day on which an account was made."""
    if market.has("buyers", "created_at"):
        made = market.table("buyers").drop_nulls("created_at")
        frame = made.select("buyer", "row", token=pl.col("created_at") // DAY, at=0)
        yield kind("created_on", "identity", "buyers", "day", frame, timed=False, least=4)
