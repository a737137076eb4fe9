"""How many times the writer goes to its live file, and that nothing stays behind."""

import threading

import pytest

from nbmlops.canonical import new_id
from nbmlops.config import sqlite_url
from nbmlops.records import SessionId, Use
from nbmlops.store.live import LiveFile
from nbmlops.tracking.writer import Writer


@pytest.fixture
def writes(monkeypatch):
    """The records of each write to a live file."""
    found = []
    monkeypatch.setattr(LiveFile, "append", lambda _, records: found.append([*records]))
    return found


@pytest.fixture
def writer(tmp_path, writes):
    writer = Writer(
        sqlite_url(tmp_path / "store.db"), SessionId(new_id()), collect=list,
        redact=lambda record: record, idle=lambda _: [], on_trouble=print, on_lost=list,
    )  # fmt: skip
    deliver = writer._deliver
    writer._deliver = lambda: True  # what is put has no execution that a store would want
    yield writer
    writer._waiting.clear()
    writer._deliver = deliver
    writer.close()


USES = [Use(new_id(), name, "read") for name in "abc"]


def test_what_is_put_together_is_written_at_once_also_after_an_error(writer, writes):
    def fails():
        with writer.together():
            writer.put(USES[0])
            with writer.together():
                writer.put(USES[1])
            assert writes == []
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert writes == [USES[:2]]
    writer.put(USES[2])
    assert writes[1:] == [USES[2:]]


def test_what_another_thread_puts_meanwhile_does_not_wait(writer, writes):
    with writer.together():
        writer.put(USES[0])
        other = threading.Thread(target=writer.put, args=(USES[1],))
        other.start()
        other.join()
        assert writes == [[USES[1]]]
    assert writes == [[USES[1]], [USES[0]]]


def test_nothing_put_together_is_no_write(writer, writes):
    with writer.together():
        pass
    assert writes == []
