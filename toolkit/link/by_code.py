"""Looking up by code: codes count from 0 without gaps, so a column of what they mean is read at the code's place.

That takes a tenth of a join, and makes no other copy of the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from toolkit.market import Market


def looked_up(market: Market, kind: str, known: pl.DataFrame) -> pl.Expr:
    """What each row's code of a kind means; null where that is unknown, or the row has no code.

    Args:
        market: Says how many codes there are.
        kind: Of ids; also the name of the column that holds the codes.
        known: Code and meaning, at most one row a code.
    """
    code, meaning = known.columns
    every = pl.DataFrame({code: pl.int_range(market.size(kind), dtype=pl.UInt32, eager=True)})
    meanings = every.join(known, on=code, how="left", maintain_order="left")[meaning]
    return pl.lit(meanings).gather(pl.col(kind))


def of_code(market: Market, kind: str, table: str, column: str) -> pl.Expr:
    """What a column of a table, which has one row an id of a kind, says of each row's code."""
    return looked_up(market, kind, market.table(table).select(kind, column))
