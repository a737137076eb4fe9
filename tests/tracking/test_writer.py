"""How many times the writer goes to its live file and the store, and that nothing stays behind."""

import threading

import pytest

from nbmlops.canonical import new_id
from nbmlops.config import sqlite_url
from nbmlops.records import SessionId, Use
from nbmlops.store.live import LiveFile
from nbmlops.tracking.writer import Writer
from tests.kernels import FLUSH


@pytest.fixture
def writes(monkeypatch):
    """The records of each write to a live file."""
    found = []
    monkeypatch.setattr(LiveFile, "append", lambda _, records: found.append([*records]))
    return found


@pytest.fixture
def troubles():
    return []


@pytest.fixture
def writer(tmp_path, writes, troubles):
    writer = Writer(
        sqlite_url(tmp_path / "store.db"), SessionId(new_id()), collect=list,
        redact=lambda record: record, idle=lambda _: [], on_trouble=troubles.append, on_lost=list,
    )  # fmt: skip
    deliver = writer._deliver
    writer._deliver = lambda: True  # what is put has no execution that a store would want
    yield writer
    writer._waiting.clear()
    writer._deliver = deliver
    writer.close()


USES = [Use(new_id(), name, "read") for name in "abc"]


def test_what_is_left_for_the_next_is_written_with_it_also_after_an_error(writer, writes):
    def fails():
        with writer.with_the_next():
            writer.put(USES[0])
            with writer.with_the_next():
                writer.put(USES[1])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert writes == []
    writer.put(USES[2])
    assert writes == [USES]
    writer.put(USES[2])
    assert writes[1:] == [USES[2:]]


def test_what_another_thread_puts_meanwhile_does_not_wait(writer, writes):
    with writer.with_the_next():
        writer.put(USES[0])
        other = threading.Thread(target=writer.put, args=(USES[1],))
        other.start()
        other.join()
        assert writes == [[USES[1]]]
    writer.gather()
    assert writes == [[USES[1]], [USES[0]]]


def test_what_no_other_comes_after_is_delivered_all_the_same(writer, writes):
    with writer.with_the_next():
        writer.put(USES[0])
    del writer._deliver  # the class's own
    saved = []
    writer._save = saved.extend
    assert writer.flush()
    assert (saved, writes) == ([USES[0]], [[USES[0]]])


def test_what_comes_when_nothing_else_does_is_in_the_live_file_before_it_is_saved(writer, writes):
    writer._idle = lambda _: USES[:1]
    writer._do_idle()
    assert writes == [USES[:1]]
    assert not writer._wake.is_set()  # else it would be done again in a second, for ever


def test_a_record_that_cannot_be_looked_through_is_left_out_and_told(writer, writes, troubles):
    writer._redact = lambda record: record if record is USES[1] else 1 / 0
    writer.put(*USES)
    assert writes == [[USES[1]]]
    assert [type(trouble) for trouble in troubles] == [ZeroDivisionError] * 2


def test_an_error_in_what_comes_when_nothing_else_does_is_told(writer, troubles):
    writer._idle = lambda _: 1 / 0
    writer._do_idle()
    assert [type(trouble) for trouble in troubles] == [ZeroDivisionError]


def test_what_is_wanted_soon_does_not_wait_until_nothing_else_comes(writer):
    idle, times = threading.Event(), []

    def note(_):
        times.append(writer.thread is threading.current_thread())
        idle.set()
        return []

    writer._idle = note
    writer.idle_soon()
    for _ in range(300):  # for three seconds, of which each has much to write
        writer.put(USES[0])
        if idle.wait(0.01):
            break
    writer.put(USES[0])
    assert times == [True]


class _Slow:
    """A store that takes as long to save as the test likes."""

    def __init__(self) -> None:
        self.saved, self.began, self.may_end = [], threading.Event(), threading.Event()

    def save(self, records):
        self.began.set()
        assert self.may_end.wait(60)
        self.saved.append([*records])

    def close(self):
        pass


