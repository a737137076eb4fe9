import datetime
import decimal
import json
import math
import os
import pathlib
import random
import re
import uuid
import zoneinfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.canonical import Opaque, decode, encode, jsonable, new_id, number

zones = st.sampled_from([None, datetime.UTC, zoneinfo.ZoneInfo("Europe/Vienna")])
atoms = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.text(st.characters()),  # lone surrogates too
    st.binary(),
    st.complex_numbers(),
    st.dates(),
    st.times(timezones=st.sampled_from([None, datetime.UTC])),
    st.datetimes(timezones=zones),
    st.just(datetime.datetime(1999, 10, 31, 2, tzinfo=zoneinfo.ZoneInfo("Europe/Vienna"), fold=1)),
    st.timedeltas(),
    st.decimals(),
    st.uuids(),
    st.text(st.characters(exclude_characters="\0")).map(pathlib.PurePosixPath),
    st.sampled_from(["C:\\data\\x", "rel\\y", "z"]).map(pathlib.PureWindowsPath),
)
keys = atoms.filter(lambda value: not (isinstance(value, decimal.Decimal) and value.is_snan()))
hashable = (
    keys | st.tuples(keys, st.tuples(keys)) | st.frozensets(keys | st.tuples(keys), max_size=3)
)
values = st.recursive(
    atoms | hashable | st.sets(hashable, max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(hashable | st.just("$type"), inner, max_size=4)
    ),
    max_leaves=15,
)


def same(one: object, other: object) -> bool:
    """Tell whether two values are the same, type included, NaN equal to NaN, -0.0 not to 0.0."""
    if type(one) is not type(other):
        return False
    match one:
        case float():
            return repr(one) == repr(other)
        case complex():
            return repr(one) == repr(other)
        case decimal.Decimal():
            return one.as_tuple() == other.as_tuple()
        case list() | tuple():
            return len(one) == len(other) and all(map(same, one, other))
        case set() | frozenset():
            return len(one) == len(other) and all(any(same(a, b) for b in other) for a in one)
        case dict():
            pairs = zip(one.items(), other.items(), strict=False)
            return len(one) == len(other) and all(same(a, b) for a, b in pairs)
        case datetime.datetime():  # == between zones is never true in a repeated hour
            naive = one.replace(tzinfo=None) == other.replace(tzinfo=None)
            return naive and one.utcoffset() == other.utcoffset()
    return one == other


@given(values)
def test_decoding_gives_back_what_was_encoded_with_the_same_types(value):
    written = encode(value)
    assert written.type != "opaque"
    assert same(decode(*written), value)


@given(values)
def test_encoding_what_was_decoded_gives_the_same_text(value):
    written = encode(value)
    assert encode(decode(*written)) == written


@pytest.mark.parametrize(
    ("value", "type_name"),
    [
        pytest.param(None, "none", id="none"),
        pytest.param(True, "bool", id="bool"),
        pytest.param(1, "int", id="int"),
        pytest.param(1.0, "float", id="float"),
        pytest.param(math.nan, "float", id="nan"),
        pytest.param(-0.0, "float", id="negative zero"),
        pytest.param("1", "str", id="text"),
        pytest.param(b"\xff", "bytes", id="bytes"),
        pytest.param(complex(-0.0, math.inf), "complex", id="complex"),
        pytest.param((1, [2]), "tuple", id="tuple"),
        pytest.param({1: "a", "1": "b"}, "dict", id="dict whose keys look the same as text"),
        pytest.param({"$type": "tuple"}, "dict", id="dict that looks like a tag"),
        pytest.param(frozenset({(1,)}), "frozenset", id="frozenset"),
        pytest.param(datetime.datetime(2024, 2, 29, 1, 2, 3, 4), "datetime", id="datetime"),
        pytest.param(datetime.date(2024, 2, 29), "date", id="date"),
        pytest.param(datetime.timedelta(-1, 2, 3), "timedelta", id="timedelta"),
        pytest.param(decimal.Decimal("1.50"), "decimal", id="decimal keeps its zeros"),
        pytest.param(uuid.UUID(int=7), "uuid", id="uuid"),
        pytest.param(pathlib.PurePosixPath("a/b"), "path", id="path"),
    ],
)
def test_type_is_named_and_kept(value, type_name):
    written = encode(value)
    assert written.type == type_name
    assert same(decode(*written), value)


def test_one_and_true_and_one_point_zero_are_three_values():
    assert len({encode(1), encode(True), encode(1.0), encode("1")}) == 4


@pytest.mark.parametrize(
    ("scalar", "plain"),
    [
        pytest.param(np.float64(0.1), 0.1, id="float64"),
        pytest.param(np.float32("nan"), math.nan, id="float32 nan"),
        pytest.param(np.int64(2**62), 2**62, id="int64"),
        pytest.param(np.bool_(True), True, id="bool"),
        pytest.param(np.str_("x"), "x", id="str"),
        pytest.param(np.array(3), 3, id="array without dimensions"),
        pytest.param(np.datetime64("2024-02-29"), datetime.date(2024, 2, 29), id="date"),
        pytest.param(np.longdouble(0.5), 0.5, id="long double that is a float"),
        pytest.param(np.clongdouble(0.5j), 0.5j, id="long complex that is one"),
        pytest.param(np.array("2024-02-29", "M8[D]"), datetime.date(2024, 2, 29), id="0-d date"),
        pytest.param([np.float64(1.0), {"a": np.int8(1)}], [1.0, {"a": 1}], id="nested"),
    ],
)
def test_numpy_scalars_become_python(scalar, plain):
    assert same(decode(*encode(scalar)), plain)
    assert encode(scalar) == encode(plain)


