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
    parts = flagged.join(kept.select("seller_id"), on="seller_id", how="semi").partition_by("seller_id", as_dict=True)
    orders = _order_places(sales, flagged)
    return [_draft(row, parts[(row["seller_id"],)], orders, settings) for row in kept.iter_rows(named=True)]


def _flagged(sales: Sales) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Soliciting messages with their folded text and what they do, and the number of messages by seller."""
    texts = sales.market.case.table("messages").filter(pl.col("text").is_not_null())
    read = texts.select("message_id", "seller_id", "buyer_id", "order_id", "sent_at", folded=folded(pl.col("text")))
    unique = read.select("folded").unique().collect()  # templates are many messages; each text is looked at once
    marked = unique.with_columns(does=soliciting(pl.col("folded"))).filter(pl.col("does").is_not_null())
    return read.join(marked.lazy(), on="folded").sort("message_id").collect(), texts.group_by("seller_id").agg(
        sent=pl.len()
    ).collect()


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
    """message_id, row: orders that the messages name."""
    if not sales.market.case.has_table("orders"):
        return pl.DataFrame(schema={"message_id": pl.String, "row": pl.UInt32})
    named = flagged.select("message_id", "order_id").drop_nulls()
    ids = pl.DataFrame({"order_id": sales.order_ids}).with_row_index("row")
    return named.join(ids, on="order_id").select("message_id", "row")


def near_copies(texts: pl.Series, similarity: float) -> list[list[int]]:
    """Groups of places whose texts are near-identical, largest first.

    Args:
        texts: Folded texts; their digits, marks and blanks are taken as alike.
        similarity: Estimated Jaccard similarity of shingles from which two texts are one.
    """
    places_ = pl.DataFrame({"text": texts}).select(text=bare(pl.col("text")))
    group = pl.Series("group", alike(places_["text"], similarity))
    grouped = pl.DataFrame([group]).with_row_index("place").group_by("group").agg("place", size=pl.len())
    return grouped.sort("size", "group", descending=[True, False])["place"].list.sort().to_list()


def _draft(row: dict[str, Any], flagged: pl.DataFrame, orders: pl.DataFrame, settings: FindingSettings) -> Draft:
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
        exhibits=(main, *_copies(flagged, settings)),
        orders=places(orders.join(flagged.select("message_id"), on="message_id", how="semi")["row"]),
        seller_id=row["seller_id"],
        buyers=row["buyers"],
        explanations=_EXPLANATIONS,
        span=(int(sent.min()), int(sent.max())),  # type: ignore[arg-type]
    )


def _copies(flagged: pl.DataFrame, settings: FindingSettings) -> tuple[Exhibit, ...]:
    """The largest group of near-identical messages to several buyers."""
    largest = flagged[near_copies(flagged["folded"], settings.similar)[0]]
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
