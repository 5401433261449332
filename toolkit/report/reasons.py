"""A statement of reasons per seller: facts, rows, rules, automated or not, how to contest; a draft to be completed.

It names no buyer and no other seller: the reader is the seller concerned, and gets the rows of the seller's own orders,
reviews and listings. Rows of other tables (cards, devices, accounts) are counted and can be asked for. Leads, and rings
that a person dismissed, are no grounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.case import write_text
from toolkit.contracts.naming import digest_stem
from toolkit.contracts.report import cases_of_sellers
from toolkit.contracts.wording import CONTEST
from toolkit.report.grounds import FACTS, disputed, grounds
from toolkit.report.markdown import environment, html_environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from toolkit.contracts.policy import Clause
    from toolkit.contracts.report import Book
    from toolkit.report.grounds import Ground

SHOWN: Final = 500
"""Rows listed for one ground."""


def write(book: Book, out: Path) -> list[Path]:
    """Write `sellers/<digest>.md` and `.html` for each seller with a ground."""
    written = []
    for seller_id, markdown, page in texts(book):
        for ending, text in (("md", markdown), ("html", page)):
            written.append(out / "sellers" / f"{digest_stem(seller_id)}.{ending}")
            write_text(written[-1], text, durable=False)
    return written


def texts(book: Book) -> Iterator[tuple[str, str, str]]:
    """Seller, statement as Markdown, statement as a page: for each seller with a ground."""
    markdown, page = environment().get_template("reasons.md.j2"), html_environment().get_template("reasons.html.j2")
    for seller in cases_of_sellers(book):
        if held := grounds(seller):
            told = {"seller": seller, "grounds": held, "rules": rules(held), "run": book.run, "contest": CONTEST}
            told |= {"shown": SHOWN, "facts_room": FACTS, "disputed": disputed(seller), "first_with": first_with(held)}
            yield seller.seller_id, markdown.render(**told), page.render(**told)


def first_with(held: Sequence[Ground]) -> list[int]:
    """For each ground, the first one with the same steps: they are written out there alone."""
    return [next(place for place, one in enumerate(held) if one.steps == ground.steps) for ground in held]


def rules(held: Iterable[Ground]) -> list[Clause]:
    """The rules of all grounds, each once, in the order in which they come; a ground cites them by number."""
    return list(dict.fromkeys(clause for ground in held for clause in ground.clauses))
