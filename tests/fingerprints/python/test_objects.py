import asyncio
import concurrent.futures
import contextvars
import copy
import dataclasses
import functools
import io
import pickle
import random
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import types
import unittest.mock
import weakref

import numpy as np
import pytest

from nbmlops.fingerprints.asking import fingerprint
from tests.fingerprints.alike import assert_alike, assert_all_differ, digest_of


class Plain:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)


class Other(Plain):
    pass


class Slotted:
    __slots__ = ("__hidden", "first", "second")

    def __init__(self, *values):
        for name, value in zip(("first", "second", "_Slotted__hidden"), values, strict=False):
            setattr(self, name, value)


class MoreSlots(Slotted):
    __slots__ = ("third",)


class SlotsAndDict(Slotted):
    pass


class EverySlot:
    __slots__ = ("__dict__", "__weakref__", "first")

    def __init__(self, *values):
        for name, value in zip(("first", "other"), values, strict=False):
            setattr(self, name, value)


@dataclasses.dataclass
class Point:
    x: int
    y: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass(slots=True, frozen=True)
class Fixed:
    x: int
    y: object = None


class Cached:
    def __init__(self, value):
        self.value = value

    @functools.cached_property
    def doubled(self):
        return self.value * 2


def with_more(**attributes):
    made = Plain(**attributes)
    made.more = made
    return made


ONE_OF_EACH = [
    object(), Plain(), Other(), Plain(a=1), Plain(b=1), Plain(a=2), Plain(a=1, b=2), Other(a=1),
    Plain(a=[1]), Plain(a=Plain()), Plain(a=Other()), with_more(), with_more(a=1),
    Slotted(), Slotted(1), Slotted(2), Slotted(1, 1), Slotted(None), Slotted(1, 1, 1),
    MoreSlots(1), SlotsAndDict(1), EverySlot(1), EverySlot(1, 2),
    Point(1), Point(2), Point(1, [1]), Fixed(1), Fixed(2), Fixed(1, []), Cached(1), Cached(2),
    ValueError(), ValueError("a"), ValueError("b"), ValueError("a", 1), TypeError("a"),
    OSError(2, "a"), OSError(2, "a", "b"), OSError(2, "a", "c"), KeyError("a"),
    SystemExit(1), SystemExit(2), StopIteration(1), UnicodeDecodeError("utf-8", b"a", 0, 1, "b"),
    UnicodeDecodeError("utf-8", b"a", 0, 1, "c"),
    random.Random(1), random.Random(2), np.random.default_rng(1), np.random.default_rng(2),
    np.random.RandomState(1), np.random.RandomState(2), np.random.PCG64(1), np.random.MT19937(1),
    np.random.SeedSequence(1), np.random.SeedSequence(2),
]  # fmt: skip


def test_every_object_differs_from_every_other():
    assert_all_differ(ONE_OF_EACH)


@pytest.mark.parametrize("value", ONE_OF_EACH, ids=lambda value: type(value).__name__)
def test_a_copy_of_an_object_is_alike(value):
    assert_alike([value, copy.deepcopy(value)])


def test_the_order_of_attributes_does_not_count():
    assert digest_of(Plain(a=1, b=[])) == digest_of(Plain(b=[], a=1))


def test_what_a_cached_property_keeps_does_not_count():
    used = Cached(3)
    assert used.doubled == 6
    assert digest_of(used) == digest_of(Cached(3))


def test_what_an_instance_has_in_place_of_a_method_counts():
    one = Plain(fit=len)
    assert digest_of(one) != digest_of(Plain(fit=abs))


def test_attributes_whose_names_are_no_text_count():
    one, other = Plain(a=1), Plain(a=1)
    one.__dict__[Plain()] = 1
    other.__dict__[Plain()] = 2
    assert_all_differ([one, other, Plain(a=1)])


def test_looking_at_a_random_generator_takes_nothing_from_it():
    for generator in (random.Random(1), np.random.default_rng(1), np.random.RandomState(1)):
        before = pickle.dumps(generator)
        found = digest_of(generator)
        assert pickle.dumps(generator) == before
        getattr(generator, "random")()  # noqa: B009, they share no class
        assert digest_of(generator) != found


