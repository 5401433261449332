"""Giving memory back: asked of the C library where it can, and no error where it can't."""

from __future__ import annotations

import ctypes
from types import SimpleNamespace
from typing import TYPE_CHECKING

from toolkit.backends.local import give_back, memory

if TYPE_CHECKING:
    import pytest


def test_the_c_library_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(memory.sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace(malloc_trim=asked.append))
    give_back()
    assert asked == [0]


def test_a_library_that_does_not_know_how_is_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())
    give_back()


def test_on_this_machine_it_works() -> None:
    give_back()
