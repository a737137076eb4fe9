from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.cells.dependencies import Dependencies
from nbmlops.cells.names import names_of
from nbmlops.cells.slices import Reason, in_order_of_end, slice_of
from nbmlops.records import Execution, FileUse, Items, Names


def executed(*sources):
    """Make a session of cells, its names read from their sources."""
    return [
        Execution(f"e{number}", "s", number, source, float(number), source, names=names_of(source))
        for number, source in enumerate(sources, 1)
    ]


def wrote(number, path):
    return FileUse(f"e{number}", path, "written")


def read(number, path):
    return FileUse(f"e{number}", path, "read")


def by_execution(*uses):
    files = {}
    for use in uses:
        files.setdefault(use.execution_id, []).append(use)
    return files


def sliced(sources, *targets, files=()):
    """Return the numbers of the executions behind some, by default behind the last."""
    wanted = [f"e{number}" for number in targets or [len(sources)]]
    return slice_of(executed(*sources), wanted, "", by_execution(*files)).sequence


MESSY = executed(
    "import pandas as pd",
    "df = pd.DataFrame({'a': [1]})",
    "unrelated = 1",
    "df['b'] = 2",
    "len(df)",
    "total = sum(df)",
    "total",
)


def test_a_slice_has_what_the_result_depends_on_in_order():
    found = slice_of(MESSY, ["e6"], "variable total")
    assert found.sequence == (1, 2, 4, 6)
    assert found.left_out == 2
    assert found.target == "variable total"


def test_each_step_says_what_it_writes_for_whom():
    steps = {step.execution.sequence: step for step in slice_of(MESSY, ["e7"], "").steps}
    assert steps[1].reasons == (Reason("pd", (2,)),)
    assert steps[2].reasons == (Reason("df", (4,)),)
    assert steps[4].reasons == (Reason("df", (6,)),)
    assert steps[7].reasons == ()
    assert [number for number, step in steps.items() if step.is_target] == [7]


def test_a_name_with_several_readers_tells_all_of_them_in_order():
    sources = ["x, y = 1, 2", "a = x", "b = x + y", "a + b"]
    (first, *_) = slice_of(executed(*sources), ["e4"], "").steps
    assert first.reasons == (Reason("x", (2, 3)), Reason("y", (3,)))


def test_a_result_that_others_of_the_slice_read_has_its_reasons_too():
    found = slice_of(executed("x = 1", "y = x"), ["e1", "e2"], "")
    assert [(step.is_target, step.reasons) for step in found.steps] == [
        (True, (Reason("x", (2,)),)),
        (True, ()),
    ]


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        pytest.param(["a = 1", "b = a", "a = 2", "b"], (1, 2, 4), id="input written again since"),
        pytest.param(["a = 1", "a = 2", "b = a", "b"], (2, 3, 4), id="input written again before"),
        pytest.param(["n = 1", "m = n", "n = 2", "m = n", "m"], (3, 4, 5), id="executed again"),
        pytest.param(["b = []", "b.append(1)", "b"], (1, 2, 3), id="changed in place"),
        pytest.param(["b = []", "b.append(1)", "b = []", "b"], (3, 4), id="change thrown away"),
        pytest.param(["x = 1", "del x", "x"], (3,), id="deleted before it is read"),
        pytest.param(["x = 1", "y = x", "del x", "y"], (1, 2, 4), id="deleted afterwards"),
        pytest.param(["x = 1", "del x", "x = 2", "x"], (3, 4), id="deleted and written again"),
        pytest.param(["y = x", "x = 1", "y"], (1, 3), id="read before it was there"),
        pytest.param(["x = 1", "x = x", "x"], (1, 2, 3), id="written from itself"),
        pytest.param(["x = []\nx.append(1)", "x"], (1, 2), id="written and changed at once"),
        pytest.param(["x = 1", "x = []\nx.append(1)", "x"], (2, 3), id="replaced, then changed"),
        pytest.param(
            ["def f():\n    return g", "g = 1", "f()"], (1, 3), id="function, from source"
        ),
        pytest.param(["1 + 1"], (1,), id="of nothing"),
    ],
)
def test_slice_of_a_session_in_disorder(sources, expected):
    assert sliced(sources) == expected


