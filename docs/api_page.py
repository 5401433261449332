"""The page of the Python API, from signatures and docstrings: written by docs/generate.py."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
from typing import TYPE_CHECKING, Any, Final

import toolkit

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES: Final = {
    "toolkit": ("The names of the package", "`import toolkit as rs`; each is imported when it is first used."),
    "toolkit.visualise.pictures": (
        "Pictures",
        "`from toolkit.visualise import pictures`; they take a `ring.dossier`, and need the extra `pictures`.",
    ),
    "toolkit.contracts.plugins": (
        "What a plug-in gives",
        "Frozen values for entry points; [contributing](../CONTRIBUTING.md#to-add-it-from-another-package) says how.",
    ),
}
"""Module -> heading and first sentence of its part of the page."""
SECTIONS: Final = re.compile(r"^(Args|Attributes|Returns|Raises|Example):\n", re.MULTILINE)
_ITEM: Final = re.compile(r"^    (\w+): (.+?)(?=^    \w+: |\Z)", re.MULTILINE | re.DOTALL)


def page(head: str) -> str:
    """Every public name with its signature and words."""
    parts = [head]
    for module, (title, sentence) in MODULES.items():
        parts.append(f"## {title}\n\n{sentence}\n")
        for name, value in public(module):
            parts.extend(_told(name, value))
    return "\n".join(parts)


def public(module: str) -> Iterator[tuple[str, Any]]:
    """Public functions and classes of a module, in order of name; constants are told where they are used."""
    home = importlib.import_module(module)
    names = getattr(home, "__all__", None) or [
        name for name, value in vars(home).items() if getattr(value, "__module__", "") == module
    ]
    for name in sorted(names):
        value = getattr(home, name)
        if name[0] != "_" and (inspect.isclass(value) or inspect.isfunction(value)):
            yield name, value


def members(kind: type) -> Iterator[tuple[str, Any]]:
    """Public methods and properties that a class itself says something about."""
    for name, value in vars(kind).items():
        bare = value.__func__ if isinstance(value, classmethod | staticmethod) else value
        callable_or_property = inspect.isfunction(bare) or isinstance(bare, property) or hasattr(bare, "attrname")
        if name[0] != "_" and callable_or_property and inspect.getdoc(bare):
            yield name, bare


def _told(name: str, value: Any) -> Iterator[str]:
    yield f"### {name}\n"
    if inspect.isfunction(value) or dataclasses.is_dataclass(value):
        yield f"```python\n{name}{_signature(value)}\n```\n"
    yield _words(inspect.getdoc(value) or "")
    if inspect.isclass(value) and value.__module__.startswith(toolkit.__name__):
        for member, inner in members(value):
            called = _signature(inner, bound=True) if inspect.isfunction(inner) else ""
            yield f"#### {name}.{member}\n"
            if called:
                yield f"```python\n{member}{called}\n```\n"
            yield _words(inspect.getdoc(inner) or "")


def _signature(value: Any, *, bound: bool = False) -> str:
    """The signature; one parameter a line where it is long."""
    signature = inspect.signature(value)
    given = list(signature.parameters.values())[1 if bound else 0 :]
    signature = signature.replace(parameters=given)
    text = re.sub(r"'([^']*)'", r"\1", str(signature)) if "'" in str(signature) else str(signature)
    text = re.sub(r"<(\w[\w.]*) object at 0x[0-9a-f]+>|<function (\w+) at 0x[0-9a-f]+>", r"\1\2", text)
    return text if len(text) < 80 else _broken(text, given)


def _broken(text: str, given: list[inspect.Parameter]) -> str:
    after = text[text.rindex(")") + 1 :]
    lines, starred = [], False
    for one in given:
        if one.kind is inspect.Parameter.KEYWORD_ONLY and not starred:
            lines.append("    *,")
            starred = True
        lines.append(f"    {str(one).replace(chr(39), '')},")
    return "(\n" + "\n".join(lines) + f"\n){after}"


def _words(doc: str) -> str:
    """A docstring as Markdown: its sections become lists, its example a block."""
    pieces = SECTIONS.split(doc)
    told = [pieces[0].strip()]
    for name, text in zip(pieces[1::2], pieces[2::2], strict=True):
        if name == "Example":
            told.append("```python\n" + inspect.cleandoc("\n" + text) + "\n```")
        elif name == "Returns":
            told.append(f"*Returns:* {' '.join(text.split())}")
        else:
            items = [f"- `{item}`: {' '.join(said.split())}" for item, said in _ITEM.findall(text)]
            told.append(f"*{name}:*\n\n" + "\n".join(items))
    return "\n\n".join(told) + "\n"
