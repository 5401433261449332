"""Ring-free exports with people who live together and sign up together: families, flat-shares, whole intakes.

They share an address and devices, as such people do, and otherwise buy what and when they bought before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.random import Generator

SIZES: Final = (3, 7)
"""Accounts of a home."""
OWN: Final = 0.5
"""Share of the orders that a member places with a device of its own."""


@dataclass(frozen=True)
class Living:
    """How people live and sign up.

    Attributes:
        homes: How many homes there are.
        intake: Homes of one country that sign up together: 1, or as many as move in at the beginning of a term.
        days: Days within which a home, or an intake, signs up.
        machines: Accounts to a shared device: as many as the home has where it is 7.
        visits: Share of members who also use a device of another home of their intake.
        stand: Whether whole intakes sign up, and order, with one device more.
        code: Whether an intake is handed a code, and everybody's first order comes with it, within two weeks.
    """

    homes: int
    intake: int = 1
    days: int = 1
    machines: int = 7
    visits: float = 0.0
    stand: bool = False
    code: bool = False


def settle(export: Path, out: Path, living: Living, seed: int) -> pl.DataFrame:
    """Write the export anew with such homes in it; home, intake, buyer_id, at (when it signed up) of residents."""
    rng = np.random.default_rng(seed)
    tables = {file.stem: pl.read_parquet(file) for file in sorted(export.glob("*.parquet"))}
    people = _people(tables, living, rng)
    signed = people.select("buyer_id", "at")
    tables["buyers"] = _updated(tables["buyers"], signed.rename({"at": "created_at"}))
    orders = tables["orders"].join(people, on="buyer_id", how="left", maintain_order="left")
    shared = pl.Series(rng.random(orders.height) >= OWN) & pl.col("device").is_not_null()
    orders = orders.with_columns(
        address_id=pl.coalesce("address", "address_id"),
        device_id=pl.when(shared).then("device").otherwise("device_id"),
    )
    if living.code:
        orders, code = _with_codes(orders, rng)
        tables["vouchers"] = pl.concat([tables["vouchers"], code], how="diagonal")
    tables["orders"] = orders.select(tables["orders"].columns)
    tables["account_links"] = pl.concat([tables["account_links"], _lent(people, living, rng)], how="diagonal")
    homes = people.unique("home", keep="first", maintain_order=True)
    added = homes.select(address_id="address", kind=pl.lit("home"), country="country")
    tables["addresses"] = pl.concat([tables["addresses"], added], how="diagonal")
    out.mkdir(parents=True)
    for name, frame in tables.items():
        frame.write_parquet(out / f"{name}.parquet")
    return people.select("home", "intake", "buyer_id", "at")


def without_addresses(export: Path) -> None:
    """Take every address out of an export, as platforms do that give none away: no household can be seen."""
    (export / "addresses.parquet").unlink()
    orders, links = (pl.read_parquet(export / f"{name}.parquet") for name in ("orders", "account_links"))
    orders.drop("address_id").write_parquet(export / "orders.parquet")
    links.filter(pl.col("attribute_kind") != "address").write_parquet(export / "account_links.parquet")


def _people(tables: dict[str, pl.DataFrame], living: Living, rng: Generator) -> pl.DataFrame:
    """home, intake, buyer_id, country, at, address, device: members of one country who ordered after they signed up."""
    orders = tables["orders"]
    apart = pl.col("buyer_id").n_unique().over("address_id") == 1  # a parcel of two must not come to two addresses
    alone = (
        orders.with_columns(alone=apart)
        .group_by("buyer_id")
        .agg(pl.col("alone").all(), first=pl.col("ordered_at").min())
    )
    buyers = tables["buyers"].drop_nulls("created_at").join(alone.filter("alone"), on="buyer_id").sort("buyer_id")
    free = buyers.sample(fraction=1.0, shuffle=True, seed=int(rng.integers(1 << 31)))
    rows: list[dict[str, Any]] = []
    taken: set[str] = set()
    pools = {str(key[0]): pool for key, pool in free.group_by("country", maintain_order=True)}
    for intake in range(living.homes // living.intake):
        lead = free.row(int(rng.integers(free.height)), named=True)
        start = lead["created_at"]
        pool = pools[lead["country"]].filter(pl.col("first") >= start + timedelta(days=living.days))
        there = [one for one in pool["buyer_id"].to_list() if one not in taken]
        for home in range(intake * living.intake, (intake + 1) * living.intake):
            size = int(rng.integers(SIZES[0], SIZES[1] + 1))
            members, there = there[:size], there[size:]
            if len(members) < SIZES[0]:
                break
            taken.update(members)
            for place, buyer in enumerate(members):
                at = start + timedelta(days=living.days) * float(rng.random())
                device = f"shared_device_{home}_{place // living.machines}"
                row = {"home": home, "intake": intake, "buyer_id": buyer, "country": lead["country"], "at": at}
                rows.append(row | {"address": f"shared_home_{home}", "device": device})
    return pl.DataFrame(rows).with_columns(pl.col("at").dt.cast_time_unit("us"))


def _lent(people: pl.DataFrame, living: Living, rng: Generator) -> pl.DataFrame:
    """Rows of `account_links`: devices of other homes of the intake, and of its stand."""
    guests = people.filter(pl.Series(rng.random(people.height) < living.visits))
    hosts = people.sample(fraction=1.0, shuffle=True, seed=int(rng.integers(1 << 31))).select(
        "intake", "home", "device"
    )
    met = guests.join(hosts, on="intake", suffix="_right").filter(pl.col("home") != pl.col("home_right"))
    lent = met.unique("buyer_id", keep="first", maintain_order=True).select(
        "buyer_id", "at", attribute_id="device_right"
    )
    stand = people.filter(living.stand).select("buyer_id", "at", attribute_id=pl.format("stand_{}", "intake"))
    both = pl.concat([lent, stand])
    return both.select(
        "attribute_id",
        account_id="buyer_id",
        account_kind=pl.lit("buyer"),
        attribute_kind=pl.lit("device"),
        first_seen="at",
        last_seen="at",
    )


def _updated(frame: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    return frame.update(rows.cast({"created_at": frame.schema["created_at"]}), on="buyer_id")


def _with_codes(orders: pl.DataFrame, rng: Generator) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The orders with the first of everybody who lives there moved to their first two weeks, and paid with a code."""
    day = pl.duration(seconds=pl.Series(rng.integers(0, 14 * 86_400, orders.height)))
    first = pl.col("at").is_not_null() & (pl.col("ordered_at") == pl.col("ordered_at").min().over("buyer_id"))
    moved = pl.max_horizontal(pl.col("at") + day, pl.col("ordered_at").min())
    late = moved - pl.col("ordered_at")
    times = [name for name in ("delivered_at", "cancelled_at", "refunded_at") if name in orders.columns]
    code = pl.format("campus_{}", "intake")
    changed = orders.with_columns(
        *(pl.when(first).then(pl.col(name) + late).otherwise(name).alias(name) for name in times),
        ordered_at=pl.when(first).then(moved).otherwise("ordered_at"),
        voucher_id=pl.when(first).then(code).otherwise("voucher_id"),
        discount=pl.when(first).then(pl.col("amount") * 0.1).otherwise("discount"),
        subsidy=pl.when(first).then(pl.col("amount") * 0.1).otherwise("subsidy"),
    )
    used = changed.filter(first).select("voucher_id", "currency").unique("voucher_id").sort("voucher_id")
    return changed, used.with_columns(kind=pl.lit("new_user"), funded_by=pl.lit("platform"))
