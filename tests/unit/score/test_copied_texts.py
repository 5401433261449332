"""Copied texts from the market to the evidence: found where rings follow a script, quoted nowhere, calm elsewhere."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from scipy import stats

from toolkit.case import Case
from toolkit.config import LinkSettings, Settings
from toolkit.ingest import ingest
from toolkit.link import texts
from toolkit.link.regions import regions
from toolkit.market import Market as Coded
from toolkit.pipeline import investigate
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market
from toolkit.simulate.writer import write

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, str]:
    """The case of a market whose rings follow scripts, and everything that was logged and said."""
    folder = tmp_path_factory.mktemp("copied")
    asked = Market(orders=40_000, rings=4, seed=3, schemes=("review_ring",), levels=(0, 1))
    write(simulate(asked), folder / "data", form="parquet")
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        case = investigate(folder / "data", folder / "case", Settings(), say=said.append)
    finally:
        logging.getLogger().removeHandler(handler)
    return case, "\n".join(said)


def _told(case: Case) -> pl.DataFrame:
    return case.result("evidence").filter(pl.col("test") == "f4_review_text")


def test_scripts_are_evidence_of_a_family_of_their_own(found: tuple[Case, str]) -> None:
    told = _told(found[0])
    assert told.height >= 2
    assert set(told["family"]) == {"message"}
    assert told["statement"].str.contains("wrote nearly the same review at several shops").all()
    rings = found[0].result("rings").filter(pl.col("ring_id").is_in(told["ring_id"].unique().implode()))
    assert (rings["tier"] == "strong").all()


def test_cited_reviews_are_those_of_members(found: tuple[Case, str]) -> None:
    rows = _told(found[0]).explode("rows").unnest("rows")
    assert set(rows["table"]) == {"reviews"}
    reviews = found[0].table("reviews").collect()
    members = found[0].result("members").select("ring_id", "buyer_id")
    cited = rows.join(reviews, left_on="id", right_on="review_id").join(members, on=["ring_id", "buyer_id"])
    assert cited.height == rows.height
    assert (cited.group_by("evidence_id").agg(pl.col("buyer_id").n_unique())["buyer_id"] >= 3).all()


def test_the_explanation_is_excluded_where_the_test_spoke(found: tuple[Case, str]) -> None:
    told = found[0].result("explanations").filter(pl.col("explanation").str.starts_with("words that the goods"))
    spoke = _told(found[0])["ring_id"].unique()
    excluded = told.filter(pl.col("result") == "excluded")["ring_id"]
    assert excluded.len() > 0
    assert excluded.is_in(spoke.implode()).all()


def test_no_text_is_quoted_anywhere(found: tuple[Case, str]) -> None:
    case, said = found
    written = case.table("reviews").select(pl.col("text").drop_nulls().unique()).collect()["text"]
    long = [text for text in written if len(text) > 25][:400]
    assert len(long) == 400
    everything = said + (case.path / "manifest.json").read_text(encoding="utf-8")
    for folder in ("results", "reports"):
        for path in sorted((case.path / folder).rglob("*")):
            if path.suffix == ".parquet":
                everything += pl.read_parquet(path).write_json()
            elif path.is_file():
                everything += path.read_text(encoding="utf-8", errors="replace")
    assert not [text for text in long if text in everything]


def test_chance_does_not_look_like_copying(tmp_path: Path) -> None:
    """Groups of one category and region, as clubs are, in a market without rings: p is no smaller than uniform."""
    write(simulate(Market(orders=40_000, rings=0, seed=4)), tmp_path / "data", form="parquet")
    ingest(tmp_path / "data", tmp_path / "case")
    market = Coded(Case(tmp_path / "case"))
    region = regions(market)
    kind = next(iter(texts.kinds(market, region, LinkSettings())))
    assert kind.acts is not None
    assert kind.chance is not None
    reviews = market.table("reviews").join(market.table("listings").select("listing", "category"), on="listing")
    reviews = reviews.with_columns(region=pl.Series(region[reviews["buyer"].to_numpy()]))
    clubs = reviews.group_by("category", "region").agg(pl.col("buyer").unique().sort()).sort("category", "region")
    rng = np.random.default_rng(7)
    p = []
    for people in clubs["buyer"]:
        if len(people) < 40:
            continue
        group = rng.choice(people.to_numpy(), 30, replace=False)
        held = kind.frame.filter(pl.col("buyer").is_in(group.tolist())).group_by("token").len().sort("token")
        expected = kind.acts[group].sum() * kind.chance[held["token"].to_numpy()]
        holders = np.bincount(kind.frame["token"].to_numpy())[held["token"].to_numpy()]
        share = np.minimum(expected / holders, 1.0)
        p += stats.binom.sf(held["len"].to_numpy() - 1, holders, share).tolist()
    assert len(p) > 100
    assert np.mean(np.array(p) < 0.01) <= 0.01
