"""Sellers whose messages ask for praise, reward reviews, want reviews changed, or lead off the platform (S2).

The insert in a parcel leaves no row: it is said to be not observed. What is counted are messages, by patterns that are
data, and how many of them are one text sent to several buyers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit.copies import SHINGLE, alike, bare, folded
from toolkit.findings.draft import Draft, Exhibit, Explanation, count_text, places
from toolkit.findings.phrases import languages, soliciting
from toolkit.findings.tails import benjamini_hochberg, mixed_tail, spread_of

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales

_WORDS: Final = {
    "reward_for_review": "offer something for a review",
    "asks_for_praise": "ask for a positive review",
    "review_removal": "ask to change or remove a review",
    "off_platform": "lead off the platform",
}


def solicitations(sales: Sales, settings: FindingSettings) -> list[Draft]:
    """One finding a seller whose soliciting messages reached several buyers, more of them than elsewhere."""
    if not sales.has("messages", "text"):
        return []
    flagged, every = _flagged(sales)
    tested = _tested(flagged, every, settings)
    kept = tested.filter((pl.col("q_value") < settings.q_value) & (pl.col("buyers") >= settings.message_buyers))
    asked = flagged.join(kept.select("seller_id"), on="seller_id", how="semi", maintain_order="left")
    parts = asked.partition_by("seller_id", as_dict=True)
    orders = _order_places(sales, asked).partition_by("seller_id", as_dict=True)
    copies = near_copies(asked, settings.similar).partition_by("seller_id", as_dict=True)
    none = asked.select("seller_id", pl.lit(0, pl.UInt32).alias("row")).clear()
    return [
        _draft(row, parts[key], orders.get(key, none), copies[key], settings)
        for row in kept.iter_rows(named=True)
        for key in [(row["seller_id"],)]
    ]


def _flagged(sales: Sales) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Soliciting messages with their folded text and what they do, and the number of messages by seller."""
    texts = sales.market.case.table("messages").filter(pl.col("text").is_not_null())
    same = pl.col("text").str.replace_all(r"\d{3,}", "000")  # as folding has it: templates differ by order numbers
    every = texts.select("message_id", "seller_id", "buyer_id", "order_id", "sent_at", text=same).collect()
    read = every.select("text").unique().with_columns(folded=folded(pl.col("text")))
    unique = read.select("folded").unique()  # templates are many messages; each text is looked at once
    marked = unique.with_columns(does=soliciting(pl.col("folded"))).filter(pl.col("does").is_not_null())
    flagged = every.join(read.join(marked, on="folded"), on="text").drop("text").sort("message_id")
    return flagged, every.group_by("seller_id").agg(sent=pl.len())


def _tested(flagged: pl.DataFrame, every: pl.DataFrame, settings: FindingSettings) -> pl.DataFrame:
    """Each seller's soliciting messages against the rate of all other sellers (beta-binomial), q over all sellers."""
    counts = flagged.group_by("seller_id").agg(marked=pl.len(), buyers=pl.col("buyer_id").n_unique())
    joined = every.join(counts, on="seller_id", how="left").fill_null(0).sort("seller_id")
    marked, sent = (joined[name].to_numpy().astype(float) for name in ("marked", "sent"))
    rate = (marked.sum() - marked + 0.5) / (sent.sum() - sent + 50)
    p = mixed_tail(marked, sent, rate, spread=spread_of(marked, sent), variation=settings.least_variation)
    return joined.with_columns(
        expected=pl.Series(rate * sent), p_value=pl.Series(p), q_value=pl.Series(benjamini_hochberg(p))
    ).filter(pl.col("marked") > 0)


def _order_places(sales: Sales, flagged: pl.DataFrame) -> pl.DataFrame:
    """seller_id, row: orders that the messages name."""
    if not sales.market.case.has_table("orders"):
        return pl.DataFrame(schema={"seller_id": pl.String, "row": pl.UInt32})
    named = flagged.select("seller_id", "order_id").drop_nulls()
    ids = sales.market.case.table("orders").select("order_id").with_row_index("row")
    return ids.join(named.lazy(), on="order_id").select("seller_id", "row").collect()


