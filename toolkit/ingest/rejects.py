"""When too much of a table is rejected: say which column is probably mapped wrongly, and show three of its values.

Ids are tokens and may be shown. A value that could say who somebody is (an address, a card, a message, an e-mail
address under any name) is shown by its shape alone: letters as x, digits as 9.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.errors import InputError
from toolkit.ingest.output import quarantine_name

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.ingest.output import Counts
    from toolkit.ingest.plan import Plan

PERSONAL: Final = frozenset(
    {
        "text",
        "title",
        "refund_reason",
        "address_id",
        "payment_id",
        "refund_payment_id",
        "purchase_payment_id",
        "card_id",
        "device_id",
        "attribute_id",
        "city",
        "postcode",
        "issuer",
    }
)
"""Columns whose values are never shown: careless exports hold addresses, card numbers and e-mail addresses in them."""

_TELLING: Final = re.compile(r"@|\d{12,}|\s\S+\s")
"""Values that are shown by their shape in any column: e-mail addresses, long numbers, phrases of several words."""

_SHOWN: Final = 40


def check_share(plan: Plan, counts: Counts, rejected: Path, limit: float) -> None:
    """Stop where more than `limit` of a table's rows are in quarantine.

    Args:
        plan: The table.
        counts: What was counted.
        rejected: The quarantine's file.
        limit: The largest share that is no reason to stop.

    Raises:
        InputError: Too much is rejected; names the rule, the column and three of its values.
    """
    if counts.rejected <= limit * counts.read:
        return
    worst = max(counts.rules, key=lambda name: counts.rules[name])
    column = next(rule.column for rule in plan.rules if rule.name == worst)
    source = plan.sources_of(column)
    samples = ", ".join(repr(value) for value in _samples(rejected, worst, column, source)) or "none"
    origin = f" (source column {source[0]!r})" if source and source[0] != column else ""
    raise InputError(
        f"{counts.rejected:,} of {counts.read:,} rows of {plan.source.table!r} are rejected, "
        f"{counts.rules[worst]:,} by the rule {worst!r}; the limit is {limit:.0%}",
        where=f"{plan.source.place}, column {column!r}{origin}, values such as {samples}",
        todo="the mapping is probably wrong: correct that column; all rejected rows are in the quarantine",
    )


def _samples(rejected: Path, rule: str, column: str, source: tuple[str, ...]) -> list[str]:
    """Up to three different values from rows that broke a rule, in the order of the file."""
    if not source:
        return []
    values = (
        pl.scan_parquet(rejected)
        .filter(pl.col("rule").str.split("; ").list.contains(rule))
        .select(pl.col(quarantine_name(source[0])).cast(pl.String, strict=False).fill_null(""))
        .unique(maintain_order=True)
        .head(3)
        .collect()
    )
    return [shown(value, column) for value in values.to_series()]


def shown(value: str, column: str) -> str:
    """A value as an error may show it: cut, and by its shape alone where it could be about a person."""
    if column in PERSONAL or _TELLING.search(value):
        value = re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "9", value))
    return value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
