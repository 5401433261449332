"""A dossier in words: what `ring.explain()` says, in the order in which a person should hear it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.api.html import plain
from toolkit.api.prose import Prose, Section
from toolkit.contracts.currency import spoken
from toolkit.contracts.wording import MONEY_TITLES, RESULT_TITLES, counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toolkit.contracts.report import Dossier, Evidence

MOST: Final = 12
"""Pieces of evidence that are told, the least expected first; the others are counted."""


def explained(ring: Dossier) -> Prose:
    """The ring as a text: claim, limits, evidence, innocent explanations, money, next steps."""
    sections = (
        Section("", (f"{ring.tier}, score {ring.score:.1f} (an order, not a probability). {ring.summary}.",)),
        Section("What this pattern is", (ring.wording.about,)),
        Section("What was not observed", ring.not_observed, "list"),
        Section("Evidence, the least expected first", tuple(_evidence(ring.evidence)), "steps"),
        Section("Innocent explanations", tuple(_explanations(ring)), "list"),
        Section("Money, each currency by itself", tuple(_money(ring)), "list"),
        Section("Next step, least intrusive first", ring.wording.next_steps, "steps"),
    )
    return Prose(f"{ring.wording.title}: ring {ring.ring_id}", tuple(part for part in sections if part.lines))


def _evidence(evidence: Iterable[Evidence]) -> Iterable[str]:
    ranked = sorted(evidence, key=lambda one: 1.0 if one.p_value is None else one.p_value)
    for one in ranked[:MOST]:
        numbers = {"observed": one.observed, "expected": one.expected, "p": one.p_value, "q": one.q_value}
        told = ", ".join(f"{name} {plain(value)}" for name, value in numbers.items() if value is not None)
        yield f"{one.statement} [{one.test}: {told}; {len(one.rows)} input rows]"
    if len(ranked) > MOST:
        yield f"and {len(ranked) - MOST} more: see .evidence"


def _explanations(ring: Dossier) -> Iterable[str]:
    for one in ring.explanations:
        yield f"{one.explanation} ({RESULT_TITLES[one.result]}): {one.statement}"


def _money(ring: Dossier) -> Iterable[str]:
    for one in ring.money:
        yield f"{MONEY_TITLES.get(one.kind, one.kind)}: {spoken(one.amount, one.currency)} ({counted(one.rows, 'row')})"