@pytest.fixture
def slow(tmp_path):
    """A writer to a slow store, what is measured and not collected, and its thread's waits."""
    measured, waits = [], []

    def collect():
        found = [*measured]
        measured.clear()
        return found

    writer = Writer(
        sqlite_url(tmp_path / "store.db"), SessionId(new_id()), collect=collect,
        redact=lambda record: record, idle=lambda _: [], on_trouble=print, on_lost=list,
    )  # fmt: skip
    writer._store = store = _Slow()
    wait = writer._stop.wait
    writer._stop.wait = lambda seconds: waits.append(seconds) or wait(seconds)
    yield writer, store, measured, waits
    store.may_end.set()
    assert writer.close()


def in_live_file(writer):
    return [name for name in "abc" if f'"name": "{name}"' in writer._live.path.read_text()]


def until(condition):
    for _ in range(6_000):
        if condition():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never was so")


def test_what_is_measured_is_in_the_live_file_before_it_is_saved_and_while_saving_takes_long(slow):
    writer, store, measured, _ = slow
    measured.append(USES[0])
    writer.wake_for_points()
    assert store.began.wait(60)
    assert in_live_file(writer) == ["a"]  # somebody who gathers now finds nothing more, rightly
    measured.append(USES[1])
    until(lambda: in_live_file(writer) == ["a", "b"])


def test_what_is_measured_while_something_else_takes_long_is_kept_meanwhile(slow):
    writer, store, measured, _ = slow
    began, may_end = threading.Event(), threading.Event()

    def takes_long(_):
        began.set()
        assert may_end.wait(60)
        return []

    store.may_end.set()
    writer._idle = takes_long
    writer.idle_soon()
    writer.put(USES[0])
    assert began.wait(60)
    measured.append(USES[1])
    until(lambda: in_live_file(writer) == ["b"])
    may_end.set()
    until(lambda: not in_live_file(writer) and not writer._saving.is_set())
    assert store.saved == [[USES[0]], [USES[1]]]


def test_what_comes_while_the_rest_is_saved_does_not_wait_as_after_a_failure(slow):
    writer, store, _, waits = slow
    writer.put(USES[0])
    assert store.began.wait(60)
    writer.put(USES[1])
    store.may_end.set()
    until(lambda: len(store.saved) == 2 and not in_live_file(writer))
    assert store.saved == [[USES[0]], [USES[1]]]
    assert max(waits) <= 0.25


COUNT = """
from nbmlops.store.sql import SqlStore
from nbmlops.tracking import writer as _writer
_saves, _save, _usual = [], SqlStore.save, _writer.BUFFER_SECONDS
_writer.BUFFER_SECONDS = 60.0  # however slow the machine is, the cell is short
__import__("time").sleep(10 * _usual)  # until nothing is gathered any more
def _counted(self, records):
    if any(type(record).__name__ == "Execution" for record in records):  # else the heartbeat
        _saves.append(len(records))
    return _save(self, records)
SqlStore.save = _counted
"""


@pytest.mark.parametrize(
    "source",
    ["1 + 1", "print('x' * 1_000)", "%%nbmlops params\nlr = 0.1", "1 / 0"],
)
def test_what_a_short_cell_gives_is_saved_in_one_transaction(kernel, source):
    kernel.run("import nbmlops")
    assert kernel.ask(FLUSH)
    kernel.quietly(COUNT)
    try:
        kernel.run(source)
        assert kernel.ask(FLUSH)
        assert kernel.ask("len(_saves)") == 1
    finally:
        kernel.quietly("SqlStore.save, _writer.BUFFER_SECONDS = _save, _usual")


def test_a_fault_of_the_live_file_is_told_and_what_was_put_waits(writer, troubles, monkeypatch):
    def fail(_records):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(writer._journal, "keep", fail)
    writer.put(USES[0])
    assert [str(problem) for problem in troubles] == ["broken on purpose"]
    assert [*writer._waiting] == USES[:1]
