"""A statement of reasons as an object: what a seller is told, ready to be read, saved or sent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.api.html import plain
from toolkit.case import write_text
from toolkit.errors import UsageError
from toolkit.report import reasons

if TYPE_CHECKING:
    import os

    from toolkit.contracts.report import Book


@dataclass(frozen=True, repr=False)
class Statement:
    """What one seller is told about the rings and findings that concern it.

    Attributes:
        seller_id: The seller.
        markdown: The statement as Markdown; every foreign text is escaped.
        page: The same as a plain HTML page to print and send.
    """

    seller_id: str
    markdown: str
    page: str

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it to a file that ends in .md or .html.

        Raises:
            UsageError: Another ending.
        """
        target, forms = Path(path), {".md": self.markdown, ".html": self.page}
        if target.suffix not in forms:
            raise UsageError("a statement is a text or a page", where=str(target), todo="end the name in .md or .html")
        write_text(target, forms[target.suffix])
        return target

    def __str__(self) -> str:
        """The statement as Markdown."""
        return self.markdown

    def __repr__(self) -> str:
        return f"<statement of reasons for seller {plain(self.seller_id)}: {len(self.markdown.splitlines())} lines>"

    def _repr_markdown_(self) -> str:
        return self.markdown


def statements(book: Book) -> tuple[Statement, ...]:
    """A statement for each seller of the book's rings, with that seller's findings."""
    sellers = {seller for ring in book.rings for seller in ring.sellers}
    return tuple(Statement(*told) for told in reasons.texts(book) if told[0] in sellers)
