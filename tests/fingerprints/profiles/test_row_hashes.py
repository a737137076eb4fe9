import datetime as dt
from collections import Counter
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nbmlops.fingerprints.arrow import tables as arrow_tables
from nbmlops.fingerprints.pandas import tables as pandas_tables
from nbmlops.fingerprints.polars import tables as polars_tables
from nbmlops.fingerprints.profiles import cell_hashes, row_hashes
from nbmlops.fingerprints.profiles.row_hashes import unordered_digest
from tests.fingerprints.real_data import flights, penguins


def digest_of(value):
    makers = {"pandas": pandas_tables, "polars": polars_tables, "pyarrow": arrow_tables}
    return unordered_digest(makers[type(value).__module__.split(".")[0]].frame(value))


def arrow(**columns):
    return pa.table(columns)


def shuffled(frame, seed=0):
    return frame.sample(frac=1, random_state=seed)


MOMENTS = [dt.datetime(2013, 1, day, 5) for day in (1, 2, 3)]
KINDS = {
    "int": pa.array([1, 2, None, 2]),
    "float": pa.array([0.1, float("nan"), None, -0.0]),
    "half": pa.array(np.array([1, 2, 3, 4], np.float16)),
    "bool": pa.array([True, None, False, True]),
    "text": pa.array(["a", "", None, "b"]),
    "long text": pa.array(["a" * 64, "a" * 65, None, "ä" * 900]),
    "bytes": pa.array([b"\x00", b"", None, b"\xff" * 9]),
    "moments": pa.array([*MOMENTS, None], pa.timestamp("ns")),
    "nanoseconds": pa.array([0, 1, 1000, 1001], pa.timestamp("ns")),
    "dates": pa.array([0, 1, 2, None], pa.date32()),
    "durations": pa.array([0, 1, 2, None], pa.duration("ms")),
    "decimals": pa.array([Decimal("0.0"), Decimal("-1.1"), None, Decimal(2**64) / 10]),
    "wide decimals": pa.array(
        [Decimal(-1), Decimal(10**50), None, Decimal(-(10**50))], pa.decimal256(60, 0)
    ),
    "lists": pa.array([[1, 2], [2, 1], [], None]),
    "nested lists": pa.array([[[1], [2]], [[1, 2]], [[]], []]),
    "structs": pa.array([{"a": 1, "b": "x"}, {"a": None, "b": "x"}, None, {"a": 1, "b": None}]),
    "categories": pa.array(["x", "y", None, "x"]).dictionary_encode(),
    "nulls": pa.nulls(4),
}


@pytest.mark.parametrize("values", KINDS.values(), ids=KINDS)
def test_any_order_of_rows_has_one_digest(values):
    table = arrow(place=[10, 20, 30, 40], values=values)
    for order in ([3, 1, 0, 2], [1, 0, 3, 2], [3, 2, 1, 0]):
        assert digest_of(table.take(order)) == digest_of(table)


@pytest.mark.parametrize("values", KINDS.values(), ids=KINDS)
def test_values_that_change_places_between_rows_show(values):
    table = arrow(place=[10, 20, 30, 40], values=values)
    moved = arrow(place=[10, 20, 30, 40], values=values.take([1, 2, 0, 3]))
    assert (digest_of(moved) == digest_of(table)) is values.equals(values.take([1, 2, 0, 3]))


@pytest.mark.parametrize("values", KINDS.values(), ids=KINDS)
def test_a_row_more_or_instead_of_another_shows(values):
    tables = [arrow(x=values.take(rows)) for rows in ([0, 1, 2], [0, 1, 2, 2], [0, 1, 2, 0])]
    digests = {digest_of(table) for table in tables}
    assert len(digests) == (3 if values.type != pa.null() else 2)


def test_every_value_of_a_kind_has_its_own_hash():
    for name, values in KINDS.items():
        if name != "nulls":
            digests = {digest_of(arrow(x=values.slice(row, 1))) for row in range(4)}
            assert len(digests) == len(set(map(repr, values.to_pylist()))), name


TEXTS = [
    *("a" * length for length in (0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 72, 129)),
    *("ab", "ba", "\0", "\0\0", "a\0", "\0a"),
    *("aaaaaaaabbbbbbbb", "bbbbbbbbaaaaaaaa", "x" * 72 + "y", "x" * 71 + "yx"),
]


def test_texts_that_differ_have_hashes_that_differ():
    digests = {digest_of(arrow(x=[text])) for text in TEXTS}
    assert len(digests) == len(TEXTS)


