"""Single values of Python's own types.

Every bit counts: ``1``, ``1.0`` and ``True`` differ, ``Decimal("1.0")`` and ``Decimal("1.00")``,
composed and decomposed letters. In the mode ``semantic`` all NaN are one, and −0.0 is 0.0.
Times in different zones differ, also where they are the same instant; `datetime.UTC` and
``ZoneInfo("UTC")`` are one zone. Ranges are the numbers that they give. A path is its text and
the system whose paths it is written for.
"""

import datetime
import decimal
import pathlib
import re
import uuid
import zoneinfo
from types import EllipsisType, NotImplementedType
from typing import Any

from xxhash import xxh3_128

from nbmlops.fingerprints.base import Child, Described, Mode, Steps
from nbmlops.fingerprints.hashing import hashed, hashed_all, joined, text, text_pieces
from nbmlops.fingerprints.packing import float_bytes, int_bytes
from nbmlops.fingerprints.python.classes import ancestors, full_name, module_of, own_dict
from nbmlops.fingerprints.python.objects import derived, with_class

_PIECE_BYTES = 1 << 20
_DAY_FIELDS = ("year", "month", "day")
_CLOCK_FIELDS = ("hour", "minute", "second", "microsecond", "fold")


def none(_value: None, _mode: Mode) -> Described:
    """Describe None."""
    return Described("none", joined("none"))


def constant(value: EllipsisType | NotImplementedType, _mode: Mode) -> Described:
    """Describe a value that is the only one of its type."""
    return Described("constant", joined("constant", text(full_name(type(value)))))


def boolean(value: bool, _mode: Mode) -> Described:
    """Describe a truth value."""
    return Described("bool", joined("bool", b"\1" if value else b"\0"))


@derived(int)
def integer(value: int, _mode: Mode) -> Described:
    """Describe an int of any size."""
    return Described("int", joined("int", int_bytes(value)))


@derived(float)
def floating(value: float, mode: Mode) -> Described:
    """Describe a float."""
    plain = float.__pos__(value)  # of the type itself, also for classes that derive from it
    return Described("float", joined("float", float_bytes([plain], mode)))


@derived(complex)
def complex_number(value: complex, mode: Mode) -> Described:
    """Describe a complex number."""
    parts = [complex.real.__get__(value), complex.imag.__get__(value)]
    return Described("complex", joined("complex", float_bytes(parts, mode)))


@derived(str)
def string(value: str, _mode: Mode) -> Described:
    """Describe a text, lone surrogates too."""
    state, size_bytes = xxh3_128(), 0
    for piece in text_pieces(value):
        state.update(piece)
        size_bytes += len(piece)
    return Described("str", joined("str", state.digest()), size_bytes=size_bytes)


@derived(bytes)
def binary(value: bytes, _mode: Mode) -> Described:
    """Describe bytes."""
    data = bytes.__getitem__(value, slice(None))
    return Described("bytes", joined("bytes", hashed(data)), size_bytes=len(data))


@derived(bytearray)
def byte_array(value: bytearray, _mode: Mode) -> Described:
    """Describe bytes that can be changed, by copies of some: while they are read nobody could."""
    size_bytes = bytearray.__len__(value)
    pieces = (
        bytearray.__getitem__(value, slice(start, start + _PIECE_BYTES))
        for start in range(0, size_bytes, _PIECE_BYTES)
    )
    digest = joined("bytearray", hashed_all(pieces))
    return Described("bytearray", digest, size_bytes=size_bytes)


def memory_view(value: memoryview, _mode: Mode) -> Described:
    """Describe what a view shows: format, shape and bytes in C order, whatever its strides."""
    shape = value.shape or ()
    form = joined("form", text(value.format), *(int_bytes(length) for length in shape))
    digest = joined("memoryview", form, hashed(value if value.c_contiguous else value.tobytes()))
    return Described("memoryview", digest, shape, size_bytes=value.nbytes)


@derived(datetime.date)
def date(value: datetime.date, _mode: Mode) -> Described:
    """Describe a day."""
    return Described("date", joined("date", _fields(datetime.date, _DAY_FIELDS, value)))


@derived(datetime.datetime)
def date_and_time(value: datetime.datetime, _mode: Mode) -> Described | Steps:
    """Describe a day and time by what its clock shows, fold and zone included."""
    shown = _fields(datetime.datetime, (*_DAY_FIELDS, *_CLOCK_FIELDS), value)
    return _zoned("datetime", shown, datetime.datetime.tzinfo.__get__(value))


@derived(datetime.time)
def time(value: datetime.time, _mode: Mode) -> Described | Steps:
    """Describe a time of the day by what its clock shows, fold and zone included."""
    shown = _fields(datetime.time, _CLOCK_FIELDS, value)
    return _zoned("time", shown, datetime.time.tzinfo.__get__(value))


