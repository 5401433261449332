"""What a message does: asks for praise, offers a reward, wants a review changed, leads off the platform.

The patterns are data (`patterns/*.toml`, one file a language); all languages are looked for in every message, because
sellers mix them. Texts are compared without case, accents and tone marks.
"""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from toolkit.errors import InputError

CONCEPTS: Final = (
    "review", "praise", "thanks", "reward", "amount", "gives", "owed", "removal", "channel", "lure", "denial"
)  # fmt: skip
"""Lists that a pattern file holds."""
_NEAR: Final = r"(?:[^.!?。！？\n]|\.\d){0,40}"
"""Signs of one sentence between what is given and its amount."""
_FOLDER: Final = Path(__file__).with_name("patterns")


def fold(text: str) -> str:
    """One pattern as texts are compared (`toolkit.copies.folded`)."""
    bare = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
    kept = "".join(sign for sign in bare if unicodedata.category(sign) not in ("Mn", "Cf")).replace("đ", "d")
    return unicodedata.normalize("NFC", kept)


@cache
def languages() -> tuple[str, ...]:
    """Languages that there are patterns for."""
    return tuple(str(read["language"]) for read in _files())


@cache
def pattern(concept: str) -> str:
    """One expression for a concept in all languages."""
    return "|".join(f"(?:{part})" for read in _files() for part in _parts(read, concept))


def does(text: pl.Expr, concept: str) -> pl.Expr:
    """Whether a folded text does that."""
    return text.str.contains(pattern(concept))


def offering(text: pl.Expr) -> pl.Expr:
    """Whether a folded text offers something: a reward, or an amount of money or a code that is given.

    A number beside a word for a review is no offer: it may be an order's, a size, days, or a price. Both count where
    a word for giving stands close by, and refunds that are owed whatever is written are left out.
    """
    rest = text.str.replace_all(pattern("owed"), " ")
    gives, amount = pattern("gives"), pattern("amount")
    given = f"(?:{gives}){_NEAR}(?:{amount})|(?:{amount}){_NEAR}(?:{gives})"
    return does(rest, "reward") | rest.str.contains(given)


def soliciting(text: pl.Expr) -> pl.Expr:
    """Why a folded text solicits, in a word; null where it does not.

    A neutral request for a review, thanks for one, help with the product or order, and saying that reviews are not paid
    for are no solicitation.
    """
    denied = does(text, "denial")
    thanked = does(text, "thanks") | denied
    asked = does(text, "review") & ~thanked
    offers = offering(text)
    return (
        pl.when(does(text, "removal") & ~denied)
        .then(pl.lit("review_removal"))
        .when(asked & offers)
        .then(pl.lit("reward_for_review"))
        .when(does(text, "praise") & ~thanked)
        .then(pl.lit("asks_for_praise"))
        .when(does(text, "lure") | (does(text, "channel") & (offers | asked)))
        .then(pl.lit("off_platform"))
    )


@cache
def _files() -> tuple[dict[str, object], ...]:
    return tuple(tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.toml")))


def _parts(read: dict[str, object], concept: str) -> list[str]:
    parts = read.get(concept)
    if not isinstance(parts, list) or not parts:
        raise InputError(f"a pattern file has no list {concept!r}", where=str(_FOLDER), todo="add it")
    # Escapes such as \b and \d are letters after a backslash, and \p{..} is not used: lower-casing changes none.
    return [fold(str(part)) for part in parts]
