"""The library of queries: headers, names, parameters; and what a checkout or a wheel carries."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import kglite
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


FROM = "FROM 'file:///x' AS l"
REFUSED = [
    f"LOAD CSV {FROM} RETURN l",
    f"`LOAD` CSV {FROM} RETURN l",  # the embedded engine takes a quoted keyword for the keyword
    f"`load` /* x */ `csv` {FROM} RETURN l",
    f"LOAD/* a */ // b\r CSV {FROM} RETURN l",
    f"LOAD\u00a0CSV {FROM} RETURN l",
    f"LoAd\n\n\tcSv WITH HEADERS {FROM} RETURN l",
    f"CALL {{ LOAD CSV {FROM} RETURN l }} RETURN l",
    f"MATCH (n) CALL (n) {{ LOAD CSV {FROM} RETURN l }} RETURN l",
    f"MATCH (n) WHERE EXISTS {{ LOAD CSV {FROM} RETURN l }} RETURN n.id",
    f"PROFILE LOAD CSV {FROM} RETURN l",
    f"RETURN 1 AS x UNION LOAD CSV {FROM} RETURN l AS x",
    f"WITH '/*' AS a LOAD CSV {FROM} RETURN l",
    "\\u004cOAD CSV FROM 'file:///x' AS l RETURN l",
    "CALL db.labels()",
    "call/**/db.labels() YIELD label RETURN label",
    "CALL /* { */ db.labels() YIELD label RETURN label",
    "CALL // (\n db.labels() YIELD label RETURN label",
    "`CALL` db.labels()",
    "CALL `apoc`.`load`.`json`('file:///x') YIELD value RETURN value",
    "RETURN apoc.cypher.runFirstColumnSingle('LO' + 'AD C' + 'SV', {}) AS x",
    "RETURN `apoc` . cypher /* x */ (1) AS x",
    "RETURN gds.graph.project('g', 1, 2) AS x",
    "RETURN genai.vector.encode('text', 'OpenAI', {}) AS x",
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_could_read_a_file_or_reach_out_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="may not use"):
        refuse_files(text)


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (b:Buyer {id: $call}) CALL (b) { MATCH (b)-->(x) RETURN count(x) AS n } RETURN n",
        "MATCH (b) CALL { WITH b RETURN b.id AS i } RETURN i",
        "RETURN duration.inDays(date($a), date($b)).days AS days, datetime.truncate('day', $a) AS day",
        "MATCH (n) WHERE n.recall IN [1.5, 2] AND (n.id = 'x') RETURN n.call AS c",
        "MATCH (n) RETURN n.download AS d",
    ],
)
def test_what_only_asks_is_let_through(text: str) -> None:
    refuse_files(text)


@pytest.mark.parametrize("before", ["", "`", "1", "/**/"])
@pytest.mark.parametrize("between", [" ", "` ", " `", "\r", "\x0b", "\u2028", "\ufeff", "/* */", "//\r", "--\n", "#\n"])
def test_the_embedded_engine_reads_no_file_that_gets_by(before: str, between: str, tmp_path: Path) -> None:
    """Runs each spelling on the engine itself: whatever it takes for LOAD CSV has to be refused before."""
    (tmp_path / "rows.csv").write_text("seen\n", encoding="utf-8")
    engine = kglite.open(str(tmp_path / "g.kgl"), durable="off")
    text = f"{before}LOAD{between}CSV FROM 'file://{tmp_path / 'rows.csv'}' AS l RETURN l[0] AS x"
    try:
        read = "seen" in engine.cypher(text).column("x")
    except kglite.KgError:
        read = False
    if read:
        with pytest.raises(UsageError):
            refuse_files(text)
    else:
        assert "seen" in engine.cypher(f"LOAD CSV FROM 'file://{tmp_path / 'rows.csv'}' AS l RETURN l[0] AS x").column(
            "x"
        )


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
