"""Propose, refine, keep one candidate a ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from toolkit.contracts.candidates import BY_ATTRIBUTES, ERROR_SHARE, Candidates
from toolkit.detect.merge import distinct
from toolkit.detect.propose import propose
from toolkit.detect.refine import Asking, refine
from toolkit.detect.shelves import holding, shelved

if TYPE_CHECKING:
    from toolkit.config import DetectSettings
    from toolkit.contracts.candidates import Linked
    from toolkit.ports import Compute


def detect(linked: Linked, compute: Compute, settings: DetectSettings, seed: int) -> Candidates:
    """Candidate rings with refined members and the values that they hold beyond chance."""
    proposed = propose(linked, compute, settings, seed)
    linked_only = pl.col("origin") == BY_ATTRIBUTES
    shelves = shelved(linked.tokens, compute, linked.n_buyers)
    who = holding(shelves, compute)
    refined = [
        refine(proposed.filter(linked_only == only), Asking(linked, compute, shelves, who, settings, share))
        for only, share in ERROR_SHARE.items()
    ]
    members, held = (pl.concat(parts).sort("candidate", maintain_order=True) for parts in zip(*refined, strict=True))
    members = distinct(members, settings.overlap)
    kept = held.filter(held["candidate"].is_in(members["candidate"].unique().implode()))
    origins = proposed.select("candidate", "origin").unique()
    return Candidates(members=members.join(origins, on="candidate", maintain_order="left"), values=kept)
