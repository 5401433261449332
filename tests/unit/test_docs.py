"""The documentation can't go stale: pages that repeat the code are what the code gives, and what is named exists."""

from __future__ import annotations

import dataclasses
import importlib.util
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from toolkit import __version__, config
from toolkit.cli.app import COMMANDS, cli
from toolkit.contracts.needs import NEEDS
from toolkit.contracts.results import FINDING_KINDS, SCHEMES

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def _generator() -> ModuleType:
    return script("generate")


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"docs_{name}", ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pages_that_repeat_the_code_are_up_to_date() -> None:
    for path, text in _generator().pages().items():
        assert path.read_text(encoding="utf-8") == text, (
            f"{path.name} is older than the code: run `python docs/generate.py`"
        )


def test_the_excerpt_quotes_a_report_and_adds_no_words() -> None:
    report = (ROOT / "tests" / "golden" / "reports" / "ring.md").read_text(encoding="utf-8")
    said = {_bare(line) for line in report.replace("\\_", "_").splitlines()}
    quoted = script("excerpt").excerpt(report).splitlines()
    assert len(quoted) > 20
    assert all(line.startswith(">") for line in quoted)
    added = [line for line in quoted if not line.endswith("[…]") and _bare(line) not in said]
    assert added == []


def test_the_readme_holds_an_excerpt() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    excerpt = script("excerpt")
    held = page.partition(excerpt.BEGIN)[2].partition(excerpt.END)[0]
    for title in ("What was not observed", "Evidence", "Innocent explanations", "Money"):
        assert f"> **{title}**" in held
    assert "input rows: " in held


def _bare(line: str) -> str:
    """A line without its marks of quotation, heading, list and weight."""
    return re.sub(r"^(> ?)?\s*(#+ |- |\d+\. )?", "", line).replace("**", "").strip()


def test_every_command_is_documented_with_an_example() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(_generator().EXAMPLES) == set(COMMANDS)
    assert [name for name in COMMANDS if f"\n## {name}\n" not in page] == []
    assert [name for name in COMMANDS if f"`ringscope {name}" not in readme] == []


def test_the_changes_speak_of_this_version() -> None:
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_public_python_name_is_documented() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    api = script("api_page")
    for module in api.MODULES:
        for name, value in api.public(module):
            assert f"\n### {name}\n" in page
            assert value.__doc__, f"{module}.{name} has no docstring"
            inner = vars(value) if isinstance(value, type) and value.__module__.startswith("toolkit") else {}
            for member, what in inner.items():
                if member[0] != "_" and (callable(what) or isinstance(what, property)) and member not in _fields(value):
                    assert f"\n#### {name}.{member}\n" in page, f"{name}.{member} has no docstring, or no place"


def _fields(value: object) -> set[str]:
    return {item.name for item in dataclasses.fields(value)} if dataclasses.is_dataclass(value) else set()


def test_the_tutorials_commands_have_their_output() -> None:
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    blocks = list(script("tutorial").BLOCK.finditer(text))
    assert len(blocks) == text.count("<!-- output, ") >= 4
    assert all("```text" in block[0] for block in blocks)


def test_every_setting_is_documented_with_its_reason() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    top = config.Settings()
    sections = [getattr(top, item.name) for item in dataclasses.fields(top)]
    for section in [top, *(part for part in sections if dataclasses.is_dataclass(part))]:
        told = _generator().attribute_sentences(type(section))
        for item in dataclasses.fields(section):
            assert len(told[item.name]) > 20, f"{type(section).__name__}.{item.name} has no sentence"
            assert f"`{item.name}`" in page or f"[{item.name}]" in page


def test_every_test_of_the_program_has_its_paragraph() -> None:
    page = (ROOT / "docs" / "detection.md").read_text(encoding="utf-8")
    assert [need.test for need in NEEDS if f"`{need.test}`" not in page] == []


def test_every_scheme_and_every_kind_of_finding_is_explained() -> None:
    page = (ROOT / "docs" / "detection.md").read_text(encoding="utf-8")
    assert [name for name in (*SCHEMES, *FINDING_KINDS) if f"| `{name}`" not in page] == []


def test_every_page_is_on_the_index() -> None:
    for folder, index in ((ROOT / "docs", "index.md"), (ROOT / "docs" / "decisions", "README.md")):
        listed = (folder / index).read_text(encoding="utf-8")
        missing = [page.name for page in folder.glob("*.md") if page.name != index and f"({page.name})" not in listed]
        assert missing == [], f"name them in {index}"


@EVERY_PAGE
def test_commands_on_the_page_exist_with_their_options(page: Path) -> None:
    for line in _lines_to_type(page.read_text(encoding="utf-8")):
        words = shlex.split(line, comments=True)[1:]
        options = [word.partition("=")[0] for word in words if word.startswith("--")]
        command, known = _command(words)
        assert not [option for option in options if option not in known], f"{page.name}: {line} ({command})"


def _lines_to_type(text: str) -> list[str]:
    fences = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for fence in fences for line in fence.splitlines() if line.startswith("ringscope ")]


def _command(words: list[str]) -> tuple[str, set[str]]:
    """The command that the words call, and the options that it takes."""
    context = click.Context(cli)
    command: click.Command = cli
    known = {name for param in cli.params for name in param.opts}
    path = []
    for word in (word for word in words if not word.startswith("-")):
        if not isinstance(command, click.Group):
            break
        found = command.get_command(context, word)
        assert found is not None, f"there is no command {word}"
        command = found
        path.append(word)
    return " ".join(path), known | {name for param in command.params for name in param.opts} | {"--help", "--version"}


@EVERY_PAGE
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        path, _, heading = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{page.name} leads to {target}, which is not there"
        if heading:
            assert heading in _headings(there), f"{page.name} leads to {target}, a heading that is not there"


def _headings(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@EVERY_PAGE
def test_people_are_not_called_guilty(page: Path) -> None:
    text = page.read_text(encoding="utf-8").lower()
    quoted = re.sub(r'"[^"\n]*"', "", text)
    assert not re.search(r"\b(fraudsters?|culprits?|criminals?|amazon's algorithm)\b", quoted)


@EVERY_PAGE
def test_no_machine_is_named(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"/(work|tmp|home|root|Users)/|file://|localhost:\d", text)
