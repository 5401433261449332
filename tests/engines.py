"""What a test says when a program that it needs is not on this machine.

On a developer's machine the test is skipped by name; in continuous integration (`CI=true`) a skip would hide that
nothing was tested, so there it fails.
"""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def missing(name: str, reason: str) -> NoReturn:
    """Skip the test because the program `name` is missing; fail where `CI=true`."""
    text = f"{name} is missing: {reason}"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(text, pytrace=False)
    pytest.skip(text)


def require(*programs: str) -> None:
    """Go on only where all these programs are on the path."""
    for program in programs:
        if shutil.which(program) is None:
            missing(program, f"install {program} so that this test can run")
