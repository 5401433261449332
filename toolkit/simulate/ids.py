"""Opaque ids: drawn at random, so that no id tells when, by whom or for what its row was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from toolkit.simulate.chance import Generator

_LETTERS = np.frombuffer(b"0123456789abcdefghjkmnpqrstvwxyz", dtype=np.uint8)
_WIDTH = 9


def opaque(rng: Generator, prefix: str, size: int) -> pl.Series:
    """`size` different ids: `prefix` and nine letters that mean nothing."""
    numbers = _different(rng, size)
    shifts = np.arange(_WIDTH, dtype=np.int64)[::-1] * 5
    text = _LETTERS[(numbers[:, None] >> shifts) & 31]
    body = np.ascontiguousarray(text).view(f"S{_WIDTH}").ravel().astype(f"U{_WIDTH}")
    return prefix + pl.Series("id", body.tolist(), dtype=pl.String)


def _different(rng: Generator, size: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    drawn = np.unique(rng.integers(0, 1 << (5 * _WIDTH), size=size + size // 64 + 16, dtype=np.int64))
    return rng.permutation(drawn)[:size]
