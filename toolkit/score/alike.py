"""How much several ratings of one person count for: they are alike.

Source of the design effect: Kish (1965); of the correlation within a person: pairs of its ratings, each rating
weighing the same. Cost: one pass over the reviews.
"""

from __future__ import annotations

import numpy as np
import polars as pl


def within(reviews: pl.DataFrame, key: str = "buyer") -> float:
    """Correlation of `end` (a boolean) between two reviews of one buyer, or listing: 0 to 1; 1 if nothing can tell."""
    share = int(reviews["end"].sum()) / max(reviews.height, 1)
    size = int(reviews[key].max() or 0) + 1  # type: ignore[arg-type]
    columns = {"m": reviews[key], "s": reviews[key].filter(reviews["end"])}
    counts = {name: np.bincount(buyers.to_numpy(), minlength=size) for name, buyers in columns.items()}
    each = pl.DataFrame(counts).filter(pl.col("m") > 1)
    if not each.height or not 0.0 < share < 1.0:
        return 1.0
    pairs = each.select((pl.col("s") * (pl.col("s") - 1.0) / (pl.col("m") - 1.0)).sum() / pl.col("m").sum())
    return min(1.0, max(0.0, (float(pairs.item()) - share**2) / (share * (1.0 - share))))


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
