import array
import datetime as dt
import enum
import pathlib
import re
import struct
import uuid
import zoneinfo
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.fingerprints.asking import fingerprint
from tests.fingerprints.alike import assert_alike, assert_all_differ, digest_of

VIENNA = zoneinfo.ZoneInfo("Europe/Vienna")
NOON = dt.datetime(2024, 5, 1, 12)
LATE = dt.datetime(1999, 10, 31, 2, tzinfo=VIENNA)


class Colour(enum.Enum):
    RED = 1
    CRIMSON = 1
    BLUE = 2


class Size(enum.IntEnum):
    SMALL = 1


class Word(enum.StrEnum):
    RED = "red"


class Text(str, enum.Enum):  # noqa: UP042, the base comes before the enumeration
    RED = "red"


class Flags(enum.IntFlag):
    A = 1
    B = 2


def float_of(bits: int) -> float:
    return struct.unpack("<d", bits.to_bytes(8, "little"))[0]


ONE_OF_EACH = [
    None, ..., NotImplemented,
    True, False, 1, 0, -1, 255, 256, -128, -129, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**400,
    1.0, 0.0, -0.0, 0.1, float("inf"), float("-inf"), float_of(0x7FF8 << 48),
    float_of((0x7FF8 << 48) + 1), float_of(0xFFF8 << 48),
    1 + 0j, complex(0.0, -0.0), complex(-0.0, 0.0), 0j,
    "", "a", "\0", "ä", "a\u0308", "\ud800", "\udc00", "\U00010000", "\ud800\udc00", "1",
    b"", b"a", b"a\0", bytearray(b"a"), memoryview(b"a"), memoryview(b"abcd").cast("B", (2, 2)),
    memoryview(b"abcd").cast("H"), memoryview(b"abcd"),
    dt.date(2024, 5, 1), NOON, NOON.replace(fold=1), NOON.replace(microsecond=1),
    NOON.replace(tzinfo=dt.UTC), NOON.replace(tzinfo=VIENNA), LATE, LATE.replace(fold=1),
    NOON.replace(tzinfo=dt.timezone(dt.timedelta(hours=2))),
    NOON.replace(tzinfo=dt.timezone(dt.timedelta(hours=2), "CEST")),
    dt.datetime(2024, 5, 1, 10, tzinfo=dt.UTC),
    dt.time(12), dt.time(12, fold=1), dt.time(12, tzinfo=dt.UTC),
    dt.timedelta(1), dt.timedelta(seconds=1), dt.timedelta(-1), dt.UTC, VIENNA,
    Decimal("1.0"), Decimal("1.00"), Decimal("-0"), Decimal("0"), Decimal("NaN"), Decimal("sNaN"),
    Decimal("NaN1"), Decimal("Infinity"), Decimal("1E+2"), Decimal(100),
    Fraction(1, 2), Fraction(2), uuid.UUID(int=1), uuid.UUID(int=2),
    Colour.RED, Colour.BLUE, Size.SMALL, Word.RED, Text.RED, Flags.A, Flags.A | Flags.B, Flags(0),
    range(3), range(1, 3), range(0, 6, 2), range(0), range(1, 2),
    slice(None), slice(1), slice(1, 2), slice(1, None, 2),
    re.compile("a"), re.compile(b"a"), re.compile("a", re.IGNORECASE),
    pathlib.PurePosixPath("a/b"), pathlib.PurePosixPath("/a/b"), pathlib.PureWindowsPath("a/b"),
    np.float64(1), np.float32(1), np.float16(1), np.int64(1), np.uint64(1), np.int8(1), np.bool(1),
    np.complex64(1), np.longdouble(1), np.clongdouble(1), np.str_("a"), np.bytes_(b"a"),
    np.datetime64("2024-05-01"), np.datetime64("NaT", "s"), np.timedelta64("NaT", "s"),
    np.timedelta64(1, "D"), np.timedelta64(1, "M"), np.void((1, 2.0), "i4,f8"),
    np.void((1, 2.0), [("a", "i4"), ("b", "f8")]), np.void(b"ab"),
    np.dtype("f8"), np.dtype(">f8"), np.dtype("i8"), np.dtype("M8[s]"), np.dtype("U3"),
    np.dtype([("a", "i1"), ("b", "i4")]), np.dtype([("a", "i1"), ("b", "i4")], align=True),
    np.dtype(("i4", (2,))),
    pd.Timestamp("2024-05-01"), pd.Timestamp("2024-05-01", tz="UTC"), pd.Timestamp(1),
    pd.Timestamp("2024-05-01", tz="Europe/Vienna"), pd.NaT, pd.NA, pd.Timedelta(1),
    pd.Period("2024-05"), pd.Period("2024-05-01"), pd.Interval(0, 1), pd.Interval(0, 1, "left"),
    pd.offsets.BDay(1), pd.offsets.BDay(2), pd.DateOffset(months=1), pd.DateOffset(days=1),
]  # fmt: skip


