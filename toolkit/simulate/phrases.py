"""Texts of messages: what shops write about orders and products, and what they write to get reviews."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any, Final

_FILE: Any = tomllib.loads(resources.files("toolkit.simulate").joinpath("phrases.toml").read_text(encoding="utf-8"))

KINDS: Final[tuple[str, ...]] = tuple(_FILE["kinds"])
"""Kinds of message, in the order of their numbers."""

SOLICITING: Final[tuple[int, ...]] = tuple(KINDS.index(kind) for kind in _FILE["soliciting"])
"""Numbers of the kinds that ask for a review against a reward, or off the platform."""

_ENTRIES: Final[list[dict[str, str]]] = _FILE["phrase"]

PHRASES: Final[tuple[str, ...]] = tuple(entry["text"] for entry in _ENTRIES)
"""All texts, in the order of their numbers."""

GREETINGS: Final[tuple[tuple[str, ...], ...]] = tuple(
    tuple(_FILE["greetings"][entry["language"]]) for entry in _ENTRIES
)
"""For each text, what a shop may put before it in the same language."""

_PLACES: Final[dict[tuple[str, str], list[int]]] = {}
for _number, _entry in enumerate(_ENTRIES):
    _PLACES.setdefault((_entry["kind"], _entry["language"]), []).append(_number)


def phrases(kind: str, language: str) -> list[int]:
    """Numbers of the texts of one kind in one language; English where the language has none."""
    return _PLACES.get((kind, language)) or _PLACES[kind, "en"]
