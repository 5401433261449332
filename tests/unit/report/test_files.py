"""What each format says, and that hostile text does no harm in any."""

import csv
import html.parser
import json
import re
import zipfile
from dataclasses import replace

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made_case import HOSTILE, hostile, make_case, ring_id
from tests.unit.report.validator import errors
from toolkit import dossier, report
from toolkit.contracts.naming import digest_stem, file_stem
from toolkit.contracts.report import Row, SellerCase, cases_of_sellers
from toolkit.errors import UsageError
from toolkit.report import schema
from toolkit.report.grounds import grounds
from toolkit.report.markdown import escaped
from toolkit.report.tables import cell

ALL = tuple(report.FORMATS)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain")
    case = make_case(folder / "case", rings=5, members=8)
    report.write(case, folder / "out", formats=ALL)
    return folder / "out"


def test_markdown_text_turns_no_direction_and_moves_no_cursor():
    assert escaped("a\u202egnp.exe\u2066b\x9b2Jc\x1b[2Jd") == "a\ufffdgnp.exe\ufffdb\ufffd2Jc \\[2Jd"


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("attacked")
    case = make_case(folder / "case", rings=5, members=14, name=hostile, text=lambda n: HOSTILE[n % len(HOSTILE)])
    report.write(case, folder / "out", formats=ALL)
    return folder / "out"


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_every_row_of_evidence_is_exported(plain):
    rows = read(plain / "evidence_rows.csv")
    told = {row[0]: int(row[-1]) for row in read(plain / "evidence.csv")[1:]}
    assert len(rows) - 1 == sum(told.values())
    assert {"events.csv", "sellers.csv", "money.csv"} <= {path.name for path in plain.iterdir()}


def test_csv_runs_no_formula(attacked):
    for path in attacked.glob("*.csv"):
        for row in read(path):
            assert not [one for one in row if one.startswith(("=", "+", "@", "\t", "\r")) or "\x00" in one]


@given(st.text())
def test_a_cell_is_never_a_formula(text):
    assert not cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_numbers_stay_numbers():
    assert cell(-1.5) == "-1.5"
    assert cell(-3) == "-3"


@given(st.text())
def test_markdown_text_is_inert(text):
    made = escaped(text)
    assert "<" not in made
    assert "\n" not in made
    assert not re.search(r"(?<!\\)[\[\]`|*]", made.replace("\\\\", ""))


def test_no_file_name_comes_from_the_input(attacked):
    names = {path.name for path in attacked.rglob("*")}
    assert all(re.fullmatch(r"[a-z0-9_-]+(\.[a-z]+)?", name) for name in names)
    assert file_stem("../x") == digest_stem("../x")
    assert file_stem("r_0a") == "r_0a"


def test_json_keeps_its_schema(plain, attacked):
    for folder in (plain, attacked):
        for path in (folder / "rings").glob("*.json"):
            assert errors(json.loads(path.read_text(encoding="utf-8")), schema.ring_schema()) == []
        assert errors(json.loads((folder / "case.json").read_text(encoding="utf-8")), schema.case_schema()) == []


def test_the_validator_notices():
    told = {"report_version": 2}
    assert errors(told, schema.ring_schema())


def test_the_committed_schema_is_the_data(plain):
    for name, text in schema.texts().items():
        assert (schema.FOLDER / name).read_text(encoding="utf-8") == text


def test_spreadsheet_holds_text_as_text(attacked):
    with zipfile.ZipFile(attacked / "case.xlsx") as book:
        for name in book.namelist():
            if "worksheets" in name:
                text = book.read(name).decode("utf-8")
                assert "<f>" not in text
                assert "hyperlink" not in text


def test_graphml_can_be_read_back(plain, attacked):
    for folder, members in ((plain, 40), (attacked, 70)):
        graph = nx.read_graphml(folder / "rings.graphml", force_multigraph=True)
        assert sum(data["label"] == "Buyer" for _, data in graph.nodes(data=True)) == members
        assert sum(data["kind"] == "MEMBER_OF" for *_, data in graph.edges(data=True)) == members


class Harmless(html.parser.HTMLParser):
    """Collects tags and handlers."""

    def __init__(self):
        super().__init__()
        self.tags = set()
        self.attributes = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


def test_a_statement_of_reasons_is_text_alone(attacked):
    for path in (attacked / "sellers").glob("*.html"):
        seen = Harmless()
        seen.feed(path.read_text(encoding="utf-8"))
        assert not seen.tags & {"script", "img", "a", "iframe", "form"}
        assert not [name for name in seen.attributes if name.startswith("on")]


def test_a_statement_of_reasons_names_neither_buyers_nor_other_sellers(plain):
    text = (plain / "sellers" / f"{digest_stem('s00000')}.md").read_text(encoding="utf-8")
    assert "s00000" in text
    assert not re.search(r"\b[bpuv]\d{5}\b|s00001|l00003", text)
    for part in (
        "l00000",
        "r00000",
        "150.00 USD",
        "Automated means",
        "How to contest",
        "Rules it may touch",
        "Not observed",
    ):
        assert part.replace("150.00", "120.00") in text


def test_a_ground_counts_the_rows_that_it_does_not_list(tmp_path):
    case = make_case(tmp_path / "case", rings=1, members=8)
    seller = cases_of_sellers(dossier.read(case))[0]
    ground = grounds(seller)[0]
    assert {row.table for row in ground.rows} == {"orders", "reviews"}
    assert ground.other_rows == {"account_links": 1, "redemptions": 8}


