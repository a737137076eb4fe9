import datetime as dt
import tracemalloc
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nbmlops.fingerprints.arrow.chunks import Chunks
from nbmlops.fingerprints.arrow.tables import column_of
from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.columns.tables import BLOCK_ROWS, Block
from tests.fingerprints.alike import assert_alike, assert_all_differ, digest_of, type_of

# Other ways to lay the same values out


def in_chunks(array: pa.Array, *cuts: int) -> pa.ChunkedArray:
    """Cut an array in several; cuts that repeat give chunks without rows."""
    ends = [0, *sorted(cuts), len(array)]
    return pa.chunked_array(
        [array.slice(start, stop - start) for start, stop in pairwise(ends)], array.type
    )


def with_others_around(array: pa.Array) -> pa.Array:
    """Return an array as a part of a longer one."""
    return pa.concat_arrays([array, array, array]).slice(len(array), len(array))


def with_garbage_under_nulls(array: pa.Array) -> pa.Array:
    """Return an array with one of its values under each null, as filters and joins leave it."""
    places = np.flatnonzero(array.is_valid())
    if len(places) in (0, len(array)) or pa.types.is_null(array.type):
        return array
    first = pa.array(np.where(array.is_valid(), np.arange(len(array)), places[0]))
    return _hidden(array.take(first), array.is_null())


def _hidden(array: pa.Array, mask: pa.BooleanArray) -> pa.Array:
    return pa.StructArray.from_arrays([array], ["x"], mask=mask).flatten()[0]


def in_other_layouts(array: pa.Array) -> list[pa.Array]:
    """Return what Arrow can convert an array to without a change of meaning."""
    kind = array.type
    families = (
        (pa.string(), pa.large_string(), pa.string_view()),
        (pa.binary(), pa.large_binary(), pa.binary_view()),
        (pa.date32(), pa.date64()),
    )
    others = [other for family in families if kind in family for other in family]
    if pa.types.is_dictionary(kind):
        others += [pa.dictionary(pa.int64(), kind.value_type, ordered=kind.ordered)]
    made = [array.cast(other) for other in others]
    return [*made, *in_other_lists(array)] if pa.types.is_list(kind) else made


def in_other_lists(array: pa.ListArray) -> list[pa.Array]:
    ends, mask = array.offsets.to_numpy(), pa.array(~array.is_valid().to_numpy(False))
    if not len(array):  # from_arrays wants a mask as long as the list, and takes none of 0
        return []
    begins, sizes = pa.array(ends[:-1]), pa.array(np.diff(ends))
    return [
        pa.LargeListArray.from_arrays(ends.astype("i8"), array.values, mask=mask),
        pa.ListViewArray.from_arrays(begins, sizes, array.values, mask=mask),
        pa.LargeListViewArray.from_arrays(
            begins.cast("int64"), sizes.cast("int64"), array.values, mask=mask
        ),
    ]


def dictionary(codes: list[int | None], categories: Any, **options: Any) -> pa.Array:
    indices = pa.array(codes, options.pop("indices", pa.int8()))
    return pa.DictionaryArray.from_arrays(indices, pa.array(categories), **options)


def union() -> pa.Array:
    kinds = pa.array([0, 1, 0], pa.int8())
    return pa.UnionArray.from_sparse(kinds, [pa.array([1, 2, None]), pa.array(["x", "y", "z"])])


DAY = dt.date(2020, 2, 29)
NOON = dt.datetime(2020, 2, 29, 12)
LISTS = [[1, 2], None, [3, 4], []]
PAIRS = [[1, 2], None, [3, 4]]
MAPS = [[("a", 1)], None, [("b", 2), ("c", None)], []]
INT, TEXT = pa.int64(), pa.string()

