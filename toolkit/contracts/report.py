"""What a report says, as frozen data: one `Dossier` a ring, one `Book` a case.

`toolkit.dossier` reads them from a case; `toolkit.report` and `toolkit.visualise` only write them down. Ids and texts
are those of the input and must be treated as hostile by whoever writes them. Times are instants in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    import polars as pl

    from toolkit.contracts.policy import Clause

REPORT_VERSION: Final = 1
"""Version of the JSON export; it rises when a field is renamed, dropped or changes its meaning."""

VERDICTS: Final = ("confirmed", "dismissed", "watched")
"""What a person may decide about a ring."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the input: its table and its id there."""

    table: str
    id: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One statement with its numbers and the input rows that it rests on."""

    evidence_id: str
    family: str
    test: str
    statement: str
    observed: float | None
    expected: float | None
    p_value: float | None
    q_value: float | None
    listing_id: str | None
    attribute_kind: str | None
    attribute_id: str | None
    window_start: datetime | None
    window_end: datetime | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A buyer account in a ring, and what joins it."""

    buyer_id: str
    role: str
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class Target:
    """A listing that the members act on more than chance would have it."""

    listing_id: str
    seller_id: str | None
    members: int
    share: float
    p_value: float
    q_value: float


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of one kind in one currency; amounts of two currencies are never added."""

    kind: str
    currency: str
    amount: Decimal
    rows: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """An innocent explanation: excluded, possible, or not tested and why."""

    explanation: str
    result: str
    statement: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at one instant: an order, a review, a redemption, a transfer, a category change."""

    at: datetime
    table: str
    id: str
    buyer_id: str | None
    thing_kind: str
    thing_id: str | None
    amount: Decimal | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Shared:
    """An attribute that two or more accounts of the ring hold: an address, a card, a device, a purchaser of cards."""

    kind: str
    id: str
    accounts: tuple[str, ...]
    holders: int | None


@dataclass(frozen=True, slots=True)
class Link:
    """Two buyers joined in the evidence graph, by one view."""

    left: str
    right: str
    view: str
    weight: float
    observed: float | None
    expected: float | None
    p_value: float | None
    q_value: float | None
    via: str | None