def test_same_case_same_bytes(tmp_path):
    case = make_case(tmp_path / "case", rings=3, members=8)
    for name in ("one", "two"):
        report.write(case, tmp_path / name, formats=ALL)
    for path in (tmp_path / "one").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes(), path.name


def test_only_the_wanted_rings(tmp_path):
    case = make_case(tmp_path / "case", rings=3)
    report.write(case, tmp_path / "out", formats=["md"], rings=[ring_id(1)])
    assert [path.stem for path in (tmp_path / "out" / "rings").iterdir()] == [ring_id(1)]


def test_no_statement_for_a_seller_whom_the_wanted_rings_do_not_concern(tmp_path):
    case = make_case(tmp_path / "case", rings=3)
    concerned = dossier.read(case, [ring_id(1)]).rings[0].sellers
    report.write(case, tmp_path / "out", formats=["reasons"], rings=[ring_id(1)])
    told = {path.stem for path in (tmp_path / "out" / "sellers").iterdir()}
    assert told
    assert told <= {digest_stem(seller) for seller in concerned}
    assert len(told) < len(cases_of_sellers(dossier.read(case)))


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path):
    case = make_case(tmp_path / "case", rings=1)
    with pytest.raises(UsageError):
        report.write(case, tmp_path / "out", formats=["csv", "docx"])
    assert not (tmp_path / "out").exists()


def _decided(tmp_path, verdict):
    """The sellers' statements of a case whose first ring and first lead were decided so."""
    case = make_case(tmp_path / "case", rings=3, members=6)
    read = {ring.tier: ring for ring in dossier.read(case).rings}
    for ring in (read["strong"], read["lead"]):
        dossier.decide(case, ring.ring_id, verdict, "", members=[], evidence=map(dossier.fingerprint, ring.evidence))
    book = dossier.read(case)
    return {seller.seller_id: [one.title for one in grounds(seller)] for seller in cases_of_sellers(book)}, book, case


def test_leads_and_dismissed_rings_are_no_grounds(tmp_path):
    held, book, _ = _decided(tmp_path, "dismissed")
    titles = {ring.tier: (ring.sellers[0], ring.wording.title) for ring in book.rings}
    assert titles["strong"][1] not in held[titles["strong"][0]]
    assert titles["lead"][1] not in held[titles["lead"][0]]
    assert titles["moderate"][1] in held[titles["moderate"][0]]


def test_a_confirmed_lead_is_a_ground_and_says_who_looked(tmp_path):
    held, book, case = _decided(tmp_path, "confirmed")
    lead = next(ring for ring in book.rings if ring.tier == "lead")
    assert lead.wording.title in held[lead.sellers[0]]
    report.write(case, tmp_path / "out", formats=["reasons"])
    text = (tmp_path / "out" / "sellers" / f"{digest_stem(lead.sellers[0])}.md").read_text(encoding="utf-8")
    assert "A person marked this ground as confirmed on" in text


def test_a_ground_leaves_out_what_is_about_other_shops_alone(tmp_path):
    ring = dossier.read(make_case(tmp_path / "case", rings=1, members=6)).rings[0]
    abroad = replace(ring.targets[0], seller_id="other")
    split = replace(ring, targets=(abroad, *ring.targets[1:]))
    rows = [event for event in ring.events if event.thing_id == abroad.listing_id and event.table == "reviews"]
    proof = replace(
        ring.evidence[0],
        evidence_id="elsewhere",
        statement="reviews of one listing elsewhere",
        listing_id=None,
        rows=tuple(Row(event.table, event.id) for event in rows),
    )
    case = SellerCase(ring.targets[1].seller_id, (replace(split, evidence=(proof, *ring.evidence)),), (), ())
    assert not any("elsewhere" in fact for fact in grounds(case)[0].facts)


def test_steps_and_rules_are_written_out_once(plain):
    text = (plain / "sellers" / f"{digest_stem('s00000')}.md").read_text(encoding="utf-8")
    assert text.count("Your rights: how to contest") == 1
    listed = text[text.index("## Rules\n") : text.index("## Your rights")]
    named = re.findall(r"^\d+\. (.+?) \(", listed, re.MULTILINE)
    assert len(named) == len(set(named)) > 0


def test_leads_beyond_the_first_are_told_in_tables_as_if_they_had_a_dossier(tmp_path):
    case = make_case(tmp_path / "case", rings=12, members=8)
    whole, cut = dossier.read(case), dossier.read(case, most_leads=1)
    assert [ring.tier for ring in cut.rings].count("lead") == 1
    assert cut.untold == [ring.tier for ring in whole.rings].count("lead") - 1 > 1
    for book, name in ((whole, "whole"), (cut, "cut")):
        report.write(case, tmp_path / name, formats=("csv", "md"), book=book)
    for table in ("rings", "members", "targets", "evidence", "evidence_rows", "explanations", "money", "findings"):
        told, held = ((tmp_path / name / f"{table}.csv").read_bytes() for name in ("cut", "whole"))
        assert told == held, table
    assert f"{cut.untold} weaker leads" in (tmp_path / "cut" / "rings.md").read_text(encoding="utf-8")
    assert "weaker leads" not in (tmp_path / "whole" / "rings.md").read_text(encoding="utf-8")
