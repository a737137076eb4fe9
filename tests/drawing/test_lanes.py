import random
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.drawing.lane_svg import MOST_BYTES, lane_svg
from nbmlops.drawing.lane_text import WIDTH, lane_text
from nbmlops.drawing.lanes import MOST_LANES, Node, lay_out


def nodes(*rows):
    """Make nodes of texts ``takes… > gives``: what is taken is ``name`` and its row, ``x0``."""
    made = []
    for row, text in enumerate(rows):
        taken, _, given = text.partition(">")
        takes = {}
        for word in taken.split():
            takes.setdefault(int(word[1:]), []).append(word[0])
        is_last = row == len(rows) - 1
        made.append(Node(f"[{row + 1}]", tuple(given.split()), takes, is_marked=is_last))
    return made


def drawn(*rows, **options):
    return lane_text(lay_out(nodes(*rows), **options)).splitlines()


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        pytest.param([""], ["◆ [1]"], id="alone"),
        pytest.param(["> x", "x0 > y", "y1"], ["● [1] → x", "● [2] x → y", "◆ [3] y"], id="chain"),
        pytest.param(
            ["> x", "> y", "x0 y1"],
            ["●   [1] → x", "│ ● [2] → y", "◆─╯ [3] x, y"],
            id="two meet",
        ),
        pytest.param(
            ["> x", "x0 > y", "x0 y1"],
            ["●   [1] → x", "├─● [2] x → y", "◆─╯ [3] x, y"],
            id="one goes on beside",
        ),
        pytest.param(
            ["> x", "> y", "> z", "y1 > v", "x0 > w", "x0 z2 v3 w4"],
            [
                "●       [1] → x",
                "│ ●     [2] → y",
                "│ │ ●   [3] → z",
                "│ ● │   [4] y → v",
                "├─│─│─● [5] x → w",
                "◆─┴─┴─╯ [6] x, z, v, w",
            ],
            id="crossed and joined",
        ),
        pytest.param(
            ["> x", "> y", "x0 y1 > z", "y1 > w", "z2 w3"],
            ["●   [1] → x", "│ ● [2] → y", "●─┤ [3] x, y → z", "│ ● [4] y → w", "◆─╯ [5] z, w"],
            id="taken from the right",
        ),
        pytest.param(
            ["> x", "> y", "> z", "x0 y1 z2 > v", "y1 > w", "v3 w4"],
            [
                "●     [1] → x",
                "│ ●   [2] → y",
                "│ │ ● [3] → z",
                "●─┼─╯ [4] x, y, z → v",
                "│ ●   [5] y → w",
                "◆─╯   [6] v, w",
            ],
            id="one of several goes on",
        ),
        pytest.param(["> x", "", "x0"], ["●   [1] → x", "│ ● [2]", "◆   [3] x"], id="beside it"),
    ],
)
def test_lanes_lead_from_writers_down_to_readers(rows, lines):
    assert drawn(*rows) == lines


def test_the_longest_lanes_give_way_where_there_are_too_many():
    rows = ["> p", "> x", "p0 > y", "x1 y2 > z", "p0 z3"]
    assert drawn(*rows, most_lanes=2) == [
        "●   [1] → p",
        "●   [2] → x",
        "│ ● [3] p [1] → y",
        "●─╯ [4] x, y → z",
        "◆   [5] p [1], z",
    ]


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["X_train", "X_test", "y_train", "y_test"], "→ X_train, X_test +2"),
        (["x" * 50], "→ " + "x" * 23 + "…"),
        (["a", "b", "c"], "→ a, b, c"),
    ],
)
def test_of_many_names_the_last_are_counted(names, shown):
    assert lay_out([Node("[1]", tuple(names))]).flow(0) == shown


def test_what_stands_behind_the_names_is_cut_to_the_width():
    made = [Node("[1]", ("x",), detail="x = " + "1 + " * 30), Node("[12] #9", (), {0: ["x"]}, "x")]
    first, second = lane_text(lay_out(made)).splitlines()
    assert first.startswith("● [1]     → x  x = 1 + 1")
    assert first.endswith("…")
    assert len(first) == WIDTH
    assert second == "● [12] #9 x    x"


