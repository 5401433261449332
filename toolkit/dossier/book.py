"""Results and clean tables of a case -> a `Book`: rings in order of tier and score, findings, and how the run went."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit.contracts.policy import load
from toolkit.contracts.report import Book, Decision, Dossier, Wording
from toolkit.contracts.results import ALERT_TIERS, TIERS
from toolkit.contracts.wording import not_observed, wording
from toolkit.dossier import parts
from toolkit.dossier.clauses import clauses
from toolkit.dossier.decisions import decisions, fingerprint, latest
from toolkit.dossier.events import events
from toolkit.dossier.findings import brushing, findings
from toolkit.dossier.run import run
from toolkit.dossier.shared import shared
from toolkit.dossier.shops import groups
from toolkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from toolkit.case import Case
    from toolkit.contracts.policy import Catalogue
    from toolkit.contracts.report import Evidence, Run

_PLAIN: Final = (
    *("ring_id", "tier", "score", "scheme", "n_members", "n_core", "n_targets"),
    *("first_at", "last_at", "q_value", "summary"),
)
"""Columns of the rings that a dossier holds as they are."""
_ORDER: Final = pl.col("tier").replace_strict({tier: rank for rank, tier in enumerate(TIERS)}, return_dtype=pl.Int8)


def read(
    case: Case, rings: Sequence[str] | None = None, *, policy: Sequence[Path] = (), most_leads: int | None = None
) -> Book:
    """The case as a book.

    Args:
        case: The case.
        rings: Ids of the rings to read, with the findings about their sellers (where none is named, about their
            listings); all where it is None.
        policy: Files with the user's own clauses, added to the catalogue.
        most_leads: How many leads get a dossier, the strongest first; all where it is None. Of the others the book
            holds the result tables. Whatever somebody decided on gets one.

    Raises:
        UsageError: A ring of that id is not in the case; the message names the nearest ids.
        InputError: A decision or the manifest can't be read.
    """
    table = case.result("rings").sort(_ORDER, pl.col("score"), "ring_id", descending=[False, True, False])
    known = table["ring_id"].to_list()
    if rings is not None:
        _check(rings, known)
        table = table.filter(pl.col("ring_id").is_in(list(rings)))
    table, left = _parted(case, table, most_leads)
    told, rules = run(case), load(*policy)
    dossiers, found = tuple(_dossiers(case, table, told, rules)), findings(case, rules)
    if rings is not None:
        targets = [target for ring in dossiers for target in ring.targets]
        about = {target.seller_id or target.listing_id for target in targets}
        found = tuple(one for one in found if (one.seller_id or one.listing_id) in about)
    return Book(
        run=told,
        rings=dossiers,
        findings=found,
        brushing=brushing(case),
        void=parts.void(case.result("virtual_orders"), known if rings is None else rings, rest=rings is None),
        all_rings=tuple(known),
        seller_void=parts.seller_void(case) if rings is None else (),
        shops=groups(case) if rings is None else (),
        rest=parts.rest(case, left) if left.height else {},
    )


def _parted(case: Case, table: pl.DataFrame, most_leads: int | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rings that get a dossier, and those that don't."""
    if most_leads is None:
        return table, table.clear()
    lead = ~pl.col("tier").is_in(ALERT_TIERS)
    late = lead & (lead.cum_sum() > most_leads) & ~pl.col("ring_id").is_in(_decided(case).implode())
    return table.filter(~late), table.filter(late)


def _decided(case: Case) -> pl.Series:
    """Rings that decisions may be about: those that have a member in common with one, or its id."""
    made = decisions(case)
    buyers = {buyer for one in made for buyer in one.members}
    theirs = case.result("members").filter(pl.col("buyer_id").is_in(sorted(buyers)))["ring_id"]
    return pl.concat([theirs, pl.Series([one.ring_id for one in made], dtype=pl.String)]).unique()


def _check(wanted: Sequence[str], known: list[str]) -> None:
    for ring_id in wanted:
        if ring_id not in known:
            near = get_close_matches(ring_id, known, n=3, cutoff=0.0)
            todo = (
                f"nearest: {', '.join(near)}; ringscope rings CASE lists them all" if near else "the case has no ring"
            )
            raise UsageError(f"no ring of that id: {ring_id[:80]}", todo=todo)


def _of(case: Case, name: str, rings: pl.Series) -> pl.DataFrame:
    return case.result(name).filter(pl.col("ring_id").is_in(rings.implode()))


def _dossiers(case: Case, table: pl.DataFrame, told: Run, rules: Catalogue) -> list[Dossier]:
    shelf = _Shelf(case, table, told, rules)
    return [shelf.dossier(row) for row in table.iter_rows(named=True)]


class _Shelf:
    """Everything about the wanted rings, by ring id."""

    def __init__(self, case: Case, table: pl.DataFrame, told: Run, rules: Catalogue) -> None:
        ids = table["ring_id"]
        members, targets, proof = (_of(case, name, ids) for name in ("members", "targets", "evidence"))
        self.told, self.rules = told, rules
        self.members = parts.members(members)
        self.targets = parts.targets(targets)
        self.evidence = parts.evidence(proof, "ring_id")
        self.money = parts.money(_of(case, "money", ids), "ring_id")
        self.explanations = parts.explanations(_of(case, "explanations", ids), "ring_id")
        self.virtual_orders = parts.virtual_orders(_of(case, "virtual_orders", ids))
        self.links = parts.links(case.result("links"), members)
        self.events = events(case, table, members, targets, parts.cited(proof))
        self.shared = shared(case, members)
        self.titles = parts.titles(case, targets)
        self.countries = parts.countries(case)
        self.decisions = decisions(case)
        self.words = {name: _words(told) for name, told in (case.manifest().get("wordings") or {}).items()}

    def dossier(self, row: dict[str, Any]) -> Dossier:
        """One ring, from its row of the table."""
        ring = row["ring_id"]
        members, targets, evidence = self.members.get(ring, ()), self.targets.get(ring, ()), self.evidence.get(ring, ())
        decision = latest(self.decisions, ring, (member.buyer_id for member in members))
        words = wording(row["scheme"], self.words)
        countries = {self.countries.get(target.seller_id or "", "") for target in targets}
        return Dossier(
            **{name: row[name] for name in _PLAIN},
            families=tuple(row["families"]),
            wording=words,
            not_observed=not_observed(words, tuple(row["families"]), self.told.switched_off),
            members=members,
            targets=targets,
            evidence=evidence,
            explanations=self.explanations.get(ring, ()),
            money=self.money.get(ring, ()),
            events=self.events.get(ring, ()),
            shared=self.shared.get(ring, ()),
            links=self.links.get(ring, ()),
            virtual_orders=self.virtual_orders.get(ring, ()),
            clauses=clauses(self.rules, row["scheme"], sorted(countries - {""})),
            titles={one.listing_id: self.titles[one.listing_id] for one in targets if one.listing_id in self.titles},
            decision=decision,
            new_evidence=_news(decision, evidence),
        )


def _words(told: dict[str, Any]) -> Wording:
    """The words of a plug-in's scheme, kept in the case so that it can be read where the plug-in is not."""
    lists = {name: tuple(told[name]) for name in ("not_observed", "next_steps", "contest")}
    return Wording(title=told["title"], about=told["about"], **lists)


def _news(decision: Decision | None, evidence: tuple[Evidence, ...]) -> tuple[str, ...]:
    """Ids of the evidence that was not there when the decision was made."""
    if decision is None:
        return ()
    return tuple(one.evidence_id for one in evidence if fingerprint(one) not in decision.evidence)
