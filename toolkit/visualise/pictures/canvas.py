"""Paper and pen of the static pictures: one style, text that stays text, and files whose bytes do not change.

Ids and words of the input are hostile: nothing in them is taken for mathematics, markup or a line break, and what is
long is shortened in its middle. No window, no global state of a plotting library, no reader's own settings of it.
"""

from __future__ import annotations

import io
import unicodedata
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

from toolkit.case import write_atomically
from toolkit.errors import MissingExtraError, UsageError
from toolkit.visualise.palette import LOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK: Final = "#1d2329"
FAINT: Final = "#5b6570"
LINE: Final = "#d5dae0"
"""Text, lesser text and lines on white, as on the light pages."""
DPI: Final = 144
"""Points of a PNG to the inch: twice what a screen of old shows, so that it is sharp on a new one."""
_STYLE: Final[dict[Any, Any]] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9.0,
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "hatch.linewidth": 0.7,
    "timezone": "UTC",
    "svg.fonttype": "none",
    "svg.hashsalt": "ringscope",
}


@dataclass(frozen=True)
class Picture:
    """A drawing with its words.

    Attributes:
        figure: The drawing.
        title: What is shown.
        words: What can be read from it, for whoever can't see it.
        empty: Whether there was nothing to draw; the figure then says why.
    """

    figure: Figure
    title: str
    words: str
    empty: bool = False

    def svg(self) -> str:
        """The drawing as an SVG document; its text is text, its title and words are in it."""
        told = {"Title": self.title, "Description": self.words, "Date": None, "Creator": "ringscope"}
        return _render(self.figure, "svg", told).decode()

    def png(self) -> bytes:
        """The drawing as a PNG."""
        told = {"Title": self.title.encode("latin-1", "replace").decode("latin-1"), "Software": "ringscope"}
        return _render(self.figure, "png", told)

    def save(self, path: Path) -> Path:
        """Write the drawing into a file; its ending says how.

        Raises:
            UsageError: The ending is neither .svg nor .png.
        """
        if path.suffix not in (".svg", ".png"):
            raise UsageError(f"no such format of pictures: {path.suffix[:20]}", todo="end the name with .svg or .png")
        made = self.svg().encode("utf-8", "replace") if path.suffix == ".svg" else self.png()
        write_atomically(path, lambda target: target.write_bytes(made), durable=False)
        return path

    def _repr_png_(self) -> bytes:
        """How a notebook shows it: SVG would leave the choice of the letters to whoever looks."""
        return self.png()

    def __repr__(self) -> str:
        """The words, since a terminal shows no picture."""
        return f"<Picture: {self.title}. {self.words}>"


@contextmanager
def style() -> Iterator[None]:
    """Draw in the house's style, whatever the reader's own settings are; they are put back afterwards.

    Raises:
        MissingExtraError: There is no matplotlib.
    """
    try:
        import matplotlib as mpl
    except ModuleNotFoundError as error:
        raise MissingExtraError("matplotlib", extra="pictures", wanted_for="pictures (svg, png)") from error
    with mpl.rc_context(), warnings.catch_warnings():
        # The font has no letters of many scripts. The names of input are shown as they are all the same: a reader of
        # the SVG has fonts of their own, and a PNG has a box for each letter.
        warnings.filterwarnings("ignore", message=r"(?s)Glyph .* missing from font")
        warnings.filterwarnings("ignore", message=r"(?s)Matplotlib currently does not support .* natively")
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


def sheet(
    title: str, note: str, *, wide: float = 9.0, high: float = 4.5, shares: Sequence[float] = (1.0,)
) -> tuple[Figure, list[Axes]]:
    """A white sheet with a title above, a note below, and areas of these shares one below the other; sizes are inches.

    To be called within `style`.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(wide, high), layout="constrained", facecolor="white")
    figure.suptitle("\n".join(wrap(title, int(wide * 11))), x=0.012, ha="left", fontsize=11, fontweight="bold")
    lines = wrap(note, int(wide * 15.5))
    figure.supxlabel("\n".join(lines), x=0.012, ha="left", fontsize=7.5, color=FAINT)
    return figure, list(figure.subplots(len(shares), 1, squeeze=False, height_ratios=shares)[:, 0])


def nothing(title: str, why: str) -> Picture:
    """A sheet that says why there is nothing to draw."""
    with style():
        figure, (axes,) = sheet(title, "", high=1.8)
        axes.set_axis_off()
        axes.text(0.0, 0.5, f"Nothing to draw: {why}", transform=axes.transAxes, va="center", fontsize=10)
    return Picture(figure, title, f"Nothing to draw: {why}", empty=True)


def legend(axes: Axes, *, columns: int = 6) -> None:
    """The legend above the area's left corner, outside of it: it hides nothing."""
    axes.legend(
        loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=columns, frameon=False, fontsize=8, borderaxespad=0.2,
        handletextpad=0.4, columnspacing=1.4,
    )  # fmt: skip


def beside(axes: Axes, end: float, row: float, words: str, weight: str = "normal") -> None:
    """Words to the right of a bar's end; their distance is no blank, which an SVG may leave out."""
    axes.annotate(
        words, (end, row), xytext=(4.0, 0.0), textcoords="offset points", va="center", fontsize=7.5, fontweight=weight
    )


def colour(kind: str) -> str:
    """The pages' colour of a kind of thing, on white."""
    return LOOKS[kind].light


def label(text: str, room: int = 18) -> str:
    """An id or a word of the input as one line of at most `room` characters; its middle goes where it is too long."""
    shown = "".join(_visible(letter) for letter in text[: 40 * room])
    if len(text) <= room:
        return shown
    tail = room // 3
    end = "".join(_visible(letter) for letter in text[-tail:])
    return f"{shown[: room - tail - 1]}…{end}"


def _visible(letter: str) -> str:
    """The letter, a blank for any kind of blank, or a mark for what has no shape: controls, turns of direction."""
    kind = unicodedata.category(letter)
    return " " if kind in ("Zs", "Zl", "Zp") or letter in "\t\r\n" else "\ufffd" if kind[0] == "C" else letter


def _render(figure: Figure, form: str, metadata: dict[str, Any]) -> bytes:
    target = io.BytesIO()
    with style():
        figure.savefig(target, format=form, dpi=DPI, metadata=metadata)
    return target.getvalue()
