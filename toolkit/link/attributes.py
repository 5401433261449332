"""Shared attributes as weighted links between buyers (F3).

Claims: the fewer accounts hold a value, the more it says that two do. Misses: values that a crowd holds (above
the hub cap) never link; `score` tests them per ring instead. Cost: the square of each value's holders, up to the hub.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.link.in_order import packed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from toolkit.config import LinkSettings
    from toolkit.contracts.tokens import TokenKind

STRENGTH: Final = {
    "device": 1.0,
    "payment": 0.8,
    "bank": 1.0,
    "phone": 1.0,
    "email": 1.0,
    "address": 0.5,
    "ip": 0.3,
    "card_purchaser": 0.8,
    "card_purchase_payment": 0.8,
    "funding_source": 0.8,
    "refund_instrument": 1.0,
    "tracking": 0.8,
}
"""How much one account's hold on a value of this kind says about control: a device is carried, an address is shared."""

LARGEST_BUILDING: Final = 200
"""Accounts on one address beyond which it is no building where families live, but a depot."""


def shared(tokens: Mapping[str, TokenKind], n_buyers: int, settings: LinkSettings) -> Iterator[pl.DataFrame]:
    """Links of every kind in STRENGTH: left, right, view, weight of one kind each; strength log10(N/d) / log2(d+1).

    A pair that shares several values of one kind keeps the rarest: a second card of the same family adds little.
    """
    kinds = [(tokens[name], strength) for name, strength in STRENGTH.items() if name in tokens]
    return (_pairs(kind, strength, n_buyers, settings.hub) for kind, strength in kinds)


def _pairs(kind: TokenKind, strength: float, n: int, hub: int) -> pl.DataFrame:
    d = pl.col("d")
    weight = strength * (n / d).log10() / ((d + 1).log(2))
    held = _held(kind, hub)
    sizes = held["token"].value_counts(name="d")
    weighed = sizes.select("token", weight=weight.clip(0.0)).sort("weight", "token", descending=[True, False])
    held = held.join(weighed.with_row_index("rank"), on="token")
    pairs = held.join(held.select("token", right="buyer"), on="token").filter(pl.col("buyer") < pl.col("right"))
    pairs = pairs.with_columns(pair=packed("buyer", "right")).sort("pair", "rank")
    rarest = pairs.filter(pl.col("pair").ne_missing(pl.col("pair").shift()))
    return rarest.select(left="buyer", right="right", view=pl.lit(kind.name), weight="weight")


def households(tokens: Mapping[str, TokenKind], n_buyers: int, settings: LinkSettings) -> np.ndarray:
    """A household number for each buyer: its own code, or the smallest code of a group that lives together.

    Accounts live together where they share an address and also an instrument, a device or a phone that no more than
    `household` accounts hold. The address itself may be a large building.
    """
    home = np.arange(n_buyers, dtype=np.uint32)
    if "address" not in tokens:
        return home
    others = [_small(tokens[k], settings.household) for k in ("payment", "device", "phone") if k in tokens]
    if not others:
        return home
    building = _held(tokens["address"], LARGEST_BUILDING)
    pairs = pl.concat(others).unique()
    homes = pairs.join(building.rename({"buyer": "left"}), on="left")
    both = homes.join(building.rename({"buyer": "right"}), on=["right", "token"], how="semi")
    return _joined(both.select("left", "right").unique().sort("left", "right"), home, settings.household)


def _held(kind: TokenKind, most: int) -> pl.DataFrame:
    """token, buyer of the values that several, and no more than `most` accounts hold."""
    held = kind.frame.select("token", "buyer")  # sorted, so that a value's accounts lie beside each other
    first = held["token"].ne_missing(held["token"].shift()).arg_true().to_numpy()
    holders = np.diff(first, append=held.height)
    kept = np.repeat((holders >= 2) & (holders <= most), holders)
    return held.filter(pl.Series(kept, dtype=pl.Boolean))


def _small(kind: TokenKind, most: int) -> pl.DataFrame:
    held = _held(kind, most)
    pairs = held.join(held.select("token", right="buyer"), on="token").filter(pl.col("buyer") < pl.col("right"))
    return pairs.select("right", left="buyer").select("left", "right")


def _joined(pairs: pl.DataFrame, home: np.ndarray, most: int) -> np.ndarray:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n = home.size
    ones = np.ones(pairs.height, np.int8)
    graph = coo_matrix((ones, (pairs["left"].to_numpy(), pairs["right"].to_numpy())), shape=(n, n))
    _, labels = connected_components(graph, directed=False)
    sizes = np.bincount(labels)
    first = np.full(sizes.size, n, np.int64)
    np.minimum.at(first, labels, np.arange(n))
    return np.where(sizes[labels] <= most, first[labels], home).astype(np.uint32)