@derived(datetime.timedelta)
def duration(value: datetime.timedelta, _mode: Mode) -> Described:
    """Describe a duration."""
    shown = _fields(datetime.timedelta, ("days", "seconds", "microseconds"), value)
    return Described("timedelta", joined("timedelta", shown))


def fixed_zone(value: datetime.timezone, _mode: Mode) -> Described:
    """Describe a time zone without rules by its name and offset."""
    name = datetime.timezone.tzname(value, None)
    offset = datetime.timezone.utcoffset(value, None)
    if name == "UTC" and not offset:
        return _zone("UTC")
    shown = _fields(datetime.timedelta, ("days", "seconds", "microseconds"), offset)
    return Described("timezone", joined("timezone", text(name), shown))


@derived(zoneinfo.ZoneInfo)
def named_zone(value: zoneinfo.ZoneInfo, _mode: Mode) -> Described:
    """Describe a time zone by its name; its rules are in the time zone database."""
    key = zoneinfo.ZoneInfo.key.__get__(value)
    if key is None:
        raise ValueError("a time zone without a name")
    return _zone(key)


@derived(decimal.Decimal)
def decimal_number(value: decimal.Decimal, _mode: Mode) -> Described:
    """Describe a decimal number by sign, digits and exponent."""
    sign, digits, exponent = decimal.Decimal.as_tuple(value)
    parts = (bytes([sign]), bytes(digits), text(str(exponent)))
    return Described("decimal", joined("decimal", *parts))


@derived(uuid.UUID)
def unique_id(value: uuid.UUID, _mode: Mode) -> Described:
    """Describe a UUID by its number; whether it was made safely is no part of it."""
    number: int = uuid.UUID.__dict__["int"].__get__(value)
    return Described("uuid", joined("uuid", number.to_bytes(16, "little")))


def member(value: Any, _mode: Mode) -> Steps:
    """Describe a member of an enumeration by its class, name and value."""
    named = own_dict(value) or {}
    name = named.get("_name_")
    digest = yield Child(named["_value_"], "._value_")
    parts = (text(full_name(type(value))), b"" if name is None else text(name), digest)
    return Described("enum", joined("enum", *parts))


def number_range(value: range, _mode: Mode) -> Described:
    """Describe a range by its length, first number and step; equal ones are equal."""
    shown = [len(value), value.start, value.step][: min(len(value), 2) + 1]
    return Described("range", joined("range", *map(int_bytes, shown)), (len(value),))


def section(value: slice, _mode: Mode) -> Steps:
    """Describe a slice by its three parts."""
    digests = []
    for name in ("start", "stop", "step"):
        digests += [(yield Child(getattr(value, name), f".{name}"))]
    return Described("slice", joined("slice", *digests))


def pattern(value: re.Pattern[Any], _mode: Mode) -> Steps:
    """Describe a regular expression by its text and flags."""
    written = yield Child(value.pattern, ".pattern")
    return Described("pattern", joined("pattern", written, int_bytes(value.flags)))


def path(value: pathlib.PurePath, mode: Mode) -> Described | Steps:
    """Describe a path by its text; whether its class can open files does not count."""
    base = next(kind for kind in ancestors(type(value)) if module_of(kind).startswith("pathlib"))
    plain = plain_path(value)
    made = Described("path", joined("path", text(type(plain).__name__), text(str(plain))))
    return made if type(value) is base else with_class(value, base, made, mode)


def plain_path(value: pathlib.PurePath) -> pathlib.PurePath:
    """Return a path as one of the two classes that open no files, whatever its own class says."""
    is_windows = issubclass(type(value), pathlib.PureWindowsPath)
    given = pathlib.PurePath.__dict__["_raw_paths"].__get__(value)
    return pathlib.PureWindowsPath(*given) if is_windows else pathlib.PurePosixPath(*given)


def _zoned(kind: str, shown: bytes, zone: datetime.tzinfo | None) -> Described | Steps:
    if zone is None:
        return Described(kind, joined(kind, shown))
    return _in_zone(kind, shown, zone)


def _in_zone(kind: str, shown: bytes, zone: datetime.tzinfo) -> Steps:
    digest = yield Child(zone, ".tzinfo")
    return Described(kind, joined(kind, shown, digest))


def _zone(name: str) -> Described:
    return Described("timezone", joined("zone", text(name)))


def _fields(kind: type, names: tuple[str, ...], value: object) -> bytes:
    numbers = (getattr(kind, name).__get__(value) for name in names)
    return b"".join(number.to_bytes(8, "little", signed=True) for number in numbers)
