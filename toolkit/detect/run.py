"""Propose, refine, tell apart what was taken for one, keep one proposal a ring, with every reading of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.contracts.candidates import BY_ATTRIBUTES, ERROR_SHARE, WHOLE, Candidates
from toolkit.detect.asking import Asking
from toolkit.detect.merge import distinct
from toolkit.detect.propose import propose
from toolkit.detect.refine import refine
from toolkit.detect.shelves import holding, shelved
from toolkit.detect.unions import fallen, leftovers
from toolkit.parallel import at_once

if TYPE_CHECKING:
    from toolkit.config import DetectSettings
    from toolkit.contracts.candidates import Linked
    from toolkit.ports import Compute

UNIONS: Final = 2
"""How often what stays is asked whether it is two things: what stays in place of one that was may be another."""


def detect(linked: Linked, compute: Compute, settings: DetectSettings, seed: int) -> Candidates:
    """Candidate rings with refined members and the values that they hold beyond chance."""
    return settle(linked, propose(linked, compute, settings, seed), compute, settings)


def settle(linked: Linked, proposed: pl.DataFrame, compute: Compute, settings: DetectSettings) -> Candidates:
    """Candidate rings from what `propose` gave; `linked` may be without the pairs, which said where to look.

    Of proposals that overlap one stays, whose readings `score` chooses from.
    """
    linked_only = pl.col("origin") == BY_ATTRIBUTES
    shelves = shelved(linked.tokens, compute, linked.n_buyers)
    ask, first = Asking(linked, compute, shelves, holding(shelves, compute), settings), _past(proposed)

    def alike(one: tuple[bool, float]) -> Candidates:
        only, share = one
        return _read(proposed.filter(linked_only == only), replace(ask, error_share=share), first)

    both = at_once(alike, ERROR_SHARE.items())  # what becomes of candidates of one kind depends on none of the other
    read, kept = _told_apart(_together(both), proposed, ask, first)
    members = read.members.filter(pl.col("proposal").is_in(kept.implode()))
    values = read.values.filter(pl.col("candidate").is_in(members["candidate"].unique().implode()))
    origins = proposed.select("origin", proposal="candidate").unique()
    members = members.join(origins, on="proposal", maintain_order="left")
    return Candidates(members.sort("candidate", "buyer"), values.sort("candidate", "kind", "token"))


def _past(proposed: pl.DataFrame) -> int:
    """The first number after those of the proposals."""
    last = proposed["candidate"].max()
    assert last is None or isinstance(last, int)
    return 0 if last is None else last + 1


def _read(proposed: pl.DataFrame, ask: Asking, first: int) -> Candidates:
    """Every reading of what was proposed; those of one proposal are numbered `first` apart."""
    parts = []
    for number, reading in enumerate(refine(proposed, ask)):
        own = (pl.col("candidate") + number * first).cast(pl.UInt32)
        told = {"proposal": pl.col("candidate"), "reading": pl.lit(number, pl.UInt8)}
        parts.append(Candidates(reading.members.with_columns(own, **told), reading.values.with_columns(own)))
    every = _together(parts)
    return Candidates(_unlike(every.members), every.values)


def _together(parts: list[Candidates]) -> Candidates:
    return Candidates(pl.concat([part.members for part in parts]), pl.concat([part.values for part in parts]))


def _told_apart(read: Candidates, proposed: pl.DataFrame, ask: Asking, first: int) -> tuple[Candidates, pl.Series]:
    """The readings, and the proposals that stay; of what was two things, what another candidate does not hold.

    Only what stays is asked, some in a hundred: the others are gone whatever they are.
    """
    origins = proposed.select("candidate", "origin").unique()
    kept, asked = _kept(read, ask), pl.Series(dtype=pl.UInt32)
    for _ in range(UNIONS):
        rest = leftovers(_wholes(read), kept.filter(~kept.is_in(asked.implode())), ask.settings)
        asked = pl.concat([asked, kept])
        if rest.height == 0:
            break
        left = rest.select("candidate", "buyer").join(origins, on="candidate")
        # They stand in for candidates that were asked already, and pay their part of the tests of all.
        share = max(ERROR_SHARE.values()) * left["candidate"].n_unique() / origins.height
        alone = _read(left, replace(ask, error_share=share), first)
        name = float(np.log(ask.linked.n_buyers))  # there are about as many values as accounts
        gone = fallen(rest, _wholes(alone), read.values, alone.values, name)
        read = _instead(read, alone, gone)
        kept = _kept(read, ask)
    return read, kept


def _wholes(read: Candidates) -> pl.DataFrame:
    return read.members.filter(pl.col("reading") == WHOLE)


def _kept(read: Candidates, ask: Asking) -> pl.Series:
    """The proposals that stay, of those that overlap."""
    return distinct(_wholes(read), ask.settings.overlap)["candidate"].unique().sort()


def _instead(read: Candidates, alone: Candidates, gone: pl.Series) -> Candidates:
    """The readings, those of the proposals `gone` from `alone`."""
    goes = pl.col("proposal").is_in(gone.implode())
    stay = read.among(read.members.filter(~goes)["candidate"].unique())
    return _together([stay, alone.among(alone.members.filter(goes)["candidate"].unique())])


def _unlike(members: pl.DataFrame) -> pl.DataFrame:
    """Of readings of one proposal that have the same members, the first."""
    same = pl.col("buyer").hash().sum()  # of a set, whatever its order
    sets = members.group_by("proposal", "candidate").agg(same=same, size=pl.len())
    first = sets.sort("candidate").unique(["proposal", "same", "size"], keep="first")
    return members.filter(pl.col("candidate").is_in(first["candidate"].implode()))
