import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.capture.snapshots import Changes, KnownNames


class Silent:
    """A value that takes offence at everything but being there."""

    def __eq__(self, other):
        raise AssertionError("compared")

    def __hash__(self):
        raise AssertionError("hashed")


def changes(before, after):
    """Return what changed between two namespaces, as sets."""
    names = KnownNames()
    snapshot = names.snapshot(before)
    found = names.snapshot(after).changes_since(snapshot)
    return set(found.bound), set(found.new), set(found.gone)


names = st.integers(0, 300).map("n{}".format)
steps = st.lists(st.tuples(st.sampled_from(["bind", "bind", "delete", "again"]), names))


@given(st.lists(names, unique=True), steps)
def test_changes_are_those_of_each_name_by_identity(start, happening):
    namespace = {name: Silent() for name in start}
    known = KnownNames()
    before, snapshot = dict(namespace), known.snapshot(namespace)
    for what, name in happening:
        if what == "bind":
            namespace[name] = Silent()
        elif what == "delete":
            namespace.pop(name, None)
        elif name in namespace:
            namespace[name] = namespace.pop(name)  # the same value in another place
    found = known.snapshot(namespace).changes_since(snapshot)
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


def test_snapshot_keeps_nothing_alive():
    value = Silent()
    count = sys.getrefcount(value)
    snapshot = KnownNames().snapshot({"a": value})
    assert sys.getrefcount(value) == count
    assert snapshot.changes_since(snapshot) == Changes(set(), set(), set())


def test_names_that_came_and_went_are_not_kept_for_ever():
    names, namespace = KnownNames(), {"stays": 1}
    for number in range(5_000):
        namespace[f"n{number}"] = number
        names.snapshot(namespace)
        del namespace[f"n{number}"]
    assert len(names.by_address) < 1_100
    before = names.snapshot(namespace)
    del namespace["stays"]
    assert names.snapshot(namespace).changes_since(before) == Changes(set(), set(), {"stays"})


@pytest.mark.parametrize("size", [10, 10_000])
def test_what_is_taken_follows_what_is_new_not_what_is_there(size, monkeypatch):
    names, namespace = KnownNames(), {f"n{number}": number for number in range(size)}
    names.snapshot(namespace)
    seen = []
    monkeypatch.setattr(
        "nbmlops.capture.snapshots._backwards",
        lambda names: (seen.append(name) or name for name in reversed(names)),
    )
    names.snapshot(namespace)
    assert seen == []
    namespace["late"] = 1
    names.snapshot(namespace)
    assert seen == ["late"]
