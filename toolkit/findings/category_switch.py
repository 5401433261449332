"""Listings that move to another category around a campaign and back, and take its subsidised orders meanwhile (F9)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit.contracts.row_ids import row_id
from toolkit.findings.draft import Draft, Exhibit, Explanation, count_text, places
from toolkit.findings.tails import benjamini_hochberg, poisson_tail

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales

_BEFORE_S: Final = 120 * 86400
"""Seconds before a move from which a listing's usual rate of subsidised orders is taken."""
_PRIOR: Final = 10.0
"""Orders of other listings that the trend of the market is mixed with, at an even pace."""
_MIGRATION_SELLERS: Final = 5
"""Sellers whose listings make the same move within a day: the platform reorders its categories."""
_FEWEST: Final = 2
"""Subsidised orders below which a move has gained nothing."""


def switches(sales: Sales, settings: FindingSettings) -> list[Draft]:
    """Findings of kind `category_switch`.

    A move counts when it is undone within weeks, overlaps a campaign of the category moved to, and brought more
    subsidised orders than the listing's own rate before, scaled by how the whole market's moved. A correction that
    stays is none, and neither is a move that many sellers make on one day.
    """
    if not sales.has("category_changes") or not sales.has("campaigns", "category_id"):
        return []
    stays = _with_campaign(sales, _stays(sales, settings), settings)
    if stays.is_empty():
        return []
    tested = _tested(sales, stays)
    kept = tested.filter((pl.col("q_value") < settings.q_value) & (pl.col("observed") >= _FEWEST))
    orders = _orders_inside(sales, kept)
    similar = _similarity(sales)
    return [
        _draft(sales, row, orders.filter(pl.col("stay") == row["stay"])["row"], similar)
        for row in kept.iter_rows(named=True)
    ]


def _stays(sales: Sales, settings: FindingSettings) -> pl.DataFrame:
    """listing, seller, home, away, begin, end (seconds), moved, returned (ids of the changes): time in a category.

    Of listings that come home within weeks, straight or by a detour; `end` is when it left the category.
    """
    told = sales.market.case.table("category_changes")
    changes = told.with_columns(row_id("category_changes"), at=pl.col("changed_at").dt.epoch("s")).collect()
    coded = changes.with_columns(listing=sales.market.encode("listing", changes["listing_id"]))
    owners = sales.orders.select("listing", "seller").drop_nulls().unique("listing")
    if sales.has("listings", "seller_id"):
        owners = sales.market.table("listings").select("listing", "seller").drop_nulls()
    moves = coded.join(owners, on="listing", how="left").sort("listing", "at")
    home = moves.select("listing", home_at="at", from_category="to_category", returned="id")
    pairs = moves.join(home, on=["listing", "from_category"]).filter(
        (pl.col("home_at") > pl.col("at")) & (pl.col("home_at") - pl.col("at") <= settings.switch_longest_s)
    )
    first = pairs.sort("home_at", "returned").unique("id", keep="first").select("id", "returned")
    away = (
        moves.with_columns(end=pl.col("at").shift(-1).over("listing"), moved=pl.col("id"))
        .join(first, on="id", how="left", maintain_order="left")
        .with_columns(back=pl.col("returned").is_not_null())
    )
    day = pl.col("at") // 86400
    crowd = pl.col("seller").n_unique().over(day, "from_category", "to_category")
    same = {"home": "from_category", "away": "to_category", "begin": "at"}
    kept = away.filter(pl.col("back") & (crowd < _MIGRATION_SELLERS))
    return kept.select("listing_id", "listing", "seller", "end", "moved", "returned", **same)


def _with_campaign(sales: Sales, stays: pl.DataFrame, settings: FindingSettings) -> pl.DataFrame:
    """Stays that overlap a campaign of the category they went to and begin before it ends, with the first of them."""
    campaigns = sales.market.case.table("campaigns").select(
        "campaign_id",
        away="category_id",
        starts=pl.col("starts_at").dt.epoch("s"),
        ends=pl.col("ends_at").dt.epoch("s"),
    )
    inside = (pl.col("begin") <= pl.col("ends")) & (pl.col("end") >= pl.col("starts"))
    met = stays.join(campaigns.filter(pl.col("away").is_not_null()).collect(), on="away").filter(inside)
    near = (pl.col("begin") - pl.col("starts")).abs() <= settings.switch_lead_s
    first = met.with_columns(near=near).sort(
        "listing", "begin", "near", "starts", descending=[False, False, True, False]
    )
    return first.unique(["listing", "begin"], keep="first", maintain_order=True).with_row_index("stay")


def _tested(sales: Sales, stays: pl.DataFrame) -> pl.DataFrame:
    """Each stay with its subsidised orders, those expected, and their tail.

    Expected is the listing's own count before (mixed half and half with that of the other listings), times how the
    other listings' subsidised orders went from then to the stay; at least half of what another listing got meanwhile.
    """
    paid = sales.orders.lazy().filter(pl.col("subsidy") > 0).select("listing", at="ordered_at").collect()
    before = _counts(paid, stays.with_columns(first=pl.col("begin") - _BEFORE_S, last=pl.col("begin") - 1))
    during = _counts(paid, stays.with_columns(first="begin", last="end"))
    everywhere = paid["at"].sort()
    others = max(paid["listing"].n_unique() - 1, 1)

    def market(first: pl.Series, last: pl.Series) -> pl.Series:
        return everywhere.search_sorted(last, "right").cast(pl.Int64) - everywhere.search_sorted(first).cast(pl.Int64)

    meanwhile = market(stays["begin"], stays["end"]) - during
    earlier = market(stays["begin"] - _BEFORE_S, stays["begin"] - 1) - before
    span = (stays["end"] - stays["begin"]) / _BEFORE_S
    trend = (meanwhile + _PRIOR * span) / (earlier + _PRIOR)
    usual = (before + earlier / others) / 2
    expected = pl.select(pl.max_horizontal(usual * trend, meanwhile / others / 2, pl.lit(1e-3))).to_series()
    p = poisson_tail(during, expected)
    return stays.with_columns(
        observed=pl.Series(during), expected=expected, p_value=pl.Series(p), q_value=pl.Series(benjamini_hochberg(p))
    )


