"""Redemptions as events: which amount, from which kind of source, by whom the card was bought.

A *group* is what a test counts: one face value of one currency in one stratum of sources, or all face values of that
currency and stratum together. Credit that the platform gave, and cards that somebody of the same household bought, are
no events: they are counted and left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.contracts.gift_cards import UNITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.market import Market

    Ints = NDArray[np.int64]

OPEN: Final = "open"
EMPLOYER: Final = "employer"
PLATFORM: Final = "platform"
OWN: Final = "own"
ISSUERS: Final = {"purchaser": "purchaser", "batch": "batch", "purchase_payment": "payment"}
"""Column of an event that names who issued the card -> kind of id that it holds."""


@dataclass(frozen=True)
class Events:
    """Gift cards as they were redeemed.

    Attributes:
        rows: One row a card and buyer, the first time, sorted by buyer and time: event, buyer, at, card, face (in
            ten-thousandths), currency, source, stratum, group, pool, issuer columns, row, card_row.
        groups: One row a group: group, currency, face (null where pooled), stratum, holders (distinct buyers).
        left_out: The redemptions that are no events, with the same columns.
    """

    rows: pl.DataFrame
    groups: pl.DataFrame
    left_out: pl.DataFrame


def read(market: Market, household: Ints) -> Events:
    """The market's redemptions, each with its card; `household` numbers each buyer's household."""
    cards = market.table("gift_cards")
    cards = cards.select(
        "card",
        "currency",
        *(_known(cards, name, pl.UInt32) for name in ISSUERS),
        face=(pl.col("face_value") * UNITS).round().cast(pl.Int64),
        source=_known(cards, "source", pl.String).fill_null("unknown"),
        card_row="row",
    )
    bound = market.table("redemptions")
    bound = bound.select("buyer", "card", "row", _known(bound, "amount", pl.Float64), at="redeemed_at")
    first = bound.sort("at", "row").unique(["buyer", "card"], keep="first", maintain_order=True)
    joined = first.join(cards, on="card")
    joined = joined.with_columns(own=_own(joined, market, household)).with_columns(stratum=_stratum())
    joined = joined.drop("own").sort("buyer", "at", "card")
    no_event = pl.col("stratum").is_in([PLATFORM, OWN])
    rows, groups = _grouped(joined.filter(~no_event))
    return Events(rows, groups, joined.filter(no_event))


def _own(joined: pl.DataFrame, market: Market, household: Ints) -> pl.Series:
    """Whether the purchaser is the buyer, or one of the buyer's household: nobody else paid for such a card."""
    coded = market.encode("buyer", market.ids("purchaser"))
    buyer = coded.cast(pl.Int64).fill_null(-1).to_numpy()
    code = joined["purchaser"].fill_null(len(coded)).to_numpy()
    who = np.append(buyer, -1)[code]
    same = household[np.maximum(who, 0)] == household[joined["buyer"].to_numpy()] if household.size else who < 0
    return pl.Series("own", (who >= 0) & same)


def _known(frame: pl.DataFrame, column: str, dtype: type[pl.DataType]) -> pl.Expr:
    """A column that an export may lack."""
    return (pl.col(column).cast(dtype) if column in frame.columns else pl.lit(None, dtype=dtype)).alias(column)


def _stratum() -> pl.Expr:
    """Employers give one amount to many at once, so their cards are never pooled with others."""
    source = pl.col("source")
    own = pl.when("own").then(pl.lit(OWN))
    return own.when(source.is_in([EMPLOYER, PLATFORM])).then(source).otherwise(pl.lit(OPEN))


def _grouped(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Number the groups, faces first, in an order that does not hang on the rows' order."""
    faces = rows.group_by("currency", "stratum", "face").agg(holders=pl.col("buyer").n_unique())
    pools = rows.group_by("currency", "stratum").agg(holders=pl.col("buyer").n_unique())
    pools = pools.with_columns(face=pl.lit(None, dtype=pl.Int64)).select(faces.columns)
    keys = ["currency", "stratum", "face"]
    groups = pl.concat([faces.sort(keys), pools.sort(keys)]).with_row_index("group")
    single = groups.filter(pl.col("face").is_not_null()).select("group", *keys)
    pooled = groups.filter(pl.col("face").is_null()).select("currency", "stratum", pool="group")
    rows = rows.join(single, on=keys, how="left").join(pooled, on=["currency", "stratum"], how="left")
    return rows.sort("buyer", "at", "card").with_row_index("event"), groups


def by_group(rows: pl.DataFrame) -> pl.DataFrame:
    """Each event twice, under its face and under its pool: group, and the event's other columns."""
    single = rows.drop("pool")
    pooled = rows.drop("group").rename({"pool": "group"}).select(single.columns)
    return pl.concat([single, pooled]).sort("group", "at", "event")
