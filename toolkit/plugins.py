"""Plug-ins: finds what other packages add by entry points, checks it, and names the package when it goes wrong.

A package is loaded only when its group is asked for. Plug-ins run with all the rights of the program: install only
what you trust.
"""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass, fields, replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit.contracts.judged import JUDGED
from toolkit.contracts.links import LINKS
from toolkit.contracts.plugins import GROUPS, Extra, Scheme, Test, View
from toolkit.contracts.results import FAMILIES
from toolkit.errors import PluginError, RingscopeError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from importlib.metadata import EntryPoint

    from toolkit.contracts.plugins import Format, Store

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,40}")
OURS: Final = "x_"
"""How names of plug-ins begin that come into result files."""
_PUBLIC: Final = (View, Test, Scheme)
_PLACES: Final = frozenset({"observed", "expected", "note"})
_CITED: Final = pl.Schema({"key": pl.String, "table": pl.String, "row": pl.UInt32})
_FRAMES: Final = {"find": LINKS, "judge": JUDGED, "rows": _CITED}
"""Function of a plug-in -> the schema of what it gives."""


@dataclass(frozen=True)
class Plugin:
    """One thing from another package.

    Attributes:
        group: Group of the entry point.
        package: Name and version of the package.
        digest: Of the module's file: a plug-in that was edited under the same version is another one.
        value: The thing, with its functions guarded.
    """

    group: str
    package: str
    digest: str
    value: Any

    def as_dict(self) -> dict[str, str]:
        """What the manifest keeps of it."""
        return {"group": self.group, "name": self.value.name, "package": self.package, "digest": self.digest}


def load(group: str, taken: Collection[str] = ()) -> tuple[Plugin, ...]:
    """Every plug-in of a group, by name.

    Args:
        group: One of GROUPS.
        taken: Names that are ours.

    Raises:
        PluginError: One can't be loaded, is not what its group holds, or has a name that is taken.
    """
    found: dict[str, Plugin] = {}
    for point in sorted(entry_points(group=group), key=lambda one: (one.name, one.value)):
        plugin = _loaded(point, group)
        name = plugin.value.name
        if name in taken or name in found:
            whose = "ringscope itself" if name in taken else found[name].package
            raise _broken(point, f"its name {name!r} is taken by {whose}", "rename it, or uninstall one of the two")
        found[name] = plugin
    return tuple(found[name] for name in sorted(found))


def extra() -> tuple[Extra, list[dict[str, str]]]:
    """What plug-ins add to the main job, and what the manifest keeps of them.

    Raises:
        PluginError: One is broken.
    """
    views, tests, schemes = (load(group) for group in ("ringscope.views", "ringscope.tests", "ringscope.schemes"))
    values = [tuple(plugin.value for plugin in part) for part in (views, tests, schemes)]
    return Extra(*values), [plugin.as_dict() for plugin in (*views, *tests, *schemes)]


def formats(taken: Collection[str]) -> dict[str, Format]:
    """Name -> report format of a plug-in."""
    return {plugin.value.name: plugin.value for plugin in load("ringscope.reports", taken)}


def stores(taken: Collection[str]) -> dict[str, Store]:
    """Name -> store of a plug-in."""
    return {plugin.value.name: plugin.value for plugin in load("ringscope.stores", taken)}


def _loaded(point: EntryPoint, group: str) -> Plugin:
    try:
        value = point.load()
    except Exception as error:
        raise _broken(point, f"it can't be loaded: {type(error).__name__}: {error}") from error
    kind = GROUPS[group]
    if not isinstance(value, kind):
        raise _broken(point, f"it is a {type(value).__name__}, not a toolkit.contracts.plugins.{kind.__name__}")
    wrong = _wrong(value)
    if wrong:
        raise _broken(point, wrong)
    return Plugin(group, _package(point), _digest(point), _guarded(point, value))


def _wrong(value: Any) -> str:
    """What is wrong with a plug-in's words; empty where nothing is."""
    if not isinstance(value.name, str) or not _NAME.fullmatch(value.name):
        return f"its name {str(value.name)[:40]!r} is not of lower-case letters, digits and _"
    if isinstance(value, _PUBLIC) and not value.name.startswith(OURS):
        return f"its name {value.name!r} does not begin with {OURS}, as names in result files must"
    if isinstance(value, Test):
        if value.family not in FAMILIES:
            return f"its family {value.family!r} is none of: {', '.join(FAMILIES)}"
        if not set(re.findall(r"{([^}]*)}", value.statement)) <= _PLACES:
            return "its statement has places other than {observed}, {expected} and {note}"
    return ""


def _guarded(point: EntryPoint, value: Any) -> Any:
    """The same thing, whose functions name the package when they fail or give what they should not."""
    told = {item.name: getattr(value, item.name) for item in fields(value)}
    return replace(value, **{name: _guard(point, name, call) for name, call in told.items() if callable(call)})


def _guard(point: EntryPoint, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(*arguments: Any) -> Any:
        try:
            given = call(*arguments)
            return _frame(given, _FRAMES[name]) if name in _FRAMES else given
        except RingscopeError:
            raise
        except Exception as error:
            told = str(error).splitlines()[0][:200] if str(error) else ""
            raise _broken(point, f"its function `{name}` failed: {type(error).__name__}: {told}") from error

    return guarded


def _frame(given: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """The columns of the schema; whatever can't be cast to it is the plug-in's error."""
    return given.select(schema.names()).cast(schema)


def _broken(point: EntryPoint, why: str, todo: str = "") -> PluginError:
    where = f"entry point {point.name} = {point.value} in group {point.group}"
    package = _package(point)
    repair = f"repair it, or pip uninstall {package.split(' ')[0]}"
    return PluginError(f"plug-in {point.name!r} of package {package}: {why}", where=where, todo=todo or repair)


def _package(point: EntryPoint) -> str:
    return "(unknown)" if point.dist is None else f"{point.dist.name} {point.dist.version}"


def _digest(point: EntryPoint) -> str:
    place = getattr(sys.modules.get(point.module), "__file__", None)
    return hashlib.sha256(Path(place).read_bytes()).hexdigest()[:16] if place else ""
