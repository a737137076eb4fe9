import sys
import threading
import tracemalloc

import pytest

from nbmlops.fingerprints import registry, walking
from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.base import PAUSE, Child, Described, Unordered
from nbmlops.fingerprints.hashing import joined
from nbmlops.fingerprints.walking import described, reason_of
from tests.fingerprints.alike import assert_all_differ, digest_of


class Thing:
    def __init__(self, *parts):
        self.parts = list(parts)


@pytest.fixture
def adapt(monkeypatch):
    """Let things be described by a function of the test."""

    def given(adapter):
        monkeypatch.setitem(registry._OWN, id(Thing), (Thing, adapter))

    return given


def nested(depth, innermost=0):
    value = innermost
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.timeout(120)
def test_nesting_of_any_depth_is_no_recursion():
    before = sys.getrecursionlimit()
    assert fingerprint(nested(100_000)).is_exact
    assert_all_differ([nested(3_000), nested(3_001), nested(3_001, 1)])
    assert sys.getrecursionlimit() == before


def test_the_reason_of_something_deep_inside_is_short():
    reason = fingerprint(nested(20_000, iter([]))).reason
    assert reason.startswith("…: [0]: [0]: ")
    assert reason.endswith("[0]: an iterator: looking at it would use it up")
    assert len(reason) < 250


def test_a_list_linked_both_ways_is_no_recursion():
    def linked(length, last):
        first = here = Thing(None)
        for number in range(length):
            here.parts.append(Thing(here, number))
            here = here.parts[-1]
        here.parts.append(last)
        return first

    assert digest_of(linked(3_000, 1)) == digest_of(linked(3_000, 1)) != digest_of(linked(3_000, 2))


def test_what_is_shared_is_looked_at_once(adapt):
    seen = []

    def adapter(thing, _mode):
        seen.append(thing)
        digests = []
        for part in thing.parts:
            digests += [(yield Child(part, ""))]
        return Described("thing", joined("thing", *digests))

    adapt(adapter)
    value = Thing()
    for _ in range(100):
        value = Thing(value, value, [value, (value,)])
    assert fingerprint(value).is_exact
    assert len(seen) == 101


def test_small_values_are_forgotten_and_what_is_shared_is_still_looked_at_once(adapt, monkeypatch):
    monkeypatch.setattr(walking, "_MOST_SMALL", 4)
    seen = []

    def adapter(thing, _mode):
        seen.append(thing)
        digests = []
        for part in thing.parts:
            digests += [(yield Child(part, ""))]
        return Described("thing", joined("thing", *digests))

    adapt(adapter)
    value = Thing()
    for _ in range(60):
        value = Thing(value, *(Thing(Thing()) for _ in range(9)), value)
    assert fingerprint(value).is_exact
    assert len(seen) < 2_500
    alike = [[Thing(number % 7)] for number in range(100)]
    assert len({digest_of(each) for each in alike}) == 7


def test_memory_beside_small_values_does_not_grow_with_their_number(monkeypatch):
    monkeypatch.setattr(walking, "_MOST_SMALL", 100)
    value = [[[number]] for number in range(10_000)]
    tracemalloc.start()
    try:
        described(value)
        assert tracemalloc.get_traced_memory()[1] < 250 * len(value)
    finally:
        tracemalloc.stop()


def test_nodes_that_all_know_each_other_are_looked_at_once_each():
    nodes = [Thing(number) for number in range(300)]
    for node in nodes:
        node.parts += nodes
    assert fingerprint(nodes).is_exact


def test_a_value_described_at_once_is_remembered_if_it_is_large(adapt):
    seen = []
    adapt(lambda thing, _mode: seen.append(thing) or Described("thing", b"", size_bytes=1 << 20))
    thing = Thing()
    described([thing] * 100)
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("parts", "strength", "reason"),
    [
        ([], "exact", None),
        (["exact"], "exact", None),
        (["exact", "opaque"], "opaque", "[1]: no adapter"),
        (["opaque", "exact", "opaque"], "opaque", "[0]: no adapter"),
    ],
)
def test_a_value_is_as_strong_as_its_weakest_part(parts, strength, reason, adapt):
    made = {
        "exact": Described("thing", b""),
        "opaque": Described("opaque", b"", reason="no adapter"),
    }

    def adapter(thing, _mode):
        (wanted,) = thing.parts
        return made[wanted]

    adapt(adapter)
    found = fingerprint([Thing(part) for part in parts])
    assert (found.strength, found.reason) == (strength, reason)
    inner = fingerprint({"a": ([Thing(part) for part in parts],)})
    assert inner.strength == strength
    assert inner.reason == (None if reason is None else f"['a']: [0]: {reason}")


class Unprintable(Exception):
    def __str__(self):
        raise RuntimeError

    __repr__ = __str__


def raises(problem):
    def at_once(_thing, _mode):
        raise problem

    def first(_thing, _mode):
        raise problem
        yield

    def later(_thing, _mode):
        yield Child(1, "")
        raise problem

    def as_a_stop(_thing, _mode):
        yield Child(1, "")
        return "nonsense"

    return [at_once, first, later]