ALIKE: dict[str, tuple[str, list[Any]]] = {
    "numbers under bits that are not 0": (
        "int64",
        [
            pa.array([1, None, 3]),
            pa.Array.from_buffers(
                INT, 3, [pa.py_buffer(b"\xfd"), pa.py_buffer(np.array([1, 99, 3]))]
            ),
        ],
    ),
    "text": (
        "string",
        [pa.array(["a", None, "longer than twelve"], kind) for kind in
         (pa.string(), pa.large_string(), pa.string_view())],
    ),
    "bytes": (
        "binary",
        [pa.array([b"ab", None, b"cd"], kind) for kind in
         (pa.binary(), pa.large_binary(), pa.binary_view(), pa.binary(2))],
    ),
    "bytes of no length": (
        "binary",
        [pa.array([b"", None], kind) for kind in (pa.binary(0), pa.binary())],
    ),
    "lists": (
        "list[int64]",
        [pa.array(LISTS, kind) for kind in
         (pa.list_(INT), pa.large_list(INT), pa.list_view(INT), pa.large_list_view(INT))],
    ),
    "lists of one length": (
        "list[int64]",
        [pa.array(PAIRS, pa.list_(INT, 2)), pa.array(PAIRS, pa.list_(INT))],
    ),
    "list views in any order": (
        "list[int64]",
        [
            pa.ListViewArray.from_arrays([3, 0, 1], [1, 0, 2], pa.array([9, 5, 6, 4])),
            pa.array([[4], [], [5, 6]]),
        ],
    ),
    "list views in any order within": (
        "list[int64]",
        [
            pa.array([[5], [7], [6], [8]]),
            pa.ListViewArray.from_arrays([0, 2, 1, 3], [1] * 4, pa.array([5, 6, 7, 8])),
        ],
    ),
    "list views that overlap": (
        "list[int64]",
        [
            pa.ListViewArray.from_arrays([0, 1], [2, 2], pa.array([1, 2, 3])),
            pa.array([[1, 2], [2, 3]]),
        ],
    ),
    "maps": (
        "map[string, int64]",
        [pa.array(MAPS, pa.map_(key, INT)) for key in (TEXT, pa.large_string())],
    ),
    "names inside lists": (
        "list[int64]",
        [pa.array(LISTS, pa.list_(pa.field(name, INT))) for name in ("item", "element")],
    ),
    "decimals": (
        "decimal[2]",
        [
            pa.array([Decimal("1.25"), None, Decimal("-3.00")], kind)
            for kind in (pa.decimal128(5, 2), pa.decimal128(30, 2), pa.decimal256(5, 2))
        ],
    ),
    "units of instants": (
        "timestamp[]",
        [pa.array([NOON, None], pa.timestamp(unit)) for unit in ("s", "ms", "us", "ns")],
    ),
    "units of durations": (
        "duration",
        [pa.array([dt.timedelta(1), None], pa.duration(unit)) for unit in ("s", "ms", "us", "ns")],
    ),
    "instants beyond microseconds": (
        "timestamp[]/ms",
        [
            pa.array([10**13, None], pa.timestamp("s")),
            pa.array([10**16, None], pa.timestamp("ms")),
        ],
    ),
    "what would be beyond but is null": (
        "timestamp[]",
        [
            with_garbage_under_nulls(pa.array([1, None], pa.timestamp("s"))),
            _hidden(pa.array([1, 2**62], pa.timestamp("s")), pa.array([False, True])),
        ],
    ),
    "units of times": (
        "time",
        [
            pa.array([dt.time(1, 2, 3), None], kind)
            for kind in (pa.time32("s"), pa.time32("ms"), pa.time64("us"), pa.time64("ns"))
        ],
    ),
    "dates": ("date", [pa.array([DAY, None], kind) for kind in (pa.date32(), pa.date64())]),
    "runs": (
        "string",
        [
            pa.array(["a", "a", None, "b"]),
            pa.RunEndEncodedArray.from_arrays([2, 3, 4], ["a", None, "b"]),
            pa.RunEndEncodedArray.from_arrays([1, 4, 5, 9], ["z", "a", None, "b"]).slice(2, 4),
        ],
    ),
    "runs of instants, the first beyond microseconds and cut off": (
        "timestamp[]",
        [
            pa.RunEndEncodedArray.from_arrays(
                [1, 3], pa.array([2**60, 7], pa.timestamp("s"))
            ).slice(1),
            pa.array([7, 7], pa.timestamp("s")),
        ],
    ),
    "categories": (
        "category[]",
        [
            dictionary([0, 1, 0, None], ["b", "a"]),
            dictionary([0, 1, 0, None], ["b", "a"], indices=pa.uint32()),
            dictionary([0, 1, 0, 2], ["b", "a", None]),
            dictionary([0, 1, 0, None], pa.array(["b", "a"], pa.large_string())),
            pa.chunked_array([dictionary([0, 1], ["b", "a"]), dictionary([1, None], ["a", "b"])]),
            pa.chunked_array([dictionary([0], ["b"]), dictionary([0, 1, None], ["a", "b"])]),
            dictionary([0, 1, 2, None], ["b", "a", "b"]),
            pa.chunked_array(
                [dictionary([0, 1], ["b", "a", "b"]), dictionary([0, None], ["b", "b"])]
            ),
        ],
    ),
    "nulls among codes and categories": (
        "category[]",
        [dictionary([0, 1, 2, None], ["b", "a", None]), dictionary([0, 1, None, None], ["b", "a"])],
    ),
    "categories of which no row has one": (
        "category[]",
        [
            pa.DictionaryArray.from_arrays(pa.nulls(2, pa.int8()), pa.array([], TEXT)),
            pa.DictionaryArray.from_arrays(pa.array([0, 0], pa.int8()), pa.array([None], TEXT)),
        ],
    ),
    "categories of which a chunk has none": (
        "category[]",
        [
            dictionary([None, 1, 0], ["b", "a"]),
            pa.chunked_array(
                [dictionary([None], pa.array([], TEXT)), dictionary([1, 0], ["b", "a"])]
            ),
        ],
    ),
    "categories in lists": (
        "list[category[]]",
        [
            pa.ListArray.from_arrays([0, 1, 3], dictionary([0, 1, 0], ["b", "a"])),
            pa.chunked_array(
                [
                    pa.ListArray.from_arrays([0, 1], dictionary([0], ["b"])),
                    pa.ListArray.from_arrays([0, 2], dictionary([0, 1], ["a", "b"])),
                ]
            ),
        ],
    ),
    "structs with something under their nulls": (
        "struct[x: int64, y: string]",
        [
            pa.array([{"x": 1, "y": "a"}, None, {"x": 3, "y": None}]),
            pa.StructArray.from_arrays(
                [pa.array([1, 2, 3]), pa.array(["a", "b", None])],
                ["x", "y"],
                mask=pa.array([False, True, False]),
            ),
        ],
    ),
    "extensions in structs and runs": (
        "struct[x: binary (arrow.uuid)]",
        [
            pa.StructArray.from_arrays(
                [pa.ExtensionArray.from_storage(pa.uuid(), pa.array(values, pa.binary(16)))],
                ["x"],
                mask=pa.array([False, True]),
            )
            for values in ([b"0" * 16, b"1" * 16], [b"0" * 16, None])
        ],
    ),
}  # fmt: skip