def test_an_error_is_the_same_wherever_it_was_raised():
    def raised(text, cause=None):
        try:
            raise ValueError(text) from cause
        except ValueError as problem:
            return problem

    assert_alike([raised("a"), raised("a", KeyError("b")), ValueError("a")])


class Failed(Exception):
    def __init__(self, code):
        super().__init__(f"failed with {code}")
        self.code = code

    def __str__(self):
        raise RuntimeError("never called")

    __repr__ = __eq__ = __hash__ = __str__


def test_an_error_of_the_users_is_its_class_arguments_and_attributes():
    assert digest_of(Failed(1)) == digest_of(Failed(1))
    changed = Failed(1)
    changed.code = 2
    assert_all_differ([Failed(1), Failed(2), changed, Exception("failed with 1")])


def never(*_, **__):
    raise RuntimeError("never called")


def blocks(*_, **__):
    time.sleep(600)


class HostileClass(type):
    __eq__ = __getattribute__ = __call__ = __instancecheck__ = __subclasscheck__ = __iter__ = never
    __hash__ = __repr__ = __dir__ = __len__ = __bool__ = mro_of = never


class Hostile(Plain):
    __getattribute__ = __getattr__ = __eq__ = __hash__ = __len__ = __iter__ = __bool__ = never
    __repr__ = __str__ = __reduce__ = __reduce_ex__ = __getstate__ = __sizeof__ = __dir__ = never
    __array__ = __dataframe__ = __arrow_c_stream__ = __float__ = __index__ = __fspath__ = never
    __buffer__ = __copy__ = __deepcopy__ = __format__ = __bytes__ = __call__ = __next__ = never
    __class__ = property(never)
    __module__ = "hostile"


class Blocking(Plain):
    __getattribute__ = __eq__ = __hash__ = __len__ = __iter__ = __bool__ = __reduce_ex__ = blocks
    __class__ = property(blocks)
    __array__ = __repr__ = __str__ = blocks


class Liar(Plain):
    @property
    def __class__(self):
        return dict


class OddModule(Plain):
    __module__ = 7


class OddName(Plain):
    pass


OddName.__qualname__ = type("Text", (str,), {"__str__": never, "__format__": never})("Odd")


def made_by_a_hostile_metaclass(**attributes):
    kind = type.__call__(HostileClass, "Made", (Plain,), {})
    made = object.__new__(kind)
    object.__getattribute__(made, "__dict__").update(attributes)
    return made


def hostile(**attributes):
    made = object.__new__(Hostile)
    Plain.__dict__["__dict__"].__get__(made).update(attributes)
    return made


def blocking(**attributes):
    made = object.__new__(Blocking)
    Plain.__dict__["__dict__"].__get__(made).update(attributes)
    return made


@pytest.mark.parametrize(
    "made", [hostile, blocking, made_by_a_hostile_metaclass, Liar, OddModule, OddName]
)
@pytest.mark.timeout(20)
def test_objects_that_raise_block_or_lie_are_read_by_their_attributes(made):
    assert digest_of([made(a=1)]) == digest_of([made(a=1)])
    found = [fingerprint(made(a=number), profile=True) for number in (1, 2)]
    assert found[0].digest != found[1].digest
    assert {one.kind for one in found} == {"object"}
    assert fingerprint({1: made(a=iter([]))}).reason.startswith("[1]: .a: an iterator")


class Nonsense(Plain):
    def __len__(self):
        return -1

    def __iter__(self):
        return self

    def __eq__(self, _):
        return Plain()

    def __hash__(self):
        return id(self)

    def __getattr__(self, name):
        return self

    def __reduce_ex__(self, _):
        return "nonsense"


def test_nonsense_that_an_object_gives_back_does_not_show():
    assert digest_of({Nonsense(a=1): Nonsense(b=1)}) == digest_of({Nonsense(a=1): Nonsense(b=1)})


def with_hidden_dict():
    class Hiding:
        __dict__ = property(never)

    return Hiding()


def with_hidden_slot():
    class Hiding:
        __slots__ = ("first",)

    made = Hiding()
    made.first = 1
    Hiding.first = property(never)
    return made


@pytest.mark.parametrize(
    ("make", "reason"),
    [(with_hidden_dict, "its class hides its attributes"), (with_hidden_slot, "no adapter for ")],
)
def test_an_object_whose_class_hides_its_attributes_is_opaque(make, reason):
    found = fingerprint(make())
    assert found.strength == "opaque"
    assert found.reason.startswith(reason)


