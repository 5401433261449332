"""The rules that a ring or finding may touch in the markets of its sellers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.contracts.policy import Catalogue, Clause


def clauses(catalogue: Catalogue, subject: str, countries: Sequence[str]) -> tuple[Clause, ...]:
    """The clauses for a scheme or kind of finding, each once.

    Args:
        catalogue: The catalogue, ours or with the user's own clauses.
        subject: A scheme or a kind of finding.
        countries: The sellers' markets; the clauses of every market where none is known.
    """
    wanted: list[str | None] = [*countries] or [None]
    return tuple(dict.fromkeys(clause for country in wanted for clause in catalogue.clauses_for(subject, country)))
