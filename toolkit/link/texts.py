"""Near-identical texts of several accounts at several shops: reviews, messages, and reasons for refunds in own words.

Claims: accounts that nobody at one shop could have given the words to wrote nearly the same text, although it is rare
in the market. Null: whoever writes n texts writes this one as often as it is written in the region, with the rating (of
the region), in the category, in the month, or by others at shops where the group wrote something else, where it is
commonest; so a text that goods, a season, a language or delight suggest is expected. A text is counted at each shop for
as many accounts as wrote it at all other shops, in the market and again in each group that is asked about: what one
shop asks its customers to copy, or a crowd writes about one thing, links nobody. A message is counted only where the
shop exchanged it with one account, since shops write to their customers from templates. What more accounts wrote than
the largest ring has is a phrase of the market, or of the platform.
Misses: own words; texts that are all at one shop; texts that a translator wrote anew. Cost: one pass over the texts,
and one sketch a distinct text (`toolkit.copies`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.config import DAY
from toolkit.contracts.tokens import TOKENS, TokenKind
from toolkit.copies import alike, bare, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from toolkit.config import LinkSettings
    from toolkit.market import Market

LEAST: Final = 3
"""Accounts on one text that make it worth a test."""
MONTH: Final = 30 * DAY
FEW: Final = 100
"""Texts of a region, category, month or rating below which it is taken to have as many: what stands once among ten
texts is not what one in ten writes."""
STRATA: Final = (("region",), ("region", "rating"), ("category",), ("month",))
COLUMNS: Final = ("region", "rating", "category", "month")


@dataclass(frozen=True)
class Source:
    """Where texts stand.

    Attributes:
        kind: Name of the kind of token.
        table: Input table.
        column: Its column of text.
        moment: Its coded column of time.
        either: Whether the shop may have written it: then what it exchanged with two accounts is taken for its own.
    """

    kind: str
    table: str
    column: str
    moment: str
    either: bool = False


SOURCES: Final = (
    Source("review_text", "reviews", "text", "reviewed_at"),
    Source("message_text", "messages", "text", "sent_at", either=True),
    Source("refund_text", "orders", "refund_reason", "refunded_at"),
)


def kinds(
    market: Market, region: NDArray[np.uint32], settings: LinkSettings, sources: Iterable[Source] = SOURCES
) -> Iterator[TokenKind]:
    """A kind of token for each source that has texts."""
    for source in sources:
        if market.has(source.table, source.column):
            yield _kind(source, _texts(market, source, region), settings, market.size("buyer"))


def _texts(market: Market, source: Source, region: NDArray[np.uint32]) -> pl.DataFrame:
    """row, buyer, at, text, shop (the listing where no shop is named), region, rating, category, month of each text."""
    written = market.case.table(source.table).select(text=pl.col(source.column).cast(pl.String)).collect()["text"]
    table = market.table(source.table)
    told = [name for name in ("listing", "seller", "category", "rating") if name in table.columns]
    rows = table.select("row", "buyer", *told, at=source.moment).drop_nulls(["buyer", "at"])
    rows = rows.with_columns(written=written.gather(rows["row"])).drop_nulls("written")
    distinct = rows.select(pl.col("written").unique()).with_columns(text=bare(folded(pl.col("written"))))
    rows = rows.join(distinct.filter(pl.col("text") != ""), on="written")
    rows = _placed(market, rows).with_columns(
        region=pl.Series(region[rows["buyer"].to_numpy()], dtype=pl.UInt32), month=pl.col("at") // MONTH
    )
    return rows.select("row", "buyer", "at", "text", "shop", *COLUMNS).sort("at", "buyer", "row")


def _placed(market: Market, rows: pl.DataFrame) -> pl.DataFrame:
    """With shop, category and rating, null where the data do not name them."""
    for table, names in (("listings", ("seller", "category")), ("orders", ("seller",))):
        known = [name for name in names if name not in rows.columns and market.has(table, f"{name}_id")]
        if known and "listing" in rows.columns:
            named = market.table(table).select("listing", *known).drop_nulls().sort("listing", *known)
            named = named.unique("listing", keep="first", maintain_order=True)
            rows = rows.join(named, on="listing", how="left", maintain_order="left")
    shop = pl.col("seller").cast(pl.Int64) if "seller" in rows.columns else pl.lit(None, pl.Int64)
    if "listing" in rows.columns:
        shop = pl.coalesce(shop, -1 - pl.col("listing").cast(pl.Int64))
    shop = shop.alias("shop")
    absent = [pl.lit(None, pl.UInt32).alias(name) for name in ("category", "rating") if name not in rows.columns]
    return rows.with_columns(shop, *absent)


def _kind(source: Source, texts: pl.DataFrame, settings: LinkSettings, n_buyers: int) -> TokenKind:
    """The kind of token of one table."""
    texts = texts.with_columns(group=pl.Series(alike(texts["text"], settings.text_similarity), dtype=pl.Int64))
    writers = pl.col("buyer").n_unique().over("group")
    held = texts.filter(writers.is_between(LEAST, settings.text_hub))
    if source.either:
        held = held.filter(pl.col("buyer").n_unique().over("group", "shop") == 1)
    held = _across_shops(held)
    held = held.filter(pl.len().over("group") >= LEAST)
    first = texts.join(held.select("group").unique(), on="group").group_by("group").agg(pl.col("text").min())
    named = first.sort("text").select("group").with_row_index("token")
    frame = held.join(named, on="group").with_columns(at=pl.lit(0)).select(TOKENS.names()).cast(TOKENS)
    return TokenKind(
        name=source.kind,
        family="message",
        table=source.table,
        timed=False,
        least=LEAST,
        anchor="text",
        frame=frame.sort("token", "buyer"),
        acts=np.bincount(texts["buyer"].to_numpy(), minlength=n_buyers).astype(np.float64),
        chance=_chance(texts.join(named, on="group"), texts),
        places=texts.join(named, on="group", how="left").select("token", "buyer", place="shop"),
    )


def _across_shops(texts: pl.DataFrame) -> pl.DataFrame:
    """group, buyer, row: at each shop the first accounts, as many as wrote the text at other shops too; each once."""
    first = texts.unique(["group", "shop", "buyer"], keep="first", maintain_order=True)
    first = first.with_columns(one_shop=pl.col("shop").n_unique().over("group", "buyer") == 1)
    elsewhere = pl.col("buyer").n_unique().over("group") - pl.col("one_shop").sum().over("group", "shop")
    kept = first.filter(pl.int_range(pl.len()).over("group", "shop") < elsewhere)
    return kept.unique(["group", "buyer"], keep="first", maintain_order=True).select("group", "buyer", "row")


def _chance(named: pl.DataFrame, texts: pl.DataFrame) -> NDArray[np.float64]:
    """For each token the chance that one text is it, where that is largest."""
    parts = [pl.DataFrame(schema={"token": pl.UInt32, "chance": pl.Float64})]
    for stratum in STRATA:
        every = texts.group_by(stratum).agg(texts=pl.len())
        those = named.group_by("token", *stratum).agg(writers=pl.col("buyer").n_unique())
        rated = those.join(every, on=stratum, nulls_equal=True)
        parts.append(rated.select("token", chance=pl.col("writers") / pl.max_horizontal("texts", pl.lit(FEW))))
    return pl.concat(parts).group_by("token").agg(pl.col("chance").max()).sort("token")["chance"].to_numpy()
