"""The catalogue of rules that a ring or finding may touch, read from `policy.toml` and from files of the user.

A clause is shown beside a finding as something it *may* touch. It is never a verdict, and where only trade press was
read the clause says so.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

from toolkit.contracts.results import FINDING_KINDS, SCHEMES
from toolkit.errors import InputError

SOURCE_KINDS: Final = ("official", "trade_press", "memory")
_OURS: Final = Path(__file__).with_name("policy.toml")


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule, in our own words.

    Attributes:
        clause_id: Stable name of the clause.
        platform: Whose rule it is; `Law, ...` where it is a public law.
        countries: Markets in which it holds; empty where it holds everywhere on the platform.
        applies_to: Schemes and kinds of findings that may touch it.
        title: What it is called here.
        text: What it asks for.
        consequence: What is said to follow, as stated by the source.
        action: What to do, the least intrusive step first.
        source: Where it was read; says so where only trade press was read.
        source_kind: One of `SOURCE_KINDS`.
        date: When the rule came into force or the report was written.
    """

    clause_id: str
    platform: str
    countries: tuple[str, ...]
    applies_to: tuple[str, ...]
    title: str
    text: str
    consequence: str
    action: str
    source: str
    source_kind: str
    date: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A versioned set of clauses."""

    version: str
    clauses: tuple[Clause, ...]

    def clauses_for(self, kind_or_scheme: str, country: str | None = None) -> tuple[Clause, ...]:
        """The clauses that a scheme or kind of finding may touch; in every country where none is given."""
        return tuple(
            clause
            for clause in self.clauses
            if kind_or_scheme in clause.applies_to
            and (country is None or not clause.countries or country in clause.countries)
        )


def clauses_for(kind_or_scheme: str, country: str | None = None) -> tuple[Clause, ...]:
    """The clauses of our own catalogue that a scheme or kind of finding may touch.

    Args:
        kind_or_scheme: One of `FINDING_KINDS` or `SCHEMES`.
        country: The seller's market as an ISO 3166 code; clauses of all markets where it is not known.
    """
    return load().clauses_for(kind_or_scheme, country)


@cache
def load(*own: Path) -> Catalogue:
    """Our catalogue, with clauses of the user's files added; a clause of the same id replaces ours.

    Raises:
        InputError: A file can't be read, or a clause lacks a field or names an unknown scheme.
    """
    version, clauses = "", {}
    for path in (_OURS, *own):
        read = _read(path)
        version = "+".join(part for part in (version, str(read.get("version", path.stem))) if part)
        clauses.update({clause.clause_id: clause for clause in _clauses(path, read)})
    return Catalogue(version, tuple(clauses.values()))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        todo = "write it like toolkit/contracts/policy.toml"
        raise InputError(f"the policy file can't be read: {error}", where=str(path), todo=todo) from error


def _clauses(path: Path, read: dict[str, Any]) -> list[Clause]:
    return [_clause(path, place, entry) for place, entry in enumerate(read.get("clause", []), start=1)]


def _clause(path: Path, place: int, entry: dict[str, Any]) -> Clause:
    given = {("clause_id" if name == "id" else name): _frozen(value) for name, value in entry.items()}
    names = {field.name for field in fields(Clause)}
    if given.keys() != names:
        wrong = ", ".join(sorted(given.keys() ^ names))
        raise InputError(f"clause {place} lacks or does not know: {wrong}", where=str(path), todo="see policy.toml")
    clause = Clause(**given)
    unknown = sorted(set(clause.applies_to) - {*FINDING_KINDS, *SCHEMES})
    if unknown or clause.source_kind not in SOURCE_KINDS:
        what = f"clause {clause.clause_id!r} names unknown kinds: {', '.join(unknown) or clause.source_kind}"
        raise InputError(what, where=str(path), todo="use kinds of findings, schemes and source kinds of policy.toml")
    return clause


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