def _counts(paid: pl.DataFrame, stays: pl.DataFrame) -> pl.Series:
    """Subsidised orders of each stay's listing in [first, last]."""
    pairs = stays.select("stay", "listing", "first", "last").join(paid, on="listing")
    found = pairs.filter(pl.col("at").is_between(pl.col("first"), pl.col("last"))).group_by("stay").len()
    joined = stays.select("stay").join(found, on="stay", how="left", maintain_order="left")
    return joined["len"].fill_null(0).cast(pl.Int64)


def _orders_inside(sales: Sales, stays: pl.DataFrame) -> pl.DataFrame:
    """stay, row: subsidised orders of the listing while it was away."""
    paid = sales.orders.lazy().filter(pl.col("subsidy") > 0).select("row", "listing", at="ordered_at").collect()
    pairs = stays.select("stay", "listing", "begin", "end").join(paid, on="listing")
    return pairs.filter(pl.col("at").is_between(pl.col("begin"), pl.col("end"))).select("stay", "row")


def _similarity(sales: Sales) -> dict[str, str]:
    """listing_id -> title, for the similarity with categories."""
    if not sales.has("listings", "title"):
        return {}
    titles = sales.market.case.table("listings").select("listing_id", "title").drop_nulls().collect()
    return dict(titles.iter_rows())


def have_words(home: str, away: str) -> bool:
    """Whether both category ids carry words, and not the same ones: `c21`, `CAT-0012` or a hash is like no title."""
    one, other = _words(home), _words(away)
    return bool(one - other) and bool(other - one)


def _words(category: str) -> set[str]:
    """Words of three letters or more; none where a part mixes letters with digits, as codes do."""
    parts = re.findall(r"[^\W_]+", category.lower())
    mixed = any(not part.isalpha() and not part.isdigit() for part in parts)
    return set() if mixed else {part for part in parts if part.isalpha() and (len(part) > 2 or not part.isascii())}


def alike(title: str, category: str) -> float:
    """How much of a category's words stand in a title, 0 to 100; an effect size, never a test."""
    from rapidfuzz import fuzz, utils

    return float(fuzz.token_set_ratio(title, category.replace("_", " "), processor=utils.default_process))


def _draft(sales: Sales, row: dict[str, Any], orders: pl.Series, titles: dict[str, str]) -> Draft:
    hours = max(round((row["end"] - row["begin"]) / 3600), 1)
    statement = (
        f"In category {row['away']} for {hours} h around campaign {row['campaign_id']}, {row['observed']} subsidised "
        f"orders ({count_text(row['expected'])} expected, q={row['q_value']:.2g}), then back in {row['home']}."
    )
    listing = row["listing_id"]
    moves = (("category_changes", row["moved"]), ("category_changes", row["returned"]))
    main = Exhibit(
        family="subsidy",
        test="F9",
        statement=statement,
        observed=row["observed"],
        expected=row["expected"],
        p_value=row["p_value"],
        q_value=row["q_value"],
        rows=moves,
        window=(row["begin"], row["end"]),
    )
    extra = _title_exhibit(row, titles.get(listing), (("listings", listing), *moves))
    return Draft(
        kind="category_switch",
        key=(listing, str(row["begin"])),
        statement=f"{statement} Consistent with a switch to obtain the campaign's discount.",
        exhibits=(main, *extra),
        orders=places(orders),
        seller_id=sales.seller(row["seller"]),
        listing_id=listing,
        money=("subsidy", "discount"),
        explanations=_explanations(row),
        span=(row["begin"], row["end"]),
    )


def _title_exhibit(row: dict[str, Any], title: str | None, rows: tuple[tuple[str, str], ...]) -> tuple[Exhibit, ...]:
    if not title or not have_words(row["home"], row["away"]):
        return ()
    home, away = alike(title, row["home"]), alike(title, row["away"])
    statement = f"The title's likeness is {home:.0f} of 100 to {row['home']} and {away:.0f} to {row['away']}."
    return (
        Exhibit(
            family="subsidy",
            test="title",
            statement=statement,
            observed=away,
            expected=home,
            rows=rows,
            orders=places([]),
        ),
    )


def _explanations(row: dict[str, Any]) -> tuple[Explanation, ...]:
    near = "within" if row["near"] else "not within"
    return (
        Explanation("correction by support", "excluded", "The listing went back; a correction would have stayed."),
        Explanation("reordering of categories", "excluded", "Fewer than five sellers made this move on that day."),
        Explanation(
            "busy season",
            "excluded",
            "The expected count follows the whole market's subsidised orders in the same hours.",
        ),
        Explanation(
            "honest trial of a category", "possible", f"The move began {near} two days of the campaign's start."
        ),
    )
