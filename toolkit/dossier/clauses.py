"""The rules that a ring or finding may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.contracts.report import Clause


def clauses(subject: str, countries: Sequence[str]) -> tuple[Clause, ...]:  # noqa: ARG001
    """The clauses for a scheme or kind of finding in the sellers' countries; none without a catalogue."""
    return ()