# What Arrow aborts the process for, if asked to hide rows of it.
WITHOUT_VALIDITY = pa.StructArray.from_arrays(
    [union(), pa.RunEndEncodedArray.from_arrays([1, 3], ["a", None])],
    ["x", "y"],
    mask=pa.array([False, True, False]),
)


@pytest.mark.parametrize(("type", "arrays"), ALIKE.values(), ids=ALIKE.keys())
def test_layouts_of_equal_values_are_alike(type: str, arrays: list[Any]) -> None:
    assert_alike(arrays)
    assert type_of(arrays[0]) == type


@pytest.mark.parametrize(
    "array",
    [*(arrays[0] for _, arrays in ALIKE.values()), WITHOUT_VALIDITY, union(), pa.nulls(3)],
    ids=[*ALIKE.keys(), "structs of unions and runs", "unions", "nulls"],
)
def test_chunks_and_offsets_do_not_show(array: pa.Array) -> None:
    assert_alike([array, with_others_around(array), in_chunks(array, 0, 1, 1), in_chunks(array, 1)])


def test_narrow_decimals_are_alike() -> None:
    if not hasattr(pa, "decimal32"):
        pytest.skip("this pyarrow has none")
    values = [Decimal("1.25"), None, Decimal("-3.00")]
    kinds = (pa.decimal32(5, 2), pa.decimal64(5, 2), pa.decimal128(5, 2))
    assert_alike(pa.array(values, kind) for kind in kinds)


