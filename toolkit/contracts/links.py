"""What the views hand on: links between two buyers, and stars, which join many buyers at one point.

Everything is coded (`toolkit.market`): ids are UInt32, times Int64 seconds, probabilities are kept as -log10(p),
`surprise`, because most are too small for a float.
"""

from __future__ import annotations

from typing import Final

import polars as pl

LINKS: Final = pl.Schema(
    {
        "left": pl.UInt32,  # buyer, the smaller code
        "right": pl.UInt32,  # buyer, the larger code
        "view": pl.String,
        "weight": pl.Float64,  # in evidence units: comparable across views
        "observed": pl.Float64,
        "expected": pl.Float64,
        "surprise": pl.Float64,  # -log10 p; null where the view weighs and does not test
    }
)
"""One row a pair of buyers and view."""

STARS: Final = pl.Schema(
    {
        "star": pl.UInt32,
        "view": pl.String,
        "family": pl.String,  # one of contracts.results.FAMILIES
        "listing": pl.UInt32,
        "seller": pl.UInt32,
        "attribute_kind": pl.String,  # what joins them: face value, source, purchaser, instrument, ...
        "attribute": pl.String,  # as text, e.g. "15.00 USD" or an id
        "observed": pl.Float64,
        "expected": pl.Float64,
        "surprise": pl.Float64,
        "q_value": pl.Float64,
    }
)
"""One row a point that joins more buyers than chance would have it."""

STAR_MEMBERS: Final = pl.Schema(
    {
        "star": pl.UInt32,
        "buyer": pl.UInt32,
        "at": pl.Int64,  # when the buyer acted
        "table": pl.String,  # input row behind it
        "row": pl.UInt32,  # its place in the clean table
    }
)
"""One row a star, buyer and input row that puts the buyer there."""

SHOP_MARKS: Final = pl.Schema(
    {
        "star": pl.UInt32,
        "seller": pl.UInt32,
        "mark": pl.String,
        "family": pl.String,
        "observed": pl.Float64,  # buyers of the shop whose orders carry the mark
        "expected": pl.Float64,
        "surprise": pl.Float64,  # corrected for every shop and mark
    }
)
"""One row a star around a shop and mark by which it stands out."""
