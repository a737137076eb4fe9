import pathlib
import threading

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import nbmlops
from nbmlops.fingerprints import registry, walking
from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.files import described as files
from nbmlops.fingerprints.profiles import profiling, row_hashes
from tests.fingerprints.alike import digest_of

FRAME = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", None], "c": [0.5, -0.0, np.nan]})


def test_the_whole_record_of_a_value():
    found = fingerprint([1, 2, 3])
    assert len(found.digest) == 32
    assert found.kind == "list"
    assert found.class_name == "list"
    assert found.shape == (3,)
    assert found.columns == ()
    assert (found.strength, found.reason) == ("exact", None)
    assert found.scheme == "1:xxh3_128"
    assert (found.unordered, found.semantic, found.profile, found.size_bytes) == (None,) * 4


def test_the_class_name_is_told_with_its_module():
    assert fingerprint(FRAME).class_name.endswith("DataFrame")
    assert fingerprint(pathlib.PurePosixPath("a")).class_name.startswith("pathlib.")


@pytest.mark.parametrize(
    "frame",
    [FRAME, pl.from_pandas(FRAME), pa.Table.from_pandas(FRAME)],
    ids=["pandas", "polars", "arrow"],
)
def test_with_a_profile_a_table_has_the_rest(frame):
    found = fingerprint(frame, profile=True)
    assert found.digest == fingerprint(frame).digest
    assert found.columns == fingerprint(frame).columns
    assert len(found.profile) == len(found.columns) == 3
    assert found.semantic != found.digest
    assert found.unordered is not None
    assert fingerprint(frame).profile is None


def test_rows_in_another_order_have_the_same_unordered_digest():
    turned = FRAME.iloc[::-1].reset_index(drop=True)
    one, other = fingerprint(FRAME, profile=True), fingerprint(turned, profile=True)
    assert one.digest != other.digest
    assert one.unordered == other.unordered


def test_with_a_profile_what_is_no_table_has_a_semantic_digest_only():
    found = fingerprint({"a": [-0.0]}, profile=True)
    assert (found.unordered, found.profile) == (None, None)
    assert found.semantic == fingerprint({"a": [0.0]}, profile=True).semantic


def test_a_column_whose_profile_fails_says_why_and_the_others_have_theirs(monkeypatch):
    made = profiling.column_profile

    def fails_for_text(column, deadline):
        if column.type == "string":
            raise ValueError("no such text")
        return made(column, deadline)

    monkeypatch.setattr(profiling, "column_profile", fails_for_text)
    found = fingerprint(FRAME, profile=True)
    assert [column.reason for column in found.profile] == [None, "ValueError: no such text", None]
    assert found.is_exact


def test_a_digest_of_rows_that_fails_is_left_out(monkeypatch):
    monkeypatch.setattr(row_hashes, "unordered_digest", lambda *_: 1 / 0)
    found = fingerprint(FRAME, profile=True)
    assert found.unordered is None
    assert None not in (found.profile, found.semantic)
    assert found.is_exact


def test_a_table_that_cannot_be_made_leaves_the_digest(monkeypatch):
    def fails(_value):
        raise ValueError("changed meanwhile")

    monkeypatch.setattr(registry, "_loaded", lambda _entry: fails)
    found = fingerprint(FRAME, profile=True)
    assert (found.kind, found.profile, found.unordered) == ("opaque", None, None)


def test_a_path_stands_for_what_it_names_and_inside_a_value_for_itself(tmp_path):
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    one.write_text("a")
    other.write_text("a")
    assert fingerprint(one).kind == "file"
    assert fingerprint(tmp_path).kind == "folder"
    assert fingerprint(one).scheme == "1:blake3"
    assert fingerprint(one, profile=True) == fingerprint(one)
    assert digest_of(one) == digest_of(other)
    assert digest_of([one]) != digest_of([other])
    assert fingerprint(pathlib.PurePosixPath(one)).kind == "path"
    before = digest_of([one])
    other.write_text("b")
    one.write_text("b")
    assert digest_of(one) == digest_of(other)
    assert digest_of([one]) == before


