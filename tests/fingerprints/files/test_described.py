import os
import re
import socket
import threading
import time
from pathlib import Path

import pytest

from nbmlops.fingerprints.base import Fingerprint
from nbmlops.fingerprints.files import file_bytes
from nbmlops.fingerprints.files.described import described_file, fingerprint_file
from nbmlops.fingerprints.files.file_bytes import PIECE_BYTES, RESTED_NS, FileDigests, Stamp
from nbmlops.store.blobs import digest_of
from tests.fingerprints.without_permission import as_nobody, open_folder

# https://github.com/BLAKE3-team/BLAKE3/blob/master/test_vectors/test_vectors.json: the bytes
# 0, 1, …, 250, 0, 1, … of this length.
TEST_VECTORS = {
    0: "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
    1: "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213",
    1024: "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7",
    102400: "bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085",
}


@pytest.fixture
def later(monkeypatch):
    """Let ten seconds have gone by: files written by the test have rested."""
    real = time.time_ns
    monkeypatch.setattr(file_bytes.time, "time_ns", lambda: real() + 5 * RESTED_NS)


def of(path, **given):
    return described_file(path, digests=FileDigests(), **given)


@pytest.mark.parametrize("length", TEST_VECTORS)
def test_the_digest_is_the_one_of_the_blake3_test_vectors(tmp_path, length):
    path = tmp_path / "file"
    path.write_bytes(bytes(i % 251 for i in range(length)))
    found = fingerprint_file(path)
    assert found == Fingerprint(
        TEST_VECTORS[length], kind="file", scheme="1:blake3", size_bytes=length
    )
    assert found.is_exact


@pytest.mark.parametrize(
    "size", [1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES, 2 * PIECE_BYTES + 7]
)
def test_a_file_read_in_pieces_has_the_digest_of_its_blob(tmp_path, size):
    data = os.urandom(size)
    path = tmp_path / "file"
    path.write_bytes(data)
    assert f"blake3:{fingerprint_file(path).digest}" == digest_of(data)


def test_only_the_content_counts(tmp_path):
    one, other = tmp_path / "one.csv", tmp_path / "other.txt"
    one.write_bytes(b"a,b\n")
    other.write_bytes(b"a,b\n")
    other.chmod(0o755)
    os.utime(other, (0, 0))
    assert fingerprint_file(one) == fingerprint_file(other)
    other.write_bytes(b"a,c\n")
    assert fingerprint_file(one).digest != fingerprint_file(other).digest


@pytest.mark.parametrize(
    "spell", [str, os.fsencode, lambda path: path], ids="str bytes Path".split()
)
def test_a_path_may_be_spelled_in_any_way(tmp_path, spell):
    path = tmp_path / "name"
    path.write_bytes(b"abc")
    assert fingerprint_file(spell(path)).size_bytes == 3


def test_a_name_that_is_not_utf_8(tmp_path):
    path = os.fsencode(tmp_path) + b"/\xff"
    Path(os.fsdecode(path)).write_bytes(b"abc")
    for spelled in (path, os.fsdecode(path)):
        assert fingerprint_file(spelled).digest == digest_of(b"abc").removeprefix("blake3:")


def test_a_link_that_is_asked_for_is_followed(tmp_path):
    (tmp_path / "file").write_bytes(b"abc")
    (tmp_path / "link").symlink_to("file")
    assert fingerprint_file(tmp_path / "link") == fingerprint_file(tmp_path / "file")


def missing(folder):
    return folder / "missing"


def broken_link(folder):
    (folder / "link").symlink_to("nowhere")
    return folder / "link"


def link_to_itself(folder):
    (folder / "link").symlink_to("link")
    return folder / "link"


