"""What can go wrong, in one small tree.

* RingscopeError      exit 1   an error in the program
  x PluginError       exit 1   another package that adds to this one is broken
  x UsageError        exit 2   the call's words are off
  x InputError        exit 3   the input can't be used
  x BackendError      exit 4   a store or server can't be reached, or refuses
    x MissingExtraError exit 4   a package that is needed only for this is not installed

Each error says what happened, where, and what to do next. None carries a person's name, address or card number.
"""

from __future__ import annotations

from typing import ClassVar

from toolkit.printable import printable


class RingscopeError(Exception):
    """An error that a person can act on.

    Args:
        what: One sentence: what happened.
        where: The file, table, column, setting or address that it happened at; empty where there is none.
        todo: What the reader can do next.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.todo = todo

    def __str__(self) -> str:
        """The error in at most five lines."""
        lines = [self.what]
        if self.where:
            lines.append(f"  where: {self.where}")
        if self.todo:
            lines.append(f"  next:  {self.todo}")
        return "\n".join(printable(line[:400]) for line in "\n".join(lines).splitlines()[:5])


class PluginError(RingscopeError):
    """A plug-in can't be loaded, or fails; the message names the package and the entry point."""


class UsageError(RingscopeError):
    """The command, a setting or a parameter is not one that exists, or is missing."""

    exit_code = 2


class InputError(RingscopeError):
    """The input can't be read, or too much of it breaks the contract."""

    exit_code = 3


class BackendError(RingscopeError):
    """A graph store or server can't be reached, or refuses."""

    exit_code = 4


class MissingExtraError(BackendError):
    """A package that only some work needs is not installed.

    Args:
        package: The package, as an installer knows it.
        extra: The extra of ringscope that brings it.
        wanted_for: What needs it, in a few words.
    """

    def __init__(self, package: str, *, extra: str, wanted_for: str) -> None:
        todo = f"pip install 'ringscope[{extra}]', or {package} by itself; in a clone, make setup installs it"
        super().__init__(f"{package} is not installed", where=wanted_for, todo=todo)
