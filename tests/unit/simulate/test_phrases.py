"""Texts of messages: every kind in every language, and labels that tell solicitation from ordinary mail."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import polars as pl
import pytest

from toolkit.simulate.phrases import GREETINGS, KINDS, PHRASES, SOLICITING, phrases

if TYPE_CHECKING:
    from toolkit.simulate.tables import Marketplace

LANGUAGES = ("en", "es", "pt", "vi", "zh", "th", "ms", "id")


@pytest.mark.parametrize(("kind", "language"), list(itertools.product(KINDS, LANGUAGES)))
def test_every_kind_is_spoken_in_every_language(kind: str, language: str) -> None:
    english = set(phrases(kind, "en"))
    own = set(phrases(kind, language))
    assert own
    assert language == "en" or own.isdisjoint(english)


def test_texts_differ_and_carry_a_code() -> None:
    assert len(set(PHRASES)) == len(PHRASES) == len(GREETINGS)
    assert sum("{n}" in text for text in PHRASES) > 0.9 * len(PHRASES)


def test_solicitation_is_labelled_by_what_the_text_says(small: Marketplace) -> None:
    told = small.tables["messages"].join(small.truth["messages"], on="message_id", how="inner")
    assert len(told) == len(small.tables["messages"])
    for solicits, wanted in ((True, SOLICITING), (False, set(range(len(KINDS))) - set(SOLICITING))):
        kinds = set(told.filter(pl.col("solicitation") == solicits)["kind"])
        assert kinds <= {KINDS[number] for number in wanted}
    shares = told["solicitation"].mean()
    assert 0 < float(shares or 0) < 0.5  # type: ignore[arg-type]


def test_no_text_shows_its_blank(small: Marketplace) -> None:
    assert not small.tables["messages"]["text"].str.contains("{n}", literal=True).any()
