"""Candidate rings as they pass from link to detect to score; everything coded, see `toolkit.market`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from toolkit.contracts.gift_cards import GiftCardView
    from toolkit.contracts.tokens import TokenKind

BY_ATTRIBUTES: Final = "attributes"
"""Origin of candidates that nothing but shared attributes proposed: there are many, and few are rings."""
STAR: Final = "star"
"""Origin of candidates that are the customers of a listing or shop who stand out together."""
WHOLE, CORE, AT_STAR = range(3)
"""Readings of what was proposed: with those who show once, without them, and what is left of that at the star."""
LARGE_FAMILY: Final = 7
"""Accounts, at most, that may be one large family: they share devices and cards, and shop together."""
ERROR_SHARE: Final = {True: 0.1, False: 0.9}
"""Share of the chance of a false alarm that candidates proposed by attributes alone, and all others, may use up.

Weighted Bonferroni (Genovese, Roeder and Wasserman 2006): to look at many households must not make rings invisible."""


@dataclass(frozen=True)
class Linked:
    """What the link stage hands on.

    Attributes:
        buyers: Links between buyers (schema LINKS of `contracts.links`).
        met: Pairs of buyers that met on several things of any kind: left, right, observed, weight.
        listings: Surprising pairs of listings in one season: left, right (nodes), weight, observed, expected, surprise.
        seasons: One row a node of `listings` and buyer that acts there: node, listing, buyer, and whether the season
            stands alone: the long ones do, and those of looks.
        stars: Points that join many buyers (schema STARS).
        star_members: Who is there (schema STAR_MEMBERS).
        shop_marks: By which marks shops stand out (schema SHOP_MARKS).
        marks: Every order with its marks: row, buyer, seller, ordered_at, and a boolean a mark (`contracts.marks`).
        gift_cards: Every number about the gift-card stars.
        tokens: Every kind of token that the data can feed.
        household: Household number of each buyer.
        region: Region number of each buyer; chance is reckoned within it.
        n_buyers: How many buyers there are.
    """

    buyers: pl.DataFrame
    met: pl.DataFrame
    listings: pl.DataFrame
    seasons: pl.DataFrame
    stars: pl.DataFrame
    star_members: pl.DataFrame
    shop_marks: pl.DataFrame
    marks: pl.DataFrame
    gift_cards: GiftCardView
    tokens: Mapping[str, TokenKind]
    household: NDArray[np.uint32]
    region: NDArray[np.uint32]
    n_buyers: int

    def without_pairs(self) -> Linked:
        """What the judgement needs: all but the pairs that only said where to look, which are most of the memory."""
        return replace(self, met=self.met.clear(), listings=self.listings.clear(), seasons=self.seasons.clear())


@dataclass(frozen=True)
class Candidates:
    """Groups of buyers that may act together.

    Attributes:
        members: candidate, buyer, score (log odds of the member's own evidence), n_families, best_kind, acts_alone
            (whether its acts, without any attribute, would have made it a member), origin
            (listings, together, star or attributes: where the candidate was first seen), proposal and reading (WHOLE,
            CORE, AT_STAR: candidates of one proposal are readings of it, of which one stays).
        values: candidate, kind, token, k (members on it), holders (accounts on it in the ring's window), expected,
            surprise (-log10 p, after the window scan and every test), raw (the same before the tests are paid for),
            start, end (the ring's window on it; 0 where untimed).
    """

    members: pl.DataFrame
    values: pl.DataFrame

    def among(self, chosen: pl.Series) -> Candidates:
        """Some of the candidates."""
        these = chosen.implode()
        parts = (frame.filter(frame["candidate"].is_in(these)) for frame in (self.members, self.values))
        return Candidates(*parts)
