"""Set what an investigation finds among the Bitcoin OTC traders beside their labels, and beside how much they rate.

    python examples/bitcoin-otc/compare.py PATH/TO/bitcoin-otc [--write]

Prints tables in Markdown; with --write they replace those of the page beside this file. PATH holds ratings.csv.gz
(rater, ratee, rating, unix_time) and labels.csv (user, fraud). The labels were made of ratings *received*, so only what
reads the ratings *given* can be compared with them at all; what reads ratings received is printed as circular.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy import stats

from toolkit import pipeline
from toolkit.config import Settings
from toolkit.contracts.results import ALERT_TIERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from toolkit.case import Case

    Floats = NDArray[np.float64]

MAPPING: Final = Path(__file__).with_name("mapping.toml")
PAGE: Final = Path(__file__).with_name("README.md")
BEGIN: Final = "<!-- tables: written by compare.py -->"
END: Final = "<!-- end of the tables -->"
DRAWS: Final = 2000
"""Bootstrap samples: the ends of a 95 % interval move by less than 0.01 between seeds."""


def main(arguments: list[str] | None = None) -> str:
    """Investigate, compare, print; gives the text that it printed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with ratings.csv.gz and labels.csv")
    parser.add_argument("--write", action="store_true", help="put the tables into the page")
    given = parser.parse_args(arguments)
    data = given.data
    with tempfile.TemporaryDirectory() as folder:
        case = pipeline.investigate(data, Path(folder), Settings(), mapping=MAPPING, say=lambda _: None)
        text = "\n".join(_lines(data, case))
    print(text)
    if given.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return text


def _lines(data: Path, case: Case) -> Iterator[str]:
    people = _people(data, case)
    fraud = people["fraud"].to_numpy() == 1
    rings = case.result("rings")
    alerts = rings.filter(pl.col("tier").is_in(ALERT_TIERS)).height
    leads = rings.height - alerts
    yield f"{alerts} alerts, {leads} leads; {people.height} people labelled, {int(fraud.sum())} as fraud"
    yield ""
    yield "| group | people | labelled | of these fraud | share, 95 % interval |"
    yield "|---|---|---|---|---|"
    for name, column, size in _groups(case):
        there = people[column].to_numpy() > 0
        yield f"| {name} | {size} | {int(there.sum())} | {int(fraud[there].sum())} | {_share(fraud[there])} |"
    yield f"| everybody labelled | | {people.height} | {int(fraud.sum())} | {_share(fraud)} |"
    yield ""
    yield from _by_ring(case, people)
    yield ""
    yield "| order of the labelled people by | reads | AUC, 95 % interval |"
    yield "|---|---|---|"
    for name, column, reads in (
        ("being a member of an alert", "alert", "ratings given"),
        ("being a member of an alert or lead", "ring", "ratings given"),
        ("number of ratings given, most first", "given", "ratings given"),
        ("number of ratings given, fewest first", "few_given", "ratings given"),
        ("number of ratings received, fewest first", "few_received", "ratings received: circular"),
        ("being a target of an alert or lead", "target", "ratings received: circular"),
    ):
        yield f"| {name} | {reads} | {_auc_text(people[column].to_numpy().astype(float), fraud)} |"


def _by_ring(case: Case, people: pl.DataFrame) -> Iterator[str]:
    """One line a ring: people of one ring are not independent, so the rings are what there is to count."""
    labels = people.select("fraud", buyer_id="user")
    rings = _with_tier(case, "members").join(labels, on="buyer_id", how="left").group_by("ring_id")
    counts = rings.agg(members=pl.len(), labelled=pl.col("fraud").count(), fraud=pl.col("fraud").sum())
    yield "| ring | tier | members | labelled | of these fraud |"
    yield "|---|---|---|---|---|"
    joined = counts.join(case.result("rings").select("ring_id", "tier"), on="ring_id").sort("members", "ring_id")
    for row in joined.iter_rows(named=True):
        yield "| {ring_id} | {tier} | {members} | {labelled} | {fraud} |".format(**row)


def _groups(case: Case) -> Iterator[tuple[str, str, int]]:
    members, targets = _with_tier(case, "members"), _with_tier(case, "targets")
    yield "members of alerts", "alert", members.filter("alert")["buyer_id"].n_unique()
    yield "members of alerts or leads", "ring", members["buyer_id"].n_unique()
    yield "targets of alerts or leads (circular)", "target", targets["listing_id"].n_unique()


def _with_tier(case: Case, table: str) -> pl.DataFrame:
    tiers = case.result("rings").select("ring_id", alert=pl.col("tier").is_in(ALERT_TIERS))
    return case.result(table).join(tiers, on="ring_id")


def _people(data: Path, case: Case) -> pl.DataFrame:
    """One row a labelled person: user, fraud, given, received (few_: with a minus), 1 or 0 for alert, ring, target."""
    text = pl.col("user").cast(pl.String)
    labels = pl.read_csv(data / "labels.csv").with_columns(text).sort("user")
    ratings = pl.read_csv(data / "ratings.csv.gz")
    given = ratings.group_by(user="rater").agg(given=pl.len()).with_columns(text)
    received = ratings.group_by(user="ratee").agg(received=pl.len()).with_columns(text)
    members, targets = _with_tier(case, "members"), _with_tier(case, "targets")
    told = {
        "alert": members.filter("alert")["buyer_id"],
        "ring": members["buyer_id"],
        "target": targets["listing_id"],
    }
    joined = labels.join(given, on="user", how="left").join(received, on="user", how="left")
    flags = [pl.col("user").is_in(ids.implode()).cast(pl.Int64).alias(name) for name, ids in told.items()]
    counted = joined.with_columns(flags).fill_null(0)
    few = [(-pl.col(name).cast(pl.Int64)).alias(f"few_{name}") for name in ("given", "received")]
    return counted.with_columns(few).sort("user")


def _share(fraud: NDArray[np.bool_]) -> str:
    """Share of fraud labels with the exact interval of Clopper and Pearson (1934)."""
    if fraud.size == 0:
        return "nobody"
    found = stats.binomtest(int(fraud.sum()), fraud.size).proportion_ci(0.95, method="exact")
    return f"{fraud.mean():.2f} ({found.low:.2f} to {found.high:.2f})"


def auc(score: Floats, fraud: NDArray[np.bool_]) -> float:
    """Chance that a fraud label stands above another one; ties count half (Mann and Whitney 1947)."""
    ranks = stats.rankdata(score)
    n = int(fraud.sum())
    return float((ranks[fraud].sum() - n * (n + 1) / 2) / (n * (fraud.size - n)))


def _auc_text(score: Floats, fraud: NDArray[np.bool_]) -> str:
    """The area with its bootstrap interval, people of both labels drawn by themselves."""
    generator = np.random.default_rng(0)
    yes, no = np.flatnonzero(fraud), np.flatnonzero(~fraud)
    draws = [np.concatenate([generator.choice(yes, yes.size), generator.choice(no, no.size)]) for _ in range(DRAWS)]
    areas = [auc(score[drawn], fraud[drawn]) for drawn in draws]
    low, high = np.quantile(areas, [0.025, 0.975])
    return f"{auc(score, fraud):.3f} ({low:.3f} to {high:.3f})"


if __name__ == "__main__":
    main()