@dataclass(frozen=True, slots=True)
class VirtualOrder:
    """An order that two independent reasons mark as not meant to be a purchase."""

    order_id: str
    ring_id: str | None
    seller_id: str | None
    score: float
    reasons: tuple[str, ...]
    subsidy: Decimal | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a ring, and on which evidence."""

    ring_id: str
    verdict: str
    note: str
    decided_at: str
    evidence: tuple[str, ...]
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said of every ring of a scheme: its name, what the data can't show, the steps, how to contest."""

    title: str
    about: str
    not_observed: tuple[str, ...]
    next_steps: tuple[str, ...]
    contest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is said about one ring."""

    ring_id: str
    tier: str
    score: float
    scheme: str
    families: tuple[str, ...]
    n_members: int
    n_core: int
    n_targets: int
    first_at: datetime | None
    last_at: datetime | None
    q_value: float | None
    summary: str
    wording: Wording
    not_observed: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    targets: tuple[Target, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    money: tuple[Money, ...] = ()
    events: tuple[Event, ...] = ()
    shared: tuple[Shared, ...] = ()
    links: tuple[Link, ...] = ()
    virtual_orders: tuple[VirtualOrder, ...] = ()
    clauses: tuple[Clause, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    decision: Decision | None = None
    new_evidence: tuple[str, ...] = ()

    @property
    def sellers(self) -> tuple[str, ...]:
        """Sellers of the targets, in order of id."""
        return tuple(sorted({target.seller_id for target in self.targets if target.seller_id is not None}))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a seller or listing that is not a ring."""

    finding_id: str
    kind: str
    title: str
    seller_id: str | None
    listing_id: str | None
    first_at: datetime | None
    last_at: datetime | None
    n_orders: int
    n_buyers: int
    p_value: float | None
    q_value: float | None
    statement: str
    rows: tuple[Row, ...]
    evidence: tuple[Evidence, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    money: tuple[Money, ...] = ()
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class BrushingWindow:
    """A run of brushed orders of one seller under the public rule."""

    seller_id: str
    window_start: datetime
    window_end: datetime
    orders: int
    buyers: int
    concentration: float


@dataclass(frozen=True, slots=True)
class TableCount:
    """Rows of one input table: read, kept, rejected by rule; values that became null; columns kept out."""

    table: str
    read: int
    kept: int
    quarantined: Mapping[str, int]
    unparsable: Mapping[str, int]
    unknown_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """How the case was made: version, input, what was switched off, thresholds, time per stage."""

    version: str
    case_name: str
    inputs: tuple[TableCount, ...] = ()
    switched_off: tuple[tuple[str, str], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    stages: tuple[tuple[str, float], ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class SellerVoid:
    """What is to be voided at one seller in one currency: orders, their value, the platform's part of it."""

    seller_id: str
    currency: str
    orders: int
    order_value: Decimal | None
    subsidy: Decimal | None


@dataclass(frozen=True, slots=True)
class SellerTie:
    """A rare attribute that two sellers were both seen with, and how many buyers were as well: a path, no proof."""

    left: str
    right: str
    attribute_kind: str
    attribute_id: str
    buyers: int


@dataclass(frozen=True, slots=True)
class LinkedSeller:
    """A seller of a group: its orders in the data, with the times of the first and the last."""

    seller_id: str
    first_at: datetime | None = None
    last_at: datetime | None = None
    orders: int = 0


@dataclass(frozen=True, slots=True)
class SellerGroup:
    """Sellers that ties join, the one that sold first at the top."""

    sellers: tuple[LinkedSeller, ...]
    ties: tuple[SellerTie, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A whole case for people: the run, its rings in order of tier and score, its findings.

    Attributes:
        rest: Result tables of the leads that come after those in `rings`, where a case has too many to tell all; they
            are in no picture and no page.
    """

    run: Run
    rings: tuple[Dossier, ...]
    findings: tuple[Finding, ...] = ()
    brushing: tuple[BrushingWindow, ...] = ()
    void: tuple[VirtualOrder, ...] = ()
    all_rings: tuple[str, ...] = ()
    seller_void: tuple[SellerVoid, ...] = ()
    shops: tuple[SellerGroup, ...] = ()
    rest: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    @property
    def untold(self) -> int:
        """How many leads are only in the tables."""
        return self.rest["rings"].height if self.rest else 0


@dataclass(frozen=True, slots=True)
class SellerCase:
    """All that a book says about one seller: the rings around its listings, its findings, its orders to void."""

    seller_id: str
    rings: tuple[Dossier, ...]
    findings: tuple[Finding, ...]
    void: tuple[VirtualOrder, ...]


def cases_of_sellers(book: Book) -> tuple[SellerCase, ...]:
    """Sellers with rings, findings or orders to void; those with most rings and findings first."""
    rings: dict[str, list[Dossier]] = {}
    findings: dict[str, list[Finding]] = {}
    void: dict[str, list[VirtualOrder]] = {}
    for ring in book.rings:
        for seller in ring.sellers:
            rings.setdefault(seller, []).append(ring)
    for order in book.void:
        if order.seller_id is not None:
            void.setdefault(order.seller_id, []).append(order)
    for one in book.findings:
        if one.seller_id is not None:
            findings.setdefault(one.seller_id, []).append(one)
    cases = [
        SellerCase(seller, tuple(rings.get(seller, ())), tuple(findings.get(seller, ())), tuple(void.get(seller, ())))
        for seller in sorted({*rings, *findings, *void})
    ]
    return tuple(sorted(cases, key=lambda one: -len(one.rings) - len(one.findings)))
