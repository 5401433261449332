"""What reviews of a market say: how much is copied, by whom, and that it changes nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from toolkit.copies import alike, bare, folded
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market

if TYPE_CHECKING:
    from toolkit.simulate.tables import Marketplace


def written(market: Marketplace) -> pl.DataFrame:
    """Long reviews with the group of near-copies that each is in, and the level of its buyer's ring on a target."""
    reviews = market.tables["reviews"].filter(pl.col("text").str.len_bytes() > 60)
    texts = reviews.select(bare(folded(pl.col("text")))).to_series()
    acts = market.truth["members"].join(market.truth["targets"], on="ring_id").join(market.truth["rings"], on="ring_id")
    acts = acts.sort("level").unique(["buyer_id", "listing_id"], keep="first")
    told = reviews.with_columns(copy=pl.Series(alike(texts, 0.65)))
    return told.join(
        acts.select("buyer_id", "listing_id", "ring_id", "level"), on=["buyer_id", "listing_id"], how="left"
    )


@pytest.fixture(scope="module")
def reviewed() -> Marketplace:
    return simulate(Market(orders=40_000, rings=12, seed=5, schemes=("review_ring",)))


def test_rings_copy_less_the_better_they_hide(reviewed: Marketplace) -> None:
    ours = written(reviewed).drop_nulls("ring_id")
    sizes = ours.group_by("ring_id", "level", "copy").len()
    most = sizes.group_by("ring_id", "level").agg((pl.col("len").max() / pl.col("len").sum()).alias("share"))
    shares = dict(most.group_by("level").agg(pl.col("share").mean()).iter_rows())
    assert shares[0] > shares[1] > shares[3]
    assert shares[0] > 0.3
    assert shares[3] < 0.25


def test_bare_rings_copy_word_by_word_and_careful_ones_do_not(reviewed: Marketplace) -> None:
    ours = written(reviewed).drop_nulls("ring_id")
    distinct = ours.group_by("level").agg(share=pl.col("text").n_unique() / pl.len())
    shares = dict(distinct.iter_rows())
    assert shares[0] < 0.35 < shares[1]
    assert shares[2] > 0.8


def test_most_texts_of_a_market_are_phrases_or_own_words(small: Marketplace) -> None:
    texts = small.tables["reviews"]["text"].drop_nulls()
    assert 0.5 < len(texts) / small.tables["reviews"].height < 0.7
    counts = texts.value_counts()["count"]
    assert counts.filter(counts >= 20).sum() > 0.25 * len(texts)
    assert counts.filter(counts == 1).sum() > 0.2 * len(texts)


def test_texts_are_in_the_languages_of_the_countries(reviewed: Marketplace) -> None:
    texts = reviewed.tables["reviews"]["text"].drop_nulls()
    scripts = {"Thai": r"\p{Thai}", "Han": r"\p{Han}", "Vietnamese": "[ắơủị]", "Latin": "[a-z]"}
    assert {name: bool(texts.str.contains(script).any()) for name, script in scripts.items()} == dict.fromkeys(
        scripts, True
    )


def test_shops_that_hand_out_texts_are_noted_and_copied(small: Marketplace) -> None:
    traps = small.truth["traps"].filter(pl.col("kind") == "handed_text")
    assert traps["trap_id"].n_unique() >= 3
    shops = traps.filter(pl.col("entity_kind") == "seller").select("trap_id", seller_id="entity_id")
    people = traps.filter(pl.col("entity_kind") == "buyer").select("trap_id", buyer_id="entity_id")
    listings = small.tables["listings"].select("listing_id", "seller_id")
    told = (
        written(small)
        .join(listings, on="listing_id")
        .join(people.join(shops, on="trap_id"), on=["buyer_id", "seller_id"])
    )
    sizes = told.group_by("trap_id", "copy").len().group_by("trap_id").agg(pl.col("len").max())
    assert (sizes["len"] >= 2).any()


def test_some_people_copy_themselves(small: Marketplace) -> None:
    own = written(small).filter(pl.col("ring_id").is_null()).group_by("buyer_id", "text").len()
    assert own.filter(pl.col("len") >= 2).height > 0


def test_a_market_without_look_alikes_hands_nothing_out() -> None:
    market = simulate(Market(orders=5_000, rings=1, seed=3, traps=False))
    assert market.truth["traps"].filter(pl.col("kind") == "handed_text").height == 0
