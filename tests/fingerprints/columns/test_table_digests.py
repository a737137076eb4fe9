import os
import threading
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nbmlops.fingerprints import hashing, packing
from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.base import Described
from nbmlops.fingerprints.columns import column_digests, table_digests
from nbmlops.fingerprints.columns import texts as texts_of_python
from nbmlops.fingerprints.columns.table_digests import adapter
from nbmlops.fingerprints.columns.tables import BLOCK_ROWS, Block, Column, NamedColumn, Table
from nbmlops.fingerprints.numpy.columns import array_column
from nbmlops.fingerprints.walking import described


def floats(*values: float, valid: list[bool] | None = None) -> Column:
    rows, buffer = len(values), np.array(values, float)
    return Column("float64", rows, lambda start, stop: Block(rows, _mask(valid), (buffer,)))


def objects(*values: Any) -> Column:
    return Column("object", len(values), lambda start, stop: Block(len(values), objects=[*values]))


def texts(lengths: list[int], data: bytes) -> Column:
    buffers = np.array(lengths, np.int64), np.frombuffer(data, np.uint8)
    return Column("string", len(lengths), lambda start, stop: Block(len(lengths), None, buffers))


def interval(left: Column, right: Column) -> Column:
    return Column("interval[right]", 2, lambda start, stop: Block(2, children=(left, right)))


def category(*categories: float) -> Column:
    codes = np.array([0, 1], np.int32)
    return Column(
        "category[]", 2, lambda start, stop: Block(2, None, (codes,)), (floats(*categories),)
    )


def _mask(valid: list[bool] | None) -> Any:
    return None if valid is None else np.array(valid)


def table(*columns: Column, **others: Any) -> Table:
    named = tuple(NamedColumn(f"c{place}", column) for place, column in enumerate(columns))
    return Table(**{"kind": "frame", "rows": 2, "columns": named, **others})


def described_as(table: Table, mode: Any = "exact") -> Described:
    return described(table, mode)


ONE = table(floats(1, 2))
DIFFERENT: dict[str, Table] = {
    "as it is": ONE,
    "another value": table(floats(1, 3)),
    "another order of rows": table(floats(2, 1)),
    "another type": table(replace(floats(1, 2), type="int64")),
    "a null": table(floats(1, 0, valid=[True, False])),
    "a zero": table(floats(1, 0)),
    "another null": table(floats(1, 0, valid=[False, True])),
    "another name": replace(ONE, columns=(NamedColumn("d", floats(1, 2)),)),
    "a name that is a number": replace(ONE, columns=(NamedColumn(0, floats(1, 2)),)),
    "a name that is its text": replace(ONE, columns=(NamedColumn("0", floats(1, 2)),)),
    "no name": replace(ONE, columns=(NamedColumn(None, floats(1, 2)),)),
    "an empty name": replace(ONE, columns=(NamedColumn("", floats(1, 2)),)),
    "another role": replace(ONE, columns=(NamedColumn("c0", floats(1, 2), "index"),)),
    "another kind": replace(ONE, kind="column"),
    "names of column levels": replace(ONE, axis_names=("level",)),
    "one more column": table(floats(1, 2), floats(1, 2)),
    "columns": table(floats(1, 2), floats(3, 4)),
    "columns in another order": table(floats(3, 4), floats(1, 2)),
    "objects": table(objects(1.0, 2.0)),
    "objects of another type": table(objects(1, 2)),
    "text": table(texts([1, 2], b"abc")),
    "text cut elsewhere": table(texts([2, 1], b"abc")),
    "ends": table(interval(floats(1, 2), floats(3, 4))),
    "ends the other way round": table(interval(floats(3, 4), floats(1, 2))),
    "categories": table(category(1, 2)),
    "categories in another order": table(category(2, 1)),
    "no columns": table(),
    "no columns and other rows": table(rows=3),
}


def test_whatever_makes_a_table_another_makes_its_digest_another() -> None:
    found = [described_as(table) for table in DIFFERENT.values()]
    assert [one.reason for one in found] == [None] * len(found)
    assert len({one.digest for one in found}) == len(found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(floats(1, 2, valid=[True, True]), floats(1, 2), id="every row is valid"),
        pytest.param(
            objects(None, 2),
            Column(
                "object", 2, lambda start, stop: Block(2, _mask([False, True]), objects=[None, 2])
            ),
            id="None among objects, as a null too",
        ),
    ],
)
def test_equal_columns_have_equal_digests(one: Column, other: Column) -> None:
    assert described_as(table(one)).digest == described_as(table(other)).digest


