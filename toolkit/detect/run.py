"""Propose, refine, keep one proposal a ring, with every reading of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import polars as pl

from toolkit.contracts.candidates import BY_ATTRIBUTES, ERROR_SHARE, WHOLE, Candidates
from toolkit.detect.asking import Asking
from toolkit.detect.merge import distinct
from toolkit.detect.propose import propose
from toolkit.detect.refine import Reading, refine
from toolkit.detect.shelves import holding, shelved

if TYPE_CHECKING:
    from toolkit.config import DetectSettings
    from toolkit.contracts.candidates import Linked
    from toolkit.ports import Compute


def detect(linked: Linked, compute: Compute, settings: DetectSettings, seed: int) -> Candidates:
    """Candidate rings with refined members and the values that they hold beyond chance."""
    return settle(linked, propose(linked, compute, settings, seed), compute, settings)


def settle(linked: Linked, proposed: pl.DataFrame, compute: Compute, settings: DetectSettings) -> Candidates:
    """Candidate rings from what `propose` gave; `linked` may be without the pairs, which said where to look.

    Of proposals that overlap one stays, whose readings `score` chooses from.
    """
    linked_only = pl.col("origin") == BY_ATTRIBUTES
    shelves = shelved(linked.tokens, compute, linked.n_buyers)
    who = holding(shelves, compute)

    def alike(one: tuple[bool, float]) -> list[Reading]:
        only, share = one
        return refine(proposed.filter(linked_only == only), Asking(linked, compute, shelves, who, settings, share))

    with ThreadPoolExecutor() as pool:  # what becomes of candidates of one kind depends on none of the other
        refined = list(pool.map(alike, ERROR_SHARE.items()))
    last = proposed["candidate"].max()
    assert last is None or isinstance(last, int)
    first = 0 if last is None else last + 1  # readings are numbered apart
    parts, held = [], []
    for readings in refined:
        for number, reading in enumerate(readings):
            own = (pl.col("candidate") + number * first).cast(pl.UInt32)
            told = {"proposal": pl.col("candidate"), "reading": pl.lit(number, pl.UInt8)}
            parts.append(reading.members.with_columns(own, **told))
            held.append(reading.values.with_columns(own))
    members = _unlike(pl.concat(parts))
    wholes = members.filter(pl.col("reading") == WHOLE)
    kept = distinct(wholes, settings.overlap)["candidate"].unique()
    members = members.filter(pl.col("proposal").is_in(kept.implode()))
    values = pl.concat(held).filter(pl.col("candidate").is_in(members["candidate"].unique().implode()))
    origins = proposed.select("origin", proposal="candidate").unique()
    members = members.join(origins, on="proposal", maintain_order="left")
    return Candidates(members.sort("candidate", "buyer"), values.sort("candidate", "kind", "token"))


def _unlike(members: pl.DataFrame) -> pl.DataFrame:
    """Of readings of one proposal that have the same members, the first."""
    same = pl.col("buyer").hash().sum()  # of a set, whatever its order
    sets = members.group_by("proposal", "candidate").agg(same=same, size=pl.len())
    first = sets.sort("candidate").unique(["proposal", "same", "size"], keep="first")
    return members.filter(pl.col("candidate").is_in(first["candidate"].implode()))
