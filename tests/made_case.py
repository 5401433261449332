"""A case made by hand: every result table filled, at any size, with plain or hostile ids and texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from toolkit.case import Case, write_frame
from toolkit.contracts.results import RESULTS, SCHEMES, empty
from toolkit.contracts.tables import dtypes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

START = datetime(2026, 3, 1, 8, tzinfo=UTC)

HOSTILE = (
    "<script>window.hit=1</script>",
    "</script><script>window.hit=2</script>",
    "<img src=x onerror=window.hit=3>",
    "=cmd|' /C calc'!A0",
    "../../../etc/passwd",
    '" onmouseover="window.hit=4',
    "{{7*7}}${7*7}",
    "javascript:window.hit=5",
    "<a href='https://example.org/hit'>href</a>",
    "name\u2028with\u2029breaks\r\nand\ttabs\x00nul",
    "<!--<script>",
    "| a | table `code` **bold** [x](javascript:window.hit=6)",
    "L" * 10_000,
    "\u202eevil\u202c right to left",
)


def plain(kind: str, number: int) -> str:
    """Ids as honest exports have them."""
    return f"{kind}{number:05d}"


def hostile(kind: str, number: int) -> str:
    """Ids that try to break out of HTML, CSV, Markdown, JSON and paths."""
    return f"{HOSTILE[number % len(HOSTILE)]}{kind}{number}"


@dataclass
class Made:
    """Rows under construction."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    results: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def table(self, name: str, **row: Any) -> None:
        self.tables.setdefault(name, []).append(row)

    def result(self, name: str, **row: Any) -> None:
        self.results.setdefault(name, []).append(row)


def make_case(
    path: Path,
    *,
    rings: int = 3,
    members: int = 9,
    name: Callable[[str, int], str] = plain,
    text: Callable[[int], str] = lambda number: f"sentence {number}",
) -> Case:
    """Write a case with that many rings; ring 0 is a gift-card ring in USD and JPY, the others take turns."""
    made = Made()
    for ring in range(rings):
        _ring(made, ring, members, name, text)
    for number in range(min(rings, 12)):
        _finding(made, number, name, text)
    case = Case(path)
    path.mkdir(parents=True, exist_ok=True)
    _write(case, made)
    return case


def ring_id(number: int) -> str:
    """The id of the fixture's ring of that number."""
    return f"{number * 2654435761 % 2**32:08x}"


def _write(case: Case, made: Made) -> None:
    for table, rows in made.tables.items():
        full = [{**dict.fromkeys(dtypes(table)), **row} for row in rows]
        write_frame(case.path / "tables" / f"{table}.parquet", pl.DataFrame(full, schema=dtypes(table)))
    for result in RESULTS:
        rows = made.results.get(result, [])
        frame = pl.DataFrame(rows, schema=empty(result).schema) if rows else empty(result)
        case.write_result(result, frame)
    case.update_manifest(
        version="0.1.0",
        seed=7,
        settings={"gift_card": {"window_days": 45, "q": 0.01}, "detect": {"gamma": 0.1}},
        inputs={
            "absent": ["clicks"],
            "tables": [
                {"table": "orders", "rows_read": 1204, "rows_kept": 1200, "rules": {"delivered_before_ordered": 4}},
                {"table": "reviews", "rows_read": 800, "rows_kept": 800, "unparsable": {"rating": 2}},
            ],
        },
        switched_off=[{"test": "co-click uplift", "reason": "there is no table `clicks`"}],
        stages={"detect": {"key": "k", "files": {}, "seconds": 1.5, "started_at": "2026-04-01T00:00:00+00:00"}},
    )


def _ring(made: Made, ring: int, members: int, name: Callable[[str, int], str], text: Callable[[int], str]) -> None:
    base = ring * members
    start = START + timedelta(days=ring % 200)
    buyers = [name("b", base + number) for number in range(members)]
    listings = [name("l", ring * 3 + number) for number in range(3)]
    seller, currency = name("s", ring), ("USD", "JPY", "VND", "EUR")[ring % 4]
    face = {"USD": 15.0, "JPY": 1500.0, "VND": 200_000.0, "EUR": 10.5}[currency]
    made.table(
        "sellers", seller_id=seller, created_at=start - timedelta(days=400), country=("US", "JP", "VN", "MY")[ring % 4]
    )
    for number, listing in enumerate(listings):
        made.table(
            "listings",
            listing_id=listing,
            seller_id=seller,
            title=text(ring + number),
            price=face * 2,
            currency=currency,
        )
    made.table("category_changes", listing_id=listings[0], changed_at=start, from_category=text(1), to_category=text(2))
    made.table("addresses", address_id=name("a", ring), kind="home", country="US")
    for number, buyer in enumerate(buyers):
        _acts(
            made,
            buyer,
            base + number,
            listings,
            start + timedelta(hours=5 * number),
            name,
            face,
            currency,
            seller,
            ring,
        )
    _results(made, ring, buyers, listings, seller, currency, face, base, start, name, text)


