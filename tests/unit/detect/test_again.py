"""Who is asked the same again gets the same answer: only candidates that changed are asked, and nothing shows it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from toolkit.backends import local
from toolkit.config import DAY, DetectSettings
from toolkit.contracts.tokens import TOKENS, TokenKind
from toolkit.detect import enrich, refine
from toolkit.detect.asking import Asking
from toolkit.detect.enrich import Tally, tallied, values
from toolkit.detect.shelves import holding, shelved

if TYPE_CHECKING:
    import pytest

N, RINGS, SIZE = 2_000, 12, 14
KINDS = {"listing_ordered": True, "seller_ordered": True, "voucher": True, "device": False}


def _kind(name: str, timed: bool, rng: np.random.Generator) -> TokenKind:  # noqa: FBT001 - a column of the table above
    """Chance, and rings of fourteen neighbours of whom most hold three values of their own within a month."""
    honest = {
        "token": rng.integers(100, 300, 6_000),
        "buyer": rng.integers(0, N, 6_000),
        "at": rng.integers(0, 360, 6_000),
    }
    ring = np.repeat(np.arange(RINGS), 3 * SIZE)
    held = {
        "token": ring * 3 + np.tile(np.repeat(np.arange(3), SIZE), RINGS),
        "buyer": ring * SIZE + np.tile(np.arange(SIZE), 3 * RINGS),
        "at": ring * 20 + rng.integers(0, 30, ring.size),
    }
    shown = rng.random(ring.size) < 0.6
    columns = {key: np.concatenate((honest[key], held[key][shown])) for key in honest}
    frame = pl.DataFrame(columns).with_columns(row=pl.lit(0), at=pl.col("at") * (DAY if timed else 0))
    frame = frame.cast(dict(TOKENS)).sort("token", "at", "buyer")  # type: ignore[arg-type]
    return TokenKind(name, "target" if timed else "identity", "orders", timed, 3 if timed else 2, "listing", frame)


def _asking() -> Asking:
    rng = np.random.default_rng(5)
    tokens = {name: _kind(name, timed, rng) for name, timed in KINDS.items()}
    nobody = {"household": np.arange(N, dtype=np.uint32), "region": np.zeros(N, np.uint32), "n_buyers": N}
    linked: Any = SimpleNamespace(tokens=tokens, **nobody)
    shelves = shelved(tokens, local, N)
    return Asking(linked, local, shelves, holding(shelves, local), DetectSettings())


def _proposed(seed: int, share: float = 0.7) -> pl.DataFrame:
    """Two thirds of each ring, and as many strangers as that is."""
    rng, most = np.random.default_rng(seed), int(share * SIZE)
    groups = [np.append(r * SIZE + rng.permutation(SIZE)[:most], rng.integers(0, N, most)) for r in range(RINGS)]
    columns = {"candidate": np.repeat(np.arange(RINGS), 2 * most), "buyer": np.concatenate(groups)}
    return pl.DataFrame(columns).cast(pl.UInt32).unique().sort("candidate", "buyer")


def _asked(ask: Asking, members: pl.DataFrame, before: Tally | None) -> Tally:
    home, region = ask.linked.household, ask.linked.region
    return tallied(members, local, ask.shelves, home, region, least_surprise=0.5, before=before)


def test_a_tally_of_those_who_changed_is_the_tally_of_all() -> None:
    ask, old, new = _asking(), _proposed(1), _proposed(2)
    mixed = pl.concat([old.filter(pl.col("candidate") < 6), new.filter(pl.col("candidate").is_between(6, 9))])
    again, fresh = _asked(ask, mixed, _asked(ask, old, None)), _asked(ask, mixed, None)
    found = [values(tally, least_surprise=1.0, least_share=0.1) for tally in (again, fresh)]
    assert found[0].equals(found[1])
    assert found[0]["candidate"].n_unique() == 10
    assert all(again.tests[name].sort("candidate").equals(fresh.tests[name].sort("candidate")) for name in KINDS)


def test_rounds_that_ask_everybody_come_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    ask, proposed = _asking(), _proposed(3).with_columns(origin=pl.lit("listings"))
    found = refine.refine(proposed, ask)
    everybody = proposed.select("candidate").unique()
    for module in (refine, enrich):
        monkeypatch.setattr(module, "differing", lambda *_: everybody)
    anew = refine.refine(proposed, ask)
    for one, other in zip(found, anew, strict=True):
        assert one.members.drop("score", "margin").equals(other.members.drop("score", "margin"))
        assert np.allclose(one.members["score"], other.members["score"], rtol=1e-12)
        assert one.values.equals(other.values)
        assert one.members["candidate"].n_unique() == RINGS
