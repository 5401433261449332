"""`ringscope sellers CASE`: what is to be voided at each seller, and which other shops it is tied to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from toolkit.case import Case
from toolkit.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

_STYLES: Final = ("text", "csv", "json")


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--linked-to", metavar="SELLER", help="The shops that this one is tied to, step by step, by what they share."
)
@click.option("--steps", type=click.IntRange(1, 6), default=3, show_default=True, help="Steps to follow at most.")
@click.option("--format", "style", type=click.Choice(_STYLES), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def command(*, case: Path, linked_to: str | None, steps: int, style: str, as_json: bool) -> None:
    """List the sellers of CASE with orders to void, findings, or ties to another shop.

    Sales volume and subsidy are sums of the virtual orders, each in its currency; nothing is converted. A shop may be
    the victim of whoever placed them. With --linked-to, the shops that share a rare bank account, device, address or
    other attribute with one shop, or with a shop that does: a tie, and no proof of one hand.
    """
    from toolkit.cli.table import show

    opened = Case.investigated(case)
    frame = _overview(opened) if linked_to is None else _path(opened, linked_to, steps)
    if frame.is_empty() and not as_json and style == "text":
        click.echo("no seller to list" if linked_to is None else f"{linked_to} is tied to no other shop")
        return
    style = "json" if as_json else style
    show(_spoken(frame) if style == "text" else frame, style)


def _spoken(frame: pl.DataFrame) -> pl.DataFrame:
    """Amounts whole, with their currency's decimals: six digits would round a sum of dong."""
    import polars as pl

    from toolkit.contracts.currency import exact

    money = [name for name in ("sales_to_void", "subsidy_paid") if name in frame.columns]
    words = {
        name: [
            None if amount is None else f"{exact(amount, currency):,f}"
            for amount, currency in frame.select(name, "currency").iter_rows()
        ]
        for name in money
    }
    return frame.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in words.items())


def _overview(case: Case) -> pl.DataFrame:
    import polars as pl

    void = case.result("seller_void").with_columns(pl.col("orders").cast(pl.Int64))
    named = case.result("findings").drop_nulls("seller_id").group_by("seller_id")
    findings = named.agg(findings=pl.len().cast(pl.Int64), kinds=pl.col("kind").unique().sort())
    links = _both_ways(case.result("seller_links"))
    tied = links.group_by("seller_id").agg(linked_sellers=pl.col("other").n_unique().cast(pl.Int64))
    everybody = pl.concat([part.select("seller_id") for part in (void, findings, tied)]).unique()
    joined = everybody.join(void, on="seller_id", how="left")
    for part in (findings, tied):
        joined = joined.join(part, on="seller_id", how="left")
    counted = joined.with_columns(pl.col("orders", "findings", "linked_sellers").fill_null(0))
    return counted.rename({"orders": "orders_to_void", "order_value": "sales_to_void", "subsidy": "subsidy_paid"}).sort(
        "orders_to_void", "findings", "seller_id", "currency", descending=[True, True, False, False]
    )


def _both_ways(links: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    there = links.rename({"left": "seller_id", "right": "other"})
    back = links.rename({"right": "seller_id", "left": "other"})
    columns = ["seller_id", "other", "attribute_kind", "attribute_id", "buyers"]
    return pl.concat([there.select(columns), back.select(columns)])


def _sells(case: Case, seller: str) -> bool:
    """Whether the case has an order at the seller, or a listing or an account of it."""
    import polars as pl

    there = [case.table(name) for name in ("orders", "listings", "sellers") if case.has_table(name)]
    return any(not table.filter(pl.col("seller_id") == seller).head(1).collect().is_empty() for table in there)


def _path(case: Case, seller: str, steps: int) -> pl.DataFrame:
    """step, from_seller, attribute_kind, attribute_id, buyers, to_seller: the nearest way to each tied shop."""
    import polars as pl

    links = _both_ways(case.result("seller_links"))
    if seller not in set(links["seller_id"]) and not _sells(case, seller):
        todo = "give a seller's id as it stands in the orders; `ringscope sellers CASE` lists those that stand out"
        raise UsageError("no seller of that id in the case", where=f"--linked-to {seller[:80]}", todo=todo)
    reached, found = {seller}, []
    here = pl.DataFrame({"seller_id": [seller]})
    for step in range(1, steps + 1):
        onward = links.join(here, on="seller_id", how="semi").filter(~pl.col("other").is_in(list(reached)))
        found.append(onward.with_columns(step=pl.lit(step)))
        reached |= set(onward["other"])
        here = onward.select(seller_id="other").unique()
    way = pl.concat(found).rename({"seller_id": "from_seller", "other": "to_seller"})
    columns = ["step", "from_seller", "attribute_kind", "attribute_id", "buyers", "to_seller"]
    return way.select(columns).sort("step", "from_seller", "to_seller", "attribute_kind", "attribute_id")