def _acts(
    made: Made,
    buyer: str,
    serial: int,
    listings: list[str],
    at: datetime,
    name: Callable[[str, int], str],
    face: float,
    currency: str,
    seller: str,
    ring: int,
) -> None:
    made.table("buyers", buyer_id=buyer, created_at=at - timedelta(days=90), country="US")
    for number, listing in enumerate(listings):
        key = serial * 3 + number
        made.table(
            "orders",
            order_id=name("o", key),
            buyer_id=buyer,
            listing_id=listing,
            ordered_at=at + timedelta(hours=number),
            seller_id=seller,
            amount=face * 2,
            currency=currency,
            subsidy=face / 10,
            status="delivered",
            payment_id=name("p", ring),
            address_id=name("a", ring) if serial % 2 else None,
        )
        made.table(
            "reviews",
            review_id=name("r", key),
            buyer_id=buyer,
            listing_id=listing,
            order_id=name("o", key),
            reviewed_at=at + timedelta(days=5, hours=number),
            rating=5.0,
            verified=True,
            text=name("t", key),
        )
    made.table(
        "gift_cards",
        card_id=name("c", serial),
        face_value=face,
        currency=currency,
        source="retail",
        purchaser_id=name("u", ring),
        batch_id=name("q", ring),
        issued_at=at,
    )
    made.table(
        "redemptions",
        redemption_id=name("d", serial),
        card_id=name("c", serial),
        buyer_id=buyer,
        redeemed_at=at + timedelta(days=9),
        amount=face,
    )
    made.table(
        "account_links",
        account_id=buyer,
        account_kind="buyer",
        attribute_kind="device",
        attribute_id=name("v", serial // 3),
        first_seen=at,
        last_seen=at,
    )


def _results(  # noqa: PLR0917 - one ring's names, written once
    made: Made,
    ring: int,
    buyers: list[str],
    listings: list[str],
    seller: str,
    currency: str,
    face: float,
    base: int,
    start: datetime,
    name: Callable[[str, int], str],
    text: Callable[[int], str],
) -> None:
    key, last = ring_id(ring), start + timedelta(days=20)
    count = len(buyers)
    scheme = SCHEMES[ring % len(SCHEMES)]
    tier = ("strong", "moderate", "lead")[ring % 3]
    made.result(
        "rings",
        ring_id=key,
        tier=tier,
        score=40.0 - ring % 31,
        scheme=scheme,
        families=["gift_card", "co_behaviour", "identity"],
        n_members=count,
        n_core=count - 1,
        n_targets=3,
        first_at=start,
        last_at=last,
        q_value=0.001 if ring % 2 else None,
        summary=f"{count} buyers reviewed 3 listings and bound cards of one value soon after; {text(ring)}",
    )
    for number, buyer in enumerate(buyers):
        made.result(
            "members",
            ring_id=key,
            buyer_id=buyer,
            role="associate" if number == count - 1 else "core",
            reason=f"acts on 3 of 3 targets; {text(number)}",
            score=9.0 - number / 10,
        )
    for number, listing in enumerate(listings):
        made.result(
            "targets",
            ring_id=key,
            listing_id=listing,
            seller_id=seller,
            members=count,
            share=0.6 - number / 10,
            p_value=1e-12 * (number + 1),
            q_value=3e-12,
        )
    cards = [{"table": "redemptions", "id": name("d", base + number)} for number in range(count)]
    reviews = [{"table": "reviews", "id": name("r", (base + number) * 3)} for number in range(count)]
    nothing = dict.fromkeys(empty("evidence").columns)
    made.result(
        "evidence",
        **{
            **nothing,
            "evidence_id": f"{key}-1",
            "ring_id": key,
            "family": "gift_card",
            "test": "gift_card_after_review",
            "statement": f"{count} of 14 reviewers of {listings[0]} redeemed a {face} {currency} card within 45 days; "
            "0.4 expected by chance",
            "observed": float(count),
            "expected": 0.4,
            "p_value": 1.2e-11,
            "q_value": 3e-9,
            "listing_id": listings[0],
            "window_start": start,
            "window_end": last,
            "rows": cards + reviews,
        },
    )
    made.result(
        "evidence",
        **{
            **nothing,
            "evidence_id": f"{key}-2",
            "ring_id": key,
            "family": "identity",
            "test": "shared_attribute",
            "statement": f"{count} accounts hold one payment instrument; {text(ring)}",
            "observed": float(count),
            "expected": 1.0,
            "p_value": 1e-8,
            "attribute_kind": "payment",
            "attribute_id": name("p", ring),
            "rows": [{"table": "account_links", "id": f"{buyers[0]}|device|{name('v', base // 3)}"}],
        },
    )
    made.result(
        "evidence",
        **{
            **nothing,
            "evidence_id": f"{key}-3",
            "ring_id": key,
            "family": "co_behaviour",
            "test": "buyer_pairs",
            "statement": f"{count * 3} of {count * 3} cells filled within 9 days; 0.6 expected by chance",
            "observed": count * 3.0,
            "expected": 0.6,
            "p_value": 1e-30,
            "q_value": 1e-28,
            "window_start": start,
            "window_end": last,
            "rows": [{"table": "orders", "id": name("o", base * 3 + number)} for number in range(count * 3)],
        },
    )
    for kind, amount in (
        ("gift_card_redeemed", face * count),
        ("order_value", face * 6 * count),
        ("subsidy", face / 10 * 3 * count),
    ):
        made.result("money", ring_id=key, finding_id=None, kind=kind, currency=currency, amount=amount, rows=count)
    made.result(
        "money", ring_id=key, finding_id=None, kind="gift_card_redeemed", currency="JPY", amount=1_234_567.0, rows=2
    )
    for number, (excuse, result) in enumerate(
        (("season", "excluded"), ("household", "possible"), ("employer batch", "not_tested"))
    ):
        made.result(
            "explanations", ring_id=key, finding_id=None, explanation=excuse, result=result, statement=text(number)
        )
    for left, right in zip(sorted(buyers)[:-1], sorted(buyers)[1:], strict=True):
        made.result(
            "links",
            left=left,
            right=right,
            view="co_review",
            weight=3.5,
            observed=3.0,
            expected=0.01,
            p_value=1e-6,
            q_value=1e-4,
            via=listings[0],
        )
    made.result(
        "virtual_orders",
        order_id=name("o", base * 3),
        ring_id=key,
        seller_id=seller,
        score=2.0,
        reasons=["ring membership", text(3)],
        subsidy=face / 10,
        currency=currency,
    )


def _finding(made: Made, number: int, name: Callable[[str, int], str], text: Callable[[int], str]) -> None:
    key, seller = f"f{number:07x}", name("s", number)
    kind = ("category_switch", "gift_card_cashback", "solicitation", "brushing_window")[number % 4]
    made.result(
        "findings",
        finding_id=key,
        kind=kind,
        seller_id=seller,
        listing_id=name("l", number * 3),
        first_at=START,
        last_at=START + timedelta(days=2),
        n_orders=58,
        n_buyers=41,
        p_value=1e-9,
        q_value=1e-7,
        statement=f"in category B for 31 h, 58 subsidised orders (2.1 expected), then reverted; {text(number)}",
        rows=[{"table": "orders", "id": name("o", number)}],
    )
    made.result("money", ring_id=None, finding_id=key, kind="subsidy", currency="VND", amount=412_000_000.0, rows=58)
    made.result(
        "explanations",
        ring_id=None,
        finding_id=key,
        explanation="support correction",
        result="excluded",
        statement=text(number),
    )
    made.result(
        "brushing_windows",
        seller_id=seller,
        window_start=START,
        window_end=START + timedelta(minutes=50),
        orders=30,
        buyers=6,
        concentration=5.0,
    )
    made.result("brushing_buyers", seller_id=seller, buyer_id=name("b", number), orders=8)
