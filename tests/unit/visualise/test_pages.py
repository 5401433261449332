"""Pages as text: the policy allows exactly what is inlined, nothing ends a script early, our scripts keep the rules."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit.visualise
from tests.made_case import HOSTILE, hostile, make_case
from toolkit import dossier, visualise
from toolkit.contracts.report import LinkedSeller, SellerGroup, SellerTie
from toolkit.visualise import ring_page
from toolkit.visualise.overview_page import overview_page
from toolkit.visualise.page import inlinable, json_block

FOLDER = Path(toolkit.visualise.__file__).parent
BUNDLE = FOLDER / "bundle"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    case = make_case(folder / "case", rings=4, members=14, name=hostile, text=lambda n: HOSTILE[n % len(HOSTILE)])
    return visualise.write(case, folder / "out")


def test_the_policy_allows_exactly_the_scripts(written):
    for path in written:
        text = path.read_text(encoding="utf-8")
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text).group(1)
        policy = policy.replace("&#39;", "'")
        bodies = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
        digests = [base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in bodies]
        assert re.findall(r"'sha256-([^']+)'", policy) == digests
        assert policy.startswith("default-src 'none'")
        assert "unsafe-eval" not in policy
        assert text.index("Content-Security-Policy") < text.index("<script")
        markup = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
        assert re.findall(r"<script[^>]*>", markup) == ['<script type="application/json" id="data">']
        assert not [body for body in bodies if "<!--" in body]  # with `<script` it would swallow what follows


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_the_data_block_can_not_be_left(data):
    block = str(json_block(data))
    assert not set(block) & set("<>&\u2028\u2029")
    assert json.loads(block) == data


def test_nan_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_block([float("nan")])


def test_a_script_that_would_end_itself_is_refused():
    with pytest.raises(ValueError, match="end its own element"):
        inlinable("var a = '</SCRIPT>'", "x.js")
    assert inlinable("a\r\nb\rc", "x.js") == "a\nb\nc"


@pytest.mark.parametrize("path", sorted((FOLDER / "assets").glob("*.js")), ids=lambda path: path.name)
def test_our_scripts_write_text_only_and_ask_for_nothing(path):
    text = path.read_text(encoding="utf-8")
    banned = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|srcdoc"
    banned += (
        r"|fetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|https?://(?!www\.w3\.org/2000/svg)"
    )
    assert re.findall(banned, text) == []


def test_the_bundle_is_the_one_of_the_manifest():
    manifest = json.loads((BUNDLE / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["sha256"].items():
        assert hashlib.sha256((BUNDLE / name).read_bytes()).hexdigest() == digest
    wanted = json.loads((BUNDLE / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert {name: version for name, version in wanted.items() if name != "esbuild"}.items() <= manifest[
        "packages"
    ].items()
    lock = (BUNDLE / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock
    assert "http" not in lock
    licences = (BUNDLE / "LICENSES.txt").read_text(encoding="utf-8")
    assert all(f"{name} {version}\n" in licences for name, version in manifest["packages"].items())


def test_vis_network_is_the_one_that_was_looked_at():
    assert ring_page.vis_digest() == "5ae42dfb3ea3fc7bcc4a71817d77c23fd3b52ed86382f0c887fbedda214a9585"


def test_same_case_same_bytes(tmp_path):
    case = make_case(tmp_path / "case", rings=3, members=8)
    one, two = visualise.write(case, tmp_path / "one"), visualise.write(case, tmp_path / "two")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_long_lists_say_how_many_more_and_where(tmp_path):
    case = make_case(tmp_path / "case", rings=1, members=160)
    text = visualise.write(case, tmp_path / "out")[1].read_text(encoding="utf-8")
    assert "360 more rows are not on this page" in text  # 480 orders are cited, 120 are listed
    assert "evidence_rows.csv" in text


def test_leads_beyond_the_limit_have_no_page_but_a_row(tmp_path):
    case = make_case(tmp_path / "case", rings=9, members=4)
    written = visualise.write(case, tmp_path / "out", most_leads=1)
    assert len(written) == 1 + 6 + 1
    text = written[0].read_text(encoding="utf-8")
    assert text.count('<tr id="row-') == 9
    assert len(set(re.findall(r'href="rings/(\w+)\.html"', text))) == 7


def test_the_overview_says_how_many_leads_are_in_the_tables_alone(tmp_path):
    case = make_case(tmp_path, rings=12)
    book = dossier.read(case, most_leads=1)
    page = overview_page(book, frozenset())
    assert f"{book.untold} weaker leads" in page
    assert page.count("data-ring=") == len(book.rings)
    assert 'id="untold"' not in overview_page(dossier.read(case), frozenset())


def test_a_decision_and_what_is_new_since_then_are_shown(tmp_path):
    case = make_case(tmp_path / "case", rings=2, members=5)
    ring = dossier.read(case).rings[0]
    kept = [dossier.fingerprint(one) for one in ring.evidence[1:]]
    dossier.decide(case, ring.ring_id, "dismissed", "a <b>club</b>", members=["b00000"], evidence=kept)
    index, page, _ = [path.read_text(encoding="utf-8") for path in visualise.write(case, tmp_path / "out")]
    assert "dismissed; <b>1 new</b> since" in index
    assert re.search(r'"decided":\{"as":"dismissed","at":"[^"]+","new":1\}', index)
    assert page.count('class="proof new"') == 1
    assert "a &lt;b&gt;club&lt;/b&gt;" in page


def test_findings_beyond_the_room_leave_each_kind_its_share(tmp_path):
    case = make_case(tmp_path / "case", rings=12, members=4)
    book = dossier.read(case)
    rare = replace(book.findings[0], finding_id="rare", kind="self_purchase", title="rare", p_value=0.5)
    many = [replace(book.findings[1], finding_id=f"many{number}", p_value=number / 1000) for number in range(400)]
    text = overview_page(replace(book, findings=(*many, rare)), frozenset())
    kept = re.findall(r'finding <span class="id">(\w+)</span>', text)
    assert len(kept) == 150
    assert "rare" in kept
    assert "many0" in kept
    assert "many399" not in kept
    assert "251 more findings are not on this page" in text
    assert text.count('id="rule-1"') == 1


def test_linked_shops_stand_on_the_page_with_their_names_escaped(tmp_path):
    book = dossier.read(make_case(tmp_path / "case", rings=1, members=6))
    names = ("<img src=x onerror=alert(1)>", "shop-2")
    tie = SellerTie(names[0], names[1], "bank", "IBAN<1>", 3)
    page = overview_page(replace(book, shops=(SellerGroup(tuple(map(LinkedSeller, names)), (tie,)),)), set())
    assert 'id="shop-table"' in page
    assert "<img src=x" not in page
    assert "bank <span" in page
    assert "and 3 buyers" in page
    assert 'id="shop-table"' not in overview_page(replace(book, shops=()), set())