def test_no_node_is_an_empty_drawing():
    assert lane_text(lay_out([])) == ""
    assert ElementTree.fromstring(lane_svg(lay_out([]))).tag.endswith("svg")


def session(size, seed):
    """Make the nodes of a long session: an import that many take, chains, and some detours."""
    rng = random.Random(seed)
    made = [Node("[1]", ("np", "pd"), detail="import numpy as np")]
    for row in range(1, size):
        above = {max(0, row - 1 - int(rng.expovariate(0.25))) for _ in range(rng.choice([1, 1, 2]))}
        above |= {0} if rng.random() < 0.4 else set()
        takes = {number: [f"name_{number}"] for number in above}
        made.append(Node(f"[{row + 1}]", (f"name_{row}",), takes, "some = source(of, a, cell)"))
    return made


def test_forty_executions_stay_narrow_and_small():
    layout = lay_out(session(40, seed=1))
    assert layout.width <= MOST_LANES + 1
    assert max(map(len, lane_text(layout).splitlines())) <= WIDTH
    assert 0 < len(lane_svg(layout)) <= MOST_BYTES


def test_a_picture_that_would_be_too_big_loses_details_then_itself():
    assert "source" in lane_svg(lay_out(session(60, seed=1)))
    assert "source" not in lane_svg(lay_out(session(110, seed=1)))
    assert lane_svg(lay_out(session(400, seed=1))) == ""


def test_a_picture_draws_every_node_and_marks_the_ones_in_question():
    svg = lane_svg(lay_out(nodes("> x", "> y", "x0 y1")))
    tree = ElementTree.fromstring(svg)
    texts = ["".join(text.itertext()) for text in tree.iter() if text.tag.endswith("}text")]
    assert texts == ["[1]→ x", "[2]→ y", "[3]x, y"]
    paths = [path.attrib for path in tree.iter() if path.tag.endswith("}path")]
    assert sum(path["d"].count("h0") for path in paths) == 2
    assert [path["class"] for path in paths].count("m") == 1


def test_a_picture_is_light_and_dark_on_its_own_ground():
    svg = lane_svg(lay_out(nodes("> x", "x0")))
    assert "<rect" in svg
    assert "@media(prefers-color-scheme:dark){rect{" in svg


@given(st.text(st.characters()))
def test_any_text_makes_a_picture_that_runs_nothing(text):
    made = [Node(text, (text,), detail=text), Node(text, (), {0: [text]}, text, is_marked=True)]
    layout = lay_out(made)
    tree = ElementTree.fromstring(lane_svg(layout).encode("utf-8"))
    tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert tags <= {"svg", "style", "rect", "path", "text", "tspan"}
    attributes = {name for element in tree.iter() for name in element.attrib}
    assert attributes <= set("width height viewBox rx class d x y".split())
    lane_text(layout).encode("utf-8")


ROWS = st.lists(st.lists(st.integers(1, 9), max_size=3), min_size=1, max_size=30)


@given(ROWS, st.integers(1, 9))
def test_every_name_that_comes_stands_in_its_row_and_lanes_never_share_a_place(distances, most):
    made = []
    for row, backs in enumerate(distances):
        above = {row - back for back in backs if back <= row}
        made.append(Node(f"[{row}]", (f"n{row}",), {each: [f"n{each}"] for each in above}))
    layout = lay_out(made, most_lanes=most)
    assert layout.width <= most + 1
    for row, node in enumerate(made):
        running = [lane for lane in layout.lanes.values() if lane.first < row < lane.last]
        columns = [lane.column for lane in running]
        assert len(columns) == len(set(columns)) <= most
        assert layout.columns[row] not in columns
        for above in node.takes:
            lane = layout.lanes.get(above)
            assert (f"n{above} [{above}]" in layout.flow(row)) == (lane is None)
            assert lane is None or lane.first < row <= lane.last
    assert len(lane_text(layout).splitlines()) == len(made)
