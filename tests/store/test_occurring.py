"""Which texts occur in columns and files, however they are cut into pieces to be looked through."""

import pytest

from nbmlops.records import Metric, Param, Run, Session
from nbmlops.store import locked_files, occurring, tables
from nbmlops.store.covering import text_columns
from nbmlops.store.occurring import is_in_file, occurrences


@pytest.fixture
def filled(store, monkeypatch):
    monkeypatch.setattr(occurring, "_ROWS_AT_ONCE", 3)
    names = [f"metric {number}" for number in range(7)]
    store.save([
        Session("s1", 1.0, "script", "churn", ended=9.0),
        *(Run(f"r{number}", "s1", "churn", 1.0) for number in range(5)),
        *(Metric(f"r{run}", name, 0.5, 0.5, 0.5, 1, 0, 1.0)
          for run in range(5) for name in names),
        Param.of("r0", "first", "a needle", "logged"), Param.of("r4", "needle", "last", "logged"),
    ])  # fmt: skip
    return store


def found(store, table, texts):
    with store.engine.connect() as connection:
        there = occurrences(connection, text_columns(table), texts)
    return {column.name: list(texts) for column, texts in there.items()}


def test_each_column_names_the_texts_that_some_row_of_it_has(filled):
    texts = ["needle", 'st"', "metric", "Needle", "\udc80"]
    assert found(filled, tables.params, texts) == {"name": ["needle"], "json": ["needle", 'st"']}
    assert found(filled, tables.metrics, ["metric 6", "metric 7"]) == {"name": ["metric 6"]}
    assert found(filled, tables.profiles, texts) == {}


def test_no_text_more_takes_a_query_more(filled, queries):
    found(filled, tables.metrics, ["a needle"])
    of_one = len(queries)
    found(filled, tables.metrics, [f"a needle {number}" for number in range(50)])
    assert len(queries) == 2 * of_one


@pytest.mark.parametrize("place", range(12))
def test_bytes_are_found_wherever_a_file_is_cut(tmp_path, monkeypatch, place):
    monkeypatch.setattr(locked_files, "_PIECE_BYTES", 4)
    file = tmp_path / "some"
    file.write_bytes(b"." * place + b"needle" + b"." * 3)
    assert is_in_file(file, [b"other", b"needle"])
    assert not is_in_file(file, [b"needles", b".needle." + b"." * 12])
    assert is_in_file(file, [b"e"])
    assert not is_in_file(file, [])


def test_a_file_that_is_gone_has_nothing(tmp_path):
    assert not is_in_file(tmp_path / "gone", [b"needle"])