def test_a_column_by_itself_without_a_name_has_the_empty_one() -> None:
    nameless, empty = (
        Table("column", 2, (NamedColumn(name, floats(1, 2)),)) for name in (None, "")
    )
    assert described_as(nameless) == described_as(empty)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(floats(1, np.nan), floats(1, 0, valid=[True, False]), id="NaN and null"),
        pytest.param(floats(1, 0.0), floats(1, -0.0), id="zeros"),
        pytest.param(
            array_column(np.array([1, 0.0])), array_column(np.array([1, -0.0])), id="zeros of numpy"
        ),
        pytest.param(
            floats(1, np.nan),
            floats(1, np.uint64(0xFFF8_0000_0000_0001).view(np.float64)),
            id="payloads",
        ),
        pytest.param(objects(1, None), objects(1, float("nan")), id="None and NaN as objects"),
        pytest.param(
            interval(floats(1, np.nan), floats(2, 3)),
            interval(floats(1, 0, valid=[True, False]), floats(2, 3)),
            id="within other columns",
        ),
    ],
)
def test_the_semantic_digest_does_not_tell_bits_apart(one: Column, other: Column) -> None:
    tables = table(one), table(other)
    assert len({described_as(one).digest for one in tables}) == 2
    assert len({described_as(one, "semantic").digest for one in tables}) == 1


def test_the_semantic_digest_tells_numbers_apart() -> None:
    numbers = [floats(1, 2), floats(1, 0), floats(1, np.inf), floats(1, np.nan), objects(1, 2)]
    digests = {described_as(table(column), "semantic").digest for column in numbers}
    assert len(digests) == len(numbers)


def test_a_part_says_what_each_column_is() -> None:
    levels = NamedColumn(("a", 1), floats(1, 2), "index"), NamedColumn("x", objects(1, "one"))
    found = described_as(Table("frame", 2, levels))
    assert [(part.name, part.type, part.role) for part in found.columns] == [
        ("('a', 1)", "float64", "index"),
        ("x", "object", "column"),
    ]
    assert found.shape == (2, 1)
    same = described_as(table(floats(1, 2)))
    assert same.columns[0].digest == found.columns[0].digest
    assert bytes.fromhex(same.columns[0].digest) != same.digest


def test_the_reason_names_the_column_that_cannot_be_looked_at() -> None:
    found = described_as(table(floats(1, 2), objects(1, iter([]))))
    assert found.reason is not None
    assert found.reason.startswith("c1")
    assert not described_as(table(floats(1, 2), objects(1, 2))).reason


def test_names_of_users_classes_are_shown_by_their_class() -> None:
    class Name:
        def __repr__(self) -> str:
            raise AssertionError

    assert NamedColumn(Name(), floats()).label.endswith("Name>")
    assert NamedColumn((1, Name()), floats()).label.endswith("Name>)")
    assert NamedColumn((1, 10**5000), floats()).label == "(1, …)"


def test_an_adapter_is_made_once_for_each_maker() -> None:
    assert adapter(len) is adapter(len)  # type: ignore[arg-type]


# The reading of large tables


@pytest.fixture
def in_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_digests, "THREADED_BYTES", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def numbered(columns: int, blocks: int) -> list[Column]:
    rng = np.random.default_rng(0)
    return [array_column(rng.random((blocks - 1) * BLOCK_ROWS + 7)) for _ in range(columns)]


def large(columns: list[Column]) -> Table:
    return table(*columns, rows=columns[0].rows)


@pytest.mark.parametrize(("columns", "blocks"), [(1, 70), (3, 40), (40, 3), (70, 1)])
def test_threads_do_not_show(columns: int, blocks: int, request: pytest.FixtureRequest) -> None:
    data = large([*numbered(columns, blocks), objects(*range(7))])
    alone = described_as(data)
    request.getfixturevalue("in_two")
    assert described_as(data) == alone


def test_two_threads_share_the_work(in_two: None) -> None:
    both, seen = threading.Barrier(2, timeout=20), set()

    def block(start: int, stop: int) -> Block:
        if threading.get_ident() not in seen:
            seen.add(threading.get_ident())
            both.wait()  # the first job of each thread begins before any ends
        return Block(stop - start, None, (np.zeros(stop - start),))

    rows = BLOCK_ROWS * 70
    assert described_as(table(Column("float64", rows, block), rows=rows)).reason is None
    assert len(seen) == 2


