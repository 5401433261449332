"""The evidence of a ring, family by family: what each adds in surprise, and what correction takes away again."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING, Final

from toolkit.contracts.wording import FAMILY_TITLES
from toolkit.visualise.pictures.canvas import FAINT, INK, Picture, beside, colour, label, legend, nothing, sheet, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.contracts.report import Dossier, Evidence

MOST: Final = 20.0
"""Surprise that is drawn of one family at most; what is beyond tells an investigator nothing new."""
_LEAST: Final = 1e-300


def surprise(one: Evidence) -> float:
    """-log10 of the p-value: 3 is one in a thousand. An evidence without a p-value adds nothing."""
    return 0.0 if one.p_value is None else max(0.0, -log10(max(one.p_value, _LEAST)))


def waterfall(ring: Dossier) -> Picture:
    """A step a family of evidence: the surprise (-log10 p) of its strongest statement, the greatest first.

    The score lies below their sum, because the model corrects each p-value for the tests that were made, and counts
    only so much of one family; the last step is that difference.
    """
    title = f"How the evidence on ring {label(ring.ring_id)} adds up"
    best = _strongest(ring)
    if not best:
        return nothing(title, "no evidence of this ring has a p-value.")
    steps = [min(surprise(one), MOST) for one in best]
    words = "; ".join(f"{_named(one.family)}: p = {one.p_value:.2g}" for one in best) + f". Score {ring.score:.3g}."
    note = (
        f"Each step is the surprise, -log10 p, of the family's strongest statement, up to {MOST:g}. The score lies "
        "apart from their sum, because it corrects for the tests that were made and counts only so much of one family. "
        "It is an ordering of rings and no probability."
    )
    with style():
        figure, (axes,) = sheet(title, note, high=2.0 + 0.36 * (len(best) + 2))
        _steps(axes, best, steps, ring.score)
        legend(axes)
    return Picture(figure, title, words)


def _strongest(ring: Dossier) -> list[Evidence]:
    """The most surprising statement of each family, most surprising family first."""
    best: dict[str, Evidence] = {}
    for one in ring.evidence:
        if one.p_value is not None and (one.family not in best or surprise(one) > surprise(best[one.family])):
            best[one.family] = one
    return sorted(best.values(), key=lambda one: (-surprise(one), one.family))


def _steps(axes: Axes, best: list[Evidence], steps: list[float], score: float) -> None:
    starts = [sum(steps[:at]) for at in range(len(steps))]
    total, rows = sum(steps), len(steps)
    axes.barh(range(rows), steps, 0.62, left=starts, color=colour("buyer"), label="a family of evidence")
    low, high = sorted((score, total))
    axes.barh(
        rows, high - low, 0.62, left=low, color="#e4e7ea", edgecolor=FAINT, hatch="////", label="correction and caps"
    )
    axes.barh(rows + 1, score, 0.62, color=colour("seller"), label="score of the ring")
    for at, (one, start, step) in enumerate(zip(best, starts, steps, strict=True)):
        beyond = ", more than is drawn" if surprise(one) > MOST else ""
        beside(axes, start + step, at, f"p = {one.p_value:.2g}{beyond}")
    beside(axes, high, rows, f"{score - total:+.3g}")
    beside(axes, score, rows + 1, f"{score:.3g}", "bold")
    axes.vlines(
        [*starts[1:], total], [at - 0.69 for at in range(1, rows + 1)], range(1, rows + 1), colors=INK, linewidth=0.6
    )
    axes.set_yticks(range(rows + 2), [*(_named(one.family) for one in best), "correction", "score"])
    axes.set_ylim(rows + 1.6, -0.6)
    axes.set_xlim(0.0, max(total, score, 1.0) * 1.24)
    axes.set_xlabel("surprise, -log10 p")
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)


def _named(family: str) -> str:
    return FAMILY_TITLES.get(family, family.replace("_", " "))
