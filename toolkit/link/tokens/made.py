"""Tokens made of acts: the first row of each value, account and day; and values in bursts of days.

Claims nothing by itself. All kinds are tested one way (`detect.enrich`): Poisson, with the members times their activity
in the kind times the holders inside the group's window, over the people of their region; what else a kind's null holds
fast is said in its module. Cost: one sort a kind; a frame holds 20 bytes a row.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from toolkit.config import DAY
from toolkit.contracts.tokens import TOKENS, TokenKind
from toolkit.link.in_order import by_token, first_of


def kind(
    name: str,
    family: str,
    table: str,
    anchor: str,
    frame: pl.DataFrame,
    *,
    timed: bool,
    least: int,
    base: int = 0,
    once: bool = False,
) -> TokenKind:
    """A kind whose frame holds the first row of each value, buyer and day; `once`: there is one anyway, in order."""
    rows = frame.select([pl.col(c).cast(t) for c, t in TOKENS.items()]).drop_nulls(["token", "buyer"])
    if not once:
        rows = first_of(by_token(rows), ("token", "buyer"), *[pl.col("at") // DAY] * timed)
    return TokenKind(name, family, table, timed, least, anchor, rows, base)


def bursts(name: str, family: str, anchor: str, acts: pl.DataFrame, *, days: int, codes: int, most: int) -> TokenKind:
    """A value in a few days as a token: what a crowd holds in a year, few hold in one burst.

    Args:
        name: Of the kind.
        family: Of the evidence.
        anchor: What the codes are of.
        acts: buyer, row, token, at.
        days: Length of a burst.
        codes: How many codes the anchor has.
        most: One more than the largest token.
    """
    burst = acts["at"].to_numpy() // (days * DAY)
    first = int(burst.min()) if burst.size else 0
    token = acts["token"].to_numpy().astype(np.int64) + most * (burst - first)
    frame = acts.with_columns(token=pl.Series(token))
    return kind(name, family, "orders", anchor, frame, timed=True, least=3, base=codes)


def starred(name: str, family: str, table: str, star_members: pl.DataFrame) -> TokenKind:
    """Who is at the same star, as a token."""
    frame = star_members.filter(pl.col("table") == table).select("buyer", "row", token="star", at=0)
    return kind(name, family, table, "star", frame, timed=False, least=3)
