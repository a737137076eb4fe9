"""Names that source looks up by their text."""

import ast

import pytest

from nbmlops.cells.lookups import lookups_of

NAMESPACE = {"a": 1, "b": 2, "key": "b", "text": "c > @b", "df": object(), "pd": object()}

FOUND = [
    ("globals()['a']", {("globals", "a")}),
    ("globals()[key]", {("globals", "b")}),
    ("globals()[key + 'x']", {("globals", name) for name in NAMESPACE}),
    ("vars().pop('a')", {("vars", "a")}),
    ("'a' not in locals()", {("locals", "a")}),
    ("dict(**globals())", {("globals", name) for name in NAMESPACE}),
    ("globals()['a'] = 1", set()),
    ("globals().update(a=1)", set()),
    ("exec('1', globals())", set()),
    ("vars(df)", set()),
    ("df.query('c > @a and d < @b')", {("df", "a"), ("df", "b")}),
    ("df[df.c > 1].query(text)", {("df", "b")}),
    ("df.query(f'c > @a and {d}')", {("df", "a")}),
    ("df.query(make())", set()),
    ("df.eval('d = c * @a', inplace=True)", {("df", "a")}),
    ("pd.eval('a + b')", {("pd", "a"), ("pd", "b")}),
    ("model.eval()", set()),
    ("make().query('c > @a')", {("make", "a")}),
    ("shell.user_ns['a']", {("shell", "a")}),
    ("(lambda: 0)().query('c > 1')", set()),
]


@pytest.mark.parametrize(("source", "names"), FOUND, ids=[source for source, _ in FOUND])
def test_lookups_are_found_with_the_name_that_they_begin_with(
    source: str, names: set[tuple[str, str]]
):
    found = lookups_of(ast.walk(ast.parse(source)))
    assert names == {
        (root, name)
        for (_, root), lookups in found.items()
        for lookup in lookups
        for name in lookup.names(NAMESPACE)
    }