@given(st.lists(st.text() | st.text("ab", min_size=50, max_size=80), min_size=1))
def test_the_hash_of_a_text_does_not_depend_on_its_neighbours(texts):
    together = hashes_of(texts)
    assert together == [hash for text in texts for hash in hashes_of([text])]


def hashes_of(texts):
    block = arrow_tables.column_of(pa.array(texts, pa.string())).block(0, len(texts))
    lanes = cell_hashes.text_hashes(*block.buffers)
    return list(zip(*(lane.tolist() for lane in lanes), strict=True))


rows = st.lists(
    st.tuples(st.none() | st.integers(-3, 3), st.sampled_from(["", "a", "b"]), st.floats(0, 1)),
    min_size=1,
)


def frame_of(rows):
    integers, texts, floats = zip(*rows, strict=True)
    return arrow(i=pa.array(integers, pa.int64()), t=texts, f=floats)


@given(rows, st.randoms())
def test_the_digest_is_that_of_the_multiset_of_rows(rows, random):
    mixed = random.sample(rows, len(rows))
    assert digest_of(frame_of(mixed)) == digest_of(frame_of(rows))


@given(rows, rows)
def test_other_rows_have_another_digest(one, other):
    assume(Counter(map(repr, one)) != Counter(map(repr, other)))
    assert digest_of(frame_of(one)) != digest_of(frame_of(other))


def test_one_cell_of_many_shows():
    frame = flights()
    digest = digest_of(frame)
    assert digest_of(shuffled(frame)) == digest
    for name, value in {"dep_delay": 2.5, "carrier": "XX", "flight": 0, "tailnum": None}.items():
        changed = frame.copy()
        changed.loc[200_123, name] = value
        assert digest_of(changed) != digest, name


def test_values_swapped_between_two_of_many_rows_show():
    frame = flights()
    changed = frame.copy()
    changed.loc[[7, 300_001], "dest"] = frame.loc[[300_001, 7], "dest"].to_numpy()
    assert frame.loc[7, "dest"] != frame.loc[300_001, "dest"]
    assert digest_of(changed) != digest_of(frame)


def test_values_that_change_places_between_columns_show():
    one = pd.DataFrame({"a": [1, 2, 5], "b": [2, 1, 7]})
    other = pd.DataFrame({"a": [2, 1, 7], "b": [1, 2, 5]})
    assert digest_of(one) != digest_of(other)


def test_libraries_agree():
    frame = penguins()
    table = pa.Table.from_pandas(frame, preserve_index=False)
    digests = {
        digest_of(frame),
        digest_of(shuffled(table.to_pandas(types_mapper=pd.ArrowDtype))),
        digest_of(table),
        digest_of(pa.concat_tables([table.slice(100), table.slice(0, 100)])),
        digest_of(pl.from_arrow(table)),
    }
    assert len(digests) == 1


@pytest.mark.parametrize("name", [*KINDS, "penguins"])
def test_the_length_of_stretches_does_not_show(name, monkeypatch):
    table = arrow(x=KINDS[name]) if name in KINDS else penguins()
    digest = digest_of(table)
    monkeypatch.setattr(row_hashes, "STRETCH_ROWS", 1)
    monkeypatch.setattr(cell_hashes, "STRETCH_ROWS", 3)
    assert digest_of(table) == digest


def test_both_parts_of_complex_numbers_count():
    numbers = [1 + 2j, 1 + 3j, 2 + 2j, 2 + 1j]
    digests = {digest_of(pd.DataFrame({"x": [number]})) for number in numbers}
    assert len(digests) == 4
    one, other = (pd.DataFrame({"x": part}) for part in (numbers, numbers[::-1]))
    assert digest_of(one) == digest_of(other)


FRAME = pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 3]})


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(FRAME.rename(columns={"a": "c"}), id="a name"),
        pytest.param(FRAME.rename(columns={"a": 1}), id="the type of a name"),
        pytest.param(FRAME[["b", "a"]], id="order of columns"),
        pytest.param(FRAME.astype({"a": "int32"}), id="a type"),
        pytest.param(FRAME.astype("float64"), id="floats"),
        pytest.param(FRAME.astype("str"), id="texts"),
        pytest.param(FRAME.astype("category"), id="categories"),
        pytest.param(FRAME[["a"]], id="a column less"),
        pytest.param(FRAME.head(2), id="a row less"),
        pytest.param(FRAME.head(0), id="no rows"),
        pytest.param(FRAME[["a", "a"]].set_axis(["a", "a"], axis=1), id="a name twice"),
        pytest.param(FRAME.set_index("a"), id="an index"),
        pytest.param(FRAME.set_axis([5, 6, 7]), id="labels of rows"),
        pytest.param(FRAME.set_axis([0, 0, 1]), id="labels of rows that repeat"),
        pytest.param(FRAME.rename_axis("row"), id="a name of the index"),
    ],
)
def test_what_the_columns_are_shows(other):
    assert digest_of(other) != digest_of(FRAME)


