"""What people decided about rings: an append-only file of JSON Lines beside the results, never touched by a run.

A decision keeps the members and a fingerprint of each piece of evidence that it was made on. A ring that a later run
finds again under another id is recognised by its members, and evidence that was not there before is named as new.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from toolkit.case import os_errors
from toolkit.contracts.report import VERDICTS, Decision
from toolkit.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from toolkit.case import Case
    from toolkit.contracts.report import Evidence

FILE: Final = "decisions.jsonl"
SAME_RING: Final = 0.5
"""Least overlap (Jaccard) of members at which a ring of another id is taken for the one that was decided on."""


def fingerprint(evidence: Evidence) -> str:
    """What a piece of evidence says, whatever its id: family, test, subject and input rows."""
    rows = sorted((row.table, row.id) for row in evidence.rows)
    subject = (evidence.family, evidence.test, evidence.listing_id, evidence.attribute_kind, evidence.attribute_id)
    return hashlib.sha256(json.dumps([subject, rows]).encode()).hexdigest()[:16]


def decide(
    case: Case, ring_id: str, verdict: str, note: str, *, members: Iterable[str], evidence: Iterable[str]
) -> Decision:
    """Append a decision to the case.

    Raises:
        UsageError: The verdict is not one that exists.
    """
    if verdict not in VERDICTS:
        raise UsageError(f"no such verdict: {verdict}", todo=f"choose one of: {', '.join(VERDICTS)}")
    at = datetime.now(UTC).isoformat(timespec="seconds")
    decision = Decision(ring_id, verdict, note, at, tuple(sorted(evidence)), tuple(sorted(members)))
    line = json.dumps(_record(decision), ensure_ascii=True, sort_keys=True)
    with case.lock(), os_errors(case.path / FILE), (case.path / FILE).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    return decision


def decisions(case: Case) -> list[Decision]:
    """Every decision, oldest first.

    Raises:
        InputError: A line can't be read.
    """
    path = case.path / FILE
    if not path.is_file():
        return []
    lines = path.read_bytes().splitlines()
    return [_parse(line, f"{path} line {number}") for number, line in enumerate(lines, 1) if line.strip()]


def latest(made: Sequence[Decision], ring_id: str, members: Iterable[str]) -> Decision | None:
    """The last decision on this ring: by its id, else on the ring with most of the same members."""
    named = [decision for decision in made if decision.ring_id == ring_id]
    if named:
        return named[-1]
    now = frozenset(members)
    close = [decision for decision in made if _overlap(now, decision.members) >= SAME_RING]
    return close[-1] if close else None


def _overlap(now: frozenset[str], then: tuple[str, ...]) -> float:
    together = now | set(then)
    return len(now & set(then)) / len(together) if together else 0.0


def _record(decision: Decision) -> dict[str, Any]:
    return {
        "ring_id": decision.ring_id,
        "as": decision.verdict,
        "note": decision.note,
        "decided_at": decision.decided_at,
        "evidence": list(decision.evidence),
        "members": list(decision.members),
    }


def _parse(line: bytes, where: str) -> Decision:
    try:
        read = json.loads(line)
        if read["as"] not in VERDICTS:
            raise ValueError(read["as"])  # noqa: TRY301 - said like every other fault of the line
        return Decision(
            str(read["ring_id"]),
            str(read["as"]),
            str(read.get("note", "")),
            str(read.get("decided_at", "")),
            tuple(map(str, read.get("evidence", ()))),
            tuple(map(str, read.get("members", ()))),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        todo = f"repair or remove that line; each line is one JSON object with ring_id and as: {', '.join(VERDICTS)}"
        raise InputError("a decision can't be read", where=where, todo=todo) from error
