"""The grounds of a statement of reasons: what concerns one seller, without the names of others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from toolkit.contracts.currency import spoken
from toolkit.contracts.results import ALERT_TIERS
from toolkit.contracts.wording import CONTEST, FAMILY_TITLES, RESULT_TITLES, finding_wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.contracts.policy import Clause
    from toolkit.contracts.report import Dossier, Evidence, Explanation, Finding, Money, Row, SellerCase

OWN_TABLES: Final = ("orders", "reviews", "category_changes", "listings")
"""Tables whose rows a seller knows from its own shop."""
FACTS: Final = 10
"""Facts that stand in the letter itself, the least expected ones; the others are in its annex."""


@dataclass(frozen=True)
class Ground:
    """One ground of the statement.

    Attributes:
        title: What it is called.
        claim: What the pattern is, in plain words.
        standing: Whether a person has looked at it, and what that person decided.
        facts: The figures, each a sentence without names of people, the least expected first.
        not_observed: What the data do not show.
        explanations: Innocent explanations with their results.
        money: Amounts, each in its currency.
        rows: The seller's own rows.
        other_rows: Table -> how many rows of other tables it rests on.
        clauses: The rules it may touch.
        steps: What happens next, least intrusive first.
        contest: What the seller can bring for this ground in particular; `CONTEST` holds for every one.
    """

    title: str
    claim: str
    standing: str
    facts: tuple[str, ...]
    not_observed: tuple[str, ...]
    explanations: tuple[str, ...]
    money: tuple[Money, ...]
    rows: tuple[Row, ...]
    other_rows: dict[str, int]
    clauses: tuple[Clause, ...]
    steps: tuple[str, ...]
    contest: tuple[str, ...]


def grounds(seller: SellerCase) -> list[Ground]:
    """The grounds that concern a seller: its rings that may be stated, then its findings."""
    rings = (ring for ring in seller.rings if stated(ring))
    return [*(_of_ring(seller, ring) for ring in rings), *(_of_finding(one) for one in seller.findings)]


def stated(ring: Dossier) -> bool:
    """Whether a ring may be held against a seller: one that a person confirmed, or an alert that nobody dismissed."""
    made = ring.decision
    if made is not None and made.verdict == "confirmed":
        return True
    return ring.tier in ALERT_TIERS and (made is None or made.verdict != "dismissed")


def _standing(ring: Dossier) -> str:
    made = ring.decision
    if made is None:
        return "No person has decided on this ground yet."
    return f"A person marked this ground as {made.verdict} on {made.decided_at[:10]}."


def _of_ring(seller: SellerCase, ring: Dossier) -> Ground:
    own = frozenset(target.listing_id for target in ring.targets if target.seller_id == seller.seller_id)
    hidden = _hidden(seller, ring, own)
    things = {(event.table, event.id): event.thing_id for event in ring.events if event.thing_kind == "listing"}
    about = {one.evidence_id: _listings(one, things) for one in ring.evidence}
    concerning = [one for one in ring.evidence if not about[one.evidence_id] or about[one.evidence_id] & own]
    cited = {row for one in concerning for row in one.rows}
    theirs = {(event.table, event.id) for event in ring.events if event.thing_id in own and event.table in OWN_TABLES}
    rows = tuple(sorted((row for row in cited if (row.table, row.id) in theirs), key=lambda row: (row.table, row.id)))
    return Ground(
        title=ring.wording.title,
        claim=ring.wording.about,
        standing=_standing(ring),
        facts=_facts(concerning, hidden, about),
        not_observed=ring.not_observed,
        explanations=tuple(_explained(one, hidden) for one in ring.explanations),
        money=ring.money if ring.sellers == (seller.seller_id,) else (),
        rows=rows,
        other_rows=dict(sorted(Counter(row.table for row in cited.difference(rows)).items())),
        clauses=ring.clauses,
        steps=ring.wording.next_steps,
        contest=tuple(way for way in ring.wording.contest if way not in CONTEST),
    )


def _of_finding(one: Finding) -> Ground:
    words = finding_wording(one.kind)
    rows = tuple(row for row in one.rows if row.table in OWN_TABLES)
    return Ground(
        title=one.title,
        claim=sentence(one.statement),
        standing="No person has decided on this ground yet.",
        facts=tuple(sentence(proof.statement) for proof in one.evidence if proof.statement != one.statement),
        not_observed=words.not_observed,
        explanations=tuple(_explained(excuse, frozenset()) for excuse in one.explanations),
        money=one.money,
        rows=rows,
        other_rows=dict(sorted(Counter(row.table for row in one.rows if row.table not in OWN_TABLES).items())),
        clauses=one.clauses,
        steps=words.next_steps,
        contest=tuple(way for way in words.contest if way not in CONTEST),
    )


def _listings(one: Evidence, things: dict[tuple[str, str], str | None]) -> frozenset[str]:
    """The listings that a piece of evidence is about: the one it names, else those of its rows."""
    if one.listing_id is not None:
        return frozenset((one.listing_id,))
    found = (things.get((row.table, row.id)) for row in one.rows)
    return frozenset(thing for thing in found if thing is not None)


def _hidden(seller: SellerCase, ring: Dossier, own: frozenset[str]) -> frozenset[str]:
    """What the statement must not name: buyers, other sellers and their listings, shared attributes."""
    buyers = {member.buyer_id for member in ring.members} | {event.buyer_id for event in ring.events if event.buyer_id}
    things = {event.thing_id for event in ring.events if event.thing_id} | {
        target.listing_id for target in ring.targets
    }
    attributes = {one.id for one in ring.shared} | {one.attribute_id for one in ring.evidence if one.attribute_id}
    return frozenset(buyers | (things - own) | attributes | (set(ring.sellers) - {seller.seller_id}))


def _facts(evidence: Sequence[Evidence], hidden: frozenset[str], about: dict[str, frozenset[str]]) -> tuple[str, ...]:
    """Sentences that name nobody as they are; the others as figures, one sentence a kind of evidence."""
    ranked = sorted(evidence, key=lambda one: 1.0 if one.p_value is None else one.p_value)
    plain = [one for one in ranked if not any(name in one.statement for name in hidden)]
    naming = [one for one in ranked if any(name in one.statement for name in hidden)]
    said = list(dict.fromkeys(_fact(one, about[one.evidence_id]) for one in plain))
    for family in dict.fromkeys(one.family for one in naming):
        same = [one for one in naming if one.family == family]
        count = "One more figure" if len(same) == 1 else f"{len(same)} more figures"
        figures = "" if same[0].observed is None else f"; the least expected: {same[0].observed:.3g} observed"
        expected = "" if same[0].expected is None else f", {same[0].expected:.3g} expected by chance"
        said.append(f"{count} on {FAMILY_TITLES.get(family, family)} that name other people{figures}{expected}.")
    return tuple(said)


def _fact(one: Evidence, listings: frozenset[str]) -> str:
    """A statement as a sentence, with the seller's listing that it is about where it does not name it."""
    if len(listings) != 1 or any(listing in one.statement for listing in listings):
        return sentence(one.statement)
    return sentence(f"{one.statement}; it is about your listing {', '.join(listings)}")


def sentence(text: str) -> str:
    """A statement as a sentence of a letter: a capital first, a full stop last."""
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!", "?")) else ".")


def _explained(one: Explanation, hidden: frozenset[str]) -> str:
    statement = "" if any(name in one.statement for name in hidden) else f": {one.statement}"
    return sentence(f"{one.explanation} ({RESULT_TITLES[one.result]}){statement}")


def disputed(seller: SellerCase) -> list[str]:
    """The subsidy of the orders to void, exactly, each currency by itself."""
    sums: dict[str, Decimal] = {}
    for order in seller.void:
        if order.subsidy is not None and order.currency is not None:
            sums[order.currency] = sums.get(order.currency, Decimal(0)) + order.subsidy
    return [spoken(amount, currency) for currency, amount in sorted(sums.items())]
