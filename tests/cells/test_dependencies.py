import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.cells.dependencies import Dependencies
from nbmlops.cells.names import names_of
from nbmlops.records import FileUse


def behind(cells, last):
    """Return which of the cells, executed in order, the execution ``last`` depends on."""
    dependencies = Dependencies()
    for number, source in enumerate(cells, 1):
        dependencies.add(number, names_of(source))
    return sorted(dependencies.behind([last]))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(["x = 1", "y = x", "z = y"], [1, 2, 3], id="chain"),
        pytest.param(["x = 1", "y = 2", "z = x"], [1, 3], id="what is not used stays out"),
        pytest.param(["x = 1", "1 + 1"], [2], id="nothing used"),
        pytest.param(["x = 1", "x = 2", "y = x"], [2, 3], id="written again"),
        pytest.param(["x = 1", "x = x + 1", "y = x"], [1, 2, 3], id="written from itself"),
        pytest.param(["x = 1", "x += 1", "y = x"], [1, 2, 3], id="augmented"),
        pytest.param(["x = []", "x.append(1)", "n = len(x)"], [1, 2, 3], id="list changed"),
        pytest.param(["x = {}", "x['a'] = 1", "n = x"], [1, 2, 3], id="item set"),
        pytest.param(["x = []", "n = len(x)", "x.append(1)"], [3, 1], id="changed"),
        pytest.param(
            ["x = []", "x.append(1)", "x.append(2)", "n = x"], [1, 2, 3, 4], id="changed twice"
        ),
        pytest.param(
            ["x = []", "x.append(1)", "x = []", "n = x"], [3, 4], id="written after the change"
        ),
        pytest.param(["x = [1]", "x = []\nx.append(1)", "n = x"], [2, 3], id="written and changed"),
        pytest.param(["x = []", "x.append(1)", "n = 0"], [3], id="changed but not used"),
        pytest.param(["x = 1", "del x", "y = x"], [3], id="deleted"),
        pytest.param(["x = 1", "del x", "x = 2", "y = x"], [3, 4], id="deleted and written"),
        pytest.param(["x = 1", "del x"], [1, 2], id="a deletion uses"),
        pytest.param(["if c:\n    x = 1", "y = x"], [1, 2], id="written in a branch"),
        pytest.param(
            ["x = 0", "if c:\n    x = 1", "y = x"], [1, 2, 3], id="perhaps written in a branch"
        ),
        pytest.param(["def f():\n    return g", "g = 1", "y = f()"], [1, 3], id="function"),
        pytest.param(["import m", "m.seed(0)", "y = m.random()"], [1, 2, 3], id="module state"),
        pytest.param(
            ["m = fit(x)", "print(m)", "s = m.score(y)"], [1, 3], id="looking changes nothing"
        ),
        pytest.param(["y = x", "x = 1"], [2], id="used before anything wrote it"),
    ],
)
def test_an_execution_depends_on_those_behind_its_names(cells, expected):
    assert behind(cells, len(cells)) == sorted(expected)


def test_executing_a_definition_again_cuts_off_the_older_one():
    assert behind(["n = 10", "m = fit(n)", "n = 20", "m = fit(n)", "s = m"], 5) == [3, 4, 5]


def test_a_cell_executed_before_its_input_changed_keeps_the_input_it_had():
    assert behind(["n = 10", "m = fit(n)", "n = 20", "s = m"], 4) == [1, 2, 4]


def test_a_later_change_is_not_behind_an_earlier_result():
    assert behind(["x = []", "n = len(x)", "x.append(1)"], 2) == [1, 2]


def test_several_executions_have_all_that_is_behind_any():
    dependencies = Dependencies()
    for number, source in enumerate(["a = 1", "b = 2", "c = a", "d = b"], 1):
        dependencies.add(number, names_of(source))
    assert dependencies.behind([3, 4]) == {1, 2, 3, 4}
    assert dependencies.behind([]) == set()


@pytest.mark.parametrize(
    ("known", "expected"),
    [({1, 2}, {3, 4}), ({1}, {2, 3, 4}), ({1, 2, 3}, {4}), ({4}, set()), ({7}, {1, 2, 3, 4})],
)
def test_what_is_known_is_left_out_with_all_behind_it(known, expected):
    dependencies = Dependencies()
    for number in range(1, 5):
        dependencies.add(number, names_of("x = 1" if number == 1 else "x += 1"))
    assert dependencies.behind([4], known) == expected


def test_known_writers_of_a_folder_are_left_out():
    dependencies = Dependencies()
    for number, path in enumerate(["out/a.csv", "out/b.csv"], 1):
        dependencies.add(number, names_of("x = 1"), [FileUse(number, path, "written")])
    dependencies.add(3, names_of("y = x"), [FileUse(3, "out/", "read")])
    assert dependencies.behind([3]) == {1, 2, 3}
    assert dependencies.behind([3], {1}) == {2, 3}


def test_an_unknown_execution_has_nothing_behind_it():
    assert Dependencies().behind(["gone"]) == {"gone"}


def test_a_thousand_executions_deep_is_not_too_deep():
    assert len(behind(["x = 0", *["x += 1"] * 3_000], 3_001)) == 3_001


cells = st.lists(
    st.sampled_from(
        ["a = 1", "b = a", "a.append(b)", "c = f(a, b)", "del b", "a = c", "b += c", "c"]
    ),
    min_size=1,
    max_size=12,
)


@given(cells)
def test_nothing_depends_on_what_was_executed_later(sources):
    for last in range(1, len(sources) + 1):
        assert max(behind(sources, last)) == last


@given(cells, cells)
def test_going_on_does_not_change_what_is_behind_an_earlier_execution(sources, more):
    assert behind(sources, len(sources)) == behind([*sources, *more], len(sources))


@given(cells)
def test_what_is_behind_is_behind_as_a_whole(sources):
    everything = behind(sources, len(sources))
    for one in everything:
        assert set(behind(sources, one)) <= set(everything)
