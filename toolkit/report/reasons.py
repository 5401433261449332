"""A statement of reasons per seller: facts, rows, rule, automated or not, how to contest; ready to be sent.

It names no buyer and no other seller: the reader is the seller concerned, and gets the rows of the seller's own orders,
reviews and listings. Rows of other tables (cards, devices, accounts) are counted and can be asked for.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from toolkit.case import write_text
from toolkit.contracts.currency import spoken
from toolkit.contracts.naming import digest_stem
from toolkit.contracts.report import cases_of_sellers
from toolkit.contracts.wording import FAMILY_TITLES, RESULT_TITLES, wording
from toolkit.report.markdown import environment, html_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from toolkit.contracts.report import Book, Dossier, Evidence, Explanation, Finding, Money, Row, SellerCase

OWN_TABLES: Final = ("orders", "reviews", "category_changes", "listings")
"""Tables whose rows a seller knows from its own shop."""
SHOWN: Final = 500


@dataclass(frozen=True)
class Ground:
    """One ground of the statement.

    Attributes:
        title: What it is called.
        claim: What the pattern is, in plain words.
        facts: The figures, each a sentence without names of people.
        not_observed: What the data do not show.
        explanations: Innocent explanations with their results.
        money: Amounts, each in its currency.
        rows: The seller's own rows.
        other_rows: Table -> how many rows of other tables it rests on.
        clauses: The rules it may touch.
        steps: What happens next, least intrusive first.
        contest: What the seller can bring.
    """

    title: str
    claim: str
    facts: tuple[str, ...]
    not_observed: tuple[str, ...]
    explanations: tuple[str, ...]
    money: tuple[Money, ...]
    rows: tuple[Row, ...]
    other_rows: dict[str, int]
    clauses: tuple[object, ...]
    steps: tuple[str, ...]
    contest: tuple[str, ...]


def write(book: Book, out: Path) -> list[Path]:
    """Write `sellers/<digest>.md` and `.html` for each seller with a ring or finding."""
    written = []
    for seller_id, markdown, page in texts(book):
        for ending, text in (("md", markdown), ("html", page)):
            written.append(out / "sellers" / f"{digest_stem(seller_id)}.{ending}")
            write_text(written[-1], text, durable=False)
    return written


def texts(book: Book) -> Iterator[tuple[str, str, str]]:
    """Seller, statement as Markdown, statement as a page: for each seller with a ring or finding."""
    markdown, page = environment().get_template("reasons.md.j2"), html_environment().get_template("reasons.html.j2")
    for seller in cases_of_sellers(book):
        if seller.rings or seller.findings:
            told = {"seller": seller, "grounds": grounds(seller), "run": book.run}
            told |= {"shown": SHOWN, "disputed": disputed(seller)}
            yield seller.seller_id, markdown.render(**told), page.render(**told)


def grounds(seller: SellerCase) -> list[Ground]:
    """The grounds that concern a seller: its rings, then its findings."""
    return [*(_of_ring(seller, ring) for ring in seller.rings), *(_of_finding(one) for one in seller.findings)]


def _of_ring(seller: SellerCase, ring: Dossier) -> Ground:
    own = frozenset(target.listing_id for target in ring.targets if target.seller_id == seller.seller_id)
    hidden = _hidden(seller, ring, own)
    concerning = [one for one in ring.evidence if one.listing_id is None or one.listing_id in own]
    cited = {row for one in concerning for row in one.rows}
    theirs = {(event.table, event.id) for event in ring.events if event.thing_id in own and event.table in OWN_TABLES}
    rows = tuple(sorted((row for row in cited if (row.table, row.id) in theirs), key=lambda row: (row.table, row.id)))
    return Ground(
        title=ring.wording.title,
        claim=ring.wording.about,
        facts=_facts(concerning, hidden),
        not_observed=ring.not_observed,
        explanations=tuple(_explained(one, hidden) for one in ring.explanations),
        money=ring.money if ring.sellers == (seller.seller_id,) else (),
        rows=rows,
        other_rows=dict(sorted(Counter(row.table for row in cited.difference(rows)).items())),
        clauses=ring.clauses,
        steps=ring.wording.next_steps,
        contest=ring.wording.contest,
    )


def _of_finding(one: Finding) -> Ground:
    words = wording("unclassified")
    rows = tuple(row for row in one.rows if row.table in OWN_TABLES)
    return Ground(
        title=one.title,
        claim=one.statement,
        facts=tuple(proof.statement for proof in one.evidence),
        not_observed=("Nobody's intent was observed: the finding rests on the rows below.",),
        explanations=tuple(_explained(excuse, frozenset()) for excuse in one.explanations),
        money=one.money,
        rows=rows,
        other_rows=dict(sorted(Counter(row.table for row in one.rows if row.table not in OWN_TABLES).items())),
        clauses=one.clauses,
        steps=words.next_steps,
        contest=words.contest,
    )


def _hidden(seller: SellerCase, ring: Dossier, own: frozenset[str]) -> frozenset[str]:
    """What the statement must not name: buyers, other sellers and their listings, shared attributes."""
    buyers = {member.buyer_id for member in ring.members} | {event.buyer_id for event in ring.events if event.buyer_id}
    things = {event.thing_id for event in ring.events if event.thing_id} | {
        target.listing_id for target in ring.targets
    }
    attributes = {one.id for one in ring.shared} | {one.attribute_id for one in ring.evidence if one.attribute_id}
    return frozenset(buyers | (things - own) | attributes | (set(ring.sellers) - {seller.seller_id}))


def _facts(evidence: Sequence[Evidence], hidden: frozenset[str]) -> tuple[str, ...]:
    """Sentences that name nobody as they are; the others as figures, one sentence a kind of evidence."""
    plain = [one for one in evidence if not any(name in one.statement for name in hidden)]
    naming = [one for one in evidence if any(name in one.statement for name in hidden)]
    said = list(dict.fromkeys(one.statement for one in plain))
    for family in dict.fromkeys(one.family for one in naming):
        same = [one for one in naming if one.family == family]
        least = min(same, key=lambda one: 1.0 if one.p_value is None else one.p_value)
        count = "One more statement" if len(same) == 1 else f"{len(same)} more statements"
        figures = "" if least.observed is None else f"; the least expected: {least.observed:.3g} observed"
        expected = "" if least.expected is None else f", {least.expected:.3g} expected by chance"
        said.append(f"{count} about {FAMILY_TITLES.get(family, family)}{figures}{expected} (test {least.test})")
    return tuple(said)


def _explained(one: Explanation, hidden: frozenset[str]) -> str:
    statement = "" if any(name in one.statement for name in hidden) else f": {one.statement}"
    return f"{one.explanation} ({RESULT_TITLES[one.result]}){statement}"


def disputed(seller: SellerCase) -> list[str]:
    """The subsidy of the orders to void, exactly, each currency by itself."""
    sums: dict[str, Decimal] = {}
    for order in seller.void:
        if order.subsidy is not None and order.currency is not None:
            sums[order.currency] = sums.get(order.currency, Decimal(0)) + order.subsidy
    return [spoken(amount, currency) for currency, amount in sorted(sums.items())]
