"""Simulated markets as cases whose rings are the planted ones: large input for the graph without the detection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from toolkit import config, pipeline
from toolkit.case import Case
from toolkit.contracts.results import RESULTS, empty
from toolkit.ingest import ingest
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market
from toolkit.simulate.writer import write

if TYPE_CHECKING:
    from pathlib import Path


def simulated_case(path: Path, *, orders: int = 5_000, rings: int = 6, seed: int = 0) -> Case:
    """A market in `path/data`, and the case in `path/case` in which the planted rings are the rings."""
    write(simulate(Market(orders=orders, rings=rings, seed=seed)), path / "data", form="parquet")
    case = Case(path / "case")
    ingest(path / "data", case.path)
    truth = {name: pl.read_csv(path / "data" / "truth" / f"{name}.csv") for name in ("rings", "members", "targets")}
    made = {
        "rings": _rings(truth),
        "members": _members(truth),
        "targets": _targets(case, truth),
        "links": _links(case, truth),
        "evidence": _evidence(truth),
        "findings": _findings(truth, case),
        "virtual_orders": _virtual(case, truth),
    }
    for name in RESULTS:
        case.write_result(name, _filled(name, made[name]) if name in made else empty(name))
    case.update_manifest(seed=seed)
    return case


def _filled(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """A result table with the columns that are there, and nulls for the rest."""
    schema = empty(name).schema
    absent = [pl.lit(None, dtype=kind).alias(column) for column, kind in schema.items() if column not in frame.columns]
    return frame.with_columns(absent).select(pl.col(column).cast(kind) for column, kind in schema.items())


def _rings(truth: dict[str, pl.DataFrame]) -> pl.DataFrame:
    sizes = truth["members"].group_by("ring_id").len("n_members")
    targets = truth["targets"].group_by("ring_id").len("n_targets")
    rings = truth["rings"].join(sizes, on="ring_id").join(targets, on="ring_id", how="left")
    return rings.select(
        "ring_id",
        "n_members",
        pl.col("n_targets").fill_null(0),
        tier=pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.lit("strong")).otherwise(pl.lit("moderate")),
        score=pl.col("n_members") / 7,
        scheme=pl.lit("unclassified"),
        families=pl.lit(["co_behaviour", "identity"]),
        n_core=pl.col("n_members"),
        summary=pl.lit("A planted ring."),
    )


def _members(truth: dict[str, pl.DataFrame]) -> pl.DataFrame:
    words: dict[str, Any] = {"role": pl.lit("core"), "reason": pl.lit("planted"), "score": pl.lit(1.5)}
    return truth["members"].select("ring_id", "buyer_id", **words).unique(["ring_id", "buyer_id"])


def _targets(case: Case, truth: dict[str, pl.DataFrame]) -> pl.DataFrame:
    sellers = case.table("listings").select("listing_id", "seller_id").collect()
    numbers = {"members": pl.lit(3), "share": pl.lit(0.25), "p_value": pl.lit(1e-7), "q_value": pl.lit(1e-5)}
    return truth["targets"].unique(["ring_id", "listing_id"]).join(sellers, on="listing_id").with_columns(**numbers)


def _links(case: Case, truth: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """All pairs of a ring in two views, and strangers who ordered one listing in a third."""
    members = truth["members"].select("ring_id", "buyer_id")
    inside = members.join(members, on="ring_id", suffix="_right")
    orders = case.table("orders").select("listing_id", "buyer_id").unique().collect().sort("listing_id", "buyer_id")
    chance = orders.with_columns(buyer_id_right=pl.col("buyer_id").shift(-1).over("listing_id")).drop_nulls()
    pairs = [
        _pairs(inside).with_columns(view=pl.lit("payment"), weight=pl.lit(3.0)),
        _pairs(inside).with_columns(view=pl.lit("co_order"), weight=pl.lit(1.25)),
        _pairs(chance).gather_every(5).with_columns(view=pl.lit("chance"), weight=pl.lit(0.125)),
    ]
    return pl.concat(pairs).with_columns(p_value=pl.lit(1e-4), q_value=pl.lit(1e-2))


def _pairs(frame: pl.DataFrame) -> pl.DataFrame:
    both = pl.min_horizontal("buyer_id", "buyer_id_right"), pl.max_horizontal("buyer_id", "buyer_id_right")
    return (
        frame.select(left=both[0], right=both[1])
        .filter(pl.col("left") < pl.col("right"))
        .unique()
        .sort("left", "right")
    )


def _evidence(truth: dict[str, pl.DataFrame]) -> pl.DataFrame:
    first = truth["targets"].sort("ring_id", "listing_id").group_by("ring_id", maintain_order=True).first()
    row = pl.struct(table=pl.lit("listings"), id="listing_id")
    return first.select(
        "ring_id",
        "listing_id",
        evidence_id=pl.concat_str(pl.lit("e-"), "ring_id"),
        family=pl.lit("target"),
        test=pl.lit("planted"),
        statement=pl.lit("Members act on one listing."),
        observed=pl.lit(3.0),
        expected=pl.lit(0.1),
        rows=pl.concat_list(row),
    )


def _findings(truth: dict[str, pl.DataFrame], case: Case) -> pl.DataFrame:
    sellers = case.table("listings").select("listing_id", "seller_id").collect()
    row = pl.struct(table=pl.lit("listings"), id="listing_id")
    return (
        truth["targets"]
        .unique("listing_id")
        .sort("listing_id")
        .head(5)
        .join(sellers, on="listing_id")
        .select(
            "listing_id",
            "seller_id",
            finding_id=pl.concat_str(pl.lit("f-"), "listing_id"),
            kind=pl.lit("solicitation"),
            n_orders=pl.lit(1),
            n_buyers=pl.lit(1),
            statement=pl.lit("Planted."),
            rows=pl.concat_list(row),
        )
    )


def _virtual(case: Case, truth: dict[str, pl.DataFrame]) -> pl.DataFrame:
    orders = case.table("orders").select("order_id", "buyer_id", "seller_id", "subsidy", "currency").collect()
    planted = truth["members"].unique("buyer_id").join(orders, on="buyer_id").sort("order_id").unique("order_id")
    return planted.with_columns(score=pl.lit(2.5), reasons=pl.lit(["planted", "subsidy"]))


def investigated_case(path: Path, *, orders: int = 6_000, rings: int = 6, seed: int = 3) -> Case:
    """A market in `path/data`, and in `path/case` what the main job makes of it."""
    write(simulate(Market(orders=orders, rings=rings, seed=seed)), path / "data", form="parquet")
    return pipeline.investigate(path / "data", path / "case", config.load(None), say=lambda _: None)
