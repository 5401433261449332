"""Plug-ins: found by entry points of an installed package, guarded, refused, recorded, and at work in a case."""

from __future__ import annotations

import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.made_case import make_case
from toolkit import dossier, plugins
from toolkit.case import Case
from toolkit.cli.app import run
from toolkit.config import Settings
from toolkit.contracts.wording import wording
from toolkit.errors import PluginError
from toolkit.pipeline import investigate
from toolkit.registry import STORES, open_store
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market
from toolkit.simulate.writer import write

if TYPE_CHECKING:
    from collections.abc import Callable

    Install = Callable[..., None]

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / "examples" / "plugin" / "top_ratings.py").read_text(encoding="utf-8")
TEST = (
    "from toolkit.contracts.plugins import Test\n"
    "IT = Test(name={name!r}, about='', family={family!r}, voice='behaviour', statement={statement!r}, "
    "judge={judge}, rows=lambda scope, keys: keys)\n"
)


def a_test(name: str = "x_t", family: str = "target", statement: str = "s", judge: str = "lambda scope: 1 / 0") -> str:
    return TEST.format(name=name, family=family, statement=statement, judge=judge)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Writes a package of one module as an installer would, and takes it away again."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    known = set(sys.modules)

    def _install(module: str, code: str, group: str, name: str = "it", value: str = "IT", version: str = "1.2") -> None:
        for old in site.glob(f"{module}-*.dist-info"):
            shutil.rmtree(old)
        sys.modules.pop(module, None)
        (site / f"{module}.py").write_text(code, encoding="utf-8")
        info = site / f"{module}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: {version}\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[{group}]\n{name} = {module}:{value}\n", encoding="utf-8")

    yield _install
    for name in set(sys.modules) - known:
        if getattr(sys.modules[name], "__file__", None) and str(site) in str(sys.modules[name].__file__):
            del sys.modules[name]


@pytest.mark.usefixtures("install")
def test_without_packages_there_is_nothing_extra() -> None:
    assert plugins.extra()[1] == []


@pytest.mark.parametrize(
    ("code", "group", "said"),
    [
        ("raise OSError('no disk')", "ringscope.tests", "it can't be loaded: OSError: no disk"),
        ("import no_such_thing", "ringscope.tests", "it can't be loaded: ModuleNotFoundError"),
        ("THAT = 1", "ringscope.tests", "it can't be loaded: AttributeError"),
        ("IT = 7", "ringscope.views", "it is a int, not a toolkit.contracts.plugins.View"),
        (a_test("f4_listing_ordered"), "ringscope.tests", "does not begin with x_"),
        (a_test("X Y"), "ringscope.tests", "is not of lower-case letters"),
        (a_test(family="astrology"), "ringscope.tests", "its family 'astrology' is none of: gift_card"),
        (a_test(statement="{buyer}"), "ringscope.tests", "its statement has places other than"),
    ],
)
def test_a_broken_one_is_refused_by_package_and_entry_point(install: Install, code: str, group: str, said: str) -> None:
    install("broken_one", code, group)
    with pytest.raises(PluginError) as caught:
        plugins.load(group)
    text = str(caught.value)
    assert said in text
    assert "package broken_one 1.2" in text
    assert f"entry point it = broken_one:IT in group {group}" in text
    assert "pip uninstall broken_one" in text
    assert len(text.splitlines()) <= 5