def test_an_index_that_only_says_where_rows_once_stood_does_not_show():
    assert digest_of(FRAME.sort_values("b", ascending=False)) == digest_of(FRAME)
    assert digest_of(FRAME.iloc[[2, 0, 1]]) == digest_of(FRAME)
    assert digest_of(FRAME.iloc[[2, 0, 1]].reset_index(drop=True)) == digest_of(FRAME)
    one, other = FRAME.set_axis([7, 8, 9]), FRAME.set_axis([8, 7, 9])
    assert digest_of(one) != digest_of(other)
    assert digest_of(one) == digest_of(one.iloc[[1, 2, 0]])


def categories(values, names, *, ordered=False):
    return pd.DataFrame({"x": pd.Categorical(values, names, ordered=ordered)})


def test_categories_count_by_value_in_their_order_whether_used_or_not():
    one = categories(["a", "b", None], ["a", "b"])
    assert digest_of(categories(["b", None, "a"], ["a", "b"])) == digest_of(one)
    assert digest_of(categories(["b", None, "b"], ["a", "b"])) != digest_of(one)
    assert digest_of(categories(["b", None, "a"], ["b", "a"])) != digest_of(one)
    assert digest_of(categories(["b", None, "a"], ["a", "b", "unused"])) != digest_of(one)


def test_the_names_of_column_levels_count():
    assert digest_of(FRAME.rename_axis(columns="q")) != digest_of(FRAME)
    assert digest_of(FRAME.iloc[::-1].rename_axis(columns="q")) == digest_of(
        FRAME.rename_axis(columns="q")
    )


def test_the_order_of_ordered_categories_counts():
    one = categories(["a", "b"], ["a", "b"], ordered=True)
    assert digest_of(categories(["b", "a"], ["a", "b"], ordered=True)) == digest_of(one)
    assert digest_of(categories(["a", "b"], ["b", "a"], ordered=True)) != digest_of(one)
    assert digest_of(categories(["a", "b"], ["a", "b"])) != digest_of(one)


def test_objects_count_by_their_digests():
    values = [{"a": 1}, (1, 2), {1, 2}, None, 1.5]
    one = pd.DataFrame({"x": pd.Series(values, dtype=object)})
    other = pd.DataFrame({"x": pd.Series([*values[::-1]], dtype=object)})
    changed = pd.DataFrame({"x": pd.Series([*values[:-1], 2.5], dtype=object)})
    assert digest_of(one) == digest_of(other) != digest_of(changed)


def test_a_table_without_columns_has_its_rows():
    assert digest_of(FRAME[[]]) != digest_of(FRAME.head(2)[[]])


# Written down once, so that no version of anything changes them unseen.
GOLDEN = {
    "int": "b12422bf9dcd1a843c36a1183fdd0e2d",
    "float": "f3a511206ba4d5680fcecc2b5e08d090",
    "half": "c639eb939d41e3937542e85cb25e3598",
    "bool": "9688c8ed5a1d451d892ca1fc85a6ea7f",
    "text": "d57056911ef60306ebb46bde5be76e29",
    "long text": "de72a031c71e13e48a3400dae83221c5",
    "bytes": "55043166b1719e1b83e75554c227aab3",
    "moments": "3dac5f25f25a5e6cd724fb34e2bf04c9",
    "nanoseconds": "6e1b3e1e192610c00845a23ef2ac8260",
    "dates": "805e9e222d06aea5da3b06e460ea3cbc",
    "durations": "789e905546d4cfad08ebec565e6f686b",
    "decimals": "b12b20c1b567d9e04c570cb005a517af",
    "wide decimals": "03a83970a342d0515cc8f2790c881b32",
    "lists": "6b64e0963ba8e5b14baf530b40cfe617",
    "nested lists": "a2c17b721e363522738a2e26f29d6c8a",
    "structs": "19cc1501c26fe17224e1f678ab259e6e",
    "categories": "d74a0ed260a086044c1b7ffd88130db1",
    "nulls": "003b73e569db65fcfe6f24ac6eea313b",
    "penguins": "33a7e0a760f4a6e04b3311b3758e92f2",
}


@pytest.mark.parametrize("name", [*KINDS, "penguins"])
def test_digests_stay_what_they_are(name):
    table = arrow(x=KINDS[name]) if name in KINDS else penguins()
    assert digest_of(table) == GOLDEN[name]