def test_every_value_differs_from_every_other():
    assert_all_differ(ONE_OF_EACH)


ALIKE = {
    "the bits of a NaN": lambda: [float_of(0x7FF8 << 48), float_of(0x7FF8 << 48)],
    "ints beyond what Python keeps": lambda: [10**400, int("1" + "0" * 400)],
    "texts kept in other widths": lambda: ["abc", "abc\U00010000"[:3]],
    "UTC by two names": lambda: [dt.UTC, dt.timezone(dt.timedelta(0)), zoneinfo.ZoneInfo("UTC")],
    "a zone anew": lambda: [VIENNA, zoneinfo.ZoneInfo.no_cache("Europe/Vienna")],
    "aliases": lambda: [Colour.RED, Colour.CRIMSON],
    "ranges of equal numbers": lambda: [range(0, 3, 2), range(0, 4, 2)],
    "ranges of one number": lambda: [range(1, 2), range(1, 5, 9)],
    "ranges of none": lambda: [range(0), range(5, 1), range(3, 3, 7)],
    "a view with strides": lambda: [memoryview(b"ac"), memoryview(b"abcd")[::2]],
    "a view of what can be changed": lambda: [memoryview(b"ac"), memoryview(bytearray(b"ac"))],
    "paths that open files and pure ones": lambda: [
        [pathlib.PurePosixPath("a/b")], [pathlib.PosixPath("a//b")],
    ],
    "whether a UUID was made safely": lambda: [
        uuid.UUID(int=1), uuid.UUID(int=1, is_safe=uuid.SafeUUID.safe),
    ],
    "patterns": lambda: [re.compile("(?i)a"), re.compile("(?i)a", re.IGNORECASE)],
    "units of numpy's time": lambda: [
        np.datetime64("2024-01-01T00:00:00.000000000"), np.datetime64("2024"),
        np.datetime64("2024-01-01", "D"), np.array("2024-01-01", "M8[25s]")[()],
    ],
    "units of numpy's durations": lambda: [np.timedelta64(1, "D"), np.timedelta64(24, "h")],
    "byte order of numpy's": lambda: [np.float64(1), np.array(1, ">f8")[()]],
    "width of numpy's text": lambda: [np.str_("a"), np.array(["a", "bcd"])[0]],
    "padding of records": lambda: [
        np.zeros((), np.dtype("i1,i4"))[()], np.zeros((), np.dtype("i1,i4", align=True))[()],
    ],
    "units of pandas' time": lambda: [
        pd.Timestamp("2024-05-01").as_unit("s"), pd.Timestamp("2024-05-01").as_unit("ns"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", ALIKE)
def test_one_value_written_in_several_ways_is_one(case):
    assert_alike(ALIKE[case]())


def test_a_long_double_is_read_without_its_padding():
    one, other = np.array([1, 3], np.longdouble), np.array([1, 3], np.longdouble)
    one.view(np.uint8)[10:16] = 7
    assert digest_of(one[0]) == digest_of(other[0])
    assert digest_of(one[0]) != digest_of(other[1])


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        (-0.0, 0.0, True),
        (float_of(0x7FF8 << 48), float_of((0xFFF8 << 48) + 5), True),
        (complex(-0.0, float_of((0x7FF8 << 48) + 1)), complex(0.0, float("nan")), True),
        ([1, -0.0, "a"], [1, 0.0, "a"], True),
        ([-0.0] * 3, [0.0] * 3, True),
        ({-0.0: 1}, {0.0: 1}, True),
        ({-0.0}, {0.0}, True),
        (array.array("d", [-0.0]), array.array("d", [0.0]), True),
        (np.float32(-0.0), np.float32(0.0), True),
        (np.longdouble(-0.0), np.longdouble(0.0), True),
        (np.complex128(-0.0), np.complex128(0.0), True),
        (np.float64(1), np.float64(1 + 2**-52), False),
        (1.0, 1.0 + 2**-52, False),
        (0.0, 0, False),
        (float("nan"), None, False),
        ("a\u0308", "ä", False),
    ],
)
def test_the_semantic_digest_joins_equal_numbers_of_different_bits(one, other, is_alike):
    found, against = fingerprint(one, profile=True), fingerprint(other, profile=True)
    assert found.digest != against.digest
    assert (found.semantic == against.semantic) is is_alike


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1, "int:"),
        ("text", "str:"),
        (np.float64(1), "scalar:"),
        (range(1_000), "range:"),
        (Colour.RED, "enum:"),
    ],
)
def test_the_kind_is_what_people_call_it(value, shown):
    assert str(fingerprint(value)).startswith(shown)


def test_the_size_of_text_and_bytes_is_told_in_bytes():
    assert [fingerprint(value).size_bytes for value in ("ä", b"ab", bytearray(3))] == [2, 2, 3]