class Touchy:
    """Whoever calls any method of it, or asks it for an attribute, fails."""

    def _refuse(self, *_):
        raise AssertionError("a method of a user's class was called")

    __repr__ = __str__ = __eq__ = __hash__ = __len__ = __iter__ = __bool__ = __float__ = _refuse
    __reduce_ex__ = __getattr__ = __getattribute__ = __getitem__ = item = _refuse


class TouchyZone(datetime.tzinfo):
    def utcoffset(self, _):
        raise AssertionError("a method of a user's class was called")


def nested(depth, wrap):
    value = 1
    for _ in range(depth):
        value = wrap(value)
    return value


def endless():
    value = []
    value.append({"again": value})
    return value


class Word(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("value", "class_name"),
    [
        pytest.param(lambda: Touchy(), "Touchy", id="object that refuses everything"),
        pytest.param(lambda: [1, {"a": Touchy()}], "list", id="such an object inside"),
        pytest.param(lambda: Touchy, "type", id="class"),
        pytest.param(lambda: Word("x"), "Word", id="subclass of a kept type"),
        pytest.param(
            lambda: datetime.datetime(2024, 1, 1, tzinfo=TouchyZone()), "datetime", id="own zone"
        ),
        pytest.param(lambda: np.zeros(3), "ndarray", id="array"),
        pytest.param(lambda: np.datetime64(1, "ns"), "datetime64", id="time in nanoseconds"),
        pytest.param(lambda: np.array(1, "M8[ns]"), "ndarray", id="0-d time in nanoseconds"),
        pytest.param(lambda: np.timedelta64(1, "ns"), "timedelta64", id="span in nanoseconds"),
        pytest.param(lambda: np.timedelta64(3, "M"), "timedelta64", id="span of months"),
        pytest.param(lambda: np.array(None), "ndarray", id="0-d object"),
        pytest.param(lambda: np.longdouble(1) / 3, "longdouble", id="more digits than a float"),
        pytest.param(lambda: np.timedelta64("NaT", "s"), "timedelta64", id="no time"),
        pytest.param(lambda: "x" * 20_000, "str", id="long text"),
        pytest.param(lambda: list(range(3_000)), "list", id="many elements"),
        pytest.param(lambda: {"a": list(range(3_000))}, "dict", id="many elements inside"),
        pytest.param(lambda: 10**5_000, "int", id="more digits than Python writes"),
        pytest.param(lambda: nested(900, lambda inner: [inner]), "list", id="deep list"),
        pytest.param(lambda: nested(400, lambda inner: (inner,)), "tuple", id="deep tuple"),
        pytest.param(lambda: nested(50_000, lambda inner: [inner]), "list", id="very deep"),
        pytest.param(endless, "list", id="containing itself"),
    ],
)
def test_what_has_no_written_form_is_opaque_under_its_own_class(value, class_name):
    made = value()
    written = encode(made)
    found = decode(*written)
    assert written.type == "opaque"
    assert isinstance(found, Opaque)
    assert found.class_name.rpartition(".")[2] == class_name
    assert found.reason
    assert len(written.json) < 300


@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda inner: [inner], id="list"),
        pytest.param(lambda inner: (inner,), id="tuple"),
        pytest.param(lambda inner: {"a": inner}, id="dict"),
        pytest.param(lambda inner: {1: inner}, id="dict with a number as key"),
        pytest.param(lambda inner: frozenset([inner]), id="frozenset"),
    ],
)
@pytest.mark.parametrize("depth", [30, 60, 120, 240, 480])
def test_whatever_depth_is_kept_can_be_read_again(depth, wrap):
    value = nested(depth, wrap)
    found = decode(*encode(value))
    assert isinstance(found, Opaque) or same(found, value)
    assert depth > 30 or not isinstance(found, Opaque)


def test_json_text_is_strict_json_with_no_python_extras():
    text = encode([math.nan, math.inf, -math.inf]).json
    assert json.loads(text, parse_constant=pytest.fail) == [
        {"$type": "float", "value": name} for name in ("NaN", "Infinity", "-Infinity")
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(3, 3.0, id="int"),
        pytest.param(True, 1.0, id="bool"),
        pytest.param(np.float32(0.5), 0.5, id="numpy"),
        pytest.param(math.nan, None, id="nan"),
        pytest.param(-math.inf, None, id="infinity"),
        pytest.param(10**400, None, id="larger than a float"),
        pytest.param("3", None, id="text"),
        pytest.param(None, None, id="none"),
    ],
)
def test_number_is_a_finite_float_or_nothing(value, expected):
    assert number(value) == expected


@given(values)
def test_jsonable_is_plain_json(value):
    json.dumps(jsonable(value), allow_nan=False)


ALPHABET = {*"0123456789abcdefghjkmnpqrstvwxyz"}  # without i, l, o, u


def test_ids_do_not_follow_a_seed_and_are_never_the_same():
    seen = set()
    for _ in range(1_000):
        random.seed(0)
        np.random.seed(0)
        seen.add(new_id())
    random.seed()
    np.random.seed()
    assert len(seen) == 1_000
    assert all(len(found) == 16 and set(found) <= ALPHABET for found in seen)


def test_making_an_id_leaves_the_random_state_as_it_was():
    random.seed(1)
    expected = random.random()
    random.seed(1)
    new_id()
    assert random.random() == expected


def test_a_forked_child_makes_ids_of_its_own():
    new_id()
    reading, writing = os.pipe()
    if not os.fork():
        os.write(writing, "".join(new_id() for _ in range(70)).encode())
        os._exit(0)
    os.wait()
    found = os.read(reading, 70 * 16).decode()
    assert {new_id() for _ in range(70)}.isdisjoint(re.findall(".{16}", found))
