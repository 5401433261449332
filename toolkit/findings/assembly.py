"""Drafts to the result tables: ids, cited rows, counts, dates and exact money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from toolkit.contracts.results import RESULTS, empty
from toolkit.findings.draft import Draft, Exhibit, places, stable_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from toolkit.findings.sales import Sales

_ROW = pl.Struct({"table": pl.String, "id": pl.String})


@dataclass(frozen=True)
class FindingSet:
    """The tables of this stage, each valid for its schema in `toolkit.contracts.results`.

    Attributes:
        findings: One row a finding.
        evidence: Evidence of findings; `ring_id` is null.
        money: Sums of findings and of the virtual orders of rings.
        explanations: Innocent explanations of findings.
        virtual_orders: Orders that two independent reasons mark.
        brushing_windows: Runs under the public rule.
        brushing_buyers: Suspicious buyers under the public rule.
        seller_links: Sellers that share a rare attribute, so that a frozen shop's next shop is seen.
        seller_void: Orders to void of each seller and currency, with their value and subsidy.
    """

    findings: pl.DataFrame
    evidence: pl.DataFrame
    money: pl.DataFrame
    explanations: pl.DataFrame
    virtual_orders: pl.DataFrame
    brushing_windows: pl.DataFrame
    brushing_buyers: pl.DataFrame
    seller_links: pl.DataFrame
    seller_void: pl.DataFrame


def assemble(drafts: Sequence[Draft], sales: Sales) -> dict[str, pl.DataFrame]:
    """The tables findings, evidence, money and explanations of the drafts."""
    drafts = sorted({draft.finding_id: draft for draft in drafts}.values(), key=lambda draft: draft.finding_id)
    if not drafts:
        return {name: empty(name) for name in ("findings", "evidence", "money", "explanations")}
    return {
        "findings": _findings(drafts, sales),
        "evidence": _evidence(drafts, sales),
        "money": _money(drafts, sales),
        "explanations": _explanations(drafts),
    }


def valid(name: str, records: Iterable[dict[str, Any]] | pl.DataFrame) -> pl.DataFrame:
    """A result table with its columns in order, checked against its schema."""
    schema = empty(name).schema
    frame = records if isinstance(records, pl.DataFrame) else pl.DataFrame(list(records), schema=schema)
    checked: pl.DataFrame = RESULTS[name].validate(frame.select(schema.names()), cast=True)
    return checked


def _findings(drafts: Sequence[Draft], sales: Sales) -> pl.DataFrame:
    seconds = pl.from_epoch(pl.col("ordered_at"), time_unit="s").dt.cast_time_unit("us").dt.replace_time_zone("UTC")
    cited = _cited((draft.finding_id, draft.orders) for draft in drafts)
    facts = (
        cited.with_columns(sales.at(cited["row"], "buyer", "ordered_at"))
        .group_by("key")
        .agg(
            first_at=seconds.min(),
            last_at=seconds.max(),
            n_orders=pl.len().cast(pl.Int64),
            n_buyers=pl.col("buyer").n_unique().cast(pl.Int64),
        )
    )
    plain = pl.DataFrame([_finding(draft) for draft in drafts], infer_schema_length=None)
    span = [
        pl.from_epoch(pl.col(name), time_unit="s").dt.cast_time_unit("us").dt.replace_time_zone("UTC")
        for name in ("_first", "_last")
    ]
    joined = plain.with_columns(pl.col("_first", "_last").cast(pl.Int64)).join(
        facts, left_on="finding_id", right_on="key", how="left"
    )
    rows = _rows(((draft.finding_id, draft.orders, _others(draft.exhibits)) for draft in drafts), sales)
    done = joined.join(rows, left_on="finding_id", right_on="key", how="left").with_columns(
        pl.coalesce(span[0], "first_at").alias("first_at"),
        pl.coalesce(span[1], "last_at").alias("last_at"),
        pl.col("n_orders").fill_null(0),
        pl.coalesce("n_buyers", pl.col("_buyers").cast(pl.Int64), pl.lit(0)).alias("n_buyers"),
        pl.col("rows").fill_null([]).cast(pl.List(_ROW)),
    )
    return valid("findings", done.sort("kind", "finding_id"))


def _finding(draft: Draft) -> dict[str, Any]:
    first, last = draft.span or (None, None)
    main = draft.exhibits[0]
    return {
        "finding_id": draft.finding_id,
        "kind": draft.kind,
        "seller_id": draft.seller_id,
        "listing_id": draft.listing_id,
        "_first": first,
        "_last": last,
        "_buyers": draft.buyers,
        "p_value": nine_digits(main.p_value),
        "q_value": nine_digits(main.q_value),
        "statement": draft.statement,
    }


def _evidence(drafts: Sequence[Draft], sales: Sales) -> pl.DataFrame:
    numbered = [(draft, place, exhibit) for draft in drafts for place, exhibit in enumerate(draft.exhibits)]
    records = [_exhibit(draft, place, exhibit) for draft, place, exhibit in numbered]
    cited = _rows(
        (
            (
                record["evidence_id"],
                exhibit.orders if exhibit.orders is not None else draft.orders,
                exhibit.rows,
            )
            for record, (draft, _, exhibit) in zip(records, numbered, strict=True)
        ),
        sales,
    )
    schema = {name: dtype for name, dtype in empty("evidence").schema.items() if name != "rows"}
    seconds = dict.fromkeys(("window_start", "window_end"), pl.Int64)
    frame = pl.DataFrame(records, schema={**schema, **seconds}).with_columns(
        pl.from_epoch(pl.col(*seconds), time_unit="s").dt.cast_time_unit("us").dt.replace_time_zone("UTC")
    )
    joined = frame.join(cited, left_on="evidence_id", right_on="key", how="left")
    return valid("evidence", joined.with_columns(pl.col("rows").fill_null([]).cast(pl.List(_ROW))).sort("evidence_id"))


def _exhibit(draft: Draft, place: int, exhibit: Exhibit) -> dict[str, Any]:
    start, end = exhibit.window or draft.span or (None, None)
    return {
        "evidence_id": stable_id("e", draft.finding_id, exhibit.test, str(place)),
        "ring_id": None,
        "finding_id": draft.finding_id,
        "family": exhibit.family,
        "test": exhibit.test,
        "statement": exhibit.statement,
        "observed": nine_digits(exhibit.observed),
        "expected": nine_digits(exhibit.expected),
        "p_value": nine_digits(exhibit.p_value),
        "q_value": nine_digits(exhibit.q_value),
        "listing_id": draft.listing_id,
        "attribute_kind": exhibit.attribute_kind,
        "attribute_id": exhibit.attribute_id,
        "window_start": start,
        "window_end": end,
    }


def _money(drafts: Sequence[Draft], sales: Sales) -> pl.DataFrame:
    kinds = [(draft.finding_id, kind) for draft in drafts for kind in draft.money]
    wanted = pl.DataFrame(kinds, schema={"key": pl.String, "kind": pl.String}, orient="row")
    sums = sales.money(_cited((draft.finding_id, draft.orders) for draft in drafts), wanted)
    return valid("money", sums.rename({"key": "finding_id"}).with_columns(ring_id=pl.lit(None, dtype=pl.String)))


def _explanations(drafts: Sequence[Draft]) -> pl.DataFrame:
    return valid(
        "explanations",
        (
            {
                "ring_id": None,
                "finding_id": draft.finding_id,
                "explanation": one.explanation,
                "result": one.result,
                "statement": one.statement,
            }
            for draft in drafts
            for one in draft.explanations
        ),
    )


def _cited(parts: Iterable[tuple[str, pl.Series]]) -> pl.DataFrame:
    """key, row of every cited order."""
    keyed = [(key, rows) for key, rows in parts if len(rows)]
    keys = pl.Series("key", [key for key, _ in keyed], dtype=pl.String)
    which = np.repeat(np.arange(len(keyed)), [len(rows) for _, rows in keyed])
    rows = pl.concat([places([]), *(rows.cast(pl.UInt32) for _, rows in keyed)])
    return pl.DataFrame([keys.gather(which), rows.rename("row")]).unique()


def _rows(parts: Iterable[tuple[str, pl.Series, Sequence[tuple[str, str]]]], sales: Sales) -> pl.DataFrame:
    """key, rows: cited input rows by table and id."""
    parts = list(parts)
    orders = _cited((key, rows) for key, rows, _ in parts)
    ids = sales.order_ids.gather(orders["row"]) if orders.height else pl.Series([], dtype=pl.String)
    ours = orders.select("key", table=pl.lit("orders"), id=ids)
    others = [(key, table, row) for key, _, rows in parts for table, row in rows]
    theirs = pl.DataFrame(others, schema={"key": pl.String, "table": pl.String, "id": pl.String}, orient="row")
    both = pl.concat([ours, theirs]).unique().sort("key", "table", "id")
    return both.group_by("key", maintain_order=True).agg(rows=pl.struct("table", "id"))


def _others(exhibits: Sequence[Exhibit]) -> tuple[tuple[str, str], ...]:
    return tuple(row for exhibit in exhibits for row in exhibit.rows)


def nine_digits(value: float | None) -> float | None:
    """A statistic as it is written: with 9 significant digits."""
    return None if value is None else float(f"{value:.9g}")
