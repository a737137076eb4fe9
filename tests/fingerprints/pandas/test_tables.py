import datetime as dt
import pickle
import threading
import zoneinfo
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.columns.tables import BLOCK_ROWS
from nbmlops.fingerprints.pandas import tables as pandas_tables
from tests.fingerprints.alike import assert_alike, assert_all_differ, digest_of, type_of

NAN, NAT, NA = float("nan"), pd.NaT, pd.NA
BERLIN = "Europe/Berlin"
DAYS = ["2024-01-31", "2024-03-31", None]


def one(values: Any, dtype: Any = None, **others: Any) -> pd.DataFrame:
    """Return a frame of one column."""
    return pd.DataFrame({"x": pd.Series(values, dtype=dtype, **others)})


def arrow(values: list[Any], kind: pa.DataType) -> pd.DataFrame:
    return one(values, pd.ArrowDtype(kind))


def times(values: list[str | None], unit: str = "us", zone: str | None = None) -> pd.DataFrame:
    index = pd.to_datetime(pd.Series(values), format="ISO8601").dt.as_unit(unit)
    return one(index if zone is None else index.dt.tz_localize(zone))


def durations(seconds: list[int], unit: str) -> pd.DataFrame:
    return one(np.array(seconds, "m8[s]").astype(f"m8[{unit}]"))


def sparse(values: list[Any], fill: Any, kind: str = "integer") -> pd.DataFrame:
    return one(pd.arrays.SparseArray(values, fill_value=fill, kind=kind))


def category(values: list[Any], categories: Any, **others: Any) -> pd.DataFrame:
    return one(pd.Categorical(values, categories, **others))


def nested(*columns: list[Any], names: list[str] | None = None) -> pd.DataFrame:
    index = pd.MultiIndex.from_arrays(columns, names=names)
    return pd.DataFrame({"x": range(len(index))}, index)


def labelled(index: Any) -> pd.DataFrame:
    return pd.DataFrame({"x": [1.0, 2.0, 3.0]}, index)


