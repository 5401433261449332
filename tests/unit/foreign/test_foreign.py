"""Foreign markets: readable by the program, the same for one seed, with their truth beside them."""

from pathlib import Path

import polars as pl
import pytest

from tests.foreign import judge_shops
from tests.foreign.inspect_case import complaints
from tests.foreign.judge import ringscope
from tests.foreign.make import make
from tests.foreign.score import score
from tests.foreign.styles import STYLES


@pytest.mark.parametrize("style", sorted(STYLES))
def test_a_market_is_accepted_row_for_row(style: str, tmp_path: Path) -> None:
    make(tmp_path, style, 20_000, 7)

    report = ringscope("check", str(tmp_path), "--quiet")

    assert all(" 0 quarantined" in line for line in report.splitlines() if " quarantined" in line)


def test_one_seed_gives_one_market(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make(tmp_path / name, "latam", 20_000, 3)

    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*.*"))
    assert len(files) == len(STYLES["latam"].tables) + 8
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in files)


def test_truth_names_what_is_in_the_export(tmp_path: Path) -> None:
    make(tmp_path, "usa", 20_000, 5)
    orders = pl.read_parquet(tmp_path / "orders.parquet")
    planted = pl.read_csv(tmp_path / "truth/orders.csv", infer_schema=False)
    members = pl.read_csv(tmp_path / "truth/members.csv", infer_schema=False)

    acts = planted.join(orders, on="order_id")

    assert acts.height == planted.height > 100
    assert acts.select("ring_id", "buyer_id").join(members, on=["ring_id", "buyer_id"], how="anti").is_empty()


def test_a_case_of_a_foreign_market_is_scored_and_read(tmp_path: Path) -> None:
    make(tmp_path / "data", "sea", 20_000, 5)
    ringscope("investigate", str(tmp_path / "data"), "--out", str(tmp_path / "case"), "--quiet")

    found = score(tmp_path / "case", tmp_path / "data/truth")

    assert len(found.rings) == 10
    assert found.right <= found.alerts
    assert not [x for x in complaints(tmp_path / "case") if "not in the input" in x]


@pytest.mark.parametrize("style", ["mekong", "faceless"])
def test_shops_that_do_wrong_are_planted_only_where_they_are_asked_for(style: str, tmp_path: Path) -> None:
    plain, shops = make(tmp_path / "plain", style, 20_000, 3), make(tmp_path / "shops", style, 20_000, 3, shops=True)
    report = ringscope("check", str(tmp_path / "shops"), "--quiet")

    assert all(" 0 quarantined" in line for line in report.splitlines() if " quarantined" in line)
    told = pl.read_csv(tmp_path / "shops/truth/messages.csv")
    assert told["solicitation"].sum() >= 15
    assert not plain.pairs
    assert not plain.quick.any()
    assert {t.kind for t in shops.traps} >= {"polite_shop", "code_shop", "victim_shop", "office_order", "shop_staff"}


def test_what_is_found_beside_the_rings_is_judged(tmp_path: Path) -> None:
    results, truth, notes = judge_shops.judge(tmp_path, "mekong", 4, 30_000, reuse=False)
    told = judge_shops.hits(results, truth)

    assert not notes
    assert {"virtual orders", "category switches", "soliciting messages", "pairs of linked shops"} <= set(told)
    assert told["category switches"].planted >= 2
    assert told["soliciting messages"].found > 0
    assert set(judge_shops.wrong(results, truth).columns) == {"finding_id", "kind", "traps", "statement"}