@pytest.mark.parametrize(
    ("sources", "missing"),
    [
        pytest.param(["x = 1", "y = x"], [], id="all there"),
        pytest.param(["y = x", "z = y + w", "z"], [("w", (2,)), ("x", (1,))], id="older names"),
        pytest.param(["y = x", "z = x", "y + z"], [("x", (1, 2))], id="read twice"),
        pytest.param(["y = x", "x = 1", "y"], [("x", (1,))], id="written only afterwards"),
        pytest.param(["y = x", "1"], [], id="not behind the result"),
        pytest.param(["y = len(range(3))", "y"], [], id="Python's own"),
        pytest.param(["len = 1", "y = len"], [], id="Python's own name, taken"),
    ],
)
def test_names_that_nobody_wrote_are_missing(sources, missing):
    found = slice_of(executed(*sources), [f"e{len(sources)}"], "")
    assert [(reason.name, reason.read_by) for reason in found.missing] == missing


A, B, C = "open('a')", "open('b')", "1 + 1"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param([wrote(1, "a.csv"), read(3, "a.csv")], (1, 3), id="written and read"),
        pytest.param([wrote(1, "a.csv"), read(3, "b.csv")], (3,), id="another file"),
        pytest.param([read(1, "a.csv"), read(3, "a.csv")], (3,), id="only read"),
        pytest.param(
            [wrote(1, "a.csv"), wrote(2, "a.csv"), read(3, "a.csv")], (2, 3), id="written again"
        ),
        pytest.param(
            [wrote(1, "a.csv"), read(2, "a.csv"), wrote(2, "a.csv"), read(3, "a.csv")],
            (1, 2, 3), id="appended to",
        ),
        pytest.param(
            [read(1, "a.csv"), wrote(2, "a.csv"), read(3, "b.csv")], (3,), id="written for nobody"
        ),
        pytest.param([wrote(1, "x"), read(3, "x")], (1, 3), id="no suffix"),
    ],
)  # fmt: skip
def test_a_file_ties_who_reads_it_to_who_wrote_it(files, expected):
    assert sliced([A, B, C], files=files) == expected


def test_a_file_and_a_variable_of_one_name_are_two_things():
    assert sliced(["data = 1", "write()", "data"], files=[wrote(2, "data")]) == (1, 3)
    found = slice_of(
        executed("write()", "data = 1", "read(data)"), ["e3"], "",
        by_execution(wrote(1, "data"), read(3, "data")),
    )  # fmt: skip
    assert [step.reasons for step in found.steps] == [
        (Reason("data", (3,), is_file=True),), (Reason("data", (3,)),), (),
    ]  # fmt: skip


def test_nothing_asked_for_is_an_empty_slice():
    assert slice_of(MESSY, [], "").steps == ()
    assert slice_of(MESSY, ["gone"], "").left_out == 0
    assert slice_of([], ["e1"], "").sequence == ()


def test_what_comes_after_the_result_is_not_counted_as_left_out():
    assert slice_of(MESSY, ["e3"], "").left_out == 2
    assert slice_of(MESSY, ["e1"], "").left_out == 0


@pytest.mark.parametrize(("left", "right"), [(["e3"], ["e7"]), (["e5"], ["e6"])])
def test_a_slice_of_two_results_is_the_union(left, right):
    both = slice_of(MESSY, left + right, "").sequence
    each = {*slice_of(MESSY, left, "").sequence, *slice_of(MESSY, right, "").sequence}
    assert set(both) == each


def test_a_session_of_ten_thousand_is_gone_through_once():
    """No count of the executions is squared: each is asked for its names a few times at most."""
    asked = 0

    class Counting(Names):
        def __getattribute__(self, name):
            nonlocal asked
            asked += 1
            return super().__getattribute__(name)

    names = Counting(("x",), ("x",))
    session = [Execution(f"e{n}", "s", n, "", 1.0, "", names=names) for n in range(1, 10_001)]
    assert len(slice_of(session, ["e10000"], "").steps) == 10_000
    assert asked <= 10 * len(session)