EQUAL: dict[str, list[Any]] = {
    "int64": [
        one([1, 2]),
        one([1, 2], "Int64"),
        one([1, 2], ">i8"),
        arrow([1, 2], pa.int64()),
        one([9, 1, 9, 2, 9])[1:4:2].reset_index(drop=True),
        sparse([1, 2], 0),
        pa.table({"x": [1, 2]}),
    ],
    "int64 with nulls": [
        one([1, None], "Int64"),
        arrow([1, None], pa.int64()),
        pa.table({"x": [1, None]}),
    ],
    "uint8": [one([1, 2], "uint8"), one([1, 2], "UInt8"), arrow([1, 2], pa.uint8())],
    "float64": [
        one([1.5, 2]),
        one([1.5, 2], "Float64"),
        one([1.5, 2], ">f8"),
        arrow([1.5, 2], pa.float64()),
        one([2, 9, 1.5])[::-2].reset_index(drop=True),
        sparse([1.5, 2], NAN),
        sparse([1.5, 2], 2.0, "block"),
    ],
    "float64 with nulls": [
        one([1.5, NAN, 0]),
        one([1.5, None, 0], "Float64"),
        arrow([1.5, None, 0], pa.float64()),
        one(np.array([1.5, np.uint64(0xFFF8000000000007).view(float), 0])),
        sparse([1.5, NAN, 0], NAN),
        sparse([1.5, NAN, 0], 0.0, "block"),
    ],
    "complex128": [
        one(np.array([1j, other])) for other in (NAN, complex(NAN, 3), complex(3, NAN))
    ],
    "bool": [
        one([True, False]),
        one([True, False], "boolean"),
        arrow([True, False], pa.bool_()),
        one(np.array([2, 0], np.uint8).view(bool)),
        sparse([True, False], False),
    ],
    "bool with nulls": [one([True, None], "boolean"), arrow([True, None], pa.bool_())],
    "text": [
        one(["ä", "", "b\0"], dtype)
        for dtype in ("str", "object", "string", "string[python]", "string[pyarrow]")
    ]
    + [arrow(["ä", "", "b\0"], pa.large_string()), pa.table({"x": ["ä", "", "b\0"]})],
    "text with nulls": [
        one(["a", None], "str"),
        one(["a", None], "string[python]"),
        one(["a", NAN], "string[pyarrow]"),
        *(one(["a", missing], object) for missing in (None, NAN, NA, NAT, np.float64("nan"))),
        arrow(["a", None], pa.string()),
    ],
    "text of numpy": [one(["a", "b"], object), one(np.array(["a", "b"]).astype(object), object)],
    "only missing text": [one([None, NAN], object), one([None, None], "str")],
    "instants": [times(DAYS, unit) for unit in ("s", "ms", "us", "ns")]
    + [arrow([pd.Timestamp(day) if day else None for day in DAYS], pa.timestamp("ms"))],
    "instants with a zone": [
        *(times(DAYS, unit, BERLIN) for unit in ("s", "ns")),
        one(times(DAYS, "us", BERLIN)["x"].dt.tz_convert("UTC").dt.tz_convert(BERLIN)),
        times(DAYS, "us", zoneinfo.ZoneInfo(BERLIN)),  # type: ignore[arg-type]
        arrow(
            [pd.Timestamp(day, tz=BERLIN) if day else None for day in DAYS],
            pa.timestamp("us", BERLIN),
        ),
    ],
    "instants in UTC": [times(DAYS, "us", "UTC"), times(DAYS, "us", dt.UTC)],  # type: ignore[arg-type]
    "instants far away": [
        one(np.array([10**13, -(10**13)], "M8[s]")),
        one(np.array([10**16, -(10**16)], "M8[ms]")),
    ],
    "durations": [durations([1, 86400], unit) for unit in ("s", "ms", "us", "ns")]
    + [arrow([dt.timedelta(seconds=1), dt.timedelta(1)], pa.duration("s"))],
    "categories": [
        category(["a", "b", None], ["b", "a"]),
        one(category(["a", "b", None], pd.Index(["b", "a"], dtype=object))["x"]),
        one(pd.Categorical.from_codes(np.array([1, 0, -1], "int8"), ["b", "a"])),
        one(pd.Series(pd.Categorical([*"ab", None, *"ab"], ["b", "a"]))[:3]),
        one(pd.arrays.ArrowExtensionArray(
            pa.DictionaryArray.from_arrays(pa.array([1, 0, None], pa.int32()), ["b", "a"]))),
    ],
    "nothing but a frame": [pd.DataFrame(), pd.DataFrame({"x": [1]})[[]].iloc[:0]],
    "default index": [
        labelled(None),
        labelled([0, 1, 2]),
        labelled(pd.RangeIndex(3)),
        labelled(pd.Index([0, 1, 2], dtype="uint8")),
        labelled(pd.Index([0, 1, 2], dtype="Int32")),
    ],
    "ranges": [labelled(range(2, 8, 2)), labelled([2, 4, 6])],
    "index of text": [labelled(pd.Index([*"abc"], dtype=dtype)) for dtype in ("object", "str")],
    "index of instants": [
        labelled(pd.date_range("2024", periods=3)),
        labelled(pd.DatetimeIndex(["2024-01-01", "2024-01-02", "2024-01-03"]).as_unit("ns")),
    ],
    "index of several levels": [
        nested([1, 2, None], [*"ab", None]),
        nested([1, 2, None], [*"ab", None]).copy(),
        nested([1, 2, None, 7], [*"ab", None, "g"])[:3],
        nested([1, 2, None, 7], [*"ab", None, "g"])[:3].pipe(
            lambda frame: frame.set_axis(frame.index.remove_unused_levels())
        ),
    ],
    "index of one level from several": [
        nested([*"aab"], [1, 2, 1]).droplevel(1),
        pd.DataFrame({"x": range(3)}, [*"aab"]),
    ],
    "column names": [
        pd.DataFrame([[1, 2]], columns=[0, 1]),
        pd.DataFrame([[1, 2]]),
        pd.DataFrame([[1, 2]], columns=pd.Index([0, 1], dtype="int32")),
    ],
    "names of text": [
        pd.DataFrame([[1, 2]], columns=pd.Index(["a", "b"], dtype=dtype))
        for dtype in ("object", "str", "category")
    ],
    "series": [
        pd.Series([1.0, NAN]),
        pd.Series([1.0, NAN], name=""),
        pd.Series([1.0, None], dtype="Float64"),
        pd.array([1.0, None], dtype="Float64"),
        pa.chunked_array([[1.0], [None]]),
    ],
    "index by itself": [pd.RangeIndex(3), pd.Index([0, 1, 2])],
    "attributes": [one([1]), one([1]).pipe(lambda frame: frame.attrs.update(a=1) or frame)],
}  # fmt: skip


