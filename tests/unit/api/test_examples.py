"""The examples of the API's docstrings are run, and every public function and method has one."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
from typing import TYPE_CHECKING

import pytest

import toolkit as rs
from toolkit import api

if TYPE_CHECKING:
    from pathlib import Path

MODULES = [f"toolkit.api.{found.name}" for found in pkgutil.iter_modules(api.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_do_as_they_say(name: str, case: rs.Case, case_folder: Path, market: Path, tmp_path: Path) -> None:
    given = {"case": case, "case_folder": case_folder, "market": market, "scratch": tmp_path}
    runner = doctest.DocTestRunner()
    for example in doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(name), extraglobs=given):
        runner.run(example)
    assert runner.summarize().failed == 0


def test_every_public_function_and_method_has_an_example() -> None:
    functions = [rs.investigate, rs.open_case, rs.make_market]
    methods = [
        method
        for kind in (rs.Case, rs.Ring)
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    ]
    assert len(methods) > 12
    assert [one.__qualname__ for one in (*functions, *methods) if ">>> " not in (inspect.getdoc(one) or "")] == []
