"""The day on which an account was made, or first seen.

Claims: members' accounts were made on one day. Null: the accounts that the whole market made on that day, over the
people of the region; so a day of advertising, when many join, is expected, and so is the first day of a log. Where the
export does not say when accounts were made, the first sight of something that the account has to itself tells it (what
it shares would tell the same fact as the sharing); only accounts with such a thing are counted. Misses: accounts made
one a day. Cost: one pass over the buyers, or over the account links.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
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
    elif market.has("account_links", "first_seen"):
        seen = _first_sights(market)
        frame = seen.select("buyer", "row", token=pl.col("first_seen") // DAY, at=0)
        told = kind("created_on", "identity", "account_links", "day", frame, timed=False, least=4)
        yield replace(told, acts=_known(seen["buyer"], market.size("buyer")))


def _first_sights(market: Market) -> pl.DataFrame:
    """buyer, row, first_seen: the earliest link of each account to something that no other account holds."""
    links = market.case.table("account_links").with_row_index("row")
    alone = pl.col("account_id").n_unique().over("attribute_kind", "attribute_id") == 1
    theirs = links.filter(alone & (pl.col("account_kind") == "buyer")).drop_nulls("first_seen")
    first = theirs.select("account_id", "row", pl.col("first_seen").dt.epoch("s")).collect()
    first = first.with_columns(buyer=market.encode("buyer", first["account_id"]))
    return first.sort("buyer", "first_seen", "row").unique("buyer", keep="first", maintain_order=True)


def _known(buyers: pl.Series, n: int) -> np.ndarray:
    """How much likelier than any account each is to have a known day: not at all, or as the known are fewer."""
    known = np.zeros(n)
    known[buyers.to_numpy()] = n / max(len(buyers), 1)
    return known
