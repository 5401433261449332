"""Findings about sellers and listings, and the brushing windows of the public rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.contracts.report import BrushingWindow, Finding
from toolkit.contracts.wording import FINDING_TITLES
from toolkit.dossier import parts
from toolkit.dossier.clauses import clauses

if TYPE_CHECKING:
    from toolkit.case import Case
    from toolkit.contracts.policy import Catalogue


def findings(case: Case, rules: Catalogue) -> tuple[Finding, ...]:
    """Every finding, by kind, the least expected first."""
    table = case.result("findings").sort("kind", "p_value", "finding_id", nulls_last=True)
    evidence = parts.evidence(case.result("evidence"), "finding_id")
    sums = parts.money(case.result("money"), "finding_id")
    excuses = parts.explanations(case.result("explanations"), "finding_id")
    countries = parts.countries(case)

    def make(row: dict[str, Any]) -> Finding:
        key = row["finding_id"]
        country = countries.get(row["seller_id"] or "", "")
        row["rows"] = parts.rows(row["rows"])
        return Finding(
            **row,
            title=FINDING_TITLES.get(row["kind"], row["kind"]),
            evidence=evidence.get(key, ()),
            explanations=excuses.get(key, ()),
            money=sums.get(key, ()),
            clauses=clauses(rules, row["kind"], [country] if country else []),
        )

    return tuple(make(row) for row in table.iter_rows(named=True))


def brushing(case: Case) -> tuple[BrushingWindow, ...]:
    """Brushing windows under the public rule, by seller and time."""
    table = case.result("brushing_windows").sort("seller_id", "window_start")
    return tuple(BrushingWindow(**row) for row in table.iter_rows(named=True))
