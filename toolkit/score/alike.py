"""How much several ratings of one person count for: they are alike.

Source of the design effect: Kish (1965); of the correlation within a person: pairs of its ratings, each rating
weighing the same. Cost: one pass over the reviews.
"""

from __future__ import annotations

import numpy as np
import polars as pl


def within(reviews: pl.DataFrame, key: str = "buyer") -> float:
    """Correlation of `end` (a boolean or a number) between two reviews of one buyer, or listing, from 0 to 1.

    1 if nothing can tell.
    """
    end = reviews["end"].cast(pl.Float64).to_numpy()
    size = int(reviews[key].max() or 0) + 1  # type: ignore[arg-type]
    keys = reviews[key].to_numpy()
    m = np.bincount(keys, minlength=size)
    total, squares = (np.bincount(keys, weights=weights, minlength=size) for weights in (end, end * end))
    several = m > 1
    mean = float(end.mean()) if end.size else 0.0
    spread = float((end * end).mean()) - mean**2 if end.size else 0.0
    if not several.any() or spread <= 0.0:
        return 1.0
    pairs = ((total * total - squares)[several] / (m[several] - 1.0)).sum() / m[several].sum()
    return min(1.0, max(0.0, (float(pairs) - mean**2) / spread))


def counted(reviews: pl.DataFrame, unknown: pl.Expr | None = None) -> pl.Expr:
    """What each of a candidate's reviews counts for, once it stands beside the others of its buyer.

    For frames with candidate and buyer of which every row is one of the candidate's own; `reviews` are all of the
    market's, with `end`. That ratings of one thing are alike is allowed for by comparing with its other reviewers; how
    far there are none to compare with, `unknown` (0 to 1, by listing) says, and by as much those of one listing are
    thinned, too.
    """
    more = (pl.len().over("candidate", "buyer") - 1.0) * within(reviews)
    if unknown is not None:
        more += unknown * (pl.len().over("candidate", "listing") - 1.0) * within(reviews, "listing")
    return 1.0 / (1.0 + more)
