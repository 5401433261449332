"""From the gift-card view to rows of the result tables: findings, their evidence, innocent explanations and money.

A star that an innocent explanation keeps from being a finding has rows in `aside` only, for whoever goes looking.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit.contracts.currency import minor_units
from toolkit.contracts.gift_cards import UNITS
from toolkit.contracts.results import empty
from toolkit.score.gift_card import innocence, words
from toolkit.score.gift_card.reading import KIND, SMALLEST, cited, digest, named, orders_of

if TYPE_CHECKING:
    from toolkit.contracts.gift_cards import GiftCardView
    from toolkit.market import Market

FAMILY: Final = "gift_card"


@dataclass(frozen=True)
class GiftCardResults:
    """Result rows about gift cards; each frame has `star` besides the columns of its schema.

    Attributes:
        findings: Schema Findings.
        evidence: Schema Evidence, by finding.
        explanations: Schema Explanations, by finding.
        money: Schema Money, by finding: the cards of those who are likely enough to be beyond chance.
        aside: Schema Explanations without any id: stars that are no finding, and why.
    """

    findings: pl.DataFrame
    evidence: pl.DataFrame
    explanations: pl.DataFrame
    money: pl.DataFrame
    aside: pl.DataFrame


def judge(view: GiftCardView, market: Market) -> GiftCardResults:
    """Findings about listings and sellers whose reviewers redeem gift cards, with all that speaks for and against."""
    stars = named(view, market)
    found = [star for star in stars if star["set_aside"] is None]
    rows = {name: cited(view, market, name) for name in ("all", "before", "issuer", "lag")}
    orders = orders_of(view, market)
    told = [_finding(star, orders, rows["all"]) for star in found]
    evidence = [line for star in found for line in _evidence(star, rows)]
    return GiftCardResults(
        findings=_frame(told, "findings", "finding_id"),
        evidence=_frame(evidence, "evidence", "evidence_id"),
        explanations=_frame([line for star in found for line in _explained(star)], "explanations", "finding_id"),
        money=_frame(_money(found, view), "money", "finding_id"),
        aside=_frame(
            [line for star in stars if star["set_aside"] for line in _explained(star)], "explanations", "star"
        ),
    )


def _finding(star: dict[str, Any], orders: dict[int, int], rows: dict[int, Any]) -> dict[str, Any]:
    return {
        **_ids(star),
        "kind": KIND,
        "first_at": _instant(star["first_at"]),
        "last_at": _instant(star["last_at"]),
        "n_orders": orders.get(star["star"], 0),
        "n_buyers": star["k"],
        "p_value": star["p_value"],
        "q_value": star["q_value"],
        "statement": words.whole(star),
        "rows": rows[star["star"]],
    }


def _ids(star: dict[str, Any]) -> dict[str, Any]:
    names = ("star", "finding_id", "listing_id", "seller_id")
    return {name: star[name] for name in names}


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _evidence(star: dict[str, Any], rows: dict[str, dict[int, Any]]) -> list[dict[str, Any]]:
    """One line a test."""
    after = (star["first_at"], star["last_at"])
    days = star["window_days"] * 86_400
    place, pre = 10.0 ** -star["lag_surprise"], 10.0 ** -star["placebo_surprise"]
    lines = [
        _line(star, rows["all"], "f1_gift_card_after_review", words.count(star), star["k"], star["expected"], after)
        | {"p_value": star["p_value"], "q_value": star["q_value"]},
        _line(star, rows["before"], "f1b_placebo_window", words.before(star), star["k_pre"], star["expected_pre"],
              (star["first_at"] - days, star["last_at"])) | {"p_value": pre},
        _line(star, rows["lag"], "f1d_lag_shape", words.lags(star), star["lag_median"], star["window_days"] / 2, after)
        | {"p_value": place},
    ]  # fmt: skip
    if star["issuer_shared"]:
        told = words.issuer(star)
        line = _line(
            star, rows["issuer"], "f1c_issuer_concentration", told, star["issuer_x"], star["issuer_expected"], after
        )
        names = {"attribute_kind": star["issuer_kind"], "attribute_id": star["issuer_id"]}
        lines.append(line | names | {"p_value": 10.0 ** -min(star["issuer_surprise"], SMALLEST)})
    return lines


def _line(
    star: dict[str, Any],
    rows: dict[int, Any],
    test: str,
    statement: str,
    observed: float,
    expected: float,
    window: tuple[int, int],
) -> dict[str, Any]:
    return {
        **_ids(star),
        "evidence_id": digest("e", star["finding_id"], test),
        "family": FAMILY,
        "test": test,
        "statement": statement[0].upper() + statement[1:],
        "observed": float(observed),
        "expected": float(expected),
        "attribute_kind": "face_value",
        "attribute_id": words.amounts(star),
        "window_start": _instant(window[0]),
        "window_end": _instant(window[1]),
        "rows": rows[star["star"]],
    }


def _explained(star: dict[str, Any]) -> list[dict[str, Any]]:
    ids = {"star": star["star"], "finding_id": None if star["set_aside"] else star["finding_id"]}
    return [
        {**ids, "explanation": name, "result": result, "statement": statement}
        for name, (result, statement) in innocence.of_star(star).items()
    ]


def _money(stars: list[dict[str, Any]], view: GiftCardView) -> list[dict[str, Any]]:
    """Cards of the likely ones, added up in whole parts."""
    cards = view.detail_members.filter("member").unique(["star", "card"])
    sums = cards.group_by("star").agg(amount=pl.col("amount").cast(pl.Int128).sum(), rows=pl.len())
    known = {star: (amount, rows) for star, amount, rows in sums.iter_rows()}
    return [
        {
            **_ids(star),
            "kind": "gift_card_redeemed",
            "currency": star["currency_id"],
            "amount": round(amount / UNITS, minor_units(star["currency_id"])),
            "rows": n,
        }
        for star in stars
        for amount, n in [known.get(star["star"], (0, 0))]
        if n
    ]


def _frame(lines: list[dict[str, Any]], table: str, key: str) -> pl.DataFrame:
    """Lines as a frame of a result's schema and `star`; statistics with 9 significant digits, money as it is."""
    types: dict[str, pl.DataType | type[pl.DataType]] = {**empty(table).schema, "star": pl.UInt32}
    frame = pl.DataFrame(lines, schema=types, strict=False) if lines else pl.DataFrame(schema=types)
    numbers = [name for name, dtype in types.items() if dtype == pl.Float64 and name != "amount"]
    return frame.with_columns(pl.col(numbers).round_sig_figs(9)).sort(key)