class Named(pathlib.PosixPath):
    def stat(self, **_):
        raise RuntimeError("never called")

    open = read_bytes = exists = is_dir = is_file = __fspath__ = __str__ = stat


def test_methods_of_a_path_of_the_users_are_never_called(tmp_path):
    file = tmp_path / "a"
    file.write_text("a")
    assert digest_of(Named(file)) == digest_of(file)


@pytest.mark.parametrize("name", ["gone", "a\0b"])
def test_a_path_that_names_nothing_is_opaque(name, tmp_path):
    found = fingerprint(tmp_path / name)
    assert found.strength == "opaque"
    assert found.reason


def test_a_file_system_that_fails_makes_a_path_opaque(tmp_path, monkeypatch):
    def fails(_path, **_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files, "described_file", fails)
    assert "Input/output error" in fingerprint(tmp_path).reason


def test_an_error_in_the_walk_itself_makes_the_value_opaque(monkeypatch):
    monkeypatch.setattr(walking._Walk, "_put_on_stack", lambda *_, **__: 1 / 0)
    found = fingerprint([[iter([])]])
    assert (found.kind, found.reason) == ("opaque", "ZeroDivisionError: division by zero")


def test_a_frame_that_a_thread_changes_never_raises():
    frame, is_over = pd.DataFrame({f"c{n}": range(50) for n in range(20)}), threading.Event()

    def change():
        number = 0
        while not is_over.is_set():
            number += 1
            frame[f"new{number % 7}"] = [str(number)] * 50
            frame.loc[number % 50, "c1"] = number
            if number % 3 == 0:
                del frame[f"new{number % 7}"]

    changing = threading.Thread(target=change)
    changing.start()
    try:
        found = {fingerprint(frame, profile=True).strength for _ in range(30)}
    finally:
        is_over.set()
        changing.join()
    assert found <= {"exact", "opaque"}


def test_the_time_given_is_for_the_semantic_digest_too(clock):
    value = [[number, [number]] for number in range(300_000)]
    fingerprint(value, profile=True, within_seconds=0.05)
    assert clock.looks < 20


def looks_at_the_clock(clock, value, **options):
    clock.looks = 0
    fingerprint(value, **options)
    return clock.looks


def large():
    return np.zeros((3_000_000, 2))


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: pd.DataFrame(large()), id="frame"),
        pytest.param(lambda: large()[:, 0], id="array"),
        pytest.param(lambda: pd.Series(np.zeros(1 << 24)), id="series"),
    ],
)
@pytest.mark.parametrize("profile", [False, True])
def test_the_time_given_ends_all_that_is_asked_of_a_table(clock, make, profile):
    value = make()
    looks = looks_at_the_clock(clock, value, profile=profile, within_seconds=0)
    assert looks == 2
    assert fingerprint(value, profile=profile, within_seconds=0).reason == "takes longer than 0 s"


def test_a_profile_that_is_not_made_in_time_is_left_out(clock):
    found = fingerprint(pd.DataFrame(large()), profile=True, within_seconds=0.2)
    assert found.is_exact
    assert (found.profile, found.unordered) == (None, None)
    assert clock.looks < 30


def test_the_time_given_ends_the_reading_of_files(tmp_path, clock):
    for number in range(100):
        (tmp_path / str(number)).write_bytes(b"a")
    assert fingerprint(tmp_path, within_seconds=0.2).reason == "takes longer than 0.2 s"
    assert fingerprint(tmp_path / "0", within_seconds=0).reason == "takes longer than 0 s"
    assert clock.looks < 30


def test_the_package_offers_the_question():
    assert nbmlops.fingerprint({"rate": 0.1}) == fingerprint({"rate": 0.1})
    assert isinstance(nbmlops.fingerprint(1), nbmlops.Fingerprint)
