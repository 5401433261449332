"""One case against one truth: all figures together, as data and as lines of text."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from toolkit.evaluate.findings import (
    Hits,
    Trap,
    match_messages,
    match_money,
    match_orders,
    match_seller_links,
    match_switches,
    raised_traps,
)
from toolkit.evaluate.metrics import RingScores, score_rings
from toolkit.evaluate.shops import match_findings

if TYPE_CHECKING:
    from toolkit.evaluate.load import Results, Truth


@dataclass(frozen=True)
class Scorecard:
    """All figures of one case; empty or `None` where the case or the truth has no such table."""

    rings: RingScores
    orders: dict[str, Hits]
    money: dict[str, tuple[float, float]]
    switches: Hits | None
    messages: Hits | None
    seller_links: Hits | None
    findings: dict[str, tuple[int, int]]
    traps: tuple[Trap, ...]

    def as_data(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        rings = asdict(self.rings) | {
            name: getattr(self.rings, name) for name in ("precision", "recall", "member_f1", "bcubed_f1")
        }
        rings["groups"] = [asdict(group) | {"recall": group.recall} for group in self.rings.groups]
        return {
            "rings": rings,
            "virtual_orders": {scheme: _hits(hits) for scheme, hits in self.orders.items()},
            "money": {currency: {"planted": whole, "listed": part} for currency, (whole, part) in self.money.items()},
            "category_switches": _hits(self.switches),
            "solicitation": _hits(self.messages),
            "linked_sellers": _hits(self.seller_links),
            "findings": {kind: {"listed": listed, "right": right} for kind, (listed, right) in self.findings.items()},
            "traps": [asdict(trap) for trap in self.traps],
        }


def _hits(hits: Hits | None) -> dict[str, Any] | None:
    return None if hits is None else asdict(hits) | {"precision": hits.precision, "recall": hits.recall}


def evaluate(results: Results, truth: Truth) -> Scorecard:
    """Score a case against planted or known truth."""
    rings = score_rings(results.rings, results.members, truth.rings, truth.members)
    virtual, findings = results.virtual_orders, results.findings
    with_orders = virtual is not None and truth.orders is not None
    return Scorecard(
        rings=rings,
        orders=match_orders(virtual, truth.orders, truth.rings) if with_orders else {},  # type: ignore[arg-type]
        money=match_money(virtual, truth.orders, results.orders)  # type: ignore[arg-type]
        if with_orders and results.orders is not None
        else {},
        switches=match_switches(findings, truth.category_switches)
        if findings is not None and truth.category_switches is not None
        else None,
        messages=match_messages(findings, truth.messages)
        if findings is not None and truth.messages is not None
        else None,
        seller_links=match_seller_links(results.seller_links, truth.linked_sellers)
        if results.seller_links is not None and truth.linked_sellers is not None
        else None,
        findings=match_findings(findings, truth, results.orders)
        if findings is not None and results.orders is not None
        else {},
        traps=_traps(results, truth, rings.false_alerts),
    )


def _traps(results: Results, truth: Truth, false_alerts: tuple[str, ...]) -> tuple[Trap, ...]:
    if truth.traps is None:
        return ()
    none = pl.DataFrame(schema={"ring_id": pl.String, "listing_id": pl.String, "seller_id": pl.String})
    targets = none if results.targets is None else results.targets
    orders = results.orders
    findings = None if results.findings is None else _not_planted(results.findings, truth)
    return raised_traps(truth.traps, results.rings, results.members, targets, findings, false_alerts, orders)


def _not_planted(findings: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """Findings without planted category switches and solicitations: a look-alike shop may do these as well."""
    found = findings
    if truth.category_switches is not None:
        moved = pl.col("listing_id").is_in(truth.category_switches["listing_id"].implode()).fill_null(value=False)
        found = found.filter(~((pl.col("kind") == "category_switch") & moved))
    if truth.messages is not None:
        asked = truth.messages.filter("solicitation")["message_id"]
        cited = found.filter(pl.col("kind") == "solicitation").select("finding_id", "rows").explode("rows")
        planted = cited.drop_nulls("rows").unnest("rows").filter(pl.col("id").is_in(asked.implode()))
        found = found.join(planted.select("finding_id"), on="finding_id", how="anti")
    return found


def lines(card: Scorecard) -> list[str]:
    """The figures as lines that a person reads."""
    text = [*_ring_lines(card.rings), *_recall_table(card.rings)]
    text += [_hit_line(f"virtual orders, {scheme}", hits) for scheme, hits in card.orders.items()]
    text += [f"order value {name:3} listed {part:,.2f} of {whole:,.2f}" for name, (whole, part) in card.money.items()]
    text += [_hit_line("category switches", card.switches)] if card.switches else []
    text += [_hit_line("solicitation messages", card.messages)] if card.messages else []
    text += [_hit_line("pairs of linked sellers", card.seller_links)] if card.seller_links else []
    text += [
        f"findings, {kind:<24} listed {listed:6}   right {right:5}" for kind, (listed, right) in card.findings.items()
    ]
    return text + [_trap_line(trap) for trap in card.traps]


def _trap_line(trap: Trap) -> str:
    raised = f"raised {trap.raised:4} (alerts {trap.alerts}, findings {trap.findings})"
    return f"look-alike {trap.kind:<28} planted {trap.planted:5}   {raised}"


def _ring_lines(rings: RingScores) -> list[str]:
    return [
        f"alerts            {rings.alerts:6}   right {rings.right:4}   precision {_share(rings.precision)}",
        f"planted rings     {rings.planted:6}   found {rings.found:4}   recall    {_share(rings.recall)}",
        f"leads             {rings.leads:6}   right {rings.leads_right:4}   (no alerts)",
        _pair_line("members of found rings", rings.member_precision, rings.member_recall, rings.member_f1),
        _pair_line("B-cubed, all accounts", rings.bcubed_precision, rings.bcubed_recall, rings.bcubed_f1),
        f"largest alert     {rings.largest:6} members",
    ]


def _pair_line(name: str, precision: float | None, recall: float | None, both: float | None) -> str:
    return f"{name:<26} precision {_share(precision)}   recall {_share(recall)}   F1 {_share(both)}"


def _share(value: float | None) -> str:
    return "    -" if value is None else f"{value:5.3f}"


def _hit_line(name: str, hits: Hits) -> str:
    return f"{name:<34} listed {hits.listed:6}   precision {_share(hits.precision)}   recall {_share(hits.recall)}"


def _recall_table(rings: RingScores) -> list[str]:
    """Found of planted: a row a scheme, a column a level."""
    levels = sorted({group.level for group in rings.groups if group.level is not None})
    cells = {(group.scheme, group.level): f"{group.found}/{group.planted}" for group in rings.groups}
    cells[None, None] = f"{rings.found}/{rings.planted}"
    schemes = sorted({group.scheme for group in rings.groups if group.scheme is not None})
    head = f"{'found by scheme and level':<26}" + "".join(f"{level:>9}" for level in levels) + f"{'all':>9}"
    rows = [
        f"  {scheme or 'all':<24}" + "".join(f"{cells.get((scheme, level), ''):>9}" for level in [*levels, None])
        for scheme in [*schemes, None]
    ]
    return [head, *rows] if levels else []