def test_a_table_is_read_by_one_thread_where_no_other_can_start(
    in_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = large(numbered(1, 40))
    expected = described_as(data)

    def refused(*arguments: Any) -> None:
        raise RuntimeError("can't start new thread at interpreter shutdown")

    monkeypatch.setattr(ThreadPoolExecutor, "submit", refused)
    assert described_as(data) == expected


def test_an_error_in_either_thread_makes_a_table_opaque_and_ends_the_work(in_two: None) -> None:
    read = []

    def block(start: int, stop: int) -> Block:
        read.append(start)
        time.sleep(0.001)
        raise OSError("gone")

    rows = BLOCK_ROWS * 1000
    found = described_as(table(Column("int64", rows, block), rows=rows))
    assert found.reason == "OSError: gone"
    assert len(read) <= 2


def test_objects_inside_other_columns_are_looked_at() -> None:
    """Only the blocks tell: the column's type does not say so."""
    one, other = (table(interval(floats(1, 2), objects(1, end))) for end in (2, 3))
    assert described_as(one).reason is None
    assert described_as(one).digest != described_as(other).digest


def test_a_block_of_numbers_costs_one_hash_of_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[Any] = []
    real = column_digests.hashed
    monkeypatch.setattr(column_digests, "hashed", lambda data: hashed.append(data) or real(data))
    values = np.random.default_rng(0).random(BLOCK_ROWS * 2 + 1)
    described_as(large([array_column(values)]))
    assert [len(data) for data in hashed] == [BLOCK_ROWS, BLOCK_ROWS, 1]
    assert all(np.shares_memory(data, values) for data in hashed)


def _with_nan(values: np.ndarray) -> np.ndarray:
    values[::3] = np.nan
    return values


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda values: values, id="numbers"),
        pytest.param(_with_nan, id="NaN"),
        pytest.param(lambda values: values.astype(">f8"), id="the other byte order"),
        pytest.param(lambda values: values.astype("M8[ns]"), id="nanoseconds"),
    ],
)
def test_memory_beside_the_data_does_not_grow_with_it(
    make: Callable[[np.ndarray], np.ndarray], in_two: None
) -> None:
    data = large([array_column(make(np.ones(20_000_000)))])
    assert peak_bytes(lambda: described_as(data)) < 16 << 20


def long_texts() -> list[str]:
    return [str(number) * 400 for number in range(60_000)]


# Each made in its test: together they are half a gigabyte.
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: pd.Series(long_texts(), dtype=object), id="texts of 2 kB in a column"),
        pytest.param(long_texts, id="texts of 2 kB in a list"),
        pytest.param(lambda: [text.encode() for text in long_texts()], id="bytes in a list"),
        pytest.param(lambda: "ä" * 60_000_000, id="one text"),
        pytest.param(lambda: bytearray(120_000_000), id="bytes that can be changed"),
        pytest.param(lambda: memoryview(bytes(120_000_000)), id="a view"),
        pytest.param(lambda: np.ones((20_000, 700)), id="rows together in memory"),
    ],
)
def test_memory_beside_values_is_bounded(make: Callable[[], Any]) -> None:
    values = make()
    is_table = isinstance(values, pd.Series | np.ndarray)
    assert peak_bytes(lambda: fingerprint(values, profile=is_table)) < 64 << 20


def peak_bytes(look: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        look()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("limit", [1, 5, 100])
def test_in_how_many_pieces_text_is_read_does_not_show(
    limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = ["a", None, "", "äöü" * 9, "\0", None, "\ud800"] * 3
    expected = [fingerprint(each, profile=True) for each in _of_text(values)]
    monkeypatch.setattr(texts_of_python, "_PIECE_CHARACTERS", limit)
    monkeypatch.setattr(texts_of_python, "_PIECE_ROWS", 2)
    monkeypatch.setattr(hashing, "_PIECE_CHARACTERS", limit)
    monkeypatch.setattr(hashing, "_SMALL_BYTES", -1)
    monkeypatch.setattr(packing, "_LONG", limit)
    assert [fingerprint(each, profile=True) for each in _of_text(values)] == expected


def _of_text(values: list[str | None]) -> list[Any]:
    known = [text for text in values if text is not None]
    encoded = [text.encode("utf-8", "surrogatepass") for text in known]
    return [pd.Series(values, dtype=object), values, known, encoded, "".join(known)]


def test_a_hundred_thousand_columns_are_no_trouble() -> None:
    data = table(*[array_column(np.array([1.0, place])) for place in range(100_000)])
    found = described_as(data)
    assert len({part.digest for part in found.columns}) == 100_000
