"""Published engines beside a case, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from toolkit.backends import local
from toolkit.evaluate.compare import compare
from toolkit.evaluate.load import read_results, read_truth
from toolkit.evaluate.material import gather

if TYPE_CHECKING:
    from pathlib import Path


def baselines(case: Path, truth: Path, seed: int) -> pl.DataFrame:
    """engine, groups, alerts, right, found, planted; the case itself comes first."""
    lines = compare(gather(case, local, seed=seed), read_results(case), read_truth(truth))
    rows = [
        (one.engine, one.groups, one.scores.alerts, one.scores.right, one.scores.found, one.scores.planted)
        for one in lines
    ]
    names = ("engine", "groups", "alerts", "right", "found", "planted")
    return pl.DataFrame(rows, schema=names, orient="row")