def test_the_command_shows_no_traceback(install: Install, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install("broken_one", "1 / 0", "ringscope.tests")
    (tmp_path / "data").mkdir()
    text = "order_id,buyer_id,listing_id,ordered_at\no1,b1,l1,2026-01-01\n"
    (tmp_path / "data" / "orders.csv").write_text(text, encoding="utf-8")
    assert run(["investigate", str(tmp_path / "data"), "--out", str(tmp_path / "case"), "--quiet"]) == 1
    said = capsys.readouterr().err
    assert "plug-in 'it' of package broken_one 1.2: it can't be loaded: ZeroDivisionError" in said
    assert "Traceback" not in said


def test_two_of_one_name_are_refused(install: Install) -> None:
    install("first_one", a_test(), "ringscope.tests")
    install("second_one", a_test(), "ringscope.tests")
    with pytest.raises(PluginError, match=r"its name 'x_t' is taken by first_one 1\.2"):
        plugins.load("ringscope.tests")


@pytest.mark.parametrize(
    ("code", "group", "load", "name"),
    [
        ("Format('csv', '', print)", "ringscope.reports", lambda: plugins.formats(("csv",)), "csv"),
        ("Store('neo4j', '', print)", "ringscope.stores", lambda: plugins.stores(STORES), "neo4j"),
    ],
)
def test_our_own_names_are_taken(
    install: Install, code: str, group: str, load: Callable[[], object], name: str
) -> None:
    install("usurper", f"from toolkit.contracts.plugins import *\nIT = {code}", group)
    with pytest.raises(PluginError, match=f"its name '{name}' is taken by ringscope itself"):
        load()


def test_a_function_that_fails_or_gives_the_wrong_frame_is_named(install: Install) -> None:
    install("failing", a_test(), "ringscope.tests")
    (plugin,) = plugins.load("ringscope.tests")
    with pytest.raises(PluginError, match=r"package failing 1\.2: its function `judge` failed: ZeroDivisionError"):
        plugin.value.judge(None)
    with pytest.raises(PluginError, match=r"its function `rows` failed: ColumnNotFoundError"):
        plugin.value.rows(None, pl.DataFrame({"key": ["k"]}))


def test_another_version_or_another_file_is_another_plug_in(install: Install) -> None:
    install("changing", a_test(), "ringscope.tests", version="1.0")
    first = plugins.extra()[1]
    install("changing", a_test(), "ringscope.tests", version="1.1")
    second = plugins.extra()[1]
    install("changing", a_test(statement="edited"), "ringscope.tests", version="1.1")
    third = plugins.extra()[1]
    assert [one["package"] for one in (*first, *second, *third)] == ["changing 1.0", "changing 1.1", "changing 1.1"]
    assert first[0]["digest"] == second[0]["digest"] != third[0]["digest"]


def test_a_report_format_is_written(install: Install, tmp_path: Path) -> None:
    code = (
        "from toolkit.contracts.plugins import Format\n"
        "def write(book, out):\n"
        "    out.mkdir(parents=True, exist_ok=True)\n"
        "    (out / 'count.txt').write_text(str(len(book.rings)))\n"
        "    return [out / 'count.txt']\n"
        "IT = Format('count', 'How many rings.', write)\n"
    )
    install("counting", code, "ringscope.reports")
    make_case(tmp_path / "case", rings=3)
    assert run(["report", str(tmp_path / "case"), "--format", "count,csv", "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "count.txt").read_text(encoding="utf-8") == "3"
    assert (tmp_path / "out" / "rings.csv").exists()
    assert run(["report", str(tmp_path / "case"), "--format", "cuont", "--out", str(tmp_path / "out")]) == 2


def test_a_store_is_asked(install: Install, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = (
        "from toolkit.contracts.plugins import Store\n"
        "from toolkit.registry import EMBEDDED_NAME, embedded\n"
        "def open_it(case, flags, progress):\n"
        "    return embedded(case, progress), EMBEDDED_NAME\n"
        "IT = Store('mine', 'The embedded store under another name.', open_it)\n"
    )
    install("storing", code, "ringscope.stores")
    make_case(tmp_path / "case", rings=2)
    assert run(["query", str(tmp_path / "case"), "ring_list", "--store", "mine", "--csv", "--quiet"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    with pytest.raises(Exception, match="use one of: embedded, neo4j, mine"):
        open_store("yours", Case(tmp_path / "case"))


VIEW_AND_SCHEME = """
import polars as pl
from toolkit.contracts.links import LINKS
from toolkit.contracts.plugins import Scheme, View
from toolkit.contracts.report import Wording

CALLS = []

def find(market):
    CALLS.append(market.size("buyer"))
    return pl.DataFrame({"left": [0], "right": [1], "view": ["?"], "weight": [0.5], "observed": [None],
                         "expected": [None], "surprise": [None]}, schema=LINKS)

VIEW = View("x_pair", "The first two buyers.", find)
WORDS = Wording("Well rated ring", "Best ratings, together.", ("Why they rated so.",), ("Look.",), ("Say why.",))
SCHEME = Scheme("x_rated", "consistent with ratings that were asked for", WORDS, (("x_top_ratings",),))
"""


@pytest.mark.slow
def test_the_example_and_a_view_and_a_scheme_work_in_a_case(install: Install, tmp_path: Path) -> None:
    data = tmp_path / "data"
    write(simulate(Market(orders=20_000, rings=4, seed=11)), data, form="parquet")
    plain = investigate(data, tmp_path / "case", Settings(), say=lambda _: None)
    assert plain.manifest()["plugins"] == []
    before = plain.result("evidence")
    install("top_ratings", EXAMPLE, "ringscope.tests", "top_ratings", "TOP_RATINGS")
    install("rated", VIEW_AND_SCHEME, "ringscope.views", "pair", "VIEW")
    entry_points = "[ringscope.views]\npair = rated:VIEW\n[ringscope.schemes]\nrated = rated:SCHEME\n"
    (tmp_path / "site" / "rated-1.2.dist-info" / "entry_points.txt").write_text(entry_points, "utf-8")
    case = investigate(data, tmp_path / "case", Settings(), say=lambda _: None)  # judged anew: they are in the key
    told = {(one["group"], one["name"], one["package"]) for one in case.manifest()["plugins"]}
    assert told == {
        ("ringscope.tests", "x_top_ratings", "top_ratings 1.2"),
        ("ringscope.views", "x_pair", "rated 1.2"),
        ("ringscope.schemes", "x_rated", "rated 1.2"),
    }
    assert len(sys.modules["rated"].CALLS) == 1
    found = case.result("evidence").filter(pl.col("test") == "x_top_ratings")
    assert found.height > 0
    assert before.filter(pl.col("test") == "x_top_ratings").height == 0
    assert found["statement"].str.contains("ratings by members on the ring's listings are the best there is").all()
    named = [ring for ring in dossier.read(case).rings if ring.scheme == "x_rated"]
    assert named
    assert all("consistent with ratings that were asked for" in ring.summary for ring in named)
    assert asdict(named[0].wording)["title"] == "Well rated ring"
    assert named[0].not_observed[0] == "Why they rated so."
    _rows_are_best_ratings(case, found)


def _rows_are_best_ratings(case: Case, found: pl.DataFrame) -> None:
    """Each cited row is a best rating by a member of that ring, and there are as many as the sentence says."""
    cited = found.select("ring_id", "statement", "rows").explode("rows").unnest("rows")
    assert cited["table"].unique().to_list() == ["reviews"]
    reviews = case.table("reviews").select("review_id", "buyer_id", "rating").collect()
    joined = cited.join(reviews, left_on="id", right_on="review_id")
    assert joined.height == cited.height
    assert (joined["rating"] == 5).all()
    assert joined.join(case.result("members"), on=["ring_id", "buyer_id"], how="anti").height == 0
    counts = cited.group_by("ring_id", "statement").len()
    assert all(statement.startswith(f"{count} of ") for _, statement, count in counts.iter_rows())


def test_a_scheme_without_its_plug_in_is_told_in_plain_words() -> None:
    assert wording("x_gone").title == wording("unclassified").title
