"""Decisions are kept, survive a re-run, and a dismissed ring comes back only with new evidence."""

import json

import polars as pl
import pytest

from tests.made_case import make_case, ring_id
from toolkit import dossier
from toolkit.cli.app import run
from toolkit.errors import InputError, UsageError


@pytest.fixture
def case(tmp_path):
    return make_case(tmp_path / "case", rings=3)


def listed(case, capsys, *options):
    capsys.readouterr()
    assert run(["rings", str(case.path), "--json", *options]) == 0
    return [ring["ring_id"] for ring in json.loads(capsys.readouterr().out)]


def test_a_dismissed_ring_is_set_aside_and_listed_on_request(case, capsys):
    assert run(["decide", str(case.path), ring_id(1), "--as", "dismissed", "--note", "a club"]) == 0
    assert listed(case, capsys) == [ring_id(0), ring_id(2)]
    assert listed(case, capsys, "--all") == [ring_id(0), ring_id(1), ring_id(2)]
    made = dossier.read(case, [ring_id(1)]).rings[0].decision
    assert (made.verdict, made.note) == ("dismissed", "a club")


def test_it_comes_back_with_new_evidence_and_says_which(case, capsys):
    assert run(["decide", str(case.path), ring_id(1), "--as", "dismissed"]) == 0
    evidence = case.result("evidence")
    more = evidence.filter(pl.col("evidence_id") == f"{ring_id(1)}-1").with_columns(
        pl.lit("new").alias("evidence_id"), pl.lit("refunds").alias("test")
    )
    case.write_result("evidence", pl.concat([evidence, more]))
    assert ring_id(1) in listed(case, capsys)
    assert dossier.read(case, [ring_id(1)]).rings[0].new_evidence == ("new",)


def test_the_same_evidence_under_other_ids_is_not_new(case):
    assert run(["decide", str(case.path), ring_id(1), "--as", "dismissed"]) == 0
    case.write_result("evidence", case.result("evidence").with_columns(pl.col("evidence_id") + "-again"))
    assert dossier.read(case, [ring_id(1)]).rings[0].new_evidence == ()


def test_a_ring_of_the_same_members_under_another_id_is_recognised(case):
    assert run(["decide", str(case.path), ring_id(1), "--as", "watched"]) == 0
    for name in ("rings", "members", "evidence", "targets"):
        renamed = pl.col("ring_id").replace({ring_id(1): "0123456789ab"})
        case.write_result(name, case.result(name).with_columns(renamed))
    assert dossier.read(case, ["0123456789ab"]).rings[0].decision.verdict == "watched"
    assert dossier.read(case, [ring_id(0)]).rings[0].decision is None


def test_the_last_decision_counts_and_none_is_lost(case):
    for verdict in ("watched", "confirmed"):
        assert run(["decide", str(case.path), ring_id(0), "--as", verdict]) == 0
    assert dossier.read(case, [ring_id(0)]).rings[0].decision.verdict == "confirmed"
    assert len((case.path / dossier.DECISIONS).read_text(encoding="utf-8").splitlines()) == 2


def test_decisions_saved_from_the_pages(case, tmp_path):
    saved = tmp_path / "decisions.json"
    wanted = [{"ring_id": ring_id(0), "as": "confirmed", "note": "seen\nit"}, {"ring_id": ring_id(2), "as": "watched"}]
    saved.write_text(json.dumps({"decisions": wanted}), encoding="utf-8")
    assert run(["decide", str(case.path), "--from", str(saved)]) == 0
    assert [ring.decision and ring.decision.verdict for ring in dossier.read(case).rings] == [
        "confirmed",
        None,
        "watched",
    ]


@pytest.mark.parametrize("text", ["", "[]", '{"decisions": [{"ring_id": "x", "as": "guilty"}]}', '{"decisions": 3}'])
def test_a_broken_file_from_the_pages_is_refused(case, tmp_path, text, capsys):
    (tmp_path / "bad.json").write_text(text, encoding="utf-8")
    assert run(["decide", str(case.path), "--from", str(tmp_path / "bad.json")]) == 3
    assert "decisions" in capsys.readouterr().err


def test_half_a_call_is_refused(case):
    assert run(["decide", str(case.path), ring_id(0)]) == 2
    assert run(["decide", str(case.path), "zzz", "--as", "watched"]) == 2
    with pytest.raises(UsageError):
        dossier.decide(case, "x", "guilty", "", members=(), evidence=())


def test_a_damaged_line_is_named(case):
    (case.path / dossier.DECISIONS).write_text('{"ring_id": "a", "as": "watched"}\nnonsense\n', encoding="utf-8")
    with pytest.raises(InputError) as raised:
        dossier.read(case)
    assert "line 2" in raised.value.where


@pytest.mark.parametrize("line", [b'{"ring_id": "a", "as": "guilty"}', b'{"ring_id": "a"}', b"\xff", b"[]"])
def test_a_line_that_decides_nothing_is_named(case, line):
    (case.path / dossier.DECISIONS).write_bytes(line + b"\n")
    with pytest.raises(InputError, match="a decision can't be read"):
        dossier.read(case)


def test_a_lead_that_was_decided_on_is_told_however_many_leads_there_are(tmp_path):
    case = make_case(tmp_path / "case", rings=12)
    leads = [ring for ring in dossier.read(case).rings if ring.tier == "lead"]
    weakest = leads[-1]
    dossier.decide(case, weakest.ring_id, "watched", "", members=[one.buyer_id for one in weakest.members], evidence=[])
    told = [ring.ring_id for ring in dossier.read(case, most_leads=1).rings if ring.tier == "lead"]
    assert weakest.ring_id in told
    assert len(told) < len(leads)