DIFFERENT: dict[str, list[Any]] = {
    "null, NaN, zero, and its sign": [pa.array([x]) for x in (float("nan"), 0.0, -0.0)]
    + [pa.array([None], pa.float64())],
    "widths of numbers": [
        pa.array([1], kind) for kind in (pa.int8(), pa.int32(), INT, pa.uint64(), pa.float64())
    ],
    "text, bytes, categories": [
        pa.array(["a"]), pa.array([b"a"]), dictionary([0], ["a"]),
        dictionary([0], ["a"], ordered=True), dictionary([0], ["a", "b"]),
    ],
    "order of categories": [dictionary([0, 1], ["a", "b"]), dictionary([1, 0], ["b", "a"])],
    "where texts end": [pa.array(x) for x in (["ab", ""], ["a", "b"], ["", "ab"], ["ab", None])],
    "where lists end": [
        pa.array(x, pa.list_(INT)) for x in ([[1, 2], []], [[1], [2]], [[], [1, 2]], [[1, 2], None])
    ],
    "null in a list, null list, list of nothing": [
        pa.array(x, pa.list_(INT)) for x in ([[None]], [None], [[]])
    ],
    "null struct, struct of nulls": [
        pa.array(x, pa.struct({"a": INT})) for x in ([None], [{"a": None}], [{"a": 0}])
    ],
    "fields": [
        *(
            pa.StructArray.from_arrays([pa.array([x]), pa.array([3 - x])], names)
            for x in (1, 2) for names in ("ab", "ba", "aa")
        ),
        pa.array([{"a": 1}]), pa.array([{"a: int64, b": 1}]),
    ],
    "maps and lists of pairs": [
        pa.array([[("a", 1)]], pa.map_(TEXT, INT)),
        pa.array([[{"key": "a", "value": 1}]]),
    ],
    "empty columns of different types": [
        pa.array([], kind) for kind in (INT, TEXT, pa.list_(INT), pa.list_(TEXT), pa.null())
    ],
    "time zones": [
        pa.array([NOON], pa.timestamp("us", zone)) for zone in (None, "UTC", "Europe/Berlin")
    ],
    "instants beyond microseconds": [
        pa.array([10**13], pa.timestamp("s")), pa.array([10**16 + 1], pa.timestamp("ms")),
        pa.array([10**17], pa.timestamp("s")), pa.array([10**16], pa.timestamp("us")),
    ],
    "nanoseconds": [pa.array([x], pa.timestamp("ns")) for x in (1000, 1001, 1999)],
    "milliseconds of a date": [
        pa.Array.from_buffers(pa.date64(), 1, [None, pa.py_buffer(np.array([x]))])
        for x in (0, 86_400_000, 1, 86_400_000 * 2**31)
    ],
    "scales": [
        pa.array([Decimal(x)], pa.decimal128(9, y)) for x, y in (("1.0", 1), ("1.0", 2), ("10", 0))
    ],
    "decimals beyond 128 bits": [
        pa.array([Decimal(x)], pa.decimal256(76, 0)) for x in (5, 5 + 2**128, -5, -5 + 2**200)
    ],
    "extensions": [
        pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"0" * 16], pa.binary(16))),
        pa.array([b"0" * 16], pa.binary(16)),
    ],
    "shapes of tensors": [
        pa.ExtensionArray.from_storage(
            pa.fixed_shape_tensor(INT, shape), pa.array([range(6)], pa.list_(INT, 6))
        )
        for shape in ([2, 3], [3, 2], [6])
    ],
    "calendar spans": [
        pa.array([x], pa.month_day_nano_interval()) for x in ((1, 2, 3), (2, 1, 3), (1, 2, 4))
    ],
    "kinds of values in a union": [union(), pa.array([1, 2, None])],
    "lengths": [pa.nulls(2), pa.nulls(3), pa.nulls(0)],
}  # fmt: skip