def near_copies(flagged: pl.DataFrame, similarity: float) -> pl.DataFrame:
    """Of each seller the messages of the largest group of near-identical ones, the one that begins first of two.

    Args:
        flagged: seller_id, folded (texts; their digits, marks and blanks are taken as alike), in the order of places.
        similarity: Estimated Jaccard similarity of shingles from which two texts are one.
    """
    writers = flagged["seller_id"].rank("dense")
    texts = flagged.select(bare(pl.col("folded")))["folded"]
    grouped = flagged.with_columns(group=pl.Series(alike(texts, similarity, writers=writers)))
    sizes = grouped.group_by("seller_id", "group").len("size")
    largest = sizes.sort("size", "group", descending=[True, False]).unique(
        "seller_id", keep="first", maintain_order=True
    )
    kept = grouped.join(largest, on=["seller_id", "group"], how="semi", maintain_order="left")
    return kept.drop("group")


def _draft(
    row: dict[str, Any], flagged: pl.DataFrame, orders: pl.DataFrame, copies: pl.DataFrame, settings: FindingSettings
) -> Draft:
    kinds = flagged.group_by("does").len().sort("len", "does", descending=[True, False])
    doing = ", ".join(f"{count} {_WORDS[does]}" for does, count in kinds.iter_rows())
    statement = (
        f"{row['marked']} of {row['sent']} messages to {row['buyers']} buyers solicit ({doing}); "
        f"{count_text(row['expected'])} expected from other sellers (q={row['q_value']:.2g})"
    )
    main = Exhibit(
        family="message",
        test="solicitation",
        statement=f"{statement}.",
        observed=row["marked"],
        expected=row["expected"],
        p_value=row["p_value"],
        q_value=row["q_value"],
        rows=tuple(("messages", message) for message in flagged["message_id"]),
    )
    sent = flagged["sent_at"].dt.epoch("s")
    return Draft(
        kind="solicitation",
        key=(row["seller_id"],),
        statement=f"{statement}. An insert in the parcel was not observed.",
        exhibits=(main, *_copies(copies, settings)),
        orders=places(orders["row"]),
        seller_id=row["seller_id"],
        buyers=row["buyers"],
        explanations=_EXPLANATIONS,
        span=(int(sent.min()), int(sent.max())),  # type: ignore[arg-type]
    )


def _copies(largest: pl.DataFrame, settings: FindingSettings) -> tuple[Exhibit, ...]:
    """The largest group of near-identical messages, where it is to several buyers."""
    buyers = largest["buyer_id"].n_unique()
    if buyers < settings.message_buyers:
        return ()
    statement = (
        f"{largest.height} of these messages, to {buyers} buyers, are near-identical (J>={settings.similar:g} of "
        f"{SHINGLE}-byte shingles, numbers aside)."
    )
    return (
        Exhibit(
            family="message",
            test="near_copies",
            statement=statement,
            observed=largest.height,
            rows=tuple(("messages", message) for message in largest["message_id"].sort()),
            orders=places([]),
        ),
    )


_EXPLANATIONS: Final = (
    Explanation(
        "product support and order messages",
        "excluded",
        "Messages count only where they name a review, praise or another channel together with an offer or a request.",
    ),
    Explanation(
        "neutral request for a review", "excluded", "A request without a reward or a wish for praise is left out."
    ),
    Explanation("thanks for a review", "excluded", "Thanks for stars already given are left out."),
    Explanation(
        "language",
        "possible",
        f"Patterns exist for {', '.join(languages())}; messages in other languages were not understood.",
    ),
    Explanation("insert in the parcel", "not_tested", "What lies in a parcel is not in the data."),
)
