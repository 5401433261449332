"""A missing program is a skip with its name, and a failure in continuous integration."""

from __future__ import annotations

import pytest

from tests import engines


def test_skips_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is missing"):
        engines.require("no-such-program")


def test_fails_in_continuous_integration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is missing"):
        engines.require("no-such-program")


def test_goes_on_where_all_is_there() -> None:
    engines.require("python3")
