"""What the results say in lists, as lists of short text that a graph store can hold."""

from __future__ import annotations

import polars as pl


def row_words(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """Id and `rows`: the input rows behind a statement, as `table:id`."""
    element = pl.element()
    word = pl.concat_str(element.struct.field("table"), element.struct.field("id"), separator=":")
    return frame.select(pl.col(key).alias("id"), pl.col("rows").list.eval(word))


def money_words(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """Id and `money`: one text a kind of money and currency; currencies are never added up."""
    amount = pl.col("amount").round(2).cast(pl.Decimal(38, 2)).cast(pl.String)
    word = pl.concat_str("kind", amount, "currency", separator=" ").alias("money")
    return _gather(frame.sort("kind", "currency"), key, word)


def result_words(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """Id and `explanations`: one text an innocent explanation and what came of testing it."""
    word = pl.concat_str("explanation", "result", separator=": ").alias("explanations")
    return _gather(frame.sort("explanation"), key, word)


def _gather(frame: pl.DataFrame, key: str, word: pl.Expr) -> pl.DataFrame:
    rows = frame.filter(pl.col(key).is_not_null()).select(pl.col(key).alias("id"), word)
    return rows.group_by("id", maintain_order=True).all()