class Meters(float):
    def __float__(self):
        raise RuntimeError("never called")

    __add__ = __eq__ = __pos__ = __trunc__ = __hash__ = __float__


class Shouted(str):
    __slots__ = ("volume",)

    def encode(self, *_):
        raise RuntimeError("never called")

    __str__ = __hash__ = __eq__ = __len__ = __iter__ = encode


class Counted(int):
    def bit_length(self):
        raise RuntimeError("never called")

    to_bytes = __int__ = __index__ = __hash__ = __eq__ = bit_length


class Day(dt.datetime):
    @property
    def year(self):
        raise RuntimeError("never called")

    def __eq__(self, _):
        raise RuntimeError("never called")

    tzinfo = month = year
    __hash__ = isoformat = utcoffset = __eq__


class Folder(pathlib.PurePosixPath):
    @property
    def parts(self):
        raise RuntimeError("never called")

    drive = root = name = parts

    def __str__(self):
        raise RuntimeError("never called")

    __fspath__ = __hash__ = __eq__ = __str__


class Raw(bytes):
    def __buffer__(self, _):
        raise RuntimeError("never called")

    __len__ = __iter__ = __getitem__ = __eq__ = __hash__ = __bytes__ = __buffer__


class Price(Decimal):
    def as_tuple(self):
        raise RuntimeError("never called")

    __str__ = __eq__ = __hash__ = __float__ = as_tuple


class Quantity(np.float64):
    def __eq__(self, _):
        raise RuntimeError("never called")

    tobytes = item = __hash__ = __float__ = __eq__


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        (Meters, 1.5, 2.5),
        (Shouted, "a", "b"),
        (Counted, 1, 2),
        (Folder, "a", "b"),
        (Raw, b"a", b"b"),
        (Price, "1", "2"),
        (Quantity, 1.5, 2.5),
    ],
)
def test_a_class_that_derives_from_a_builtin_is_its_value_and_asked_nothing(kind, first, second):
    plain, same, other = kind(first), kind(first), kind(second)
    assert digest_of(plain) == digest_of(same)
    assert digest_of(plain) != digest_of(other)
    assert digest_of(plain) != digest_of(kind.__bases__[0](first))


def test_a_datetime_of_a_class_of_the_users_is_read_beside_its_properties():
    assert digest_of(Day(2024, 5, 1)) == digest_of(Day(2024, 5, 1))
    assert digest_of(Day(2024, 5, 1)) != digest_of(Day(2024, 5, 2))


@pytest.mark.parametrize(("kind", "value"), [(Shouted, "a"), (Counted, 1), (Quantity, 1.5)])
def test_attributes_of_such_a_value_count(kind, value):
    one, other = kind(value), kind(value)
    one.volume = 1
    other.volume = 2
    assert digest_of(one) != digest_of(other)
    other.volume = 1
    assert digest_of(one) == digest_of(other)


class Zone(dt.tzinfo):
    def __init__(self, hours):
        self.hours = hours

    def utcoffset(self, _):
        raise RuntimeError("never called")

    dst = tzname = __eq__ = __hash__ = utcoffset


def test_a_time_zone_of_the_users_is_read_by_its_attributes():
    assert_all_differ([NOON.replace(tzinfo=Zone(1)), NOON.replace(tzinfo=Zone(2))])
    assert digest_of(NOON.replace(tzinfo=Zone(1))) == digest_of(NOON.replace(tzinfo=Zone(1)))


def test_a_view_that_was_released_is_opaque():
    view = memoryview(b"a")
    view.release()
    assert "released" in fingerprint(view).reason


def test_a_time_zone_from_a_file_without_a_name_is_opaque():
    with (pathlib.Path(zoneinfo.TZPATH[0]) / "Europe/Vienna").open("rb") as file:
        assert "without a name" in fingerprint(zoneinfo.ZoneInfo.from_file(file)).reason


atoms = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(), st.binary(),
    st.text(st.characters()), st.dates(), st.times(), st.timedeltas(), st.decimals(), st.uuids(),
    st.datetimes(timezones=st.sampled_from([None, dt.UTC, VIENNA])),
    st.fractions(), st.integers(0, 255).map(np.uint8), st.floats().map(np.float64),
)  # fmt: skip


def written(value: object) -> tuple[str, str]:
    """Return what tells values apart, by means of their own."""
    if isinstance(value, float):
        return type(value).__name__, struct.pack("<d", value).hex()
    if isinstance(value, complex):
        return "complex", struct.pack("<dd", value.real, value.imag).hex()
    return type(value).__name__, repr(value)


@given(atoms, atoms)
def test_values_are_alike_exactly_if_they_are_written_alike(one, other):
    assert (digest_of(one) == digest_of(other)) is (written(one) == written(other))
