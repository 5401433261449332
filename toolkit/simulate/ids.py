"""Opaque ids: drawn at random, so that no id tells when, by whom or for what its row was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.simulate.chance import Generator

_LETTERS = np.frombuffer(b"0123456789abcdefghjkmnpqrstvwxyz", dtype=np.uint8)
_WIDTH = 9
_AT_ONCE = 500_000
"""Ids that are spelt out at a time: as Python's texts they take ten times the memory that they take in a column."""


def opaque(rng: Generator, prefix: str, size: int) -> pl.Series:
    """`size` different ids: `prefix` and nine letters that mean nothing."""
    numbers = _different(rng, size)
    parts = [_spelt(numbers[begin : begin + _AT_ONCE]) for begin in range(0, max(size, 1), _AT_ONCE)]
    return prefix + pl.concat(parts)


def _spelt(numbers: NDArray[np.int64]) -> pl.Series:
    shifts = np.arange(_WIDTH, dtype=np.int64)[::-1] * 5
    text = _LETTERS[(numbers[:, None] >> shifts) & 31]
    body = np.ascontiguousarray(text).view(f"S{_WIDTH}").ravel().astype(f"U{_WIDTH}")
    return pl.Series("id", body.tolist(), dtype=pl.String)


def _different(rng: Generator, size: int) -> NDArray[np.int64]:
    drawn = np.sort(rng.integers(0, 1 << (5 * _WIDTH), size=size + size // 64 + 16, dtype=np.int64))
    first = np.concatenate(([True], drawn[1:] != drawn[:-1]))  # np.unique hashes, which takes a hundred times as long
    return rng.permutation(drawn[first])[:size]
