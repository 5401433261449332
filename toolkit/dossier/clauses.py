"""The rules that a ring or finding may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.contracts import policy
from toolkit.contracts.report import Clause

if TYPE_CHECKING:
    from collections.abc import Sequence


def clauses(subject: str, countries: Sequence[str]) -> tuple[Clause, ...]:
    """The clauses for a scheme or kind of finding in the sellers' countries; of all countries where none is known."""
    wanted: list[str | None] = [*countries] or [None]
    found = {clause.clause_id: clause for country in wanted for clause in _of(subject, country)}
    return tuple(
        Clause(
            clause_id=clause.clause_id,
            platform=clause.platform,
            title=clause.title,
            text=f"{clause.text} Consequence as stated: {clause.consequence}",
            source=clause.source,
            date=clause.date,
            action=clause.action,
        )
        for clause in found.values()
    )


def _of(subject: str, country: str | None) -> tuple[policy.Clause, ...]:
    return policy.clauses_for(subject, country)
