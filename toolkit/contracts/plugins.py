"""What another package can add: views, tests, schemes, stores and report formats, each as one frozen value.

A package names the value in an entry point of the group below; `toolkit.plugins` finds, checks and guards it. Names
that come into result files (of views, tests and schemes) begin with `x_`, so that a reader of the files can tell them
from ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import polars as pl

    from toolkit.case import Case
    from toolkit.contracts.report import Book, Wording
    from toolkit.market import Market
    from toolkit.ports import GraphStore
    from toolkit.score.scope import Scope

    Progress = Callable[[str, int, int], None] | None


@dataclass(frozen=True)
class View:
    """A way to link buyers: where communities are looked for. A link alone is no evidence; a `Test` gives that.

    Attributes:
        name: Begins with `x_`.
        about: One sentence: what two linked buyers have in common.
        find: The coded tables -> links (schema LINKS of `contracts.links`); no rows where the data can't feed it.
    """

    name: str
    about: str
    find: Callable[[Market], pl.DataFrame]


@dataclass(frozen=True)
class Test:
    """A judge of candidate rings.

    Attributes:
        name: Begins with `x_`.
        about: One sentence: what it claims, what it misses.
        family: The evidence family that it speaks for, one of `contracts.results.FAMILIES`.
        voice: Tests that one fact may pass together share a voice: `behaviour` for what the same orders and reviews
            show, `link` for what a family of people shares too, otherwise the family. Two voices make an alert.
        statement: The sentence, with `{observed}`, `{expected}` and `{note}` in it.
        judge: A scope -> verdicts (schema JUDGED of `contracts.judged`), at most one a candidate, `kind` and `token`
            null; `surprise` before the number of tests is paid for, which is done for it.
        rows: A scope and the verdicts to cite (key, candidate) -> key, table, row: the place of each input row
            in its clean table. A verdict without rows is not told.
    """

    __test__ = False  # no test of pytest

    name: str
    about: str
    family: str
    voice: str
    statement: str
    judge: Callable[[Scope], pl.DataFrame]
    rows: Callable[[Scope, pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class Scheme:
    """A name for rings by the tests that speak; a plug-in's scheme is tried before ours.

    Attributes:
        name: Begins with `x_`.
        summary: What stands in a ring's summary: `consistent with ...`, never a verdict.
        wording: What a report says of every ring of the scheme.
        needs: Groups of tests; of each, one must speak.
        without: Tests of which none may speak.
    """

    name: str
    summary: str
    wording: Wording
    needs: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Store:
    """A graph store to ask a case in.

    Attributes:
        name: What `ringscope query --store` takes.
        about: One sentence.
        open: The case, what the command line says of a server (uri, user, password, database) and who is told of
            progress -> an open store (`ports.GraphStore`) that holds the case, and the case's name there.
    """

    name: str
    about: str
    open: Callable[[Case, Mapping[str, str | None], Progress], tuple[GraphStore, str]]


@dataclass(frozen=True)
class Format:
    """A format of reports.

    Attributes:
        name: What `ringscope report --format` takes.
        about: One sentence.
        write: The case as a book and the folder -> the files that it wrote. Ids and texts in the book are hostile.
    """

    name: str
    about: str
    write: Callable[[Book, Path], list[Path]]


GROUPS: Final[dict[str, type[View | Test | Scheme | Store | Format]]] = {
    "ringscope.views": View,
    "ringscope.tests": Test,
    "ringscope.schemes": Scheme,
    "ringscope.stores": Store,
    "ringscope.reports": Format,
}
"""Group of entry points -> what it holds."""


@dataclass(frozen=True)
class Extra:
    """What plug-ins add to the main job.

    Attributes:
        views: More ways to link buyers.
        tests: More judges of rings.
        schemes: More names of rings.
    """

    views: tuple[View, ...] = ()
    tests: tuple[Test, ...] = ()
    schemes: tuple[Scheme, ...] = ()


NO_EXTRA: Final = Extra()
