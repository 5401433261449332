"""Every result of a case reaches the files."""

import csv
import json
import tomllib
from pathlib import Path

from tests.made_case import hostile, make_case, ring_id
from toolkit.cli.app import run
from toolkit.contracts import policy


def test_report_writes_a_page_and_a_text_per_ring(tmp_path):
    make_case(tmp_path / "case", rings=3)
    assert run(["report", str(tmp_path / "case"), "--out", str(tmp_path / "out")]) == 0
    for name in ("index.html", "rings.csv", "members.csv", f"rings/{ring_id(1)}.html", f"rings/{ring_id(1)}.md"):
        assert (tmp_path / "out" / name).is_file()
    assert "0.4 expected by chance" in (tmp_path / "out" / "rings" / f"{ring_id(1)}.md").read_text(encoding="utf-8")


def test_hostile_ids_stay_inside_the_folder_and_harmless(tmp_path):
    make_case(tmp_path / "case", rings=14, name=hostile)
    assert run(["report", str(tmp_path / "case"), "--out", str(tmp_path / "out")]) == 0
    assert {path.suffix for path in (tmp_path / "out").rglob("*") if path.is_file()} == {
        ".html",
        ".md",
        ".csv",
        ".json",
    }
    with (tmp_path / "out" / "members.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    for page in (tmp_path / "out").rglob("*.html"):
        assert "<script>window" not in page.read_text(encoding="utf-8")


def test_unknown_ring_ends_with_two_and_the_nearest(tmp_path, capsys):
    make_case(tmp_path / "case", rings=2)
    assert run(["ring", str(tmp_path / "case"), "9e3779b0"]) == 2
    assert "9e3779b1" in capsys.readouterr().err


def test_rings_as_json(tmp_path, capsys):
    make_case(tmp_path / "case", rings=2)
    assert run(["rings", str(tmp_path / "case"), "--json", "--tier", "strong"]) == 0
    assert [ring["ring_id"] for ring in json.loads(capsys.readouterr().out)] == [ring_id(0)]


def test_own_clauses_are_shown(tmp_path):
    make_case(tmp_path / "case", rings=1)
    ours = (Path(policy.__file__).with_name("policy.toml")).read_text(encoding="utf-8")
    entry = tomllib.loads(ours)["clause"][0]
    own = {
        **entry,
        "id": "house-rule",
        "title": "The rule of our house",
        "applies_to": ["gift_card_cashback"],
        "countries": [],
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in own.items()]
    (tmp_path / "own.toml").write_text("\n".join(['version = "x"', "[[clause]]", *lines]), encoding="utf-8")
    call = ["report", str(tmp_path / "case"), "--out", str(tmp_path / "out"), "--format", "html,md"]
    assert run([*call, "--policy", str(tmp_path / "own.toml")]) == 0
    for ending in ("html", "md"):
        assert "The rule of our house" in (tmp_path / "out" / "rings" / f"{ring_id(0)}.{ending}").read_text(
            encoding="utf-8"
        )


def test_an_unknown_format_is_refused(tmp_path):
    make_case(tmp_path / "case", rings=1)
    assert run(["report", str(tmp_path / "case"), "--out", str(tmp_path / "out"), "--format", "html,docx"]) == 2
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_no_case_is_refused(tmp_path, capsys):
    assert run(["rings", str(tmp_path)]) == 3
    assert "investigate" in capsys.readouterr().err
