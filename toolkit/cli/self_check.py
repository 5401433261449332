"""`ringscope self-check`: a seller looks at its own exports before the platform does."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.case import Case, write_text
from toolkit.cli.progress import Talk
from toolkit.contracts.currency import spoken
from toolkit.contracts.policy import clauses_for

if TYPE_CHECKING:
    from toolkit.contracts.policy import Clause
    from toolkit.findings.inspection import Check, Inspection

_KINDS = {
    "seller_funded": "seller_funded",
    "linked_with_seller": "self_purchase",
    "at_minimum_spend": "min_spend_bunching",
    "delivered_within_minutes": "brushing_window",
    "undone_after_subsidy": "voucher_abuse",
    "voucher_reused": "voucher_abuse",
    "at_voucher_cap": "voucher_abuse",
    "same_odd_amount": "brushing_window",
    "light_parcel": "empty_parcels",
    "tracking_reused": "empty_parcels",
}
"""Check -> kind of finding whose clauses it may touch."""
_MONEY = {"order_value": "sales in question", "subsidy": "subsidy in question"}
_SHOWN = 5
_NOT_LOOKED_AT = (
    "Not looked at: groups of buyers who act together around the shop. That takes the whole market's tables, "
    "to compare with; run `ringscope investigate` on them."
)


@click.command("self-check")
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--seller", required=True, help="The shop's own id, as it stands in the orders or listings.")
@click.option("--mapping", type=click.Path(path_type=Path), help="A mapping file (TOML) for foreign exports.")
@click.option("--json", "as_json", is_flag=True, help="Print machine-readable results.")
@click.option("--out", type=click.Path(path_type=Path), help="Write self-check.json and self-check.md to this folder.")
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
def command(*, data: Path, seller: str, mapping: Path | None, as_json: bool, out: Path | None, quiet: bool) -> None:
    """Say what would look wrong in a shop's own DATA, what caused it, and what to keep as proof.

    Names no other seller and no buyer; buyer ids may be pseudonyms. Nothing here is a verdict: a platform sees more
    shops and may judge otherwise.
    """
    talk = Talk(quiet=quiet)
    found = _inspect(data, seller, mapping, talk)
    if out is not None:
        write_text(out / "self-check.json", _json(found) + "\n")
        write_text(out / "self-check.md", _text(found) + "\n")
        talk.say(f"written to {out}")
    click.echo(_json(found) if as_json else _text(found))


def _inspect(data: Path, seller: str, mapping: Path | None, talk: Talk) -> Inspection:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.errors import InputError
    from toolkit.findings.inspection import inspect
    from toolkit.ingest import ingest
    from toolkit.market import Market

    with tempfile.TemporaryDirectory(prefix="ringscope-") as scratch:
        ingest(data, Path(scratch), mapping=mapping)
        case = Case(Path(scratch))
        if not case.has_table("orders"):
            raise InputError("a self-check needs orders", where=str(data), todo="add orders.csv, or use --mapping")
        talk.say("tables read")
        found = inspect(Market(case), seller, FindingSettings())
    talk.say(f"{found.orders:,} orders looked at")
    return found


def _json(found: Inspection) -> str:
    record = {"version": 1, **asdict(found)}
    record["money"] = [entry | {"amount": str(entry["amount"])} for entry in record["money"]]
    for check, entry in zip(found.checks, record["checks"], strict=True):
        entry["first_at"], entry["last_at"] = check.first_at.isoformat(), check.last_at.isoformat()
        entry["clauses"] = [clause.clause_id for clause in _rules(check, found)]
    return json.dumps(record, indent=2, ensure_ascii=True)


def _text(found: Inspection) -> str:
    lines = [f"# Self-check of {found.seller_id}", "", f"{found.orders:,} orders looked at."]
    if not found.checks:
        return "\n".join([*lines, f"No check of a single shop's orders would look wrong. {_NOT_LOOKED_AT}"])
    if found.twice_marked:
        lines.append(f"{len(found.twice_marked):,} orders carry two independent marks; look at these first.")
        lines += [f"- {_MONEY[one.kind]}: {spoken(one.amount, one.currency)}" for one in found.money]
    for check in found.checks:
        lines += ["", *_section(check), *_touched(check, found)]
    return "\n".join([*lines, "", _NOT_LOOKED_AT])


def _rules(check: Check, found: Inspection) -> tuple[Clause, ...]:
    return clauses_for(_KINDS.get(check.name, check.name), found.country)


def _touched(check: Check, found: Inspection) -> list[str]:
    """The rules that it may touch; where the country is not known, how many there are."""
    rules = _rules(check, found)
    if found.country is None and len(rules) > _SHOWN:
        return [
            f"- {len(rules)} rules it may touch, by market: sellers.csv with the shop's country tells which; see --json"
        ]
    return [
        f"- a rule it may touch: {one.platform}, {one.title} ({one.source_kind.replace('_', ' ')}, {one.date})"
        for one in rules
    ]


def _section(check: Check) -> list[str]:
    lines = [
        f"## {check.name.replace('_', ' ')}",
        check.looks,
        f"- seen on {check.observed:,} of {check.of:,}, {check.first_at:%Y-%m-%d} to {check.last_at:%Y-%m-%d}",
    ]
    if check.months:
        lines.append(f"- stands out in {', '.join(check.months)}")
    lines += [
        f"- behind it: {cause.kind} {cause.id} ({cause.orders:,} of these, {cause.elsewhere:,} other orders)"
        for cause in check.causes[:_SHOWN]
    ]
    lines += [f"- keep: {proof}" for proof in check.keep]
    more = f" and {len(check.rows) - _SHOWN:,} more" if len(check.rows) > _SHOWN else ""
    return [*lines, f"- rows: {', '.join(check.rows[:_SHOWN])}{more}"]
