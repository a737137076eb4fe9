import os
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.base import Described
from nbmlops.fingerprints.numpy import arrays, boxes
from nbmlops.fingerprints.walking import described

type Array = np.ndarray[Any, Any]

TOO_FAR = "too far away"
TEXT = np.dtypes.StringDType
NAN_1, NAN_2 = np.array([0x7FF8000000000000, 0xFFF8000000000001], np.uint64).view(np.float64)


def digest(value: Array, mode: str = "exact") -> str:
    found: Described = described(value, mode)
    assert found.kind == "array", found.reason
    assert found.reason is None
    return found.digest.hex()


@pytest.fixture(scope="module", params=[8, 100, boxes.BOX_BYTES], ids="tiny small usual".split())
def box_bytes(request: pytest.FixtureRequest, monkeymodule: pytest.MonkeyPatch) -> int:
    """How large boxes are: tiny ones cut arrays that Hypothesis can make."""
    monkeymodule.setattr(arrays, "boxes", partial(boxes.boxes, limit=request.param))
    return request.param


@pytest.fixture(scope="module")
def monkeymodule() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def times(*texts: str, unit: str = "ns", kind: str = "M") -> Array:
    return np.array(texts, f"{kind}8[{unit}]")


def masked(values: Any, mask: Any, **keywords: Any) -> np.ma.MaskedArray:
    return np.ma.MaskedArray(values, mask, **keywords)


def matrix(values: Any) -> Array:
    return np.array(values).view(np.matrix)


def with_dirt(dtype: Any, dirt: int, *rows: Any) -> Array:
    """Return an array of a type with padding that is filled with dirt."""
    made = np.full(len(rows) * np.dtype(dtype).itemsize, dirt, np.uint8).view(dtype)
    for place, row in enumerate(rows):
        for name, item in zip(made.dtype.names, row, strict=True):
            made[name][place] = item
    return made


def dirty_long_doubles(dirt: int) -> Array:
    made = np.array([1.5, -2, 3], np.longdouble)
    made.view(np.uint8).reshape(3, -1)[:, 10:] = dirt
    return made


def dirty_complex(dirt: int) -> Array:
    return np.repeat(dirty_long_doubles(dirt), 2).view(np.clongdouble)


PADDED = np.dtype([("flag", "i1"), ("x", "f8")], align=True)
PACKED = np.dtype([("flag", "i1"), ("x", "f8")])
INNER = np.dtype([("a", "U3"), ("b", "<f4", (2, 2))])
NESTED = np.dtype([("inner", INNER), ("when", "M8[s]"), ("what", "O")])
NESTED_OTHERWISE = np.dtype(
    {
        "names": ["inner", "when", "what"],
        "formats": [[("a", "U9"), ("b", ">f4", (2, 2))], "M8[ms]", "O"],
        "offsets": [16, 100, 120],
        "itemsize": 136,
    }
)
ROW = (("né", [[1, 2], [3, 4]]), "2024-02-29", {"k": [1, 2]})

