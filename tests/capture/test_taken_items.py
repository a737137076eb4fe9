"""Which columns cells take of frames, in real code of each form."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbmlops.capture.taken_items import taken_at
from nbmlops.cells.slices import slice_of
from nbmlops.records import Execution, Items, Names
from tests.capture.notebooks import open_notebook

FRAME = "import pandas as pd\ndf = pd.DataFrame({'a': [1, 2], 'b': [3, 4], 'count': [5, 6]})"


@pytest.fixture
def notebook():
    with open_notebook() as opened:
        opened.run(FRAME)
        yield opened


def items(notebook, cell):
    """Run a cell and return the columns that it took of `df`, None for all of it."""
    found = {each.name: each.items for each in notebook.run(cell).items_used}
    return found.get("df")


def form(cell, *taken):
    return pytest.param(cell, taken, id=cell.replace("\n", "; "))


def whole(cell):
    return pytest.param(cell, None, id=cell.replace("\n", "; "))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        form("df['a']", "a"),
        form("df[['a', 'b']]", "a", "b"),
        form("df[['b']]", "b"),
        form("df[['a', 'b', 'count']]", "a", "b", "count"),
        form("df['a'][0]", "a"),
        form("df['a'] + df['b']", "a", "b"),
        form("df.a", "a"),
        form("df.a.mean()", "a"),
        form("df['z'] = 1"),
        form("df[['z', 'y']] = 1"),
        form("df['z'] = df['a']", "a"),
        form("df['a'] += 1", "a"),
        form("del df['a']", "a"),
        form("df.loc[:, 'a']", "a"),
        form("df.loc[0, 'a']", "a"),
        form("df.loc[0, ['a', 'b']]", "a", "b"),
        form("df.loc[df['b'] > 3, 'a']", "a", "b"),
        form("df.loc[(df.a > 0) & (df['b'].abs() < 9), 'a'].sum()", "a", "b"),
        form("df.groupby('a')['b'].sum()", "a", "b"),
        form("df.groupby(['a', 'b'], as_index=False)[['count']].sum()", "a", "b", "count"),
        form("[df['a'] for _ in range(2)]", "a"),
        form("f'{df['a']}'", "a"),
        form("(lambda: df['a'])()", "a"),
        form("def f():\n    return df['a']\nf()", "a"),
        form("get_ipython().run_cell_magic('time', '', 'df[\"a\"]')", "a"),
        whole("df"),
        whole("df.shape"),
        whole("df.count"),
        whole("df.count()"),
        whole("df.loc[0]"),
        form("df.loc[0, 'a'] = 3", "a"),
        form("df.loc[df['b'] > 3, 'a'] = 3", "a", "b"),
        form("df.loc[df['b'] > 3, 'a'] += 3", "a", "b"),
        form("df.at[0, 'b'] = 9", "b"),
        whole("df.loc[7, 'a'] = 3"),
        whole("df.loc[0, :]"),
        whole("df.loc[0, 'a' if len(df) else 'b']"),
        whole("df[df['a'] > 1]"),
        whole("df['a' if 1 < 2 < len('ab') + 1 else 'b']"),
        whole("df[0:1]"),
        whole("df.groupby('a').sum()"),
        whole("df.groupby(len)['b']"),
        whole("len(df), df['a']"),
        whole("'a' in df"),
        whole("x = df\nx['a']"),
        whole("df.query('a > 1')"),
        whole("df['a'], globals()['df']"),
        whole("def f(frame):\n    return frame['a']\nf(df)"),
    ],
)
def test_which_columns_a_cell_takes(notebook, cell, expected):
    assert items(notebook, cell) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(["key = 'a'", "df[key]"], ("a",), id="a name"),
        pytest.param(["keys = ['a', 'b']", "df[keys]"], ("a", "b"), id="a list"),
        pytest.param(["keys = ('a', 'b')", "df[list(keys)]"], None, id="a list made of it"),
        pytest.param(["keys = ['a']", "keys.append('b')\ndf[keys]"], None, id="changed meanwhile"),
        pytest.param(["keys = ['a']", "keys.append('b'); df[keys]; keys.remove('b')"], None,
                     id="changed and changed back"),
        pytest.param(["for key in ('a', 'b'):\n    df[key]"], ("a", "b"), id="a loop"),
        pytest.param(["keys = ['a']\ndf[keys]"], ("a",), id="a list of the same cell"),
        pytest.param(["one, two = ['a'], ['b']\nkeys = one + two\ndf[keys]"], None,
                     id="a list unpacked"),
        pytest.param(["one = ['a']\ntwo = ['b']\nkeys = one + two\ndf[keys]"], ("a", "b"),
                     id="two lists together"),
        pytest.param(["keys = ['a']\nkeys.append('b')\ndf[keys]"], None, id="made longer"),
        pytest.param(["keys = ['a']\nkeys += ['b']\ndf[keys]"], None, id="made longer by +="),
        pytest.param(["keys = ['a']\nmore = keys\nmore.append('b')\ndf[keys]"],
                     ("a", "b"), id="made longer by another name"),
        pytest.param(["keys = ['a', 'b']", "for key in keys:\n    df[key]"], ("a", "b"),
                     id="a loop over a list"),
        pytest.param(["for key in df.columns:\n    df[key]"], None, id="a loop over all"),
        pytest.param(["for key in [*df]:\n    df[key]"], None, id="a loop over what it has"),
        pytest.param(["for key in 'ab':\n    df[key]"], None, id="a loop over a text"),
        pytest.param(["[df[key] for key in ('a', 'b')]"], ("a", "b"), id="a comprehension"),
        pytest.param(["keys = ['a']", "{key: df[key].sum() for key in keys}"], ("a",),
                     id="a comprehension over a list"),
        pytest.param(["[df[key] for key in sorted('ab')]"], None, id="over something else"),
        pytest.param(["def put():\n    global key\n    key = 'b'", "key = 'a'",
                      "key = 'a'\nfor _ in range(2):\n    df[key]\n    put()"], None,
                     id="bound elsewhere meanwhile"),
        pytest.param(["def f():\n    return [df[key] for key in ('a', 'b')]\nf()"], None,
                     id="in a function"),
        pytest.param(["keys = ['a']", "df[keys]\nkeys = ['b']"], ("a", "b"),
                     id="another afterwards"),
        pytest.param(["mask = df['a'] > 1", "df[mask]"], None, id="rows"),
        pytest.param(["keys = ['a', 7]", "try:\n    df[keys]\nexcept KeyError: pass"], None,
                     id="no texts"),
        pytest.param(["target = 'z'", "df[target] = 1"], (), id="put"),
        pytest.param(["def f():\n    return df[key]", "key = 'b'", "f()"], ("b",), id="global"),
    ],
)  # fmt: skip
def test_variables_say_which_columns_as_long_as_they_stay(notebook, cells, expected):
    found = [items(notebook, cell) for cell in cells]
    assert found[-1] == expected


def test_what_a_cell_takes_of_its_own_frame_does_not_count(notebook):
    names = notebook.run("df['a']\ndf = pd.DataFrame({'c': [1]})\nlen(df), df['c']")
    assert names.items_used == (Items("df", ("a",)),)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"a": 1}, id="a dict"),
        pytest.param(pd.Series({"a": 1}), id="a series"),
        pytest.param(type("Own", (pd.DataFrame,), {})({"a": [1]}), id="a class of one's own"),
    ],
)
def test_only_frames_are_followed_by_column(notebook, value):
    notebook.shell.user_ns["df"] = value
    assert items(notebook, "df['a']") is None


def test_code_that_ends_behind_a_name_takes_the_whole():
    code = compile("df", "<cell>", "eval")
    assert taken_at(code, len(code.co_code) - 2, pd.DataFrame(), {}) is None


CHANGES = [
    ("df['z'] = 1", ("", "\n", "z")),
    ("df['a'] = 0", ("a",)),
    ("df['a'] += 1", ("a",)),
    ("df.loc[0, 'b'] = 9", ("b",)),
    ("df.insert(0, 'z', 1)", ("", "z")),
    ("del df['a']", ("", "a")),
    ("df = df.assign(z=1)", ("", "\n", "z")),
    ("df['z'] = 1; df['a'] = 0", ("", "\n", "a", "z")),
    ("df = df.drop(columns='a')", ("", "a")),
    ("df = df[['b', 'a', 'count']]", ("",)),
    ("df = df.copy()", ()),
    ("df.rename(columns={'a': 'z'}, inplace=True)", ("", "a", "z")),
    ("df['a'] = df['a'].astype(float)", ("a",)),
    ("df['s'] = ['x', 'y']; df['t'] = pd.Timestamp(0)", ("", "s", "t")),
    ("df['s'] = df['a'].astype('category')", ("", "\n", "s")),
]
BEYOND = [
    "df = df[df['a'] > 1]",
    "df.index = ['p', 'q']",
    "df.attrs['unit'] = 'm'",
    "df.loc[2] = 7",
    "df.columns = [1, 2, 3]",
    "df[5] = 1",
    "df.columns = ['a', 'a', 'b']",
]


@pytest.mark.parametrize(
    ("cell", "expected"), [pytest.param(*case, id=case[0]) for case in CHANGES]
)
def test_which_columns_a_cell_changes(notebook, cell, expected):
    assert notebook.run(cell).items_changed == (Items("df", expected),)


@pytest.mark.parametrize("cell", BEYOND)
def test_what_changes_more_than_columns_changes_all(notebook, cell):
    names = notebook.run(cell)
    assert "df" in {*names.defined, *names.touched}
    assert names.items_changed == ()


def test_a_frame_made_anew_is_not_what_it_was(notebook):
    assert notebook.run(FRAME).items_changed == ()


def test_frames_of_very_many_columns_are_followed_as_a_whole(notebook):
    notebook.run("df = pd.DataFrame({f'c{n}': [1] for n in range(300)})")
    assert notebook.run("df['c0'] = 2").items_changed == ()


def test_every_name_of_a_changed_frame_tells_its_columns(notebook):
    notebook.run("other = df")
    names = notebook.run("other['z'] = 1")
    assert names == Names(
        used=("other",),
        touched=("df", "other"),
        items_used=(Items("other", ()),),
        items_changed=(Items("df", ("", "\n", "z")), Items("other", ("", "\n", "z"))),
    )


MAKE = "df = pd.DataFrame({'a': [1, 2], 'b': [3, 4], 'c': [5, 6]})"
CELLS = [
    MAKE,
    "first = df",
    "df['a'] = df['b'] + 1",
    "df['b'] += 1",
    "df['z'] = df['c'] * 2",
    "df[names] = df[names] + 1",
    "names = ['b', 'c']",
    "df = df.assign(z=df['a'])",
    "df = df.copy()",
    "df = df[['c', 'b', 'a']]",
    "df.loc[df['b'] > 3, 'c'] = 0",
    "df.loc[len(df), 'b'] = 8",
    "df.at[0, 'a'] = 7",
    "df.insert(0, f'n{df.shape[1]}', 1)",
    "df = df.sort_values('a')",
    "df.index = df.index[::-1]",
    "first['c'] = 9",
]
SHOWN = [
    "df['a'].tolist()",
    "df[names].sum().tolist()",
    "df.c.tolist(), first['a'].tolist()",
    "df.to_dict(), list(df)",
    "first.to_dict(), df['b'].tolist()",
    "df.groupby('a')['b'].sum().to_dict()",
    "df.loc[df.a > 1, 'c'].tolist()",
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(CELLS), max_size=9), st.sampled_from(SHOWN))
def test_the_cells_of_a_slice_alone_show_the_same(cells, shown):
    sources = ["import pandas as pd", "names = ['a']", MAKE, "first = df", *cells, f"r = {shown}"]
    with open_notebook() as notebook:
        executions = [
            Execution(f"e{number}", "s", number, source, float(number), source,
                      names=notebook.run(source))
            for number, source in enumerate(sources)
        ]  # fmt: skip
        found = slice_of(executions, [executions[-1].id], "")
        alone: dict[str, object] = {}
        for step in found.steps:
            exec(step.execution.source, alone)
        assert repr(alone["r"]) == repr(notebook["r"])