def at_once(*cells):
    """Make a session of cells that run at the same time, as (source, started, seconds)."""
    return [
        Execution(
            f"e{number}", "s", number, source, started, source, duration_seconds=seconds,
            names=names_of(source),
        )
        for number, (source, started, seconds) in enumerate(cells, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param([("y = x", 1.0, 5.0), ("x = 1", 2.0, 1.0), ("y", 7.0, 1.0)], (2, 1, 3),
                     id="read of one that ended first"),
        pytest.param([("x = 1", 1.0, 5.0), ("y = x", 2.0, 1.0), ("y", 7.0, 1.0)], (2, 3),
                     id="read of one that went on longer"),
        pytest.param([("x = 1", 1.0, 5.0), ("x = 2", 2.0, 1.0), ("x", 7.0, 1.0)], (1, 3),
                     id="written last by the one that ended last"),
        pytest.param([("x = 1", 9.0, 5.0), ("y = x", 2.0, 1.0), ("y", 4.0, 1.0)], (1, 2, 3),
                     id="the clock was set back"),
        pytest.param([("x = 1", 1.0, None), ("x = 2", 2.0, 1.0), ("x", 7.0, 1.0)], (2, 3),
                     id="written by one that has not ended"),
    ],
)  # fmt: skip
def test_executions_at_the_same_time_count_in_the_order_in_which_they_ended(cells, expected):
    """In the slice of a recorded session as in the graph that a living one grows."""
    executions = at_once(*cells)
    assert slice_of(executions, ["e3"], "").sequence == expected
    graph = Dependencies()
    for execution in in_order_of_end(executions):
        if execution.duration_seconds is not None:
            graph.add(execution.id, execution.names)
    assert graph.behind(["e3"]) == {f"e{number}" for number in expected}


# What cells do with columns of a frame; an empty name stands for which columns there are, a line
# break for that the only new one is behind the others.
WITH_ITEMS = {
    "df = made": Names(defined=("df",)),
    "df['a'] = 1  # new": Names(used=("df",), touched=("df",), items_used=(Items("df", ()),),
                                items_changed=(Items("df", ("", "\n", "a")),)),
    "df.insert(0, 'a', 1)": Names(used=("df",), touched=("df",),
                                  items_changed=(Items("df", ("", "a")),)),
    "df['c'] = 0  # new": Names(used=("df",), touched=("df",), items_used=(Items("df", ()),),
                                items_changed=(Items("df", ("", "\n", "c")),)),
    "df['a'] = 2": Names(used=("df",), touched=("df",), items_used=(Items("df", ()),),
                         items_changed=(Items("df", ("a",)),)),
    "df['b'] = df['a']  # new": Names(used=("df",), touched=("df",),
                                      items_used=(Items("df", ("a",)),),
                                      items_changed=(Items("df", ("", "\n", "b")),)),
    "df['b'] += 1": Names(used=("df",), touched=("df",), items_used=(Items("df", ("b",)),),
                          items_changed=(Items("df", ("b",)),)),
    "df = df.assign(c=0)": Names(used=("df",), defined=("df",),
                                 items_changed=(Items("df", ("", "\n", "c")),)),
    "df = df.copy()": Names(used=("df",), defined=("df",), items_changed=(Items("df", ()),)),
    "df.sort_values('a', inplace=True)": Names(used=("df",), touched=("df",)),
    "df['a']": Names(used=("df",), items_used=(Items("df", ("a",)),)),
    "df[['a', 'b']]": Names(used=("df",), items_used=(Items("df", ("a", "b")),)),
    "df['c']": Names(used=("df",), items_used=(Items("df", ("c",)),)),
    "df": Names(used=("df",)),
}  # fmt: skip