@pytest.mark.parametrize("when", range(3), ids=["at once", "first", "later"])
@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (ValueError("a"), "ValueError: a"),
        (MemoryError(), "MemoryError"),
        (RecursionError("a"), "RecursionError: a"),
        (Unprintable(), "Unprintable"),
        (ValueError("a" * 900), "ValueError: " + "a" * 188),
        (AssertionError(), "AssertionError"),
    ],
    ids=lambda problem: type(problem).__name__,
)
def test_an_adapter_that_fails_makes_its_value_opaque_and_no_other(when, problem, reason, adapt):
    adapt(raises(problem)[when])
    found = fingerprint([Thing(), 1])
    assert (found.kind, found.strength, found.reason) == ("list", "opaque", f"[0]: {reason}")
    assert found.digest != fingerprint([Thing(), 2]).digest
    assert fingerprint(Thing()).kind == "opaque"


@pytest.mark.parametrize("ending", [KeyboardInterrupt, SystemExit])
def test_the_users_interrupt_is_not_swallowed(ending, adapt):
    adapt(raises(ending())[2])
    with pytest.raises(ending):
        fingerprint([Thing()])


def test_an_adapter_that_gives_nonsense_makes_its_value_opaque(adapt):
    for nonsense in (None, 7, "a"):
        adapt(lambda _thing, _mode, nonsense=nonsense: nonsense)
        assert fingerprint([Thing()]).strength == "opaque"

    def ends_in_nonsense(_thing, _mode):
        yield Child(1, "")
        return "nonsense"

    adapt(ends_in_nonsense)
    assert fingerprint([Thing()]).strength == "opaque"


def test_the_time_given_ends_the_walk(clock):
    found = fingerprint([[number, [number]] for number in range(300_000)], within_seconds=0.05)
    assert clock.looks < 10
    assert (found.kind, found.reason) == ("opaque", "takes longer than 0.05 s")
    assert fingerprint([1, [2]], within_seconds=5).is_exact


def test_the_time_given_ends_what_pauses_and_what_has_no_end(adapt):
    def adapter(_thing, _mode):
        while True:
            yield PAUSE

    adapt(adapter)
    assert fingerprint(Thing(), within_seconds=0.01).reason == "takes longer than 0.01 s"


def test_the_time_given_ends_the_ordering_of_a_set(monkeypatch):
    monkeypatch.setattr(walking, "_CLOCK_EVERY", 1 << 60)  # so that nothing else looks at the clock
    nodes = [Linked() for _ in range(20)]
    for node in nodes:
        node.peers = set(nodes)
    assert fingerprint(nodes, within_seconds=0).reason == "takes longer than 0 s"


def test_a_pause_says_nothing(adapt):
    def digest(pauses):
        def adapter(_thing, _mode):
            for _ in range(pauses):
                yield PAUSE
            return Described("thing", joined("thing", (yield Child([], ""))))

        adapt(adapter)
        return digest_of([Thing()])

    assert digest(0) == digest(1) == digest(1_000)


class Linked:
    pass


def bag(*values):
    linked = Linked()
    linked.values = Unordered(values)
    return linked


def test_a_bag_has_no_order_but_counts_what_is_in_it_twice():
    assert digest_of(bag([1], [2])) == digest_of(bag([2], [1]))
    assert_all_differ([bag([1], [2]), bag([1], [1]), bag([1], [1], [2]), bag([1]), bag()])


def test_values_that_give_ever_new_ones_end(adapt, monkeypatch):
    monkeypatch.setattr(walking, "_MOST_LEVELS", 1_000)

    def adapter(_thing, _mode):
        return Described("thing", joined("thing", (yield Child(Thing(), ""))))

    adapt(adapter)
    assert fingerprint(Thing()).reason == "more than 1,000 values in each other"


def test_an_adapter_that_cannot_be_loaded_makes_its_value_opaque(monkeypatch):
    monkeypatch.setitem(registry._ADAPTERS, f"{Thing.__module__}.Thing", "no_such_module:adapter")
    assert fingerprint([Thing()]).reason.startswith("[0]: ModuleNotFoundError")


def test_nothing_is_kept_when_the_walk_is_over():
    thing = Thing([1], {"a": [2]})
    before = sys.getrefcount(thing), sys.getrefcount(thing.parts)
    fingerprint([thing, thing], profile=True)
    assert (sys.getrefcount(thing), sys.getrefcount(thing.parts)) == before


def test_threads_walk_at_the_same_time():
    value = [Thing(number, {"a": [number]}) for number in range(2_000)]
    expected, found = fingerprint(value).digest, []
    walkers = [
        threading.Thread(target=lambda: found.append(fingerprint(value).digest)) for _ in range(4)
    ]
    for walker in walkers:
        walker.start()
    for walker in walkers:
        walker.join()
    assert found == [expected] * 4


def test_the_reason_of_an_error_is_its_name_and_text():
    assert reason_of(KeyError("a")) == "KeyError: 'a'"
    assert reason_of(Unprintable()) == "Unprintable"
    hostile = type("Hostile", (type,), {"__getattribute__": lambda *_: 1 / 0})
    assert reason_of(hostile("Odd", (Exception,), {})("a")) == "Odd: a"
