from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.columns.tables import Column
from nbmlops.fingerprints.numpy.tables import table

TEXT = np.dtypes.StringDType


def read(column: Column) -> dict[str, Any]:
    """Return what a column has in its one block."""
    (block,) = column.blocks()
    found: dict[str, Any] = {"type": column.type}
    if block.valid is not None:
        found["valid"] = block.valid.tolist()
    if block.objects is not None:
        found["objects"] = block.objects
    if column.type in ("string", "binary"):
        lengths, data = block.buffers
        ends = np.cumsum(lengths).tolist()
        starts = [0, *ends[:-1]]
        found["texts"] = [data[a:b].tobytes() for a, b in zip(starts, ends, strict=True)]
    else:
        found["numbers"] = [buffer.tolist() for buffer in block.buffers]
    return found


def masked(values: Any) -> Any:
    return np.ma.MaskedArray(values, [False] * (len(values) - 1) + [True])


ONE_COLUMN: dict[str, tuple[Any, dict[str, Any]]] = {
    "ints": (np.arange(4)[::-2], {"type": "int64", "numbers": [[3, 1]]}),
    "swapped": (np.array([1, 2], ">u2"), {"type": "uint16", "numbers": [[1, 2]]}),
    "truth": (np.array([9, 0], "u1").view(bool), {"type": "bool", "numbers": [[1, 0]]}),
    "NaN is a number": (np.array([1.0, np.inf]), {"type": "float64", "numbers": [[1, np.inf]]}),
    "half": (np.float16([1]), {"type": "float16", "numbers": [[1]]}),
    "complex": (np.array([1j]), {"type": "complex128", "numbers": [[1j]]}),
    "masked": (
        masked([1, 5]),
        {"type": "int64", "numbers": [[1, 0]], "valid": [True, False]},
    ),
    "text": (np.array(["né", ""]), {"type": "string", "texts": ["né".encode(), b""]}),
    "masked text": (
        masked(["né", "x"]),
        {"type": "string", "texts": ["né".encode(), b""], "valid": [True, False]},
    ),
    "bytes": (np.array([b"a", b"b\0c"]), {"type": "binary", "texts": [b"a", b"b\0c"]}),
    "any text": (
        np.array(["né", None], TEXT(na_object=None)),
        {"type": "string", "texts": ["né".encode(), b""], "valid": [True, False]},
    ),
    "objects": (
        np.array([1, "a"], object),
        {"type": "object", "objects": [1, "a"], "numbers": []},
    ),
    "text objects": (
        np.array(["b", "a"], object),
        {"type": "string", "texts": [b"b", b"a"]},
    ),
    "days": (
        np.array(["1970-01-02", "NaT"], "M8[D]"),
        {"type": "timestamp[]", "numbers": [[86_400_000_000, 0]], "valid": [True, False]},
    ),
    "nanoseconds": (np.array([1001], "M8[ns]"), {"type": "timestamp[]", "numbers": [[1], [1]]}),
    "far days": (
        np.array([200_000_000], "M8[D]"),
        {"type": "timestamp[]/ms", "numbers": [[17_280_000_000_000_000]]},
    ),
    "masked durations": (
        masked(np.array([1, 2], "m8[h]")),
        {"type": "duration", "numbers": [[3_600_000_000, 0]], "valid": [True, False]},
    ),
    "nothing": (np.zeros(0), {"type": "float64"}),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE_COLUMN)
def test_an_array_of_one_axis_is_one_column(name: str) -> None:
    array, expected = ONE_COLUMN[name]
    made = table(array)
    assert made is not None
    (named,) = made.columns
    assert (made.kind, made.rows, named.name) == ("array", len(array), "0")
    assert (read(named.column) if len(array) else {"type": named.column.type}) == expected


NO_TABLE: dict[str, Any] = {
    "no axes": np.array(1),
    "three axes": np.zeros((1, 1, 1)),
    "too many columns": np.zeros((1, 1001)),
    "long double": np.zeros(1, np.longdouble),
    "void": np.zeros(1, "V3"),
    "months": np.zeros(1, "m8[M]"),
    "picoseconds": np.zeros(1, "M8[ps]"),
    "multiples": np.zeros(1, "M8[7s]"),
    "fields with axes": np.zeros(1, [("a", "i4", (2,))]),
    "fields in fields": np.zeros(1, [("a", [("b", "i4")])]),
    "fields in two axes": np.zeros((1, 1), [("a", "i4")]),
}


@pytest.mark.parametrize("name", NO_TABLE)
def test_other_arrays_are_no_table(name: str) -> None:
    assert table(NO_TABLE[name]) is None


@pytest.mark.parametrize("order", "CF")
def test_an_array_of_two_axes_has_a_column_for_each_index(order: Any) -> None:
    array = np.arange(200_000.0).reshape(-1, 2, order=order)
    made = table(array)
    assert made is not None
    assert [named.name for named in made.columns] == ["0", "1"]
    for place, named in enumerate(made.columns):
        numbers = np.concatenate([block.buffers[0] for block in named.column.blocks()])
        assert_array_equal(numbers, array[:, place])


def test_a_structured_array_has_a_column_for_each_field() -> None:
    array = np.ma.MaskedArray(np.array([(1, "a"), (2, "b")], "i4,U1"), [(0, 1), (0, 0)])
    made = table(array)
    assert made is not None
    found = {named.name: read(named.column) for named in made.columns}
    assert found["f0"]["numbers"] == [[1, 2]]
    assert found["f1"]["texts"] == [b"", b"b"]
    assert found["f1"]["valid"] == [False, True]


def test_a_profiled_array_names_its_columns() -> None:
    array = np.random.default_rng(0).normal(size=(50, 3))
    found = fingerprint(array, profile=True)
    assert found.schema == (("0", "float64"), ("1", "float64"), ("2", "float64"))
    assert found.profile is not None
    assert len(found.profile) == 3
    assert found.digest == fingerprint(array).digest
    changed = array.copy()
    changed[7, 1] = 0
    other = fingerprint(changed, profile=True)
    assert [a == b for a, b in zip(found.columns, other.columns, strict=True)] == [1, 0, 1]


def test_rows_in_another_order_have_one_unordered_digest() -> None:
    array = np.random.default_rng(0).normal(size=(50, 3))
    shuffled = fingerprint(array[::-1], profile=True)
    assert shuffled.unordered == fingerprint(array, profile=True).unordered is not None
    assert shuffled.digest != fingerprint(array).digest


@pytest.mark.parametrize("dtype", ["M8[W]", "M8[h]", "m8[D]", "M8[Y]"])
def test_a_time_that_does_not_fit_into_seconds_has_no_table(dtype: str) -> None:
    array = np.array([2**61 + 12345], dtype)
    with pytest.raises(OverflowError):
        table(array)
    assert fingerprint(array, profile=True).profile is None
