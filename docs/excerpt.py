"""Write the excerpt of a ring report in the README anew, from the report of a demo.

    ringscope demo --out demo && python docs/excerpt.py demo/case

Takes the smallest alert with gift cards, whose report fits a page. Lines are those of the report; long ones are cut
where it says […].
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.case import Case
from toolkit.contracts.results import ALERT_TIERS

if TYPE_CHECKING:
    from collections.abc import Iterator

README: Final = Path(__file__).resolve().parent.parent / "README.md"
BEGIN: Final = "<!-- excerpt of a report: written by docs/excerpt.py -->"
END: Final = "<!-- end of the excerpt -->"
TESTS: Final = ("f1_gift_card_after_review", "f6_review_conversion", "f4_card_purchaser", "f5_synchrony")
"""Evidence that a first reader learns most from, in the order shown."""


def excerpt(report: str) -> str:
    """The parts of a ring's Markdown report that the README shows, as a quotation."""
    title, *rest = re.split(r"^## ", report.replace("\\_", "_"), flags=re.MULTILINE)
    parts = {name: text.strip() for name, _, text in (part.partition("\n") for part in rest)}
    lines = [f"**{title.splitlines()[0].lstrip('# ')}**", "", parts["What is claimed"].partition("\n\n")[0]]
    for name, body in (
        ("What was not observed", _cut(parts["What was not observed"], 3)),
        ("Evidence", "\n".join(_evidence(parts["Evidence"]))),
        ("Innocent explanations", parts["Innocent explanations"]),
        ("Money", parts["Money"]),
        ("Next step, least intrusive first", _cut(parts["Next step, least intrusive first"], 2)),
    ):
        lines += ["", f"**{name}**", "", *body.splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _cut(text: str, count: int) -> str:
    lines = text.splitlines()
    return "\n".join(lines[:count]) + (" […]" if len(lines) > count else "")


def _evidence(text: str) -> Iterator[str]:
    """Introduction and chosen pieces of evidence, with the first rows of each."""
    introduction, *pieces = re.split(r"^\d+\. ", text, flags=re.MULTILINE)
    yield introduction.strip()
    yield ""
    number = 0
    for test in TESTS:
        for piece in pieces:
            if f"test {test}:" in piece:
                number += 1
                claim, *details = [line.strip() for line in piece.splitlines() if line.strip()]
                yield f"{number}. {claim}"
                yield from (f"   {_shortened(line)}" for line in details)
    if number < len(pieces):
        yield f"{number + 1}. […]"


def _shortened(line: str) -> str:
    head, colon, rows = line.partition(" input rows: ")
    named = rows.split(", ")
    return line if not colon or len(named) <= 3 else f"{head}{colon}{', '.join(named[:3])}, […]"


def smallest_gift_card_alert(case: Case) -> str:
    """Id of the ring to show."""
    alerts = case.result("rings").filter(
        pl.col("tier").is_in(ALERT_TIERS) & (pl.col("scheme") == "gift_card_cashback") & (pl.col("n_members") >= 8)
    )
    return str(alerts.sort("n_members", "ring_id")["ring_id"][0])


def main() -> None:
    """Put the excerpt between its two marks."""
    case = Case.open(Path(sys.argv[1]))
    report = case.reports / "rings" / f"{smallest_gift_card_alert(case)}.md"
    page = README.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    text = f"{before}{BEGIN}\n\n{excerpt(report.read_text(encoding='utf-8'))}\n\n{END}{after}"
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
