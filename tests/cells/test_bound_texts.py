"""Which texts source binds to a name."""

import ast

import pytest

from nbmlops.cells.bound_texts import Texts, texts_bound


@pytest.mark.parametrize(
    ("source", "texts", "variables"),
    [
        ("c = 'a'", "a", ""),
        ("c = ['a', 'b']", "a b", ""),
        ("c = d = ('a',)", "a", ""),
        ("c = []", "", ""),
        ("c = one + ['a']", "a", "one"),
        ("for c in ['a', 'b']:\n    c", "a b", ""),
        ("for c in names: pass", "", "names"),
        ("[c for c in ('a', 'b')]", "a b", ""),
        ("c = 'a'\nif x:\n    c = 'b'", "a b", ""),
        ("x = 1", "", ""),
    ],
)
def test_texts_that_a_name_can_hold(source, texts, variables):
    expected = Texts(frozenset(texts.split()), frozenset(variables.split()))
    assert texts_bound(ast.parse(source), "c") == expected


@pytest.mark.parametrize(
    "source",
    [
        "c = 1", "c = f()", "c = ['a', 1]", "c = [*names]", "c = ['a'] * 2", "c, d = ['a', 'b']",
        "for c in 'ab': pass", "for c in df.columns: pass", "for i, c in enumerate(['a']): pass",
        "c = ['a']\nc += ['b']", "c = 'a'\ndel c", "with f() as c: pass", "(c := 'a')",
        "c: list = ['a']",
    ],
)  # fmt: skip
def test_what_is_bound_otherwise_is_not_known(source):
    assert texts_bound(ast.parse(source), "c") is None
