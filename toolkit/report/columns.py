"""The tables that leave the house: their columns, and the rows of each, read from the book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from toolkit.contracts.currency import exact
from toolkit.contracts.naming import digest_stem
from toolkit.contracts.report import cases_of_sellers
from toolkit.report.grounds import grounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from toolkit.contracts.report import Book, Evidence

_STATISTICS: Final = ("observed", "expected", "p_value", "q_value")

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "rings": (
        *("ring_id", "tier", "score", "scheme", "families", "n_members", "n_core", "n_targets", "first_at", "last_at"),
        *("q_value", "summary", "decision", "note", "decided_at", "new_evidence"),
    ),
    "members": ("ring_id", "buyer_id", "role", "reason", "score"),
    "targets": ("ring_id", "listing_id", "seller_id", "members", "share", "p_value", "q_value"),
    "evidence": (
        *("evidence_id", "ring_id", "finding_id", "family", "test", "statement", *_STATISTICS),
        *("listing_id", "attribute_kind", "attribute_id", "window_start", "window_end", "rows"),
    ),
    "evidence_rows": ("evidence_id", "table", "id"),
    "explanations": ("ring_id", "finding_id", "explanation", "result", "statement"),
    "money": ("ring_id", "finding_id", "kind", "currency", "amount", "rows"),
    "events": ("ring_id", "at", "table", "id", "buyer_id", "thing_kind", "thing_id", "amount", "currency"),
    "sellers": ("seller_id", "rings", "findings", "orders_to_void", "statement_of_reasons"),
    "void": ("seller_id", "currency", "orders", "order_value", "subsidy"),
    "linked_sellers": ("group", "left", "right", "attribute_kind", "attribute_id", "buyers"),
    "virtual_orders": ("order_id", "ring_id", "seller_id", "score", "reasons", "subsidy", "currency"),
    "findings": (
        *("finding_id", "kind", "seller_id", "listing_id", "first_at", "last_at", "n_orders", "n_buyers"),
        *("p_value", "q_value", "statement", "rows"),
    ),
    "finding_rows": ("finding_id", "table", "id"),
}
"""Table -> its columns, in order. Those of CASE/results keep their names."""


def records(book: Book, table: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a table, in the book's order."""
    return _RECORDS[table](book)


def _taken(row: object, columns: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, column) for column in columns)


def _rings(book: Book) -> Iterator[tuple[Any, ...]]:
    for ring in book.rings:
        made = ring.decision
        decided = (made.verdict, made.note, made.decided_at, len(ring.new_evidence)) if made else (None,) * 4
        plain = _taken(ring, COLUMNS["rings"][:4])
        yield (*plain, "|".join(ring.families), *_taken(ring, COLUMNS["rings"][5:12]), *decided)
    for row in _rest(book, "rings", COLUMNS["rings"][:12]):
        yield (*row[:4], "|".join(row[4]), *row[5:], *(None,) * 4)


def _rest(book: Book, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """Rows of the leads that have no dossier."""
    if book.rest:
        yield from book.rest[table].select(columns).iter_rows()


def _of_ring(part: str, columns: tuple[str, ...]) -> Callable[[Book], Iterator[tuple[Any, ...]]]:
    def rows(book: Book) -> Iterator[tuple[Any, ...]]:
        for ring in book.rings:
            for one in getattr(ring, part):
                yield (ring.ring_id, *_taken(one, columns))
        if part in book.rest:
            yield from _rest(book, part, ("ring_id", *columns))

    return rows


def _of_both(part: str, columns: tuple[str, ...]) -> Callable[[Book], Iterator[tuple[Any, ...]]]:
    """Rows of rings, then of findings: (ring_id, finding_id, ...)."""

    def rows(book: Book) -> Iterator[tuple[Any, ...]]:
        for ring in book.rings:
            for one in getattr(ring, part):
                yield (ring.ring_id, None, *_taken(one, columns))
        for row in _rest(book, part, ("ring_id", "finding_id", *columns)):
            yield _exact(row) if part == "money" else row
        for finding in book.findings:
            for one in getattr(finding, part):
                yield (None, finding.finding_id, *_taken(one, columns))

    return rows


def _exact(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row of money (two ids, kind, currency, amount, rows), its amount with as many places as the currency has."""
    return (*row[:4], exact(row[4], row[3]), row[5])


def _evidence(book: Book) -> Iterator[tuple[Any, ...]]:
    plain = COLUMNS["evidence"][3:-1]
    for ring in book.rings:
        for one in ring.evidence:
            yield (one.evidence_id, ring.ring_id, None, *_taken(one, plain), len(one.rows))
    for row in _rest(book, "evidence", COLUMNS["evidence"]):
        yield (*row[:-1], len(row[-1]))
    for finding in book.findings:
        for one in finding.evidence:
            yield (one.evidence_id, None, finding.finding_id, *_taken(one, plain), len(one.rows))


def _evidence_rows(book: Book) -> Iterator[tuple[Any, ...]]:
    for ring in book.rings:
        yield from _cited(ring.evidence)
    for evidence_id, rows in _rest(book, "evidence", ("evidence_id", "rows")):
        for row in rows:
            yield (evidence_id, row["table"], row["id"])
    for finding in book.findings:
        yield from _cited(finding.evidence)


def _cited(evidence: Iterable[Evidence]) -> Iterator[tuple[Any, ...]]:
    for one in evidence:
        for row in one.rows:
            yield (one.evidence_id, row.table, row.id)


def _sellers(book: Book) -> Iterator[tuple[Any, ...]]:
    for one in cases_of_sellers(book):
        rings = "|".join(ring.ring_id for ring in one.rings)
        statement = f"sellers/{digest_stem(one.seller_id)}.html" if grounds(one) else None
        yield (one.seller_id, rings, len(one.findings), len(one.void), statement)


def _void(book: Book) -> Iterator[tuple[Any, ...]]:
    for one in book.seller_void:
        yield _taken(one, COLUMNS["void"])


def _linked_sellers(book: Book) -> Iterator[tuple[Any, ...]]:
    for number, group in enumerate(book.shops, start=1):
        for tie in group.ties:
            yield (number, *_taken(tie, COLUMNS["linked_sellers"][1:]))


def _virtual_orders(book: Book) -> Iterator[tuple[Any, ...]]:
    for one in book.void:
        reasons = "|".join(one.reasons)
        yield (one.order_id, one.ring_id, one.seller_id, one.score, reasons, one.subsidy, one.currency)


def _findings(book: Book) -> Iterator[tuple[Any, ...]]:
    for one in book.findings:
        yield (*_taken(one, COLUMNS["findings"][:-1]), len(one.rows))


def _finding_rows(book: Book) -> Iterator[tuple[Any, ...]]:
    for one in book.findings:
        for row in one.rows:
            yield (one.finding_id, row.table, row.id)


_RECORDS: Final[dict[str, Callable[[Book], Iterator[tuple[Any, ...]]]]] = {
    "rings": _rings,
    "members": _of_ring("members", COLUMNS["members"][1:]),
    "targets": _of_ring("targets", COLUMNS["targets"][1:]),
    "evidence": _evidence,
    "evidence_rows": _evidence_rows,
    "explanations": _of_both("explanations", COLUMNS["explanations"][2:]),
    "money": _of_both("money", COLUMNS["money"][2:]),
    "events": _of_ring("events", COLUMNS["events"][1:]),
    "sellers": _sellers,
    "void": _void,
    "linked_sellers": _linked_sellers,
    "virtual_orders": _virtual_orders,
    "findings": _findings,
    "finding_rows": _finding_rows,
}