@pytest.mark.parametrize("values", [pytest.param(v, id=k) for k, v in EQUAL.items()])
def test_equal_content_has_equal_digests(values: list[Any]) -> None:
    assert_alike(values)


class Elements(pd.api.extensions.ExtensionArray):
    """An array of another library: any objects."""

    def __init__(self, values: Any) -> None:
        self._values = np.array(values, object)

    def __getitem__(self, item: Any) -> Any:
        found = self._values[item]
        return Elements(found) if isinstance(found, np.ndarray) else found

    def __len__(self) -> int:
        return len(self._values)

    dtype = pd.Series(["x"], dtype="string").dtype
    nbytes = 8

    def copy(self) -> "Elements":
        return Elements(self._values)


DIFFERENT: dict[str, list[Any]] = {
    "numbers": [
        one([1, 2], dtype)
        for dtype in "int8 int16 int32 int64 uint64 float32 float64".split()
    ] + [one([1, 2], object), one(["1", "2"]), one([1, 2 + 0j])],
    "values": [one(values) for values in ([1, 2], [1, 3], [2, 1], [1], [1, 2, 2])]
    + [one([1, None], "Int64")],
    "NaN and null where they are two": [
        one(pd.arrays.ArrowExtensionArray(pa.array([1.0, other]))) for other in (None, NAN)
    ],
    "zeros": [one([0.0]), one([-0.0])],
    "missing objects": [one([1, missing], object) for missing in (None, NAN, NA, NAT)],
    "text": [one(text) for text in (["ab", "c"], ["a", "bc"], ["", "abc"], [None, "abc"], ["abc"])],
    "text and other types": [
        one(["1"], object),
        one([b"1"], object),
        one([1], object),
        one([True], object),
        one([1.0], object),
        one([Decimal(1)], object),
        one([dt.date(2024, 1, 1)], object),
        one([("1",)], object),
    ],
    "text among numbers": [
        one(["a", other], object) for other in (None, 1.5, 2.5, float("inf"), 0)
    ],
    "letters": [one(["é"]), one(["e\u0301"]), one(["\ud800"], object), one(["\udc00"], object)],
    "instants": [
        times(DAYS),
        times(DAYS, zone="UTC"),
        times(DAYS, zone=BERLIN),
        times([*DAYS[:2], "1970-01-01"]),
        times([*DAYS[:2], "1970-01-01 00:00:00.000001"]),
        times([*DAYS[:2], "1970-01-01 00:00:00.000000001"], "ns"),
        one(pd.Series(pd.to_datetime(DAYS)).dt.to_period("M")),
        one(pd.Series(pd.to_datetime(DAYS)).dt.to_period("D")),
        one(DAYS),
    ],
    "zones of the same instants": [
        one(pd.Series(pd.to_datetime(DAYS)).dt.tz_localize(BERLIN).dt.tz_convert(zone))
        for zone in (BERLIN, "UTC", "Europe/Paris", "+01:00", dt.timezone(dt.timedelta(hours=2)))
    ],
    "durations and instants": [durations([1], "s"), one(np.array([1], "M8[s]")), one([1])],
    "far instants": [
        one(np.array([time], f"M8[{unit}]")) for time in (10**13, 10**12) for unit in ("s", "ms")
    ],
    "categories": [
        category([*"ab"], [*"ab"]),
        category([*"ab"], [*"ba"]),
        category([*"ab"], [*"abc"]),
        category([*"ab"], [*"ab"], ordered=True),
        category([1, 2], [1, 2]),
        category(["1", "2"], ["1", "2"]),
        category([1.0, 2.0], [1.0, 2.0]),
        category(["a", None], [*"ab"]),
        category(["a", "x"], ["a", "x"]),
        one([*"ab"]),
    ],
    "intervals": [
        one(pd.arrays.IntervalArray.from_tuples([(0, 1), (1, 2)], closed=closed))
        for closed in ("left", "right", "both", "neither")
    ]
    + [
        one(pd.arrays.IntervalArray.from_tuples([(0.0, 1.0), (1.0, 2.0)])),
        one(pd.arrays.IntervalArray.from_tuples([(0.0, 1.0), None])),
        one(pd.arrays.IntervalArray.from_tuples([(0, 1), (1, 3)])),
        one(pd.cut([0.5, 1.5], [0, 1, 2])),
    ],
    "periods": [
        one(pd.PeriodIndex(values, freq=freq))
        for values, freq in ((["2024"], "M"), (["2024"], "Y"), (["2025"], "M"), ([None], "M"))
    ],
    "shapes": [
        pd.DataFrame(),
        pd.DataFrame(index=range(3)),
        pd.DataFrame(index=range(4)),
        pd.DataFrame(columns=["x"], dtype=float),
        pd.DataFrame(np.ones((2, 3))),
        pd.DataFrame(np.ones((3, 2))),
    ],
    "names": [
        pd.DataFrame([[1, 2]], columns=names)
        for names in (
            [*"ab"], [*"ba"], [*"aa"], [0, 1], ["0", "1"], [0.5, 1],
            pd.Index([None, "a"], dtype=object), pd.Index([NAN, "a"], dtype=object),
            pd.MultiIndex.from_tuples([("a", 1), ("b", 1)]), [("a", 1), ("a", 1)],
            pd.to_datetime(["2024", "2025"]), [0, "1"],
            [True, "1"], pd.Index([*"ab"], name="level"),
            pd.MultiIndex.from_tuples([("a", 1), ("b", 1)], names=["x", None]),
            pd.Index([("a", 1), ("b", 1)], tupleize_cols=False),
        )
    ],
    "indexes": [
        labelled(None),
        labelled([1, 2, 3]),
        labelled([0, 2, 1]),
        labelled([0.0, 1.0, 2.0]),
        labelled([*"012"]),
        labelled(pd.RangeIndex(3, name="i")),
        labelled(pd.Index(range(3), name=0)),
        labelled(pd.MultiIndex.from_arrays([[0, 1, 2]])),
        labelled(pd.MultiIndex.from_arrays([[0, 1, 2], [0, 1, 2]])),
        labelled(pd.MultiIndex.from_arrays([[0, 1, 2], [0, 1, 2]], names=["a", None])),
        labelled(pd.date_range("2024", periods=3)),
        labelled(pd.date_range("2024", periods=3, tz="UTC")),
        labelled(None).set_index("x", append=True),
        labelled(None).set_index("x"),
    ],
    "levels": [nested([1, 2], [*"ab"]), nested([1, None], [*"ab"]), nested([1, 0], [*"ab"]),
               nested([*"ab"], [1, 2]), nested([True, None], [*"ab"]),
               nested([True, False], [*"ab"]),
               nested([1, 2], [*"ab"], names=["a", "b"])],
    "kinds": [one([1]), one([1])["x"], pd.Series([1]), pd.Index([1]), pd.Index([1], name="x"),
              pd.Series([1], index=[1]), pd.Series([1], index=pd.RangeIndex(1, name="x"))],
    "columns and where they are": [
        pd.DataFrame({"a": [1], "b": [2]}),
        pd.DataFrame({"b": [2], "a": [1]}),
        pd.DataFrame({"a": [2], "b": [1]}),
        pd.DataFrame({"a": [1], "b": [2]}).set_index("a"),
    ],
    "arrays of others": [one(Elements([1, 2])), one(Elements([1, 3]))],
}  # fmt: skip


