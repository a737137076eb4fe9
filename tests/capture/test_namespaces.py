import sys
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.capture.namespaces import (
    Changes,
    Snapshot,
    is_of_ipython,
    is_written_by_itself,
    names_given_by,
)


class Silent:
    """A value that takes offence at everything but being there."""

    def __eq__(self, other):
        raise AssertionError("compared")

    def __hash__(self):
        raise AssertionError("hashed")


class SilentClass(type):
    __eq__, __hash__ = Silent.__eq__, Silent.__hash__


class OfSilentClass(metaclass=SilentClass):
    """A value whose very class takes offence."""


def changes(before, after):
    """Return what changed between two namespaces, as sets."""
    found = Snapshot.of(after).changes_since(Snapshot.of(before))
    return set(found.bound), set(found.new), set(found.gone)


names = st.integers(0, 300).map("n{}".format)
steps = st.lists(st.tuples(st.sampled_from(["bind", "bind", "delete", "again"]), names))


@given(st.lists(names, unique=True), steps)
def test_changes_are_those_of_each_name_by_identity(start, happening):
    namespace = {name: Silent() for name in start}
    before, snapshot = dict(namespace), Snapshot.of(namespace)
    for what, name in happening:
        if what == "bind":
            namespace[name] = Silent()
        elif what == "delete":
            namespace.pop(name, None)
        elif name in namespace:
            namespace[name] = namespace.pop(name)  # the same value in another place
    found = Snapshot.of(namespace).changes_since(snapshot)
    assert set(found.bound) == {name for name, value in namespace.items()
                                if name not in before or before[name] is not value}  # fmt: skip
    assert set(found.new) == namespace.keys() - before.keys()
    assert set(found.gone) == before.keys() - namespace.keys()


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 2_047, 2_048, 2_049, 10_000])
def test_places_at_the_edges_of_chunks_are_found(size):
    before = {f"n{number}": Silent() for number in range(size)}
    assert changes(before, before) == (set(), set(), set())
    for number in {0, size // 2, size - 1} if size else ():
        after = before | {f"n{number}": Silent()}
        assert changes(before, after) == ({f"n{number}"}, set(), set())
        less = {name: value for name, value in before.items() if name != f"n{number}"}
        assert changes(before, less) == (set(), set(), {f"n{number}"})
        assert changes(less, before) == ({f"n{number}"}, {f"n{number}"}, set())


def test_keys_that_are_no_text_are_passed_over():
    odd = Silent()
    odd_key = type("Key", (), {"__eq__": Silent.__eq__, "__hash__": lambda self: 7})()
    before = {"a": odd, odd_key: 1, 3: 1}
    after = {"b": odd, odd_key: 2, 4: 1, "c": odd}
    assert changes(before, after) == ({"b", "c"}, {"b", "c"}, {"a"})


def test_snapshot_is_taken_again_where_another_thread_came_between():
    class Moving(dict):
        calls = 0

        def values(self):
            Moving.calls += 1
            if Moving.calls == 1:
                self["late"] = 1
            return super().values()

    assert Snapshot.of(Moving(a=1)).names == ("a", "late")


def test_snapshot_keeps_nothing_alive():
    value = Silent()
    count = sys.getrefcount(value)
    snapshot = Snapshot.of({"a": value})
    assert sys.getrefcount(value) == count
    assert snapshot.changes_since(snapshot) == Changes(set(), set(), set())


@pytest.mark.parametrize(
    ("name", "by_itself", "ipythons"),
    [
        ("_", True, False), ("__", True, False), ("___", True, False), ("_12", True, False),
        ("Out", True, False), ("_oh", True, False), ("In", True, True), ("_ih", True, True),
        ("_dh", True, True), ("_i", True, True), ("_iii", True, True), ("_i12", True, True),
        ("__name__", True, True), ("__builtins__", True, True),
        ("_exit_code", False, False), ("____", False, False), ("_x", False, False),
        ("_1a", False, False), ("x", False, False), ("get_ipython", False, True),
    ],
)  # fmt: skip
def test_names_that_ipython_writes_and_those_that_mean_something(name, by_itself, ipythons):
    tool = object()
    assert is_written_by_itself(name) is by_itself
    assert is_of_ipython(name, {"get_ipython": tool}, {"get_ipython": tool}) is ipythons


def test_tool_of_ipython_that_the_user_has_bound_anew_is_the_users():
    assert not is_of_ipython("open", {"open": object()}, {"open": object()})
    assert not is_of_ipython("exit", {"exit": object()}, {})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param({"a": 1, "_b": 2}, ["a"], id="public"),
        pytest.param({"a": 1, "_b": 2, "__all__": ["_b"]}, ["_b"], id="listed"),
        pytest.param({"a": 1, "__all__": ("a", "gone", 3)}, ["a"], id="listed and not there"),
        pytest.param({"a": 1, 3: 4}, ["a"], id="no text"),
        pytest.param({"a": 1, "__all__": "text"}, ["a"], id="a list that is none"),
        pytest.param({"a": 1, "__all__": OfSilentClass()}, ["a"], id="of a class that is asked"),
    ],
)
def test_names_given_by_a_module(monkeypatch, content, expected):
    module = ModuleType("given")
    vars(module).update(content)
    monkeypatch.setitem(sys.modules, "given", module)
    assert list(names_given_by("given", content)) == expected
    assert list(names_given_by("given", dict.fromkeys(content, Silent()))) == []


def test_module_that_is_none_gives_nothing(monkeypatch):
    monkeypatch.setitem(sys.modules, "odd", Silent())
    assert list(names_given_by("odd", {})) == []
    assert list(names_given_by("not_imported", {})) == []
