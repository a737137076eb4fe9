import sys
import threading

import pytest

from nbmlops.capture import entries

LARGE = {f"name {number}": object() for number in range(70_000)}


class Derived(dict):
    def items(self):
        raise AssertionError("asked")


class Attributes:
    def __init__(self):
        self.first, self.second = 1, 2


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({}, id="empty"),
        pytest.param({"a": None}, id="one"),
        pytest.param(LARGE, id="large"),
        pytest.param({3: 1, "a": 2}, id="keys that are no text"),
        pytest.param(Derived(a=1), id="a class of the user's"),
        pytest.param(vars(Attributes()), id="attributes"),
    ],
)
def test_entries_are_the_same_however_they_are_read(content):
    pairs = [(id(key), id(value)) for key, value in dict.items(content)]
    for read in (entries._from_memory, entries._asked_for):
        numbers = memoryview(read(content)).cast("P").tolist()
        assert [*zip(numbers[::2], numbers[1::2], strict=True)] == pairs


def test_entries_are_taken_from_memory_here():
    assert entries._entries is entries._from_memory


def test_what_was_deleted_leaves_a_gap():
    content = {"a": 1, "b": 2, "c": 3}
    before = memoryview(entries.entries(content)).cast("P").tolist()
    del content["b"]
    assert memoryview(entries.entries(content)).cast("P").tolist() == (
        [*before[:2], 0, 0, *before[4:]]
    )


@pytest.fixture
def eager_threads():
    """Threads that take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_tables_that_another_thread_makes_anew_are_read_whole(eager_threads):
    content, is_over = {}, threading.Event()

    def work():
        while not is_over.is_set():
            content.update(dict.fromkeys(map(str, range(3_000)), 1))
            content.clear()

    other = threading.Thread(target=work)
    other.start()
    try:
        one = id(1)
        for _ in range(3_000):
            values = set(memoryview(entries.entries(content)).cast("P")[1::2])
            assert values <= {one, 0}
    finally:
        is_over.set()
        other.join()
