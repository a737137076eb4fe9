import os
import stat
import threading
from pathlib import Path

import pytest

from nbmlops.errors import StoreNotWritable
from nbmlops.records import Tag
from nbmlops.store import live as live_module
from nbmlops.store.live import LiveFile, is_alive, leftovers, live_files
from nbmlops.store.live_head import HEAD_BYTES, Loss

TAGS = [Tag("r1", f"t{number}", "é\n\udcff\0") for number in range(3)]

ASK = """
import pathlib, sys
from nbmlops.store.live import is_alive
print(is_alive(pathlib.Path(sys.argv[1]), "s1"))
"""
TAKE = """
import pathlib, sys
from nbmlops.store.live import leftovers
with leftovers(pathlib.Path(sys.argv[1])) as left:
    print(left and left.records)
"""


@pytest.fixture
def live(tmp_path):
    opened = LiveFile(tmp_path / "live", "s1")
    yield opened
    opened.close()


def write(folder, content):
    folder.mkdir(exist_ok=True)
    (folder / "s1.jsonl").write_bytes(content)
    return folder / "s1.jsonl"


def test_a_session_lives_until_it_is_closed(tmp_path, live, run_python):
    folder = live.path.parent
    assert live_files(folder) == [live.path]
    assert is_alive(folder, "s1")
    assert run_python(ASK, folder) == "True"
    live.close()
    live.close()
    assert live_files(folder) == []
    assert not is_alive(folder, "s1")


def test_what_a_session_leaves_as_it_ends_is_there_for_the_next_reader(live):
    live.append(TAGS)
    live.leave()
    assert not is_alive(live.path.parent, "s1")
    with leftovers(live.path) as left:
        assert (left.records, left.loss) == (TAGS, None)


def test_what_found_no_room_is_told_in_the_head_until_it_did(tmp_path, live):
    live.append(TAGS)
    losses = [Loss(3, 1, reason="no room"), Loss(10**12, 0, 2, 7, "\udcff" * 99), None]
    found = []
    for loss in losses:
        live.note_loss(loss)
        with leftovers(write(tmp_path / "copy", live.path.read_bytes())) as left:
            assert left.records == TAGS
            found.append(left.loss)
    assert found == [losses[0], Loss(10**12, 0, 2, 7), None]


def test_a_session_that_never_was_is_not_alive(tmp_path):
    assert not is_alive(tmp_path / "nowhere", "s1")
    assert live_files(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(lambda folder, _: folder, id="the same path"),
        pytest.param(lambda _, link: link, id="a link"),
        pytest.param(lambda folder, _: Path(os.path.relpath(folder)), id="a relative path"),
        pytest.param(lambda folder, _: folder / ".." / folder.name, id="a detour"),
    ],
)
def test_looking_at_its_own_session_does_not_end_it(tmp_path, live, run_python, way):
    folder = live.path.parent
    (tmp_path / "link").symlink_to(folder)
    seen = way(folder, tmp_path / "link")
    live.append(TAGS)
    assert is_alive(seen, "s1")
    with leftovers(seen / "s1.jsonl") as left:
        assert left is None
    assert is_alive(folder, "s1")
    assert run_python(ASK, folder) == "True"


def test_what_was_not_delivered_is_left_over_and_then_gone(tmp_path, live):
    live.append(TAGS[:2])
    live.append(TAGS[2:])
    path = write(tmp_path / "copy", live.path.read_bytes())
    with leftovers(path) as left:
        assert left.records == TAGS
    assert not path.exists()


def test_what_was_delivered_is_forgotten(tmp_path, live):
    live.append(TAGS)
    live.empty()
    live.append(TAGS[:1])
    with leftovers(write(tmp_path / "copy", live.path.read_bytes())) as left:
        assert left.records == TAGS[:1]


@pytest.mark.parametrize("cut", [1, 10, 30])
def test_a_last_line_that_was_torn_is_left_out(tmp_path, live, cut):
    live.append(TAGS[:2])
    live.append(TAGS[2:])
    with leftovers(write(tmp_path / "copy", live.path.read_bytes()[:-cut])) as left:
        assert left.records == (TAGS if cut == 1 else TAGS[:2])


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param(b"\0" * 4096, id="zeros after a power cut"),
        pytest.param(b"\xff\xfe{", id="garbage"),
        pytest.param(b'{"kind": "Comet", "id": "c1"}\n', id="kind of a later version"),
        pytest.param(b'{"kind": "Tag"}\n', id="fields are missing"),
        pytest.param(b"17\n", id="no record"),
    ],
)
def test_what_cannot_be_read_costs_nothing_before_it(tmp_path, live, tail):
    live.append(TAGS)
    with leftovers(write(tmp_path / "copy", live.path.read_bytes() + tail)) as left:
        assert left.records == TAGS


