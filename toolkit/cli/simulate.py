"""`ringscope simulate`: a synthetic marketplace, and the planted truth beside it."""

from __future__ import annotations

from pathlib import Path

import click


def _names(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (value or "").split(",") if part.strip())


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--orders", type=int, default=20_000, show_default=True, help="Rows of the table orders, planted ones included."
)
@click.option("--rings", type=int, default=8, show_default=True, help="Planted rings; 0 gives a market without any.")
@click.option(
    "--seed", type=int, default=0, show_default=True, help="The same seed gives the same files, byte for byte."
)
@click.option("--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True)
@click.option("--schemes", callback=_names, help="Schemes to plant, with commas between; all when not given.")
@click.option("--levels", callback=_names, help="Camouflage levels to plant, as in 0,1; all of 0 to 3 when not given.")
@click.option("--days", type=int, default=365, show_default=True, help="Length of the market.")
@click.option("--no-traps", is_flag=True, help="Leave the planted look-alikes out (households and lockers stay).")
@click.option("--harder", is_flag=True, help="Only aged accounts, more strangers behind whatever a ring shares.")
@click.option("--quiet", is_flag=True, help="Say nothing.")
def command(
    *,
    folder: Path,
    orders: int,
    rings: int,
    seed: int,
    form: str,
    schemes: tuple[str, ...],
    levels: tuple[str, ...],
    days: int,
    no_traps: bool,
    harder: bool,
    quiet: bool,
) -> None:
    """Write a synthetic marketplace to FOLDER, and the planted truth to FOLDER/truth."""
    from toolkit.simulate.market import simulate
    from toolkit.simulate.settings import LEVELS, SCHEMES, Market
    from toolkit.simulate.writer import write

    market = Market(
        orders=orders,
        rings=rings,
        seed=seed,
        schemes=schemes or SCHEMES,
        days=days,
        traps=not no_traps,
        harder=harder,
        levels=tuple(int(level) if level.isdigit() else -1 for level in levels) or LEVELS,
    )
    made = simulate(market)
    write(made, folder, form=form)
    if not quiet:
        click.echo(f"{made.orders:,} orders, {len(made.truth['rings'])} planted rings in {folder}", err=True)