@pytest.mark.parametrize("values", [pytest.param(v, id=k) for k, v in DIFFERENT.items()])
def test_whatever_is_a_change_gives_another_digest(values: list[Any]) -> None:
    assert_all_differ(values)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (one([1]), "int64"),
        (one([1], "Int8"), "int8"),
        (one([1], "float16"), "float16"),
        (one(["a"], object), "string"),
        (one(["a", 1], object), "object"),
        (one([np.longdouble(1)]), "object"),
        (times(DAYS), "timestamp[]"),
        (times(DAYS, zone=BERLIN), f"timestamp[tz={BERLIN}]"),
        (times(DAYS, zone="+02:00"), "timestamp[tz=+02:00]"),
        (one(np.array([10**13], "M8[s]")), "timestamp[]/ms"),
        (one(np.array([10**17], "M8[s]")), "timestamp[]/s"),
        (durations([1], "ns"), "duration"),
        (category(["a"], ["a"]), "category[]"),
        (category(["a"], ["a"], ordered=True), "category[ordered]"),
        (one(pd.PeriodIndex(["2024"], freq="M")), "period[M]"),
        (one(pd.interval_range(0, 2)), "interval[right]"),
        (sparse([1.0], NAN), "float64"),
        (arrow([[1]], pa.list_(pa.int64())), "list[int64]"),
        (one(Elements([1])), "object"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_column_has_the_logical_type_of_its_values(value: pd.DataFrame, expected: str) -> None:
    assert type_of(value) == expected


def test_a_fingerprint_says_what_a_frame_is() -> None:
    frame = pd.DataFrame({"a": [1.5, 2.5], 7: ["x", None]}, pd.Index([3, 4], name="id"))
    found = fingerprint(frame)
    assert (found.kind, found.shape) == ("frame", (2, 2))
    assert [(part.name, part.type, part.role) for part in found.columns] == [
        ("id", "int64", "index"),
        ("a", "float64", "column"),
        ("7", "string", "column"),
    ]
    assert found.size_bytes
    assert found.size_bytes >= 2 * 8 + 2 * 8
    changed = fingerprint(frame.assign(a=[1.5, 3]))
    same = [
        one.digest == other.digest
        for one, other in zip(found.columns, changed.columns, strict=True)
    ]
    assert same == [True, False, True]


def test_a_series_has_the_digest_of_its_column() -> None:
    frame = one([1.5, 2.5])
    assert fingerprint(frame["x"]).columns == fingerprint(frame).columns


# How it is stored


@pytest.fixture(scope="module")
def numbers() -> np.ndarray:
    values = np.random.default_rng(0).random((BLOCK_ROWS + 1000, 40))
    values[::7, ::3] = NAN
    return values


@pytest.mark.parametrize("kind", ["M8[s]", "m8[s]", "timestamp[s][pyarrow]", "M8[s, UTC]"])
def test_what_is_in_use_nowhere_in_an_index_does_not_show(kind: str) -> None:
    far, near = [pd.Series([number], dtype="int64") for number in (2**60, 10**9)]
    times = pd.concat([near, far]).astype(kind.replace("M8[s, UTC]", "M8[s]"))
    if kind == "M8[s, UTC]":
        times = times.dt.tz_localize("UTC")
    index = pd.MultiIndex.from_arrays([times.array, [1, 2]])
    fresh = pd.MultiIndex.from_arrays([times.array[:1], [1]])
    assert_alike([index[:1], fresh])
    assert_alike([labelled_by(index[:1]), labelled_by(fresh)])


def labelled_by(index: pd.Index) -> pd.DataFrame:
    return pd.DataFrame({"x": 1}, index=index)


def test_the_layout_of_numbers_does_not_show(numbers: np.ndarray) -> None:
    wider = np.ones((len(numbers), 50))
    wider[:, 5:45] = numbers
    assert_alike(
        [
            pd.DataFrame(numbers),
            pd.DataFrame(np.asfortranarray(numbers), copy=False),
            pd.DataFrame(np.ascontiguousarray(numbers), copy=False),
            pd.DataFrame(dict(enumerate(numbers.T.copy()))),
            pd.DataFrame(wider, copy=False).iloc[:, 5:45].set_axis(range(40), axis=1),
            pd.DataFrame(np.repeat(numbers, 2, axis=0)[::2], copy=False),
            pd.DataFrame(numbers[::-1].copy(), copy=False)[::-1].reset_index(drop=True),
            pd.DataFrame(np.repeat(numbers, 2, axis=1), copy=False)
            .iloc[:, ::2]
            .set_axis(range(40), axis=1),
        ]
    )


def test_rows_that_lie_together_are_read_in_any_order_of_columns(numbers: np.ndarray) -> None:
    order = np.random.default_rng(1).permutation(40)
    rows_together = pd.DataFrame(np.ascontiguousarray(numbers), copy=False)
    assert_alike([rows_together[order], pd.DataFrame(np.asfortranarray(numbers))[order]])


@pytest.mark.parametrize(
    "column",
    [
        pytest.param(lambda rows: pd.array(rows % 7, dtype="Int16"), id="nullable"),
        pytest.param(lambda rows: pd.array((rows % 7).astype(str), dtype="str"), id="str"),
        pytest.param(lambda rows: (rows % 7).astype(str).astype(object), id="text objects"),
        pytest.param(lambda rows: pd.Categorical(rows % 7), id="category"),
        pytest.param(lambda rows: pd.arrays.SparseArray(rows % 7), id="sparse"),
        pytest.param(lambda rows: rows.astype("M8[ns]"), id="instants"),
        pytest.param(lambda rows: pd.PeriodIndex.from_ordinals(rows, freq="D"), id="periods"),
        pytest.param(lambda rows: pd.arrays.IntervalArray.from_arrays(rows, rows), id="intervals"),
        pytest.param(lambda rows: np.where(rows % 7, rows, None), id="objects"),
    ],
)
def test_a_change_in_any_block_shows(column: Callable[[np.ndarray], Any]) -> None:
    rows = np.arange(2 * BLOCK_ROWS + 5)
    frame = pd.DataFrame({"x": column(rows)})
    digests = {digest_of(frame), digest_of(frame.copy())}
    for place in (0, BLOCK_ROWS - 1, BLOCK_ROWS, len(rows) - 1):
        changed = rows.copy()
        changed[place] += 1
        digests.add(digest_of(pd.DataFrame({"x": column(changed)})))
    assert len(digests) == 5


def test_an_index_in_any_block_shows() -> None:
    rows = np.arange(BLOCK_ROWS + 5)
    later = rows.copy()
    later[-1] += 1
    frames = [pd.DataFrame({"x": rows}, index) for index in (rows, later, rows + 1)]
    assert_all_differ(frames)
    assert_alike([frames[0], pd.DataFrame({"x": rows})])


def test_a_fingerprint_survives_pickling() -> None:
    frame = pd.concat([times(DAYS), category(["a", "b", None], ["b", "a"])], axis=1)
    assert_alike([frame, pickle.loads(pickle.dumps(frame))])


def test_without_what_is_not_public_digests_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.concat([times(DAYS), one([1, 2, 3]), one(["a", None, "b"])], axis=1)
    expected = digest_of(frame)
    monkeypatch.delattr(pd.DataFrame, "_get_column_array")
    assert digest_of(frame) == expected


def test_no_method_of_a_subclass_is_called() -> None:
    class Guarded(pd.DataFrame):
        columns = index = iloc = property(lambda self: pytest.fail("asked"))  # type: ignore[assignment]
        __getitem__ = __len__ = __iter__ = lambda self, *_: pytest.fail("asked")  # type: ignore[assignment]

    plain = one([1, 2])
    guarded = object.__new__(Guarded)
    object.__setattr__(guarded, "_mgr", plain._mgr)
    assert digest_of(guarded) == digest_of(plain)


@pytest.mark.parametrize("change", ["cells", "columns", "rows"])
def test_a_frame_that_another_thread_changes_has_some_fingerprint(change: str) -> None:
    frame = pd.DataFrame({f"c{place}": np.arange(1000.0) for place in range(50)})
    frame["text"], frame["objects"] = "a", [1, "a"] * 500
    done = threading.Event()

    def keep_changing() -> None:
        count = 0
        while not done.is_set():
            count += 1
            if change == "cells":
                frame.loc[count % 1000, ["c1", "text"]] = [count, None]
            elif change == "columns":
                frame[f"new{count % 5}"] = count
                del frame[f"new{count % 5}"]
            elif len(frame) < 2000:
                frame.loc[len(frame)] = frame.loc[0]

    thread = threading.Thread(target=keep_changing)
    thread.start()
    try:
        found = [fingerprint(frame) for _ in range(30)]
    finally:
        done.set()
        thread.join()
    assert {one.kind for one in found} <= {"frame", "opaque"}
    assert any(one.kind == "frame" for one in found)


def test_a_frame_that_changes_all_the_time_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pandas_tables, "_arrays", lambda *_: iter([]))
    assert fingerprint(one([1])).reason == "RuntimeError: its columns change while it is read"
