"""Engines side by side on one case: each at its best possible cut, which favours every engine over ours."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.evaluate.engines import ENGINES
from toolkit.evaluate.metrics import ALERT_TIERS, f1, score_rings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from toolkit.evaluate.load import Results, Truth
    from toolkit.evaluate.material import Material
    from toolkit.evaluate.metrics import RingScores

_FEWEST: Final = 4
_PRECISION: Final = 0.8


@dataclass(frozen=True)
class Line:
    """One engine's figures.

    Args:
        engine: Its name.
        groups: Groups of four members or more.
        scores: At the cut that finds most rings with a precision of 0.8, or at the one with the best precision.
        seconds: Time the engine took.
    """

    engine: str
    groups: int
    scores: RingScores
    seconds: float | None


def compare(material: Material, results: Results, truth: Truth) -> Iterator[Line]:
    """First the case itself at its own cut, then every engine at its best."""
    own = score_rings(results.rings, results.members, truth.rings, truth.members)
    alerts = results.rings.filter(pl.col("tier").cast(pl.String).is_in(ALERT_TIERS))
    yield Line("this case, its own cut", alerts.height, own, None)
    for name, engine in ENGINES.items():
        started = time.perf_counter()
        labels = engine(material)
        seconds = time.perf_counter() - started
        ranked, members = _ranked(material, labels)
        yield Line(name, len(ranked), best_cut(ranked, members, truth), seconds)


def _ranked(material: Material, labels: NDArray[np.int64]) -> tuple[list[str], pl.DataFrame]:
    """Groups, the densest in evidence first, and their members."""
    members = pl.DataFrame({"ring_id": labels, "buyer_id": material.buyers}).filter(pl.col("ring_id") >= 0)
    big = members.filter(pl.len().over("ring_id") >= _FEWEST)
    left, right = labels[material.edges["left"].to_numpy()], labels[material.edges["right"].to_numpy()]
    inside = material.edges.select("weight").with_columns(ring_id=pl.Series(left)).filter(pl.Series(left == right))
    weights = inside.group_by("ring_id").agg(pl.col("weight").sum())
    sizes = big.group_by("ring_id").agg(size=pl.len()).join(weights, on="ring_id", how="left")
    order = sizes.with_columns(density=pl.col("weight").fill_null(0.0) / pl.col("size"))
    ranked = order.sort("density", "ring_id", descending=[True, False])["ring_id"]
    text = pl.col("ring_id").cast(pl.String)
    return ranked.cast(pl.String).to_list(), big.with_columns(text)


def best_cut(ranked: list[str], members: pl.DataFrame, truth: Truth) -> RingScores:
    """Figures at the cut of a ranked list that finds most rings while precision stays at 0.8 or above.

    Where no cut has that precision, the first group alone is taken.
    """
    everything = _scores(ranked, members, truth)
    position = {ring: place for place, ring in enumerate(ranked)}
    right = np.ones(len(ranked), dtype=np.bool_)
    right[[position[ring] for ring in everything.false_alerts]] = False
    found = np.zeros(len(ranked), dtype=np.int64)
    np.add.at(found, [position[alert] for _, alert in everything.found_rings], 1)
    share = np.cumsum(right) / np.arange(1, len(ranked) + 1)
    good = np.flatnonzero(share >= _PRECISION)
    best = 1 if not len(good) else int(good[np.argmax(np.cumsum(found)[good])]) + 1
    return _scores(ranked[:best], members, truth)


def _scores(ranked: list[str], members: pl.DataFrame, truth: Truth) -> RingScores:
    rings = pl.DataFrame({"ring_id": ranked, "tier": "strong"}, schema={"ring_id": pl.String, "tier": pl.String})
    return score_rings(rings, members.join(rings, on="ring_id", how="semi"), truth.rings, truth.members)


def table(lines: list[Line]) -> list[str]:
    """The comparison as lines of text."""
    head = f"{'engine':<26}{'groups':>8}{'raised':>8}{'prec.':>8}{'recall':>8}{'L0':>7}{'L1':>7}{'L2':>7}{'L3':>7}"
    return [head + f"{'B-cubed':>9}{'largest':>9}{'seconds':>9}", *(_row(line) for line in lines)]


def _row(line: Line) -> str:
    scores = line.scores
    levels = {group.level: group.recall for group in scores.groups if group.scheme is None}
    cells = "".join(f"{_share(levels.get(level)):>7}" for level in range(4))
    start = (
        f"{line.engine:<26}{line.groups:>8}{scores.alerts:>8}{_share(scores.precision):>8}{_share(scores.recall):>8}"
    )
    both = f1(scores.bcubed_precision, scores.bcubed_recall)
    took = "-" if line.seconds is None else f"{line.seconds:.1f}"
    return f"{start}{cells}{_share(both):>9}{scores.largest:>9}{took:>9}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
