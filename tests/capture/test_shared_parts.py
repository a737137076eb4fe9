"""Which names share parts of their values, and how much of that is kept."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.capture import shared_parts
from nbmlops.capture.shared_parts import SharedParts

PARTS = st.frozensets(st.integers(1, 9), max_size=6)


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.none() | PARTS), max_size=12))
def test_names_share_what_they_have_in_common(steps):
    shared, known = SharedParts(), {}
    for name, parts in steps:
        shared.forget(name)
        known.pop(name, None)
        if parts is not None:
            assert shared.keep(name, parts)
            known[name] = parts
    for name, parts in known.items():
        expected = {other for other, theirs in known.items() if parts & theirs}
        assert shared.sharing_with([name]) == shared.having(parts) == expected
    for name in known:
        shared.forget(name)
    assert shared.having(range(10)) == set()
    assert shared._room == shared_parts._MOST_PARTS


@pytest.mark.parametrize(("count", "each"), [(200, 2_000), (12_000, 11)])
def test_parts_of_many_names_take_some_megabytes(count, each):
    parts = [frozenset(range(n * 10_000, n * 10_000 + each)) for n in range(count)]
    shared = SharedParts()
    tracemalloc.start()
    try:
        kept = [shared.keep(f"name{number}", parts[number]) for number in range(count)]
        size_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept[0]
    assert not all(kept)
    assert sum(map(len, shared._parts.values())) <= shared_parts._MOST_PARTS
    assert size_bytes < 12e6


def test_few_parts_are_kept_in_any_case(monkeypatch):
    monkeypatch.setattr(shared_parts, "_MOST_PARTS", 10)
    shared = SharedParts()
    kept = [shared.keep(str(number), frozenset((number, 100))) for number in range(50)]
    assert all(kept)
    assert len(shared.sharing_with(["7"])) == 50