def with_items(*sources):
    """Make a session of such cells."""
    return [
        replace(each, names=WITH_ITEMS.get(each.source, each.names)) for each in executed(*sources)
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param("df = made|df['b'] = df['a']  # new|df['a']", (1, 3), id="another column"),
        pytest.param("df = made|df['a'] = 1  # new|df['a']", (1, 2, 3), id="the same column"),
        pytest.param("df = made|df['a'] = 1  # new|df['a'] = 2|df['a']", (1, 3, 4),
                     id="written over"),
        pytest.param("df = made|df['a'] = 1  # new|df['b'] = df['a']  # new|df['a'] = 2|df['a']",
                     (1, 4, 5), id="taken by one that is not needed"),
        pytest.param("df = made|df['b'] = df['a']  # new|df['b'] += 1|df[['a', 'b']]", (1, 2, 3, 4),
                     id="a chain"),
        pytest.param("df = made|df['a'] = 1  # new|df['b'] = df['a']  # new|df['a'] = 2|df",
                     (1, 2, 3, 4, 5), id="the whole needs who made a column first: its place"),
        pytest.param("df = made|df['a'] = 1  # new|df['a'] = 2|df", (1, 3, 4),
                     id="nor who made one that is written over in its place"),
        pytest.param("df = made|df['a'] = 1  # new|df['a'] = 2|df['a'] = 2|df['c'] = 0  # new|df",
                     (1, 4, 5, 6), id="before others came"),
        pytest.param("df = made|df['a'] = 1  # new|df['b'] += 1|df['a']|df['a'] = 2|df",
                     (1, 3, 5, 6), id="what was done between does not matter"),
        pytest.param("df = made|df['a'] = 1  # new|df['a'] = 2|df['c'] = 0  # new|df['a'] = 2|df",
                     (1, 2, 4, 5, 6), id="who writes it last would put it behind another"),
        pytest.param("df = made|df.insert(0, 'a', 1)|df['a'] = 2|df", (1, 2, 3, 4),
                     id="it was not put behind the others"),
        pytest.param("df = made|df = df.assign(c=0)|df['b'] += 1|df", (1, 2, 3, 4),
                     id="nobody wrote it anew"),
        pytest.param("df = made|df['b'] += 1|df['b'] += 1|df['a'] = 2|df['a'] = 2|df",
                     (1, 2, 3, 5, 6), id="the whole needs the last change of each column"),
        pytest.param("df = made|df = df.assign(c=0)|df['a']", (1, 3), id="another, equal but for"),
        pytest.param("df = made|df = df.assign(c=0)|df['c']", (1, 2, 3), id="another, with it"),
        pytest.param("df = made|df = df.copy()|df['b'] += 1|df['b']", (1, 2, 3, 4),
                     id="who changes another in place needs that one"),
        pytest.param("df = made|df = df.copy()|df", (1, 2, 3), id="so does who takes the whole"),
        pytest.param("df = made|df['a'] = 2|df.sort_values('a', inplace=True)|df['c']",
                     (1, 2, 3, 4), id="all was changed"),
        pytest.param("df['a'] = 2|df['b'] += 1|df['a']", (1, 3), id="made before the recording"),
        pytest.param("df['a'] = 2|del df|df = made|df['a']", (3, 4), id="deleted"),
    ],
)  # fmt: skip
def test_who_takes_some_columns_needs_nobody_who_changed_others(cells, expected):
    executions = with_items(*cells.split("|"))
    found = slice_of(executions, [executions[-1].id], "")
    assert found.sequence == expected
    graph = Dependencies()
    for execution in executions:
        graph.add(execution.id, execution.names)
    assert graph.behind([executions[-1].id]) == {f"e{number}" for number in expected}


def test_a_variable_is_all_that_it_holds():
    executions = with_items("df = made", "df['a'] = 1  # new", "df['b'] += 1", "df['c'] = 0  # new")
    found = slice_of(executions, ["e4"], "", variable="df")
    assert found.sequence == (1, 2, 3, 4)
    assert [step.reasons for step in found.steps] == [
        (Reason("df", (2, 3, 4)),),
        (Reason("df", (4,)),),
        (Reason("df", (4,)),),
        (),
    ]
    assert slice_of(executions, ["e4"], "").sequence == (1, 4)


def test_reasons_name_those_who_took_the_columns():
    executions = with_items("df = made", "df['b'] += 1", "df['a'] = 2", "df['a']", "df", "df['c']")
    found = slice_of(executions, ["e4", "e5", "e6"], "")
    assert [step.reasons for step in found.steps[:3]] == [
        (Reason("df", (2, 3, 5, 6)),),
        (Reason("df", (5,)),),
        (Reason("df", (4, 5)),),
    ]