@pytest.mark.parametrize(
    ("torn", "lost"),
    [
        pytest.param(b'{"kind": "Tag", "run_id": "r1"', 1, id="joined to the next"),
        pytest.param(b'{"kind": "Tag", "run_id": "r1"\n', 0, id="cut off"),
        pytest.param(b"\0" * 4096, 0, id="zeros after a power cut"),
        pytest.param(b"\xff\xfe{\n", 0, id="garbage"),
    ],
)
def test_what_cannot_be_read_does_not_hide_what_is_behind_it(tmp_path, live, torn, lost):
    live.append(TAGS[:1])
    live.append(TAGS[1:])
    written = live.path.read_bytes()
    with leftovers(write(tmp_path / "copy", written + torn + written[HEAD_BYTES:])) as left:
        assert left.records == TAGS + TAGS[lost:]


NO_ROOM = """
import pathlib, resource, sys
from nbmlops.records import Tag
from nbmlops.store.live import LiveFile

live = LiveFile(pathlib.Path(sys.argv[1]), "s1")
live.append([Tag("r1", "first")])
resource.setrlimit(resource.RLIMIT_FSIZE, (600, resource.RLIM_INFINITY))
try:
    live.append([Tag("r1", "x" * 1000)])
except OSError as problem:
    print(type(problem).__name__)
live.append([Tag("r1", "small")])
"""


def test_a_line_that_finds_no_room_is_refused_whole(tmp_path, run_python):
    assert run_python(NO_ROOM, tmp_path) == "OSError"
    with leftovers(tmp_path / "s1.jsonl") as left:
        assert left.records == [Tag("r1", "first"), Tag("r1", "small")]


@pytest.mark.parametrize("place", ["file", "file/live"])
def test_a_folder_that_cannot_be_made_is_not_writable(tmp_path, place):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreNotWritable) as caught:
        LiveFile(tmp_path / place, "s1")
    assert caught.value.url == str(tmp_path / place)


def test_leftovers_stay_when_they_could_not_be_delivered(tmp_path, live):
    live.append(TAGS)
    path = write(tmp_path / "copy", live.path.read_bytes())
    with pytest.raises(RuntimeError, match="full"), leftovers(path):
        raise RuntimeError("the disk is full")
    with leftovers(path) as left:
        assert left.records == TAGS


def test_only_one_reader_delivers_at_a_time(tmp_path, live, run_python):
    live.append(TAGS)
    path = write(tmp_path / "copy", live.path.read_bytes())
    with leftovers(path) as left:
        assert left.records == TAGS
        assert run_python(TAKE, path) == "None"
    assert run_python(TAKE, path) == "None"


def test_what_another_reader_delivered_in_this_moment_is_not_given_again(
    tmp_path, live, monkeypatch
):
    live.append(TAGS)
    path = write(tmp_path / "copy", live.path.read_bytes())
    lock = live_module._lock
    monkeypatch.setattr(live_module, "_lock", lambda handle: path.unlink() or lock(handle))
    with leftovers(path) as left:
        assert left is None


def test_threads_append_whole_lines(tmp_path, live):
    def append(number):
        for step in range(200):
            live.append([Tag(f"r{number}", f"t{step}", "x" * 500)] * 2)

    threads = [threading.Thread(target=append, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with leftovers(write(tmp_path / "copy", live.path.read_bytes())) as left:
        assert len(left.records) == 4 * 200 * 2


def test_the_file_is_readable_by_its_owner_only(tmp_path):
    previous = os.umask(0)
    try:
        live = LiveFile(tmp_path / ".nbmlops" / "live", "s1")
    finally:
        os.umask(previous)
    looked_at = (live.path, live.path.parent, live.path.parent.parent)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in looked_at]
    live.close()
    assert modes == [0o600, 0o700, 0o700]


def test_a_slow_disk_holds_no_other_threads_up(live, monkeypatch):
    """The write that keeps them out is not used behind one that took long, until one is quick."""
    seconds = [0.0, 0.01, 0.01, 0.0, 0.0]
    kept_out = []

    def writes(undisturbed):
        def write(handle, data, end):
            kept_out.append(undisturbed)
            clock[0] += seconds[len(kept_out) - 1]
            return len(data)

        return write

    clock = [0.0]
    monkeypatch.setattr(live_module.time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(live_module, "pwrite_undisturbed", writes(undisturbed=True))
    monkeypatch.setattr(live_module.os, "pwrite", writes(undisturbed=False))
    for _ in seconds:
        live.append([Tag("r1", "a")])
    assert kept_out == [True, True, False, False, True]
