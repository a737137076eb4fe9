import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.fingerprint_records import (
    class_of,
    columns_json,
    columns_left_out,
    file_value,
    fingerprint_of,
    profile_of,
    profile_records,
    value_json,
    value_record,
    what_it_is,
)
from nbmlops.fingerprints.base import Fingerprint, Part
from nbmlops.fingerprints.profiles.profile import MOST_COLUMNS, ColumnProfile, Distinct
from nbmlops.records import FileUse
from tests.described import array, part, table

parts = st.builds(Part, st.text(), st.text(), st.text(max_size=4))
fingerprints = st.builds(
    Fingerprint,
    digest=st.text(),
    kind=st.text(),
    class_name=st.text(),
    shape=st.none() | st.lists(st.integers(0, 2**62), max_size=3).map(tuple),
    columns=st.lists(parts, max_size=4).map(tuple),
    strength=st.text(),
    reason=st.none() | st.text(),
    scheme=st.text(),
    unordered=st.none() | st.text(),
    semantic=st.none() | st.text(),
    size_bytes=st.none() | st.integers(0, 2**62),
)
profiled = table(
    9, "a int64 x", "b string y", unordered="u", semantic="s",
    profile=(ColumnProfile("int64", 9, 1), ColumnProfile("string", 9, distinct=Distinct(7, 0.1))),
)  # fmt: skip


@given(fingerprints)
def test_a_fingerprint_comes_back_from_its_record(found):
    assert fingerprint_of(value_record(found)) == found


def test_a_profile_comes_back_with_its_fingerprint():
    records = {record.digest: record for record in profile_records(profiled)}
    assert fingerprint_of(value_record(profiled), records) == profiled
    assert [profile_of(record) for record in records.values()] == list(profiled.profile)


def test_a_profile_of_which_a_part_is_missing_is_left_out():
    first, _ = profile_records(profiled)
    assert fingerprint_of(value_record(profiled), {first.digest: first}).profile is None


def test_a_record_says_what_can_be_asked_without_reading_its_document():
    value = value_record(profiled)
    assert (value.digest, value.kind, value.class_name) == (
        profiled.digest, "frame", "pandas.DataFrame",
    )  # fmt: skip
    assert (value.row_count, value.column_count, value.is_profiled) == (9, 2, True)
    assert "profile" in json.loads(value.document)
    assert json.loads(value.document)["profile"] is None


@pytest.mark.parametrize(
    ("found", "rows", "columns"),
    [
        pytest.param(array(4, 5, 6), 4, 5, id="array"),
        pytest.param(array(4), 4, None, id="one axis"),
        pytest.param(array(), None, None, id="no axis"),
        pytest.param(Fingerprint("aa", "lazyframe"), None, None, id="no shape"),
    ],
)
def test_rows_and_columns_are_the_first_two_lengths(found, rows, columns):
    value = value_record(found)
    assert (value.row_count, value.column_count, value.is_profiled) == (rows, columns, False)


@pytest.mark.parametrize("name", ["a\ud800", "a\0b", "größe", "\u2028"], ids=ascii)
def test_a_document_holds_any_name_in_what_any_database_takes(name):
    found = replace(table(1, "x int64 y"), columns=(Part(name, "int64", "aa"),))
    document = value_record(found).document
    assert document.isascii()
    assert "\0" not in document
    assert fingerprint_of(value_record(found)).columns[0].name == name


def test_a_document_lists_so_many_columns_and_counts_the_rest():
    names = [f"gene{number} float64 {number}" for number in range(MOST_COLUMNS + 3)]
    profile = tuple(ColumnProfile("float64", 9) for _ in names)
    wide = table(9, *names, profile=profile)
    value = value_record(wide)
    assert columns_left_out(value) == 3
    assert value.column_count == MOST_COLUMNS + 3
    assert fingerprint_of(value) == replace(wide, columns=wide.columns[:MOST_COLUMNS], profile=None)
    assert len(profile_records(wide)) == len(columns_json(value)) == MOST_COLUMNS
    assert columns_left_out(value_record(profiled)) == 0


def test_columns_of_equal_content_have_one_profile():
    same = table(9, "a int64 x", "b int64 x", profile=(ColumnProfile("int64", 9),) * 2)
    assert [record.digest for record in profile_records(same)] == [part("a int64 x").digest]


def test_what_has_no_profile_has_no_records_of_one():
    assert profile_records(table(9, "a int64 x")) == []


@pytest.mark.parametrize(
    ("found", "what", "named"),
    [
        pytest.param(profiled, "df 9×2", "pandas.DataFrame", id="frame"),
        pytest.param(replace(profiled, class_name="pandas.core.frame.DataFrame"), "df 9×2",
                     "pandas.DataFrame", id="where pandas 2 has its classes"),
        pytest.param(array(336_776), "array 336,776", "numpy.ndarray", id="array"),
        pytest.param(array(2, 2, strength="opaque"), "array 2×2 (opaque)", "numpy.ndarray",
                     id="opaque"),
        pytest.param(Fingerprint("aa", "lazyframe", "list"), "lazyframe", "list", id="no shape"),
    ],
)  # fmt: skip
def test_what_data_is_reads_as_in_its_fingerprint(found, what, named):
    assert what_it_is(value_record(found)) == what
    assert class_of(value_record(found)) == named


def test_a_file_that_was_looked_at_is_a_value():
    use = FileUse("e1", "a.csv", "read", "bb", 7)
    value = file_value(use)
    assert (value.digest, value.kind, value.size_bytes) == ("bb", "file", 7)
    assert value_json(value)["shape"] is None
    assert file_value(replace(use, digest=None)) is None