EQUAL: dict[str, tuple[Array, Array]] = {
    "C and F order": (np.arange(6).reshape(2, 3), np.asfortranarray(np.arange(6).reshape(2, 3))),
    "negative strides": (np.arange(6), np.arange(6)[::-1].copy()[::-1]),
    "every other": (np.arange(0, 12, 2), np.arange(12)[::2]),
    "zero strides": (np.full((3, 2), 7), np.broadcast_to(np.int64(7), (3, 2))),
    "repeated rows": (np.array([[1, 2], [1, 2]]), np.broadcast_to(np.array([1, 2]), (2, 2))),
    "byte order": (np.arange(3.0), np.arange(3.0).astype(">f8")),
    "byte order of text": (np.array(["ab", "é"]), np.array(["ab", "é"]).astype(">U2")),
    "byte order of times": (times("2024", "NaT"), times("2024", "NaT").astype(">M8[ns]")),
    "byte order of long doubles": (np.longdouble([1, 2]), np.longdouble([1, 2]).astype(">g")),
    "C names of integers": (np.array([1, 2], "q"), np.array([1, 2], "l")),
    "not aligned": (np.arange(3.0), np.frombuffer(b"." + np.arange(3.0).tobytes(), offset=1)),
    "read-only": (np.arange(3), np.frombuffer(np.arange(3).tobytes(), np.int64)),
    "no axes": (np.array(5), np.arange(6)[5:].reshape(())),
    "truth is any byte": (np.array([True, False]), np.array([7, 0], np.uint8).view(bool)),
    "width of text": (np.array(["a", "bcd"]), np.array(["a", "bcd"], "U50")),
    "width of bytes": (np.array([b"a", b"bcd"]), np.array([b"a", b"bcd"], "S50")),
    "text of any length": (np.array(["a", "né", ""]), np.array(["a", "né", ""], TEXT())),
    "what stands for missing text": (
        np.array(["a", None], TEXT(na_object=None)),
        np.array(["a", np.nan], TEXT(na_object=np.nan)),
    ),
    "zero inside of text": (np.array(["a\0b", "c"]), np.array(["a\0b", "c"], TEXT())),
    "days and nanoseconds": (times("2024-05-01", "NaT", unit="D"), times("2024-05-01", "NaT")),
    "years and attoseconds": (times("1970", unit="Y"), times("1970", unit="as")),
    "months and picoseconds": (
        times("1970-02", "NaT", unit="M"),
        times("1970-02", "NaT", unit="ps"),
    ),
    "weeks and hours": (times("2024-05-02", unit="W"), times("2024-05-02T00", unit="h")),
    "multiples of a unit": (times("1970-01-01T00:00:50", unit="s"), np.array([2], "M8[25s]")),
    "far years": (times("9999-12-31", unit="D"), times("9999-12-31", unit="us")),
    "before 1970": (times("1969-12-31T23:59:59.999", unit="ms"), times("1969-12-31T23:59:59.999")),
    "before 1677": (times("0001-01-01", unit="D"), times("0001-01-01", unit="ms")),
    "durations": (np.array([3, "NaT"], "m8[h]"), np.array([10800, "NaT"], "m8[s]")),
    "years are 12 months": (np.array([1, "NaT"], "m8[Y]"), np.array([12, "NaT"], "m8[M]")),
    "padding": (with_dirt(PADDED, 1, (1, 2.0), (3, 4.0)), with_dirt(PADDED, 2, (1, 2.0), (3, 4.0))),
    "packed or aligned": (with_dirt(PADDED, 1, (1, 2.0)), with_dirt(PACKED, 0, (1, 2.0))),
    "nested structure": (np.array([ROW], NESTED), np.array([ROW], NESTED_OTHERWISE)),
    "some fields of more": (
        np.array([(1, 2, 3)], "i8,f4,i8")[["f0", "f2"]],
        np.array([(1, 3)], [("f0", "i8"), ("f2", "i8")]),
    ),
    "record array": (
        with_dirt(PACKED, 0, (1, 2.0)),
        with_dirt(PACKED, 0, (1, 2.0)).view(np.recarray),
    ),
    "objects in F order": (
        np.array([[1, "a"], [None, 2.5]], object),
        np.asfortranarray(np.array([[1, "a"], [None, 2.5]], object)),
    ),
    "under the mask": (masked([1, 2], [0, 1]), masked([1, 9], [0, 1])),
    "text under the mask": (masked(["a", "b"], [0, 1]), masked(["a", "long"], [0, 1])),
    "time under the mask": (
        masked(times("2024", "2023"), [0, 1]),
        masked(times("2024", "NaT", unit="D"), [0, 1]),
    ),
    "field under the mask": (
        masked(with_dirt(PACKED, 0, (1, 2.0)), [(True, False)]),
        masked(with_dirt(PADDED, 9, (8, 2.0)), [(True, False)]),
    ),
    "object under the mask": (
        masked(np.array([1, "x"], object), [0, 1]),
        masked(np.array([1, object()], object), [0, 1]),
    ),
    "a mask that masks nothing": (masked([1, 2], np.ma.nomask), masked([1, 2], [0, 0])),
    "the usual fill value": (masked([1, 2], [0, 1]), masked([1, 2], [0, 1], fill_value=999999)),
    "hard mask": (masked([1, 2], [0, 1]), masked([1, 2], [0, 1], hard_mask=True)),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal_content_has_one_digest(box_bytes: int, name: str) -> None:
    one, other = EQUAL[name]
    assert digest(one) == digest(other)
    assert digest(one, "semantic") == digest(other, "semantic")


@pytest.mark.skipif(np.finfo(np.longdouble).nmant != 63, reason="no 80-bit floats here")
def test_padding_of_long_doubles_does_not_count() -> None:
    assert digest(dirty_long_doubles(1)) == digest(dirty_long_doubles(2))
    assert digest(dirty_complex(1)) == digest(dirty_complex(2))


TITLED = np.dtype([(("Height in cm", "h"), "f8")])

DIFFERENT: dict[str, tuple[Array, Array]] = {
    "one element": (np.array([1, 2, 3]), np.array([1, 2, 4])),
    "order": (np.array([1, 2]), np.array([2, 1])),
    "C and F of equal bytes": (
        np.array([[1, 2], [3, 4]]),
        np.asfortranarray(np.array([[1, 3], [2, 4]])),
    ),
    "shape": (np.arange(6), np.arange(6).reshape(2, 3)),
    "shape of nothing": (np.zeros((0, 3)), np.zeros((3, 0))),
    "no axes": (np.array(5), np.array([5])),
    "float and int": (np.array([0.0]), np.array([0])),
    "width of numbers": (np.array([1], np.int64), np.array([1], np.int32)),
    "sign": (np.array([1], np.int64), np.array([1], np.uint64)),
    "truth and number": (np.array([1], np.uint8), np.array([True])),
    "complex and pairs": (np.array([1 + 2j]), np.array([[1.0, 2.0]])),
    "half and bits": (np.array([1], np.float16), np.array([1], np.float16).view(np.uint16)),
    "double and long double": (np.array([1.0]), np.array([1.0], np.longdouble)),
    "NaN payload": (np.array([NAN_1]), np.array([NAN_2])),
    "negative zero": (np.array([0.0]), np.array([-0.0])),
    "text and bytes": (np.array(["a"]), np.array([b"a"])),
    "where text ends": (np.array(["ab", "c"]), np.array(["a", "bc"])),
    "no text and missing text": (
        np.array([""], TEXT(na_object=None)),
        np.array([None], TEXT(na_object=None)),
    ),
    "text and objects": (np.array(["a"]), np.array(["a"], object)),
    "composed letters": (np.array(["\u00e9"]), np.array(["e\u0301"])),
    "instants": (times("2024-05-01"), times("2024-05-02")),
    "an attosecond": (np.array([1], "M8[as]"), np.array([2], "M8[as]")),
    "an attosecond and none": (np.array([0], "M8[as]"), np.array([1], "M8[as]")),
    "a nanosecond far away": (
        np.array(["9999-01-01T00:00:00.000001"], "M8[us]"),
        np.array(["9999-01-01T00:00:00.000002"], "M8[us]"),
    ),
    "NaT and zero": (np.array(["NaT"], "M8[ns]"), np.array([0], "M8[ns]")),
    "NaT and the first day": (times("NaT", unit="D"), times("1970-01-01", unit="D")),
    "instant and duration": (np.array([1], "M8[s]"), np.array([1], "m8[s]")),
    "month and 30 days": (np.array([1], "m8[M]"), np.array([30], "m8[D]")),
    "no month and no day": (np.array([0], "m8[M]"), np.array([0], "m8[D]")),
    "no unit": (np.array([1]).view("m8"), np.array([1], "m8[s]")),
    "void widths": (np.zeros(1, "V3"), np.zeros(1, "V4")),
    "void bytes": (np.array([b"ab"], "V2"), np.array([b"ac"], "V2")),
    "name of a field": (np.zeros(1, [("a", "i4")]), np.zeros(1, [("b", "i4")])),
    "title of a field": (np.zeros(1, TITLED), np.zeros(1, [("h", "f8")])),
    "order of fields": (
        np.zeros(1, [("a", "i4"), ("b", "i4")]),
        np.zeros(1, [("b", "i4"), ("a", "i4")]),
    ),
    "type of a field": (np.zeros(1, [("a", "i4")]), np.zeros(1, [("a", "u4")])),
    "structure and its field": (np.zeros(1, [("a", "i4")]), np.zeros(1, "i4")),
    "shape of a field": (np.zeros(1, [("a", "i4", (2, 3))]), np.zeros(1, [("a", "i4", (3, 2))])),
    "nesting": (
        np.zeros(1, [("a", [("b", "i4")]), ("c", "i4")]),
        np.zeros(1, [("a", [("b", "i4"), ("c", "i4")])]),
    ),
    "an object": (np.array([1, "a"], object), np.array([1, "b"], object)),
    "type of an object": (np.array([1, None], object), np.array([1.0, None], object)),
    "an object in a field": (np.array([([1],)], "O,"), np.array([([2],)], "O,")),
    "matrix": (np.array([[1, 2]]), matrix([[1, 2]])),
    "masked and not": (masked([1, 2], [0, 0]), np.array([1, 2])),
    "mask": (masked([1, 2, 3], [0, 1, 0]), masked([1, 2, 3], [0, 0, 1])),
    "mask of repeated values": (
        masked(np.broadcast_to(7, (3,)), [0, 1, 0]),
        masked(np.broadcast_to(7, (3,)), [0, 0, 1]),
    ),
    "masked and zero": (masked([1, 0], [0, 1]), masked([1, 0], [0, 0])),
    "field that is masked": (
        masked(with_dirt(PACKED, 0, (0, 0.0)), [(True, False)]),
        masked(with_dirt(PACKED, 0, (0, 0.0)), [(False, True)]),
    ),
    "masked object and None": (
        masked(np.array([1, None], object), [0, 1]),
        masked(np.array([1, None], object), [0, 0]),
    ),
    "fill value": (masked([1, 2], [0, 1]), masked([1, 2], [0, 1], fill_value=0)),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_change_gives_another_digest(box_bytes: int, name: str) -> None:
    one, other = DIFFERENT[name]
    assert digest(one) != digest(other)


SAME_MEANING: dict[str, tuple[Array, Array]] = {
    "NaN payload": (np.array([1, NAN_1]), np.array([1, NAN_2])),
    "negative zero": (np.array([0.0, 1]), np.array([-0.0, 1])),
    "zero of a half": (np.float16([0, NAN_1]), np.float16([-0.0, NAN_2])),
    "zero of a long double": (np.longdouble([0.0]), np.longdouble([-0.0])),
    "parts of complex": (np.array([complex(0.0, -0.0)]), np.array([complex(-0.0, 0.0)])),
    "field": (np.array([(0.0, 1)], "f8,i4"), np.array([(-0.0, 1)], "f8,i4")),
    "no axes": (np.array(0.0), np.array(-0.0)),
    "other byte order": (np.array([0.0]), np.array([-0.0], ">f8")),
    "float among objects": (np.array([0.0, "a"], object), np.array([-0.0, "a"], object)),
    "masked and NaN": (masked([1.0, 5.0], [0, 1]), np.array([1.0, np.nan])),
    "fill values of the same meaning": (
        masked([1.0, 2], [0, 1], fill_value=0.0),
        masked([1.0, 2], [0, 1], fill_value=-0.0),
    ),
}


@pytest.mark.parametrize("name", SAME_MEANING)
def test_numbers_that_only_differ_in_bits_are_alike_semantically(box_bytes: int, name: str) -> None:
    one, other = SAME_MEANING[name]
    assert digest(one) != digest(other)
    assert digest(one, "semantic") == digest(other, "semantic")


def test_the_semantic_digest_still_tells_numbers_apart() -> None:
    assert digest(np.array([0.0, 1]), "semantic") != digest(np.array([0.0, 2]), "semantic")
    assert digest(masked([1, 2], [0, 1]), "semantic") != digest(np.array([1, 0]), "semantic")
    filled = masked([1, 2], [0, 1], fill_value=0)
    assert digest(masked([1, 2], [0, 1]), "semantic") != digest(filled, "semantic")


def test_the_type_of_the_elements_is_told_for_any_shape() -> None:
    found = [fingerprint(np.zeros(shape, "f4")).element_type for shape in ((), 3, (2, 2))]
    assert found == ["float32"] * 3


# Laws

NUMBERS = stn.boolean_dtypes() | stn.integer_dtypes() | stn.floating_dtypes()
SIMPLE = st.one_of(
    NUMBERS,
    stn.complex_number_dtypes(),
    stn.datetime64_dtypes(),
    stn.timedelta64_dtypes(),
    stn.byte_string_dtypes(max_len=6),
    stn.unicode_string_dtypes(max_len=6),
)
ANY = SIMPLE | stn.nested_dtypes(SIMPLE, max_leaves=4, max_itemsize=400)
SHAPES = stn.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=9)


def in_f_order(array: Array, _folder: Path) -> Array:
    return np.asfortranarray(array) if array.ndim else array


def reversed_view(array: Array, _folder: Path) -> Array:
    back = tuple(slice(None, None, -1) for _ in range(array.ndim))
    return array[back].copy()[back] if array.ndim else array


def part_of_a_larger_one(array: Array, _folder: Path) -> Array:
    larger = np.zeros([length * 2 + 1 for length in array.shape], array.dtype)
    place = tuple(slice(1, None, 2) for _ in array.shape)
    larger[place] = array
    return larger[place] if array.ndim else array


def with_other_byte_order(array: Array, _folder: Path) -> Array:
    return array.astype(array.dtype.newbyteorder())


def with_axes_moved(array: Array, _folder: Path) -> Array:
    axes = (*range(1, array.ndim), 0) if array.ndim else ()
    return array.transpose(axes).copy().transpose(np.argsort(axes)) if axes else array


def in_a_file(array: Array, folder: Path) -> Array:
    if not array.nbytes or not array.ndim:
        return array
    (folder / "array").write_bytes(array.tobytes())
    return np.memmap(folder / "array", array.dtype, "r", shape=array.shape)


def not_aligned(array: Array, _folder: Path) -> Array:
    room = np.zeros(array.nbytes + 1, np.uint8)
    room[1:] = np.frombuffer(array.tobytes(), np.uint8)
    return np.ndarray(array.shape, array.dtype, room, 1)


REPRESENTATIONS: list[Callable[[Array, Path], Array]] = [
    in_f_order, reversed_view, part_of_a_larger_one, with_other_byte_order, with_axes_moved,
    in_a_file, not_aligned,
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("arrays")


def of_drawn(array: Array, mode: str = "exact") -> str:
    """Return the digest of an array that Hypothesis made up."""
    assume(TOO_FAR not in str(described(array).reason))
    return digest(array, mode)


@given(
    data=st.data(), change=st.sampled_from(REPRESENTATIONS), then=st.sampled_from(REPRESENTATIONS)
)
def test_every_representation_has_the_same_digest(
    box_bytes: int, folder: Path, data: Any, change: Any, then: Any
) -> None:
    array = data.draw(stn.arrays(ANY, SHAPES))
    again = then(change(array, folder), folder)
    assert of_drawn(array) == of_drawn(again)
    assert of_drawn(array, "semantic") == of_drawn(again, "semantic")


@given(data=st.data())
def test_any_element_counts(box_bytes: int, data: Any) -> None:
    array = data.draw(stn.arrays(SIMPLE, SHAPES.filter(all)))
    assume(array.dtype.itemsize)
    place = data.draw(st.tuples(*(st.integers(0, length - 1) for length in array.shape)))
    other = array.copy()
    other[place] = data.draw(stn.arrays(array.dtype, ()))
    assume(meaning(array[place]) != meaning(other[place]))
    assert of_drawn(array) != of_drawn(other)


def meaning(element: Any) -> object:
    """Return what an element is: its bits, but times of any unit and text by what they say."""
    return element.item() if element.dtype.kind in "SUb" else element.tobytes()


@given(array=stn.arrays(SIMPLE, SHAPES), data=st.data())
def test_the_shape_counts(box_bytes: int, array: Array, data: Any) -> None:
    size = array.size
    other = data.draw(st.sampled_from([(size,), (1, size), array.shape[::-1], (*array.shape, 1)]))
    assume(other != array.shape)
    assert of_drawn(array) != of_drawn(array.reshape(other))


@given(array=stn.arrays(NUMBERS, SHAPES), dtype=NUMBERS)
def test_the_type_counts(box_bytes: int, array: Array, dtype: np.dtype[Any]) -> None:
    assume(dtype.newbyteorder("=") != array.dtype.newbyteorder("="))
    with np.errstate(all="ignore"):
        assert of_drawn(array) != of_drawn(array.astype(dtype))


@given(array=stn.arrays(SIMPLE, stn.array_shapes(min_dims=2, max_dims=2)))
def test_the_transpose_is_another_array_unless_it_is_equal(box_bytes: int, array: Array) -> None:
    if array.shape == array.shape[::-1] and array.tobytes() == array.T.tobytes():
        assert of_drawn(array) == of_drawn(array.T)
    elif not np.array_equal(array, array.T):
        assert of_drawn(array) != of_drawn(array.T)


# Size

LARGE = 1 << 25  # bytes from which two threads work


@pytest.mark.parametrize(
    "shape", [(5_000_000,), (70_001, 70), (3, 1_600_001), (5, 500, 2000)], ids=str
)
@pytest.mark.parametrize("order", "CF")
def test_the_number_of_processors_does_not_show(
    shape: tuple[int, ...], order: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    array = np.arange(np.prod(shape), dtype=np.float64).reshape(shape, order=order)
    assert array.nbytes > LARGE
    found = []
    for processors in (1, 2):
        monkeypatch.setattr(os, "cpu_count", lambda count=processors: count)
        found.append(digest(array))
    assert found[0] == found[1] == digest(np.ascontiguousarray(array))


@pytest.mark.parametrize(
    "made",
    [
        lambda zeros: np.asfortranarray(zeros.reshape(-1, 64)),
        lambda zeros: zeros.reshape(4, -1).T,
        lambda zeros: zeros.reshape(-1, 2)[:, 0],
        lambda zeros: zeros.astype(">f8"),
        lambda zeros: np.ma.masked_equal(zeros, 0),
        lambda zeros: zeros.view("M8[D]"),
        lambda zeros: zeros.view("U32"),
        lambda zeros: np.broadcast_to(zeros[:1], (1 << 20, 1 << 10)),
    ],
    ids="columns transposed strided swapped masked times text repeated".split(),
)
def test_memory_stays_small(made: Callable[[Array], Array]) -> None:
    array = made(np.zeros(1 << 25))  # 256 MiB
    tracemalloc.start()
    try:
        digest(array)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 64 << 20


def test_an_array_that_repeats_itself_is_read_once() -> None:
    array = np.broadcast_to(np.arange(1000.0), (1 << 16, 1 << 8, 1000))  # 134 GB
    assert digest(array) == digest(array[:, ::-1])


# Classes


def test_a_file_that_is_mapped_is_an_array(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(10))
    assert digest(np.load(tmp_path / "a.npy", mmap_mode="r")) == digest(np.arange(10))


class Quantity(np.ndarray):
    """An array with a unit, and methods that nobody is to call."""

    def __array_finalize__(self, other: object) -> None:
        self.unit = getattr(other, "unit", None)

    def view(self, *_: object) -> Any:
        raise AssertionError

    __len__ = __getitem__ = __reduce__ = __array_wrap__ = view  # type: ignore[assignment]


def quantity(values: Any, unit: str) -> Quantity:
    made = np.array(values).view(Quantity)
    made.unit = unit
    return made


def test_attributes_of_classes_derived_from_arrays_count() -> None:
    assert digest(quantity([1, 2], "m")) == digest(quantity([1, 2], "m"))
    assert digest(quantity([1, 2], "m")) != digest(quantity([1, 2], "km"))
    assert digest(quantity([1, 2], "m")) != digest(np.array([1, 2]))


def test_looking_at_a_masked_array_does_not_set_its_fill_value() -> None:
    array = masked([1, 2], [0, 1])
    digest(array)
    assert array.__dict__["_fill_value"] is None


def test_an_object_is_named_by_its_place() -> None:
    array = np.array([[1, 2], [3, (x for x in ())]], object)
    assert described(array).reason == "[1, 1]: a generator: looking at it would run it"


def test_an_array_may_hold_itself() -> None:
    array = np.array([1, None], object)
    array[1] = array
    assert described(array).reason is None


@pytest.mark.parametrize("dtype", ["M8[Y]", "M8[h]", "m8[W]", "m8[30ps]"])
def test_times_too_far_away_for_any_unit_are_opaque(dtype: str) -> None:
    assert TOO_FAR in str(described(np.array([2**62], dtype)).reason)


def test_a_short_form_names_the_shape() -> None:
    found = fingerprint(np.zeros((3, 4)))
    assert str(found) == f"array:{found.digest[:4]}… 3×4"
    assert found.size_bytes == 96
