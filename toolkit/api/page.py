"""A page inside a notebook: its own HTML in a sandboxed frame that can't reach the notebook, nor the network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from toolkit.api import html
from toolkit.case import write_text

if TYPE_CHECKING:
    import os

SANDBOX: Final = "allow-scripts allow-downloads"
"""What the page may do. It has no origin of its own: no cookie, no storage, no way to the page around it."""


@dataclass(frozen=True, repr=False)
class Page:
    """A page to look at in JupyterLab, VS Code or an exported notebook, or to save.

    Attributes:
        title: What it shows.
        source: The page, whole: it loads nothing.
        height: Height of the frame, in pixels.
    """

    title: str
    source: str
    height: int = 720

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file that opens in any browser without network."""
        target = Path(path)
        write_text(target, self.source)
        return target

    def __repr__(self) -> str:
        size = len(self.source.encode("utf-8", "replace")) / 1000
        return f"<page {html.plain(self.title)!r}: {size:,.0f} kB of HTML; shown in a notebook, or .save('page.html')>"

    def _repr_html_(self) -> str:
        """The page in a frame.

        `srcdoc` holds foreign text; there, `&` and the mark that ends it are all that has a meaning. Scripts are full
        of double marks, so single ones end it: that spares a fifth of the size.
        """
        source = self.source.replace("&", "&amp;").replace("'", "&#39;")
        style = f"width:100%;height:{int(self.height)}px;border:1px solid #8888"
        frame = f'<iframe sandbox="{SANDBOX}" referrerpolicy="no-referrer" title="{html.text(self.title)}"'
        return f"{frame} style=\"{style}\" srcdoc='{source}'></iframe>"
