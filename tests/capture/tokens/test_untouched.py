"""Looking runs no code of the user's, keeps nothing and changes nothing; it never raises."""

import collections
import gc
import signal
import sys
import weakref

import numpy as np
import pandas as pd
import pytest

from nbmlops.capture.tokens.base import Budget
from nbmlops.capture.tokens.kinds import Plan
from nbmlops.capture.tokens.taking import token_of
from tests.capture.tokens.looking import is_seen, token

CALLED = []
DUNDERS = (
    "__eq__ __ne__ __hash__ __len__ __iter__ __next__ __contains__ __getitem__ __bool__ __repr__ "
    "__str__ __index__ __int__ __float__ __reduce__ __reduce_ex__ __getstate__ __getattr__ "
    "__getattribute__ __dir__ __sizeof__ __copy__ __deepcopy__ __call__ __array__ __buffer__ "
    "__enter__ __format__ __lt__ __instancecheck__ __subclasscheck__ __mro_entries__ keys items"
).split()


def _raiser(name):
    def raising(*args, **kwargs):
        CALLED.append(name)
        raise RuntimeError(name)

    return raising


def hostile(*bases, meta=type, without=()):
    names = {name: _raiser(name) for name in DUNDERS if name not in without}
    names["__class__"] = property(_raiser("__class__"))
    names["asked"] = property(_raiser("asked"))
    return meta("Hostile", bases, names)


class HostileMeta(type):
    __hash__ = __eq__ = __call__ = __instancecheck__ = __subclasscheck__ = _raiser("meta")
    __getattribute__ = __iter__ = __len__ = __repr__ = __bool__ = __dir__ = _raiser("meta")


def _made(kind, *arguments):
    base = next(one for one in type.__dict__["__mro__"].__get__(kind)[1:] if one.__module__)
    return base.__new__(kind, *arguments)


def _holding(value):
    yield value


@pytest.fixture(autouse=True)
def _nothing_called():
    CALLED.clear()
    yield
    assert CALLED == []


VALUES = {
    "object": lambda: _made(hostile(object)),
    "list": lambda: _made(hostile(list)),
    "dict": lambda: _made(hostile(dict)),
    "OrderedDict": lambda: collections.OrderedDict.__new__(hostile(collections.OrderedDict)),
    "tuple": lambda: _made(hostile(tuple), (1, 2)),
    "set": lambda: _made(hostile(set)),
    "str": lambda: _made(hostile(str), "a"),
    "int": lambda: _made(hostile(int), 1),
    "bytearray": lambda: _made(hostile(bytearray)),
    "deque": lambda: _made(hostile(collections.deque)),
    "exception": lambda: _made(hostile(ValueError), 1),
    "array": lambda: np.ndarray.__new__(hostile(np.ndarray), (2,)),
    "frame": lambda: pd.DataFrame({"a": [1]}),
    "of a metaclass": lambda: object.__new__(hostile(object, meta=HostileMeta)),
    "class": lambda: hostile(object),
    "class of a metaclass": lambda: hostile(object, meta=HostileMeta),
}


@pytest.mark.parametrize("make", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize(
    "wrap", ["alone", "list", "many", "dict", "attribute", "array", "column", "generator"]
)
def test_no_code_of_the_users_runs(make, wrap):
    value = make()
    if wrap == "list":
        value = [value]
    elif wrap == "many":
        value = [1] * 50 + [value]
    elif wrap == "dict":
        value = {"a": value}
    elif wrap == "attribute":
        holder = ValueError()
        holder.held = value
        value = holder
    elif wrap == "generator":
        value = _holding(value)
        next(value)
    elif wrap in ("array", "column"):
        array = np.empty(1, object)
        array[0] = value
        column = pd.DataFrame({"a": pd.Series([None], dtype=object)})
        column._mgr.blocks[0].values[0, 0] = value  # pandas itself would ask it much
        value = array if wrap == "array" else column
    CALLED.clear()
    one, other = (token_of(value, budget=Budget()) for _ in range(2))
    assert one == other
    assert CALLED == []


def test_changes_inside_hostile_objects_show():
    rows = _made(hostile(list))
    assert is_seen(rows, lambda rows: list.append(rows, 1))
    assert is_seen(rows, lambda rows: object.__setattr__(rows, "name", 1))


def test_keys_with_hashes_of_their_own_are_not_hashed():
    class Key:
        def __hash__(self):
            CALLED.append("hash")
            return 1

    value, ordered = {Key(): 1}, collections.OrderedDict([(Key(), 1)])
    CALLED.clear()
    assert token(value).is_whole
    assert not token(ordered).is_whole


class Held:
    pass


def _holders(held):
    array = np.empty(1, object)
    array[0] = held
    yield held
    yield [held]
    yield {"a": (held,)}
    yield array
    yield pd.Series(array)
    yield lambda: held


def test_nothing_is_kept_alive():
    for place in range(6):
        held = Held()
        gc.disable()
        try:
            holder = list(_holders(held))[place]
            found, gone = token(holder), weakref.ref(held)
            assert gc.get_referrers(found) is not None
            del held, holder
            assert gone() is None or gc.collect() >= 0
        finally:
            gc.enable()
        gc.collect()
        assert gone() is None
        assert all(type(part) is int for part in found.parts)


def test_classes_of_the_notebook_are_not_kept_alive():
    def forgotten():
        kind = type("Forgotten", (), {"rows": [1], "__module__": "__main__"})
        token(kind())
        token(kind)
        return weakref.ref(kind)

    gone = forgotten()
    gc.collect()
    assert gone() is None


def test_references_are_counted_as_before():
    value = [Held(), {"a": Held()}]
    token(value)
    before = [sys.getrefcount(value[0]), sys.getrefcount(value[1])]
    token(value)
    assert [sys.getrefcount(value[0]), sys.getrefcount(value[1])] == before


def test_what_a_signal_handler_raises_arrives():
    class Stop(Exception):
        pass

    def stop(*_):
        raise Stop

    class Late(pd.api.extensions.ExtensionArray):
        pass

    from nbmlops.capture.tokens.walking import Walk

    walk = Walk(100, 100)
    before = signal.signal(signal.SIGUSR1, stop)
    try:
        for writer in (lambda *_: signal.raise_signal(signal.SIGUSR1),):
            walk.plans[id(Late)] = Plan(writer)
            with pytest.raises(Stop):
                walk.run(object.__new__(Late))
    finally:
        signal.signal(signal.SIGUSR1, before)