def pipe(folder):
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def socket_file(folder):
    here = Path.cwd()
    os.chdir(folder)  # socket paths have to be short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("s")
    finally:
        os.chdir(here)
    return folder / "s"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (missing, "there is no such file"),
        (broken_link, "there is no such file"),
        (link_to_itself, "too many levels of symbolic links"),
        (pipe, "a pipe: it holds nothing by itself"),
        (socket_file, "a socket: it holds nothing by itself"),
        (lambda _: "/dev/zero", "a device: it holds nothing by itself"),
        (lambda folder: folder / ("x" * 300), "file name too long"),
        (lambda folder: f"{folder}/a\0b", "ValueError: .*embedded null .*"),
        (lambda folder: folder / "file" / "below", "not a directory"),
        (lambda _: 42, "TypeError: expected str, bytes or os.PathLike object, not int"),
        (lambda _: "", "there is no such file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_opaque_with_the_reason(tmp_path, make, reason):
    (tmp_path / "file").write_bytes(b"")
    found = fingerprint_file(make(tmp_path))
    assert (found.kind, found.strength) == ("opaque", "opaque")
    assert re.fullmatch(reason, found.reason)
    assert Fingerprint.from_json(found.to_json()) == found


def test_what_cannot_be_read_is_of_the_scheme_of_files(tmp_path):
    assert fingerprint_file(tmp_path / "gone").scheme == "1:blake3"


@pytest.mark.parametrize("name", ["a::b.csv", "zip::a", "std::vector::x"])
def test_a_file_may_be_called_as_code_is(tmp_path, name, monkeypatch):
    (tmp_path / name).write_bytes(b"abc")
    monkeypatch.chdir(tmp_path)
    assert fingerprint_file(name) == fingerprint_file(tmp_path / name)
    assert fingerprint_file(name).kind == "file"


def test_a_file_without_permission_is_opaque():
    with open_folder() as folder:
        path = folder / "secret"
        path.write_bytes(b"abc")
        path.chmod(0)
        with as_nobody():
            assert fingerprint_file(path).reason == "permission denied"


def test_a_file_of_the_kernel_that_says_it_is_empty_is_read():
    assert (fingerprint_file("/proc/version").size_bytes, of("/proc/version").reason) == (0, None)
    assert of("/proc/version").digest.hex() != TEST_VECTORS[0]


class Disturbed(FileDigests):
    """Reads files that somebody changes each time when they have been read, or just before."""

    def __init__(self, change, times):
        super().__init__()
        self.change, self.times = change, times

    def _hashed(self, *of_file):
        digest = super()._hashed(*of_file)
        if self.times:
            self.times -= 1
            self.change()
        return digest


def appended(path):
    with path.open("ab") as file:
        file.write(b"more")


def replaced(path):
    other = path.with_name("other")
    other.write_bytes(b"fresh")
    other.replace(path)


def overwritten(path):
    with path.open("r+b") as file:
        file.write(b"XY")


CHANGES = [appended, replaced, overwritten, lambda path: os.truncate(path, 1)]


@pytest.mark.parametrize("change", CHANGES, ids="appended replaced overwritten cut".split())
def test_a_file_that_changes_while_it_is_read_is_read_again(tmp_path, change):
    path = tmp_path / "file"
    path.write_bytes(b"abcdef")
    found = described_file(path, digests=Disturbed(lambda: change(path), times=1))
    assert found.digest == of(path).digest
    assert found.reason is None


@pytest.mark.parametrize("change", CHANGES, ids="appended replaced overwritten cut".split())
def test_a_file_that_goes_on_changing_is_said_so(tmp_path, change):
    path = tmp_path / "file"
    path.write_bytes(b"abcdef")
    found = described_file(path, digests=Disturbed(lambda: change(path), times=-1))
    assert (found.kind, found.reason) == ("opaque", "it changed while it was read")


def test_a_file_that_another_thread_cuts_and_fills_does_no_harm(tmp_path):
    path, is_over = tmp_path / "file", threading.Event()
    path.write_bytes(bytes(4 * PIECE_BYTES))

    def disturb():
        while not is_over.is_set():
            os.truncate(path, 10)
            os.truncate(path, 4 * PIECE_BYTES)

    thread = threading.Thread(target=disturb)
    thread.start()
    try:
        reasons = {of(path).reason for _ in range(10)}
    finally:
        is_over.set()
        thread.join()
    assert reasons <= {None, "it changed while it was read"}
    assert of(path).reason is None


def test_a_file_that_has_rested_is_read_once(tmp_path, later):
    path, digests = tmp_path / "file", FileDigests()
    path.write_bytes(bytes(1_000))
    first = described_file(path, digests=digests)
    assert described_file(path, digests=digests) == first
    assert digests.read_bytes == 1_000


def test_a_file_just_written_is_read_again(tmp_path):
    path, digests = tmp_path / "file", FileDigests()
    path.write_bytes(bytes(1_000))
    described_file(path, digests=digests)
    described_file(path, digests=digests)
    assert digests.read_bytes == 2_000


def test_a_file_on_a_disk_whose_clock_is_ahead_is_read_again(tmp_path):
    path, digests = tmp_path / "file", FileDigests()
    path.write_bytes(bytes(1_000))
    os.utime(path, ns=(0, time.time_ns() + 10**12))
    described_file(path, digests=digests)
    described_file(path, digests=digests)
    assert digests.read_bytes == 2_000


def same_size_and_time(path):
    before = path.stat()
    path.write_bytes(b"B" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def same_size_and_time_by_renaming(path):
    other = path.with_name("other")
    other.write_bytes(b"B" * path.stat().st_size)
    os.utime(other, ns=(0, path.stat().st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("change", [same_size_and_time, same_size_and_time_by_renaming])
def test_a_change_that_keeps_size_and_time_is_seen(tmp_path, later, change):
    path, digests = tmp_path / "file", FileDigests()
    path.write_bytes(b"A" * 10)
    before = described_file(path, digests=digests)
    time.sleep(0.02)  # longer than a tick of the kernel's clock
    change(path)
    assert described_file(path, digests=digests).digest != before.digest


def test_two_names_of_one_file_are_read_once(tmp_path, later):
    path, digests = tmp_path / "file", FileDigests()
    path.write_bytes(bytes(1_000))
    os.link(path, tmp_path / "other")
    found = {described_file(tmp_path / name, digests=digests) for name in ("file", "other")}
    assert (len(found), digests.read_bytes) == (1, 1_000)


def test_as_it_was_at_a_stamp_a_file_is_known_after_it_was_written_over(tmp_path, later):
    path, digests = tmp_path / "file", FileDigests()
    path.write_bytes(b"old")
    stamp = Stamp.of(path.stat())
    old = described_file(path, stamp=stamp, digests=digests)
    path.write_bytes(b"newer")
    assert described_file(path, stamp=stamp, digests=digests) == old
    path.unlink()
    assert described_file(path, stamp=stamp, digests=digests) == old


def test_as_it_was_at_a_stamp_a_file_that_nobody_looked_at_is_opaque(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    stamp = Stamp.of(path.stat())
    path.write_bytes(b"newer")
    assert of(path, stamp=stamp).reason == "it was changed before it was looked at"
    path.unlink()
    path.mkdir()
    assert of(path, stamp=stamp).reason == "it was changed before it was looked at"


def test_many_threads_find_the_same(tmp_path, later):
    digests, found = FileDigests(), []
    paths = [tmp_path / str(number) for number in range(20)]
    for number, path in enumerate(paths):
        path.write_bytes(bytes([number]) * 10_000)

    def look():
        found.append(tuple(described_file(path, digests=digests).digest for path in paths))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(set(found[0])) == 20


def test_the_memory_of_digests_is_bounded(tmp_path, later, monkeypatch):
    monkeypatch.setattr(file_bytes, "_MOST_REMEMBERED", 10)
    digests = FileDigests()
    for number in range(50):
        path = tmp_path / str(number)
        path.write_bytes(b"abc")
        described_file(path, digests=digests)
    assert len(digests._known) <= 10


HASHING_IN_A_CHILD = """
import os, signal, sys, warnings
from nbmlops.fingerprints.files.described import FileDigests, described_file
warnings.simplefilter("ignore")
digest = described_file(sys.argv[1], digests=FileDigests()).digest
child = os.fork()
if child == 0:
    signal.alarm(20)
    os._exit(described_file(sys.argv[1], digests=FileDigests()).digest != digest)
print(os.waitpid(child, 0)[1])
"""


def test_a_forked_process_can_hash_too(tmp_path, run_python):
    path = tmp_path / "file"
    path.write_bytes(bytes(3 * PIECE_BYTES))
    assert run_python(HASHING_IN_A_CHILD, path) == "0"


MEMORY = """
import resource, sys
from nbmlops.fingerprints.files.described import fingerprint_file
fingerprint_file(__file__ if "__file__" in globals() else sys.executable)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert fingerprint_file(sys.argv[1]).is_exact
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_a_large_file_takes_little_memory(tmp_path, run_python):
    path = tmp_path / "file"
    path.touch()
    os.truncate(path, 1 << 30)
    assert int(run_python(MEMORY, path)) <= 64


def test_nothing_is_loaded_before_a_file_is_looked_at(run_python):
    module = "nbmlops.fingerprints.files.described"
    script = f"import sys, {module}; print({{'blake3', 'fsspec'}} & {{*sys.modules}})"
    assert run_python(script) == "set()"
