"""The truth folder: what was planted, in the ids of the market."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from toolkit.simulate.ids import opaque
from toolkit.simulate.phrases import KINDS, SOLICITING

if TYPE_CHECKING:
    from toolkit.simulate.chance import Ints
    from toolkit.simulate.names import Names
    from toolkit.simulate.world import World

_LETTER = {"buyer": "B", "seller": "S", "listing": "L"}


def truth_tables(world: World, names: Names) -> dict[str, pl.DataFrame]:
    """Every file of the truth folder, by name."""
    truth = world.ledger.truth
    ring = opaque(world.rng("ids.rings"), "ring-", len(truth.rings))
    position = {number: place for place, (number, *_rest) in enumerate(truth.rings)}
    columns = list(zip(*truth.rings, strict=True)) or [(), (), (), ()]
    return {
        "rings": pl.DataFrame(
            {"ring_id": ring, "scheme": columns[1], "level": columns[2], "variant": columns[3]},
            schema={"ring_id": pl.String, "scheme": pl.String, "level": pl.Int64, "variant": pl.String},
        ).sort("ring_id"),
        "members": _pairs(names, ring, position, truth.members, "buyer_id", "B"),
        "targets": _pairs(names, ring, position, truth.targets, "listing_id", "L"),
        "orders": _pairs(names, ring, position, truth.orders, "order_id", "O").select("order_id", "ring_id"),
        "category_switches": _switches(world, names),
        "linked_sellers": _linked(world, names),
        "traps": _traps(world, names),
        "messages": _messages(world, names),
    }


def _pairs(
    names: Names, ring: pl.Series, position: dict[int, int], groups: dict[int, Ints], column: str, letter: str
) -> pl.DataFrame:
    numbers = np.concatenate([np.empty(0, dtype=np.int64), *groups.values()]).astype(np.int64)
    rings = np.repeat([position[number] for number in groups], [len(group) for group in groups.values()]).astype(
        np.int64
    )
    return (
        pl.DataFrame({"ring_id": ring.gather(rings), column: names.of(letter, numbers)})
        .unique()
        .sort("ring_id", column)
    )


def _switches(world: World, names: Names) -> pl.DataFrame:
    rows = np.array(world.ledger.truth.switches, dtype=np.int64).reshape(-1, 4)
    times = {
        name: pl.Series(rows[:, column] * 1_000_000).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        for name, column in (("starts_at", 1), ("ends_at", 2))
    }
    return pl.DataFrame(
        {"listing_id": names.of("L", rows[:, 0]), **times, "campaign_id": names.of("C", rows[:, 3])}
    ).sort("listing_id", "starts_at")


def _linked(world: World, names: Names) -> pl.DataFrame:
    rows = np.array(world.ledger.truth.linked, dtype=np.int64).reshape(-1, 2)
    return pl.DataFrame({"seller_a": names.of("S", rows[:, 0]), "seller_b": names.of("S", rows[:, 1])}).sort(pl.all())


def _traps(world: World, names: Names) -> pl.DataFrame:
    """One row an entity; rows of one look-alike share its `trap_id`."""
    traps = world.ledger.truth.traps
    ids = opaque(world.rng("ids.traps"), "trap-", len(traps))
    numbered = [(number, kind, entity, rows) for number, (kind, of) in enumerate(traps) for entity, rows in of.items()]
    schema = {"trap_id": pl.String, "kind": pl.String, "entity_kind": pl.String, "entity_id": pl.String}
    parts = [pl.DataFrame(schema=schema)]
    for entity, letter in _LETTER.items():
        own = [(number, kind, rows) for number, kind, of, rows in numbered if of == entity]
        place = np.repeat(np.arange(len(own)), [len(rows) for *_, rows in own])
        one = pl.DataFrame({"trap_id": [ids[number] for number, *_ in own], "kind": [kind for _, kind, _ in own]})
        entities = names.of(letter, np.concatenate([np.empty(0, dtype=np.int64), *(rows for *_, rows in own)]))
        rows = one.cast(pl.String)[place].with_columns(entity_kind=pl.lit(entity), entity_id=entities)
        parts.append(rows)
    return pl.concat(parts).sort("trap_id", "entity_kind", "entity_id")


def _messages(world: World, names: Names) -> pl.DataFrame:
    """Each message's kind, and whether it asks for a review against a reward or off the platform."""
    label = world.ledger.messages.ints("label")
    kind = pl.Series("kind", list(KINDS), dtype=pl.String).gather(pl.Series(label, dtype=pl.UInt32))
    return pl.DataFrame(
        {
            "message_id": names.of("M", np.arange(len(label))),
            "kind": kind,
            "solicitation": pl.Series(np.isin(label, SOLICITING)),
        }
    ).sort("message_id")
