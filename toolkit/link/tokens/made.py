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
    """A kind whose frame holds the first row of each value, buyer and day; `once`: there is one anyway."""
    rows = frame.select([pl.col(c).cast(t) for c, t in TOKENS.items()]).drop_nulls(["token", "buyer"])
    rows = rows.sort("token", "at", "buyer", "row")
    if not once:
        rows = _first_of_day(rows) if timed else _first_of_all(rows)
    return TokenKind(name, family, table, timed, least, anchor, rows, base)


def _first_of_day(rows: pl.DataFrame) -> pl.DataFrame:
    day = (pl.col("at") // DAY).alias("day")
    return rows.with_columns(day).unique(["token", "buyer", "day"], keep="first", maintain_order=True).drop("day")


def _first_of_all(rows: pl.DataFrame) -> pl.DataFrame:
    """Of rows without times: sorted by value and buyer, they need no look-up."""
    return rows.filter(pl.any_horizontal(pl.col(c).ne_missing(pl.col(c).shift()) for c in ("token", "buyer", "at")))


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
