"""Write the pages of docs/ that repeat the code: commands, settings and the Python API.

    python docs/generate.py

A test fails where a page is older than the code, so none can go stale. Sentences are those of the code; this file adds
only the order, and an example for each command.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib.util
import inspect
import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from toolkit import config
from toolkit.cli.app import COMMANDS, cli

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE: Final = Path(__file__).resolve().parent
WIDTH: Final = 100
DO_NOT_EDIT: Final = "<!-- Written by docs/generate.py from the code; change it there and run `make docs`. -->"

EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "demo": ("ringscope demo --out demo",),
    "simulate": ("ringscope simulate market --orders 200000 --rings 28 --seed 1 --format parquet",),
    "check": ("ringscope check exports --mapping mapping.toml",),
    "investigate": (
        "ringscope investigate exports --out case",
        "ringscope investigate exports --out case --mapping mapping.toml --config settings.toml",
    ),
    "rings": ("ringscope rings case",),
    "ring": ("ringscope ring case r_0123456789ab",),
    "sellers": ("ringscope sellers case", "ringscope sellers case --linked-to S37h7zpyn9"),
    "report": ("ringscope report case --format html,csv,xlsx,reasons --out for-the-team",),
    "decide": ('ringscope decide case r_0123456789ab --as watched --note "asked the shop for its invoices"',),
    "query": (
        "ringscope query case ring_timeline --param ring=r_0123456789ab",
        "ringscope query case --cypher 'MATCH (b:Buyer {case_id: $case})-[:MEMBER_OF]->(r:Ring) RETURN r.id, count(b)'",
    ),
    "queries": ("ringscope queries",),
    "neo4j": ("ringscope neo4j push case --uri neo4j+s://graph.example.org:7687", "ringscope neo4j pull --out data"),
    "brushing": ("ringscope brushing exports --out brushing",),
    "purge": ("ringscope purge case",),
    "audit": ("ringscope audit case",),
    "self-check": ("ringscope self-check exports --seller S37h7zpyn9",),
    "evaluate": ("ringscope evaluate case --truth market/truth --compare",),
}
"""Command -> lines to try; a test checks that their options exist."""

CLI_HEAD: Final = f"""# Commands

{DO_NOT_EDIT}

Results go to stdout; talk, progress and errors go to stderr. `--json` prints results for machines. An error says what
happened, where, and what to do next; `ringscope --debug COMMAND ...` shows its traceback.

| exit code | means |
|---|---|
| 0 | done, also when no ring was found |
| 1 | an error in the program |
| 2 | wrong usage: a command, option, setting, query or id that there is not |
| 3 | the input can't be used |
| 4 | a store or server can't be reached, or refuses |
| 130 | stopped by hand; the same command again goes on after the last finished stage |
"""

SETTINGS_HEAD: Final = f"""# Settings

{DO_NOT_EDIT}

Defaults are meant to be kept. Where one has to differ, name it in a TOML file, and only it:

```toml
seed = 1

[link]
order_window_days = 21

[findings]
q_value = 0.001
```

and run `ringscope investigate exports --out case --config settings.toml`. A name that does not exist, or a value of
another type, is refused with exit code 2 and the nearest name. The manifest of the case keeps every setting of the
run; changing one makes the next run start anew after the reading of the input.

Names say their unit: `_days`, `_s` (seconds), `_g` (grams). Amounts that are called -log10 p are *surprises*: 2 is one
chance in a hundred, 12 one in a million millions.
"""


API_HEAD: Final = f"""# Python API

{DO_NOT_EDIT}

A notebook is the best place for a doubt: load a case, look, ask further, keep what was found. Frames are Polars; every
example below is run by the tests.

```python
import toolkit as rs

case = rs.open_case("case")          # or rs.investigate("exports", out="case")
case                                 # what is in it
ring = case.ring(case.alerts["ring_id"][0])
ring                                 # what is said about it
```

Errors are those of the command line: each says what happened, where, and what to do next.
"""


def pages() -> dict[Path, str]:
    """Page -> its text."""
    return {HERE / "cli.md": cli_page(), HERE / "settings.md": settings_page(), HERE / "api.md": api_page()}


def api_page() -> str:
    """Every public Python name, from its docstring."""
    spec = importlib.util.spec_from_file_location("docs_api_page", HERE / "api_page.py")
    if spec is None or spec.loader is None:
        raise LookupError("api_page.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page: str = module.page(API_HEAD)
    return page


def cli_page() -> str:
    """Every command with its help, as the terminal shows it, and an example."""
    parts = [CLI_HEAD]
    root = click.Context(cli, info_name="ringscope", **cli.context_settings)
    for name, sentence in COMMANDS.items():
        command = cli.get_command(root, name)
        if command is None:
            raise LookupError(name)
        parts.append(f"## {name}\n\n{sentence}\n")
        parts.extend(_block(help_text) for help_text in _helps(command, root, name))
        parts.append(_block("\n".join(EXAMPLES.get(name, ())), "sh"))
    return "\n".join(parts)


def _helps(command: click.Command, parent: click.Context, name: str) -> Iterator[str]:
    """The help of a command and of the commands in it."""
    context = click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH)
    yield command.get_help(context)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                yield from _helps(found, context, inner)


def _block(text: str, language: str = "text") -> str:
    return f"```{language}\n{text}\n```\n"


def settings_page() -> str:
    """Every setting with its default, meaning and reason."""
    top = config.Settings()
    parts = [SETTINGS_HEAD, "## At the top of the file\n", *_table(top)]
    for item in dataclasses.fields(top):
        section = getattr(top, item.name)
        if dataclasses.is_dataclass(section):
            sentence = (inspect.getdoc(type(section)) or "").splitlines()[0]
            parts.extend([f"\n## [{item.name}]\n", f"{sentence}\n", *_table(section)])
    return "\n".join(parts) + "\n"


def _table(section: Any) -> list[str]:
    told = attribute_sentences(type(section))
    rows = ["| setting | default | meaning and reason |", "|---|---|---|"]
    for item in dataclasses.fields(section):
        value = getattr(section, item.name)
        if not dataclasses.is_dataclass(value):
            rows.append(f"| `{item.name}` | {value:,} | {told[item.name]} |")
    return rows


def attribute_sentences(kind: type) -> dict[str, str]:
    """Field -> what its class says about it: in `Attributes:` of the docstring, or in the string behind the field."""
    doc = inspect.getdoc(kind) or ""
    listed = doc.partition("Attributes:\n")[2]
    found = re.findall(r"^    (\w+): (.+?)(?=^    \w+: |\Z)", listed, re.MULTILINE | re.DOTALL)
    told = {name: " ".join(text.split()) for name, text in found}
    body = _class_body(kind)
    for field, behind in itertools.pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(behind, ast.Expr):
            value = behind.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                told[field.target.id] = " ".join(value.value.split())
    return told


def _class_body(kind: type) -> list[ast.stmt]:
    source = Path(inspect.getfile(kind)).read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and node.name == kind.__name__:
            return node.body
    raise LookupError(kind.__name__)


def main() -> None:
    """Write every page."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
