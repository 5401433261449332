"""Nodes from the tables and results of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.graph import NODE, node_schema
from toolkit.graph.evidence import money_words, result_words, row_words

if TYPE_CHECKING:
    from toolkit.contracts.kinds import NodeKind
    from toolkit.graph.source import Source

_KIND_COLUMNS: Final = {"account_id": "account_kind", "attribute_id": "attribute_kind"}


def nodes(source: Source, label: str) -> pl.DataFrame:
    """All nodes of a label: those that a table describes, and those that are only referred to, sorted by id."""
    kind = NODE[label]
    described = _described(source, kind)
    ids = pl.concat([described.select("id"), *(_seen(source, *place) for place in kind.seen_in)])
    known = ids.drop_nulls().unique().filter(pl.col("id") != "")
    if label == "Payer":
        known = known.join(nodes(source, "Seller"), on="id", how="anti")
    frame = known.join(described, on="id", how="left").sort("id")
    return frame.select(filled(name, kind) for name, kind in node_schema(label).items())


def filled(name: str, kind: pl.DataType) -> pl.Expr:
    """A column in the graph's type; a list without anything is no property, because an offline import knows no such."""
    column = pl.col(name).cast(kind)
    return pl.when(column.list.len() > 0).then(column) if isinstance(kind, pl.List) else column


def _described(source: Source, kind: NodeKind) -> pl.DataFrame:
    """The table of the kind, with the graph's names; properties that are worked out come last."""
    if not kind.table:
        return pl.DataFrame(schema={"id": pl.String})
    frame = source.frame(kind.table)
    plain = [pl.col(item.column).alias(item.name) for item in kind.properties if item.column]
    return frame.select(pl.col(kind.key).alias("id"), *plain).join(_worked_out(source, kind), on="id", how="left")


def _worked_out(source: Source, kind: NodeKind) -> pl.DataFrame:
    """What no column of the table says: rows as words, money, explanations."""
    made = pl.DataFrame(schema={"id": pl.String})
    for item in kind.properties:
        if item.name == "rows":
            made = made.join(row_words(source.frame(kind.table), kind.key), on="id", how="full", coalesce=True)
        elif item.name == "money":
            made = made.join(money_words(source.frame("money"), kind.key), on="id", how="full", coalesce=True)
        elif item.name == "explanations":
            words = result_words(source.frame("explanations"), kind.key)
            made = made.join(words, on="id", how="full", coalesce=True)
    return made


def _seen(source: Source, table: str, column: str, only: str) -> pl.DataFrame:
    """Ids that a column refers to; of one kind of account or attribute where `only` says so."""
    frame = source.frame(table)
    if only:
        frame = frame.filter(pl.col(_KIND_COLUMNS[column]) == only)
    return frame.select(pl.col(column).alias("id")).unique()