def test_columns_of_what_nobody_made_are_told_as_missing_once():
    executions = with_items("df['a'] = 2", "df['a']", "df")
    found = slice_of(executions, ["e2", "e3"], "")
    assert found.missing == (Reason("df", (1, 3)),)


SOURCES = st.lists(
    st.sampled_from(["a = 1", "b = a", "a = b + 1", "c = a + b", "c", "b.append(a)", "del a"]),
    min_size=1,
    max_size=12,
)
USES = st.lists(
    st.builds(
        FileUse,
        st.integers(1, 12).map(lambda number: f"e{number}"),
        st.sampled_from(["a.csv", "out/", "out/b.csv", "out/deep/c.csv", "out"]),
        st.sampled_from(["read", "written"]),
    ),
    max_size=12,
)


@given(SOURCES)
def test_everything_that_a_step_reads_was_last_written_inside_the_slice(sources):
    executions = executed(*sources)
    found = slice_of(executions, [executions[-1].id], "")
    inside = set(found.sequence)
    last_writer: dict[str, int] = {}
    for execution in executions:
        names = execution.names
        if execution.sequence in inside:
            for name in names.used:
                assert last_writer.get(name, execution.sequence) in inside
        for name in names.deleted:
            last_writer.pop(name, None)
        for name in (*names.defined, *names.touched):
            last_writer[name] = execution.sequence


@given(
    SOURCES | st.lists(st.sampled_from([*WITH_ITEMS, "del df"]), min_size=1, max_size=12),
    USES,
    st.sets(st.integers(1, 12), max_size=3),
)
def test_going_back_through_a_session_finds_what_the_growing_graph_has(sources, uses, targets):
    """Members, reasons and readers: both ways to a slice say the very same."""
    executions, files = with_items(*sources), by_execution(*uses)
    graph = Dependencies()
    for execution in executions:
        graph.add(execution.id, execution.names, files.get(execution.id, ()))
    known = {execution.id for execution in executions}
    wanted = {f"e{number}" for number in targets} & known
    found = slice_of(executions, wanted, "", files)
    assert {step.execution.id for step in found.steps} == graph.behind(wanted)
    edges = {
        (step.execution.id, reason.name, reason.is_file, f"e{reader}")
        for step in found.steps
        for reason in step.reasons
        for reader in reason.read_by
    }
    assert edges == {
        (entry.writer, entry.name, entry.is_file, step.execution.id)
        for step in found.steps
        for entry in graph.inputs(step.execution.id)
    }


REPLACED = [
    pytest.param(("x = 1", "y = x", "z = x"), 3, (3,), {"x": (3,)}, id="read then"),
    pytest.param(("x = 1", "y = x", "1", "z = x + y"), 3, (1, 2, 4), {"x": (4,)},
                 id="read later, and before by another"),
    pytest.param(("x = 1", "y = x", "x = 2", "z = x"), 3, (3, 4), {}, id="written again"),
    pytest.param(("x = []", "x.append(1)", "x.append(2)", "z = x"), 3, (3, 4), {"x": (3,)},
                 id="changed in place then"),
    pytest.param(("x = 1", "y = 2", "z = y"), 3, (2, 3), {}, id="not read"),
]  # fmt: skip


@pytest.mark.parametrize(("sources", "number", "sequence", "missing"), REPLACED)
def test_who_wrote_a_value_that_code_not_recorded_replaced_is_not_behind_its_readers(
    sources, number, sequence, missing
):
    executions = executed(*sources)
    at = executions[number - 1]
    executions[number - 1] = replace(at, names=replace(at.names, replaced=("x",)))
    found = slice_of(executions, [executions[-1].id], "")
    assert found.sequence == sequence
    assert {reason.name: reason.read_by for reason in found.missing} == missing
    dependencies = Dependencies()
    for execution in executions:
        dependencies.add(execution.id, execution.names)
    assert dependencies.behind([executions[-1].id]) == {f"e{each}" for each in sequence}
