"""`ringscope brushing`: the public order-brushing rule, by itself."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.case import Case, write_frame
from toolkit.cli.progress import Talk
from toolkit.contracts.wording import counted
from toolkit.errors import InputError

if TYPE_CHECKING:
    import polars as pl


@click.command("brushing")
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), help="A mapping file (TOML) for foreign exports.")
@click.option("--json", "as_json", is_flag=True, help="Print machine-readable results.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the two result tables as Parquet to this folder.")
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
def command(*, data: Path, mapping: Path | None, as_json: bool, out: Path | None, quiet: bool) -> None:
    """Apply the public brushing rule to the orders in DATA.

    A window of 3,600 s in which a seller has three orders or more per distinct buyer is a brushing window; the buyers
    with the most orders in such windows are named. The rule alone is no proof: a firm that orders for its staff, or a
    wholesaler, meets it too. `ringscope investigate` says which windows stay suspicious.
    """
    talk = Talk(quiet=quiet)
    tables = _tables(data, mapping, talk)
    if out is not None:
        for name, table in tables.items():
            write_frame(out / f"{name}.parquet", table)
        talk.say(f"tables written to {out}")
    click.echo(_json(tables) if as_json else _text(tables))


def _tables(data: Path, mapping: Path | None, talk: Talk) -> dict[str, pl.DataFrame]:
    from toolkit.findings.brushing import stream, tables
    from toolkit.findings.brushing_rule import brushed_orders
    from toolkit.ingest import ingest
    from toolkit.market import Market

    with tempfile.TemporaryDirectory(prefix="ringscope-") as scratch:
        ingest(data, Path(scratch), mapping=mapping)
        case = Case(Path(scratch))
        if not case.has_table("orders"):
            raise InputError("the brushing rule needs orders", where=str(data), todo="add orders.csv, or use --mapping")
        market = Market(case)
        orders = stream(market)
        talk.say(f"{orders.height:,} orders read")
        found = tables(market, brushed_orders(orders))
    windows, buyers = found["brushing_windows"], found["brushing_buyers"]
    talk.say(f"{counted(windows.height, 'run')} of brushing windows, {counted(buyers.height, 'suspicious buyer')}")
    return found


def _json(tables: dict[str, pl.DataFrame]) -> str:
    return json.dumps(
        {name.removeprefix("brushing_"): _records(table) for name, table in tables.items()},
        indent=2,
        ensure_ascii=True,
    )


def _records(table: pl.DataFrame) -> list[dict[str, object]]:
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
        for row in table.iter_rows(named=True)
    ]


def _text(tables: dict[str, pl.DataFrame]) -> str:
    windows, buyers = tables["brushing_windows"], tables["brushing_buyers"]
    if windows.is_empty():
        return "no brushing windows"
    lines = ["seller  from  to  orders  buyers  concentration"]
    lines += [
        f"{row['seller_id']}  {row['window_start']:%Y-%m-%d %H:%M:%S}  {row['window_end']:%Y-%m-%d %H:%M:%S}  "
        f"{row['orders']}  {row['buyers']}  {row['concentration']:.2f}"
        for row in windows.iter_rows(named=True)
    ]
    lines += ["", "seller  suspicious buyer  brushed orders"]
    lines += [f"{row['seller_id']}  {row['buyer_id']}  {row['orders']}" for row in buyers.iter_rows(named=True)]
    return "\n".join(lines)
