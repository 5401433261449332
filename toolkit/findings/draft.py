"""What a test of this stage hands on: a finding in its own words, with the orders and rows that it rests on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_CURRENCY: Final = "XXX"
"""ISO 4217 code for 'no currency': amounts of rows that name none."""


@dataclass(frozen=True)
class Explanation:
    """An innocent explanation and how it fared: `excluded`, `possible` or `not_tested`."""

    explanation: str
    result: str
    statement: str


@dataclass(frozen=True)
class Exhibit:
    """One piece of evidence.

    Attributes:
        family: Evidence family of the results contract.
        test: Short name of the test.
        statement: A sentence with observed and expected.
        observed: What was counted.
        expected: What chance would bring.
        p_value: Probability of at least that under the null; None where the exhibit is a plain fact.
        q_value: The same after Benjamini-Hochberg over all that were tested.
        rows: Input rows other than orders, as (table, id).
        orders: Places of the orders that it cites; those of the whole finding where None.
        attribute_kind: Kind of the attribute that is shared, where one is.
        attribute_id: The attribute.
        window: First and last second that it is about.
    """

    family: str
    test: str
    statement: str
    observed: float | None = None
    expected: float | None = None
    p_value: float | None = None
    q_value: float | None = None
    rows: tuple[tuple[str, str], ...] = ()
    orders: pl.Series | None = None
    attribute_kind: str | None = None
    attribute_id: str | None = None
    window: tuple[int, int] | None = None


@dataclass(frozen=True)
class Draft:
    """One finding before it gets its rows.

    Attributes:
        kind: One of `FINDING_KINDS`.
        key: Entities that make it this finding and no other; its id is a digest of kind and key.
        statement: The finding in one sentence, with observed and expected.
        exhibits: Evidence, the main piece first.
        orders: Places in the clean orders of the orders that it is about.
        seller_id: Whom it is about.
        listing_id: Which listing, where it is one.
        buyers: Buyers that it is about where it cites no orders.
        money: Kinds of money to add up over its orders.
        explanations: Innocent explanations, with results.
        span: First and last second, where the orders do not say it.
    """

    kind: str
    key: tuple[str, ...]
    statement: str
    exhibits: tuple[Exhibit, ...]
    orders: pl.Series
    seller_id: str | None
    listing_id: str | None = None
    buyers: int | None = None
    money: tuple[str, ...] = ()
    explanations: tuple[Explanation, ...] = field(default=())
    span: tuple[int, int] | None = None

    @property
    def finding_id(self) -> str:
        """Stable: the same entities give the same id on every run."""
        return stable_id("f", self.kind, *self.key)


def stable_id(prefix: str, *parts: str) -> str:
    """A short digest of the parts, which can't run into each other."""
    text = "\x1f".join(f"{len(part)}:{part}" for part in parts)
    return f"{prefix}_{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def places(rows: Iterable[int] | pl.Series) -> pl.Series:
    """Places in the clean orders, as the drafts keep them."""
    series = rows if isinstance(rows, pl.Series) else pl.Series(list(rows), dtype=pl.UInt32)
    return series.cast(pl.UInt32).rename("row").unique().sort()


def count_text(expected: float) -> str:
    """An expected count for a sentence: 2.1, 0.03, under 0.001."""
    if expected >= 10:
        return f"{expected:,.0f}"
    return f"{expected:.2g}" if expected >= 0.001 else "under 0.001"
