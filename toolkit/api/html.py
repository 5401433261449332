"""HTML for a notebook's output: every value escaped, no script, no address, colours that hold on dark and light."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Signs that no cell shows, and those that turn the direction of what stands around them."""
_SHORT: Final = 24
_CELL: Final = "padding:2px 8px;text-align:left;vertical-align:top"


def text(value: Any) -> str:
    """A value as text that is markup nowhere: numbers in three digits, times to the minute, nothing where unknown."""
    return html.escape(plain(value), quote=True)


def plain(value: Any) -> str:
    """A value in words, without escaping."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple):
        return ", ".join(plain(one) for one in value)
    return _CONTROLS.sub("\ufffd", str(value))


def heading(said: str) -> str:
    """A heading."""
    return f'<h4 style="margin:0.6em 0 0.2em">{text(said)}</h4>'


def paragraph(said: str) -> str:
    """A paragraph."""
    return f'<p style="margin:0.2em 0">{text(said)}</p>'


def items(said: Iterable[str], *, numbered: bool = False) -> str:
    """A list."""
    kind = "ol" if numbered else "ul"
    inner = "".join(f"<li>{text(one)}</li>" for one in said)
    return f'<{kind} style="margin:0.2em 0">{inner}</{kind}>'


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table."""
    top = "".join(f'<th style="{_CELL}">{text(one)}</th>' for one in head)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_style(one)}">{text(one)}</td>' for one in row) + "</tr>" for row in rows
    )
    return f'<table style="border-collapse:collapse"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'


def _style(value: Any) -> str:
    """Ids, numbers and times stay on one line; sentences do not."""
    return f"{_CELL};white-space:nowrap" if len(plain(value)) <= _SHORT else _CELL


def card(*parts: str) -> str:
    """Parts in a frame."""
    return (
        f'<div style="border:1px solid #8888;border-radius:4px;padding:6px 12px;overflow-x:auto">{"".join(parts)}</div>'
    )