async def waits():
    await asyncio.sleep(0)


def yields():
    yield 1


async def yields_later():
    yield 1


@pytest.fixture
def closing():
    """Things at work, and how each is ended."""
    ended = []
    yield ended.append
    for end in reversed(ended):
        end()


def opened_socket(closing):
    made = socket.socket()
    closing(made.close)
    return made


def started_coroutine(closing):
    made = waits()
    closing(made.close)
    return made


def connected(closing):
    made = sqlite3.connect(":memory:")
    closing(made.close)
    return made


def started_process(closing):
    made = subprocess.Popen([sys.executable, "-c", ""])
    closing(made.wait)
    return made


def opened_file(closing):
    made = open("/dev/null")  # noqa: PTH123, SIM115, closed by the fixture
    closing(made.close)
    return made


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda _: yields(), "a generator: looking at it would run it"),
        (lambda _: yields_later(), "a generator: looking at it would run it"),
        (started_coroutine, "a coroutine: looking at it would run it"),
        (lambda _: iter([]), "an iterator: looking at it would use it up"),
        (lambda _: map(len, []), "an iterator: looking at it would use it up"),
        (lambda _: zip((), (), strict=False), "an iterator: looking at it would use it up"),
        (opened_file, "an open file: its content is in the file"),
        (lambda _: io.BytesIO(b"a"), "an open file: its content is in the file"),
        (opened_socket, "a socket"),
        (lambda _: threading.Lock(), "a lock"),
        (lambda _: threading.RLock(), "a lock"),
        (lambda _: threading.Condition(), "a lock"),
        (lambda _: threading.Event(), "a lock"),
        (lambda _: threading.Thread(), "a thread"),
        (started_process, "a process"),
        (connected, "a connection"),
        (lambda _: concurrent.futures.Future(), "a future: what it comes to is not there yet"),
        (lambda _: weakref.ref(Plain), "a reference that does not keep its object"),
        (lambda _: weakref.proxy(Plain), "a reference that does not keep its object"),
        (lambda _: contextvars.ContextVar("a"), "a context variable"),
        (lambda _: contextvars.copy_context(), "a context variable"),
        (lambda _: yields.__code__, "bytecode: its source is looked at instead"),
        (lambda _: sys._getframe(), "a moment of a program that runs"),
        (lambda _: functools.cmp_to_key(len)(1), "no adapter for functools.KeyWrapper"),
        (lambda _: np.nditer([1]), "an iterator: looking at it would use it up"),
    ],
)
def test_things_at_work_are_opaque_and_say_why(make, reason, closing):
    value = make(closing)
    found = fingerprint(value)
    assert (found.kind, found.strength, found.reason) == ("opaque", "opaque", reason)
    assert found.digest == fingerprint(value).digest
    assert fingerprint({"a": [value]}).reason == f"['a']: [0]: {reason}"


def test_a_lock_that_is_held_is_not_waited_for():
    lock = threading.Lock()
    with lock:
        assert fingerprint(Plain(lock=lock)).reason == ".lock: a lock"


def test_an_iterator_is_not_used_up():
    numbers = iter([1, 2])
    fingerprint(numbers, profile=True)
    assert list(numbers) == [1, 2]


def test_mocks_are_read_like_other_objects():
    assert fingerprint(unittest.mock.MagicMock()).strength in ("exact", "opaque")


def test_an_object_that_a_thread_changes_never_raises():
    value, is_over = Plain(), threading.Event()

    def change():
        while not is_over.is_set():
            for number in range(300):
                value.__dict__[f"a{number}"] = [number]
            value.__dict__.clear()

    changing = threading.Thread(target=change)
    changing.start()
    try:
        found = {fingerprint(value).strength for _ in range(300)}
    finally:
        is_over.set()
        changing.join()
    assert found <= {"exact", "opaque"}


def test_memory_that_a_class_written_in_c_keeps_is_never_taken_for_nothing():
    class Derived(type(threading.RLock())):
        pass

    assert fingerprint(Derived()).strength == "opaque"
    derived = types.new_class("Derived", (io.StringIO,))
    assert fingerprint(derived("a")).strength == "opaque"
