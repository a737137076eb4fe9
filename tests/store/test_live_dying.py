"""Sessions of real processes, killed and forked."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbmlops.records import Run, Session, Tag
from nbmlops.store import live_folder
from nbmlops.store.base import RunQuery
from nbmlops.store.live import is_alive, leftovers, live_files

RECORD = """
import os, pathlib, sys, time
from nbmlops.records import Tag
from nbmlops.store.live import LiveFile

live = LiveFile(pathlib.Path(sys.argv[1]), "s1")
"""
APPEND_FOREVER = """
for number in range(10**9):
    live.append([Tag("r1", f"t{number}")])
    os.write(1, b"%d\\n" % number)
"""
APPEND_AND_WAIT = """
live.append([Tag("r1", "kept")])
os.write(1, b"ready\\n")
time.sleep(600)
"""
FORK_AND_WAIT = """
child = os.fork()
if child == 0:
    live.append([Tag("r1", "of the child")])
    live.empty()
    live.close()
    time.sleep(600)
live.append([Tag("r1", "of the parent")])
os.write(1, b"%d\\n" % child)
time.sleep(600)
"""
ASK = """
import pathlib, sys
from nbmlops.store.live import is_alive
print(is_alive(pathlib.Path(sys.argv[1]), "s1"))
"""


@contextlib.contextmanager
def recording(folder: Path, script: str) -> Iterator[subprocess.Popen]:
    """Run a process that records, until it has said its first line; kill it at last."""
    command = [sys.executable, "-c", RECORD + script, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        process.first_line = process.stdout.readline().strip()
        try:
            yield process
        finally:
            process.kill()


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_a_session_lives_exactly_as_long_as_its_process(tmp_path, run_python):
    with recording(tmp_path, APPEND_AND_WAIT) as process:
        assert is_alive(tmp_path, "s1")
        kill(process)
        assert not is_alive(tmp_path, "s1")
        assert run_python(ASK, tmp_path) == "False"


def test_a_living_session_gives_nothing_away(tmp_path):
    with recording(tmp_path, APPEND_AND_WAIT), leftovers(tmp_path / "s1.jsonl") as left:
        assert left is None
    assert (tmp_path / "s1.jsonl").exists()


@pytest.mark.parametrize("attempt", range(3))
def test_kill_9_at_any_moment_loses_nothing_that_was_appended(tmp_path, attempt):
    with recording(tmp_path, APPEND_FOREVER) as process:
        said = [process.stdout.readline() for _ in range(attempt * 500)]
        kill(process)
        said = int([process.first_line, *said, *process.stdout][-1])
        with leftovers(tmp_path / "s1.jsonl") as left:
            names = [record.name for record in left.records]
    assert names == [f"t{number}" for number in range(len(names))]
    assert len(names) in (said + 1, said + 2)  # the last may have been appended and not yet said


def test_forked_workers_neither_keep_a_session_alive_nor_touch_its_file(tmp_path):
    with recording(tmp_path, FORK_AND_WAIT) as process:
        worker = int(process.first_line)
        try:
            assert is_alive(tmp_path, "s1")
            kill(process)
            os.kill(worker, 0)  # still there
            assert not is_alive(tmp_path, "s1")
            with leftovers(tmp_path / "s1.jsonl") as left:
                assert [record.name for record in left.records] == ["of the parent"]
        finally:
            os.kill(worker, signal.SIGKILL)


FORK_AND_ASK = """
from nbmlops.store.live import is_alive
folder = pathlib.Path(sys.argv[1])
parent = os.getpid()
down, up = os.pipe()
if os.fork() == 0:
    os.write(1, b"%d\\n" % is_alive(folder, "s1"))
    os.write(up, b"x")
    while os.getppid() == parent and is_alive(folder, "s1"):
        time.sleep(0.01)
    os.write(1, b"%d\\n" % is_alive(folder, "s1"))
    os._exit(0)
os.read(down, 1)
os._exit(0)
"""


def test_a_forked_worker_sees_when_the_session_it_came_from_is_over(tmp_path):
    with recording(tmp_path, FORK_AND_ASK) as process:
        assert (process.first_line, process.stdout.read()) == ("1", "0\n")


def test_a_store_settles_what_a_killed_process_left(store):
    folder = live_folder(store.url)
    with recording(folder, APPEND_AND_WAIT) as process:
        session = Session("s1", 1.0, "script", "churn", host=socket.gethostname())
        store.save([session, Run("r1", "s1", "churn", 2.0)])
        assert store.settle() == []
        kill(process)
        assert store.settle() == ["s1"]
    (found,) = store.runs(RunQuery())
    assert (found.run.status, found.tags) == ("interrupted", (Tag("r1", "kept"),))
    assert live_files(folder) == []
