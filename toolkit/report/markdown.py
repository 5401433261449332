"""A Markdown report per ring, and a list of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from toolkit.case import write_text
from toolkit.contracts.currency import spoken
from toolkit.contracts.naming import file_stem
from toolkit.contracts.wording import FAMILY_TITLES, MONEY_TITLES, RESULT_TITLES, counted

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.contracts.report import Book, Dossier

SHOWN: Final = 200
"""Input rows listed under a statement; the rest is counted, with the place where it stands."""

_SPECIAL: Final = re.compile(r"([\\`*_\[\]|~$]|^[#+-]|^\d{1,9}(?=[.)](?:\s|$)))")
_LINKS: Final = (("://", "&#58;//"), ("www.", "www&#46;"), ("@", "&#64;"))
"""What some readers of Markdown turn into a link by itself."""
_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_CONTROLS: Final = re.compile("[\x80-\x9f\u202a-\u202e\u2066-\u2069]")
"""What would turn the direction of reading or move a terminal's cursor: a title or an id may hold it."""


class _Safe(str):
    """Text that a template made itself, already escaped."""

    __slots__ = ()


def escaped(value: Any) -> Any:
    """A value as Markdown text that is shown as it is: no markup, no HTML, no line break."""
    if isinstance(value, _Safe) or value is None or not isinstance(value, str):
        return "" if value is None else value
    text = (
        _CONTROLS.sub("\ufffd", _BREAKS.sub(" ", value)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    )
    for sign, harmless in _LINKS:
        text = text.replace(sign, harmless)
    return _SPECIAL.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    sign = found.group(1)
    return f"&#{ord(sign[0])};{sign[1:]}" if sign[0].isdigit() else f"\\{sign}"


def environment() -> Environment:
    """Templates whose every value is escaped for Markdown."""
    made = Environment(
        loader=PackageLoader("toolkit.report"),
        autoescape=False,  # noqa: S701 - `finalize` escapes for Markdown, which HTML autoescaping would not do
        finalize=escaped,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    made.filters.update(number=lambda value: _Safe("" if value is None else f"{value:.3g}"), money=_money, day=_day)
    made.globals.update(
        counted=counted,
        families=FAMILY_TITLES,
        kinds=MONEY_TITLES,
        results=RESULT_TITLES,
        shown=SHOWN,
        file_stem=lambda name: _Safe(file_stem(name)),
    )
    return made


def html_environment() -> Environment:
    """Templates of plain pages to print and send, escaped for HTML, without a script."""
    made = Environment(
        loader=PackageLoader("toolkit.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters.update(money=lambda one: spoken(one.amount, one.currency))
    made.globals.update(kinds=MONEY_TITLES)
    return made


def _money(one: Any) -> _Safe:
    return _Safe(spoken(one.amount, escaped(one.currency)))


def _day(value: Any) -> _Safe:
    return _Safe("" if value is None else f"{value:%Y-%m-%d %H:%M}")


def ring_text(book: Book, ring: Dossier) -> str:
    """One ring as Markdown."""
    return environment().get_template("ring.md.j2").render(ring=ring, run=book.run)


def write(book: Book, out: Path) -> list[Path]:
    """Write `rings.md` and `rings/<id>.md`."""
    templates = environment()
    page, index = templates.get_template("ring.md.j2"), templates.get_template("rings.md.j2")
    written = [out / "rings.md"]
    write_text(written[0], index.render(book=book), durable=False)
    for ring in book.rings:
        written.append(out / "rings" / f"{file_stem(ring.ring_id)}.md")
        write_text(written[-1], page.render(ring=ring, run=book.run), durable=False)
    return written
