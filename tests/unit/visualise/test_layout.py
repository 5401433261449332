"""Places of nodes: no two on top of each other, nothing left to chance, picture data small and whole."""

import itertools
import math
from base64 import b64decode

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made_case import make_case, ring_id
from toolkit import dossier
from toolkit.visualise.layout import GAP, columns, radial
from toolkit.visualise.overview_layout import centres, disc, spiral
from toolkit.visualise.overview_scene import Overview, overview, packed
from toolkit.visualise.palette import LOOKS
from toolkit.visualise.scene import MOST_BUYERS, scene


@pytest.fixture(scope="module", params=[3, 40, 350])
def drawn(request, tmp_path_factory):
    case = make_case(tmp_path_factory.mktemp("layout") / "case", rings=1, members=request.param)
    ring = dossier.read(case).rings[0]
    return ring, scene(ring)


def test_no_two_nodes_overlap(drawn):
    _, made = drawn
    for places in (radial(made), columns(made)):
        nearest = min(math.dist(one, other) for one, other in itertools.combinations(places, 2))
        assert nearest > GAP * 0.4


def test_parallel_events_are_one_edge_and_none_is_lost(drawn):
    ring, made = drawn
    ends = [(edge.source, edge.target, edge.kind) for edge in made.edges]
    assert len(ends) == len(set(ends))
    shown = {made.nodes[place].id for place in range(len(made.nodes)) if made.nodes[place].kind == "buyer"}
    counted = sum(len(edge.events) for edge in made.edges)
    assert counted == sum(event.buyer_id in shown for event in ring.events)


def test_what_has_no_room_is_counted(drawn):
    ring, made = drawn
    assert made.left_out.get("buyer", 0) == max(0, len(ring.members) - MOST_BUYERS)


def test_evidence_touches_its_members(drawn):
    ring, made = drawn
    for one, touched in zip(ring.evidence, made.evidence, strict=True):
        assert touched, one.evidence_id


def test_shapes_and_colours_differ():
    assert len({look.path for look in LOOKS.values()}) == len(LOOKS)
    assert len({look.light for look in LOOKS.values()}) == len({look.dark for look in LOOKS.values()}) == len(LOOKS)


def contrast(one, other):
    def light(text):
        parts = [int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("kind", LOOKS)
def test_shapes_stand_out_from_both_backgrounds(kind):
    assert contrast(LOOKS[kind].light, "#f5f6f8") >= 3
    assert contrast(LOOKS[kind].dark, "#1e2329") >= 3


@given(st.lists(st.integers(1, 200), min_size=1, max_size=25), st.data())
def test_rings_do_not_overlap(counts, data):
    end = st.integers(0, len(counts) - 1)
    pairs = st.tuples(end, end).filter(lambda pair: pair[0] < pair[1])
    ties = data.draw(st.lists(pairs, max_size=20)) if len(counts) > 1 else []
    radii = [disc(count) for count in counts]
    places = centres(radii, sorted(set(ties)))
    assert np.array_equal(places, centres(radii, sorted(set(ties))))
    for one, other in itertools.combinations(range(len(counts)), 2):
        assert math.dist(places[one], places[other]) > 0.8 * (radii[one] + radii[other]) - 16


def test_spiral_fills_its_disc():
    points = spiral(500, 20)
    assert np.hypot(points[:, 0], points[:, 1]).max() <= disc(500, 20)


def _sharing(tmp_path, accounts):
    """The overview of two rings, the second of which has the first accounts of the other too."""
    case = make_case(tmp_path / "case", rings=2, members=5)
    members = case.result("members")
    again = members.filter(members["buyer_id"].is_in(accounts)).with_columns(ring_id=pl.lit(ring_id(1)))
    case.write_result("members", members.vstack(again))
    return overview(dossier.read(case).rings)


def test_accounts_in_two_rings_are_one_node_each_and_tie_them(tmp_path):
    made = _sharing(tmp_path, ["b00000", "b00001"])
    assert made.labels.count("b00000") == 1
    assert made.ties == [(0, 1)]


def test_one_shared_account_ties_no_rings(tmp_path):
    assert _sharing(tmp_path, ["b00000"]).ties == []


def test_more_rings_than_sixteen_bits_number_keep_their_numbers() -> None:
    last = 70_000
    made = Overview(
        kinds=[0, 1],
        rings=[0, last],
        labels=["b", "l"],
        edges=[(0, 1)],
        edge_rings=[last],
        xy=np.array([[0.0, 0.0], [1.0, 1.0]]),
        discs=np.zeros((0, 3)),
        ties=[],
    )
    told = packed(made)
    assert np.frombuffer(b64decode(told["rings"]), "<u4").tolist() == [0, last]
    assert np.frombuffer(b64decode(told["edge_rings"]), "<u4").tolist() == [last]
