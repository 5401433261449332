"""The library of queries: headers, names, parameters; and what a checkout or a wheel carries."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import RingscopeError, UsageError
from toolkit.queries import bind, find, iso, library, parse, refuse_files

ROOT = Path(__file__).parents[2]
GOOD = """// name: one
// about: A question.
// param: buyer: text
// param: limit: integer = 5
// returns: n: integer
// cost: little
MATCH (b:Buyer {case_id: $case, id: $buyer}) RETURN count(b) AS n LIMIT $limit
"""


def test_there_are_forty_or_more() -> None:
    assert len(library()) >= 40


@pytest.mark.parametrize("name", sorted(library()))
def test_header_and_text_agree(name: str) -> None:
    query = library()[name]
    used = set(re.findall(r"\$(\w+)", query.text))
    assert used == {item.name for item in query.params} | {"case"}
    returned = query.text[query.text.rindex("RETURN") :]
    for column in query.returns:
        assert re.search(rf"\b{column.name}\b", returned), column.name
    assert query.about.endswith((".", "?"))
    assert "ORDER BY" in query.text or "id: $" in query.text
    assert not re.search(r"\b(CREATE|MERGE|SET|DELETE|LOAD|REMOVE)\b", query.text)
    refuse_files(query.text)


def test_names_are_file_names() -> None:
    files = {path.stem for path in (ROOT / "cypher").glob("*/*.cypher")}
    assert files == set(library())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("// about: A question.\n", ""),
        ("// name: one", "// name: two"),
        ("// returns: n: integer\n", ""),
        ("// cost: little\n", ""),
        ("buyer: text", "buyer: word"),
        (
            "// param: buyer: text\n// param: limit: integer = 5\n// returns: n: integer",
            "// returns: n: integer\n// param: b: text",
        ),
    ],
)
def test_a_header_that_is_off_is_refused(before: str, after: str) -> None:
    parse(GOOD, folder="f", file="one.cypher")
    with pytest.raises(RingscopeError):
        parse(GOOD.replace(before, after), folder="f", file="one.cypher")


def test_binds_types_and_defaults() -> None:
    query = parse(GOOD, folder="f", file="one.cypher")
    assert bind(query, {"buyer": "B1"}) == {"buyer": "B1", "limit": 5}
    assert bind(query, {"buyer": "B1", "limit": "7"}) == {"buyer": "B1", "limit": 7}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "needs buyer"),
        ({"buyer": "x", "limt": "1"}, "no parameter"),
        ({"buyer": "x", "limit": "many"}, "no integer"),
    ],
)
def test_a_wrong_parameter_is_wrong_usage(given: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        bind(parse(GOOD, folder="f", file="one.cypher"), given)


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        find("ring_timelin")
    assert "ring_timeline" in caught.value.todo


def test_times_become_utc() -> None:
    assert iso("2024-03-01T12:00:00+02:00") == "2024-03-01T10:00:00Z"
    assert iso("2024-03-01") == "2024-03-01T00:00:00Z"


@given(st.sampled_from(["LOAD CSV", "load csv", "Load\n\tCsv", "LOAD/**/CSV", "LOAD // x\n CSV"]), st.text(max_size=20))
def test_reading_files_is_refused_wherever_it_stands(words: str, around: str) -> None:
    with pytest.raises(UsageError):
        refuse_files(f"MATCH (n) WITH n, '{around}' AS x {words} FROM 'file:///x' AS l RETURN l")


def test_the_wheel_carries_every_query(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "site")
    listed = "import json, toolkit.queries as q; print(json.dumps([str(q.root()), sorted(q.library())]))"
    # -P keeps the working folder, which may be this checkout, off the path.
    there = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); {listed}"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    where, names = json.loads(there.stdout)
    assert where == str(tmp_path / "site" / "toolkit" / "_cypher")
    assert names == sorted(library())
