"""Work on all processors: threads, since kernels and queries let go of the interpreter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
R = TypeVar("R")


def at_once(work: Callable[[T], R], things: Iterable[T]) -> list[R]:
    """What the work gives for each thing, in order."""
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        return list(pool.map(work, things))


def side_by_side(works: Iterable[Callable[[], R]]) -> list[R]:
    """What each of several works gives, in order."""
    return at_once(lambda work: work(), works)