@pytest.mark.parametrize("arrays", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_what_differs_is_told_apart(arrays: list[Any]) -> None:
    assert_all_differ(arrays)


def test_categories_in_use_are_sorted_where_their_order_is_nobodys() -> None:
    chunks = pa.chunked_array(
        [
            dictionary([0, 1, 2], ["z", "b", None]),
            dictionary([None], pa.array([], TEXT)),
            dictionary([1, 0], ["a", "b"]),
        ]
    )
    found = column_of(chunks, categories_in_use_only=True)
    expected = column_of(dictionary([2, 1, None, None, 1, 0], ["a", "b", "z"]))
    assert_same_block(found.block(0, 6), expected.block(0, 6))
    assert_same_block(found.children[0].block(0, 3), expected.children[0].block(0, 3))
    ordered = dictionary([1], ["z", "a"], ordered=True)
    assert column_of(ordered, categories_in_use_only=True).children[0].rows == 2


def test_nothing_of_a_users_extension_type_is_called() -> None:
    class Array(pa.ExtensionArray):
        def __len__(self) -> int:
            raise AssertionError

        @property
        def storage(self) -> Any:
            raise AssertionError

    class Kind(pa.ExtensionType):
        def __init__(self) -> None:
            super().__init__(INT, "mine")

        def __arrow_ext_serialize__(self) -> bytes:
            return b""

        def __arrow_ext_class__(self) -> type:
            return Array

        @property
        def extension_name(self) -> Any:
            raise AssertionError

    kind = Kind()
    array, *chunks = (
        pa.ExtensionArray.from_storage(kind, pa.array(values, INT))
        for values in ([1, None], [1], [None])
    )
    assert_alike([array, pa.chunked_array(chunks)])
    assert type_of(array) == "int64 (mine)"


def test_tables_and_record_batches_are_alike_and_have_names() -> None:
    table = pa.table({"a": [1, 2], "b": ["x", None]})
    assert_alike([table, table.to_batches()[0], table.replace_schema_metadata({"k": "v"})])
    assert str(fingerprint(table)).endswith("2×2")
    assert_all_differ(
        [table, table.rename_columns(["a", "c"]), table.select(["b", "a"]), table.slice(1),
         table.rename_columns(["a", "a"])]
    )  # fmt: skip


def test_tables_without_columns_or_rows_are_told_apart() -> None:
    none = pa.table({"a": pa.array([], INT)})
    assert_all_differ([pa.table({}), none, pa.table({"a": pa.array([], TEXT)})])


# Blocks


def test_values_are_not_copied() -> None:
    numbers, texts = pa.array(np.arange(100.0)), pa.array(["ab"] * 100, pa.large_string())
    (values,) = column_of(in_chunks(numbers, 50)).block(10, 40).buffers
    assert np.shares_memory(values, numbers.to_numpy())
    _, data = column_of(texts).block(10, 40).buffers
    assert np.shares_memory(data, np.frombuffer(texts.buffers()[2], np.uint8))


def test_a_block_opens_only_the_chunks_that_it_lies_in() -> None:
    opened = []

    def open_chunk(place: int) -> Any:
        opened.append(place)
        return lambda start, stop: Block(stop - start)

    chunks = Chunks([3] * 100_000, open_chunk)
    stretches = chunks.stretches(150_001, 150_005)
    assert stretches == [(50_000, 1, 3), (50_001, 0, 2)]
    assert [chunks.block(stretch).rows for stretch in stretches * 2] == [2, 2, 2, 2]
    assert opened == [50_000, 50_001]


@pytest.mark.parametrize("name", ALIKE)
def test_any_stretch_can_be_read(name: str) -> None:
    array = ALIKE[name][1][0]
    whole, parts = column_of(array), column_of(in_chunks(array, *range(1, len(array))))
    for start in range(len(array)):
        for stop in range(start + 1, len(array) + 1):
            part = column_of(array.slice(start, stop - start)).block(0, stop - start)
            assert_same_block(whole.block(start, stop), part)
            assert_same_block(parts.block(start, stop), part)


def assert_same_block(one: Block, other: Block) -> None:
    """Blocks have the same rows, whatever they were read from."""
    assert one.rows == other.rows
    assert (one.valid is None) == (other.valid is None)
    assert one.valid is None or (one.valid == other.valid).all()
    assert [x.tobytes() for x in one.buffers] == [x.tobytes() for x in other.buffers]
    assert len(one.children) == len(other.children)
    for mine, theirs in zip(one.children, other.children, strict=True):
        assert (mine.type, mine.rows) == (theirs.type, theirs.rows)
        if mine.rows:
            assert_same_block(mine.block(0, mine.rows), theirs.block(0, theirs.rows))


def long_arrays() -> dict[str, pa.Array]:
    rng, rows = np.random.default_rng(5), 2 * BLOCK_ROWS + 1000
    mask = rng.random(rows) < 0.1
    texts = pa.array([str(x) * (x % 7) for x in rng.integers(0, 999, rows)], mask=mask)
    numbers = pa.array(rng.integers(0, 99, rows), mask=mask)
    return {
        "numbers": numbers,
        "bools": pa.array(rng.random(rows) < 0.5, mask=mask),
        "texts": texts,
        "text views": texts.cast(pa.string_view()),
        "categories": numbers.cast(TEXT).dictionary_encode(),
        "lists": pa.ListArray.from_arrays(np.arange(0, rows, 4, np.int32), numbers),
        "structs": pa.StructArray.from_arrays([numbers, texts], ["x", "y"], mask=pa.array(mask)),
        "runs": pc.run_end_encode(pc.fill_null(numbers, 1)),
    }


@pytest.mark.parametrize(("name", "array"), long_arrays().items(), ids=long_arrays())
def test_chunks_of_long_columns_do_not_show(name: str, array: pa.Array) -> None:
    rows = len(array)
    some = in_chunks(array, 1, 1000, BLOCK_ROWS // 2, BLOCK_ROWS // 2 + 7)
    many = in_chunks(array, *range(0, rows, 999))
    assert_alike([array, some, many, with_others_around(array)])
    last = array[rows - 1].as_py()
    other = next(place for place in range(rows) if array[place].as_py() != last)
    changed = pa.concat_arrays([array.slice(0, rows - 1), array.slice(other, 1)])
    assert digest_of(changed) != digest_of(array)


def test_categories_of_other_chunks_count_in_every_block_of_lists() -> None:
    rows = np.arange(BLOCK_ROWS + 1, dtype=np.int32)
    first = pa.ListArray.from_arrays(rows, dictionary([0] * BLOCK_ROWS, ["b"]))
    second = pa.ListArray.from_arrays([0, 1], dictionary([0], ["a"]))
    chunks = pa.chunked_array([first, second])
    assert_alike([chunks, chunks.combine_chunks()])


def large_arrays() -> dict[str, pa.Array]:
    values = np.arange(4_000_000.0)
    floats = pa.array(values, mask=values % 7 == 0)
    texts = pc.if_else(floats.is_valid(), "longer than twelve", pa.scalar(None, TEXT))
    return {
        "numbers": floats,
        "texts": with_garbage_under_nulls(texts),
        "text views": texts.cast(pa.string_view()),
        "lists": with_garbage_under_nulls(
            pa.FixedSizeListArray.from_arrays(floats, 4, mask=pa.array(values[::4] % 5 == 0))
        ),
    }


@pytest.mark.parametrize("name", ["numbers", "texts", "text views", "lists"])
def test_large_columns_take_little_memory(name: str) -> None:
    array = large_arrays()[name]
    pool, before = pa.proxy_memory_pool(pa.default_memory_pool()), pa.default_memory_pool()
    pa.set_memory_pool(pool)
    tracemalloc.start()
    try:
        digest_of(array)
        most = tracemalloc.get_traced_memory()[1] + pool.max_memory()
    finally:
        tracemalloc.stop()
        pa.set_memory_pool(before)
    assert array.get_total_buffer_size() > 30_000_000
    assert most < 16_000_000, most


# Laws

NUMBERS = st.integers(-(2**31), 2**31 - 1)
LEAVES: list[tuple[pa.DataType, st.SearchStrategy[Any]]] = [
    (pa.null(), st.none()),
    (pa.bool_(), st.booleans()),
    (pa.int8(), st.integers(-128, 127)),
    (pa.uint16(), st.integers(0, 2**16 - 1)),
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.float32(), st.floats(width=32)),
    (pa.float64(), st.floats()),
    (pa.string(), st.text(st.characters(exclude_categories=["Cs"]), max_size=20)),
    (pa.binary(), st.binary(max_size=20)),
    (pa.binary(3), st.binary(min_size=3, max_size=3)),
    (pa.date32(), st.dates()),
    (pa.time64("us"), st.times()),
    (pa.timestamp("us"), st.datetimes()),
    (pa.timestamp("ns", "Europe/Berlin"), NUMBERS),
    (pa.timestamp("s"), st.integers(-(2**50), 2**50)),
    (pa.duration("ms"), NUMBERS),
    (pa.decimal128(20, 3), st.decimals(-(10**9), 10**9, places=3).map(lambda x: x + 0)),
    (pa.decimal256(60, 0), st.integers(-(10**50), 10**50).map(Decimal)),
    (pa.month_day_nano_interval(), st.tuples(NUMBERS, NUMBERS, NUMBERS)),
    (pa.dictionary(pa.int16(), pa.string()), st.sampled_from(["a", "bb", "", "ä"])),
]


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    def around(
        one: tuple[pa.DataType, Any], two: tuple[pa.DataType, Any]
    ) -> st.SearchStrategy[Any]:
        (kind, values), (other, others) = one, two
        lists = st.lists(st.none() | values, max_size=3)
        pairs = st.builds(lambda x, y: {"x": x, "y y": y}, st.none() | values, st.none() | others)
        maps = st.lists(st.tuples(st.text("ab"), st.none() | values), max_size=3)
        return st.sampled_from(
            [
                (pa.list_(kind), lists),
                (pa.large_list(kind), lists),
                (pa.list_(kind, 2), st.lists(st.none() | values, min_size=2, max_size=2)),
                (pa.struct([("x", kind), ("y y", other)]), pairs),
                (pa.map_(pa.string(), kind), maps),
            ]
        )

    return st.tuples(inner, inner).flatmap(lambda both: around(*both))


KINDS = st.recursive(st.sampled_from(LEAVES), _nested, max_leaves=3)


@st.composite
def columns(draw: st.DrawFn) -> tuple[list[Any], pa.DataType, st.SearchStrategy[Any]]:
    kind, values = draw(KINDS)
    return draw(st.lists(st.none() | values, max_size=8)), kind, values


@given(columns(), st.data())
@settings(max_examples=150)
def test_no_representation_shows(column: Any, data: st.DataObject) -> None:
    values, kind, _ = column
    array = pa.array(values, kind)
    cuts = data.draw(st.lists(st.integers(0, len(values)), max_size=4))
    garbage = with_garbage_under_nulls(array)
    assert_alike(
        [
            array,
            in_chunks(array, *cuts),
            with_others_around(array),
            garbage,
            with_others_around(garbage),
            in_chunks(with_others_around(garbage), *cuts),
            *in_other_layouts(array),
            *in_other_layouts(with_others_around(garbage)),
        ]
    )


@given(columns(), st.data())
@settings(max_examples=150)
def test_any_change_shows(column: Any, data: st.DataObject) -> None:
    values, kind, possible = column
    place = data.draw(st.integers(0, len(values)))
    value = data.draw(st.none() | possible)
    insert = data.draw(st.booleans())
    other = [*values[:place], value, *values[place if insert else place + 1 :]]
    assume(repr(other) != repr(values))
    assert_all_differ([pa.array(values, kind), pa.array(other, kind)])
