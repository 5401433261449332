"""Text in sections, as a person reads it: plain in a terminal, as escaped HTML in a notebook."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from toolkit.api import html


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it.

    Attributes:
        heading: The heading; empty for the first words of a text.
        lines: Sentences.
        form: `text` for paragraphs, `list` or `steps` for items.
    """

    heading: str
    lines: tuple[str, ...]
    form: str = "text"


@dataclass(frozen=True, repr=False)
class Prose:
    """A text about a case, with a title.

    Attributes:
        title: What it is about.
        sections: Its parts, in order.
    """

    title: str
    sections: tuple[Section, ...]

    def __str__(self) -> str:
        """The whole text, in lines of at most 100 signs."""
        parts = [self.title, "=" * min(len(self.title), 100)]
        for section in self.sections:
            parts.extend(["", section.heading] if section.heading else [""])
            parts.extend(_lines(section))
        return "\n".join(parts)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        parts = [html.heading(self.title)]
        for section in self.sections:
            if section.heading:
                parts.append(html.heading(section.heading))
            if section.form == "text":
                parts.extend(html.paragraph(line) for line in section.lines)
            else:
                parts.append(html.items(section.lines, numbered=section.form == "steps"))
        return html.card(*parts)


def _lines(section: Section) -> list[str]:
    found: list[str] = []
    for place, line in enumerate(section.lines, 1):
        mark = {"text": "", "list": "- ", "steps": f"{place}. "}[section.form]
        said = html.plain(line).replace("\n", " ")
        found.extend(textwrap.wrap(mark + said, 100, subsequent_indent=" " * len(mark)) or [mark])
    return found
