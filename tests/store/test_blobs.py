import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor

import blake3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbmlops.errors import BlobCorrupt, BlobMissing
from nbmlops.store.blobs import LocalBlobs, digest_of


@pytest.fixture
def blobs(tmp_path):
    return LocalBlobs(tmp_path / ".nbmlops" / "blobs")


def files(blobs):
    return [path for path in blobs.folder.rglob("*") if path.is_file()]


@given(st.binary())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_put_is_got(blobs, data):
    digest = blobs.put(data)
    assert digest == f"blake3:{blake3.blake3(data).hexdigest()}" == digest_of(data)
    assert blobs.get(digest) == data
    assert blobs.size(digest) == len(data)
    assert digest in blobs.digests()


def test_digest_is_the_published_one_of_blake3():
    # The empty input of https://github.com/BLAKE3-team/BLAKE3/blob/master/test_vectors
    assert digest_of(b"") == (
        "blake3:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
    )


def test_the_same_bytes_are_kept_once(blobs):
    first = blobs.put(b"x" * 1000)
    before = files(blobs)[0].stat().st_mtime_ns
    assert blobs.put(b"x" * 1000) == first
    assert [path.stat().st_mtime_ns for path in files(blobs)] == [before]
    assert blobs.digests() == [first]


def test_digests_are_sorted_and_nothing_else_counts_as_a_blob(blobs):
    digests = [blobs.put(bytes([number])) for number in range(20)]
    (blobs.folder / "notes.txt").write_text("mine")
    assert blobs.digests() == sorted(digests)


@pytest.mark.parametrize("ask", ["get", "size"])
def test_a_blob_that_is_not_there_is_missing(blobs, ask):
    with pytest.raises(BlobMissing) as caught:
        getattr(blobs, ask)(digest_of(b"nothing"))
    assert caught.value.digest == digest_of(b"nothing")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: data[:-1], id="cut off"),
        pytest.param(lambda _: b"", id="emptied"),
        pytest.param(lambda data: data[:5] + b"?" + data[6:], id="one byte other"),
        pytest.param(lambda data: data + b"\0", id="one byte more"),
    ],
)
def test_bytes_that_changed_on_disk_are_never_given(blobs, damage):
    digest = blobs.put(b"0123456789")
    (path,) = files(blobs)
    path.write_bytes(damage(b"0123456789"))
    with pytest.raises(BlobCorrupt) as caught:
        blobs.get(digest)
    assert (caught.value.digest, caught.value.path) == (digest, str(path))


@pytest.mark.parametrize("left", [b"", b"01234"], ids=["emptied", "cut off"])
def test_putting_the_bytes_again_mends_a_file_of_the_wrong_size(blobs, left):
    digest = blobs.put(b"0123456789")
    files(blobs)[0].write_bytes(left)
    blobs.put(b"0123456789")
    assert blobs.get(digest) == b"0123456789"


def test_blobs_are_readable_by_their_owner_only(blobs):
    previous = os.umask(0)
    try:
        blobs.put(b"secret")
    finally:
        os.umask(previous)
    (path,) = files(blobs)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    folders = (path.parent, blobs.folder, blobs.folder.parent)
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 3


DIE_BEFORE_THE_RENAME = """
import os, pathlib, sys
from nbmlops.store.blobs import LocalBlobs

pathlib.Path.replace = lambda *_: os.kill(os.getpid(), 9)
if os.fork() == 0:
    LocalBlobs(pathlib.Path(sys.argv[1])).put(b"x" * 1000)
print(os.waitstatus_to_exitcode(os.wait()[1]))
"""


def test_a_crash_between_writing_and_renaming_leaves_no_blob(blobs, run_python):
    assert run_python(DIE_BEFORE_THE_RENAME, blobs.folder) == "-9"
    assert len(files(blobs)) == 1  # what it was writing, under another name
    assert blobs.digests() == []
    with pytest.raises(BlobMissing):
        blobs.get(digest_of(b"x" * 1000))
    assert blobs.get(blobs.put(b"x" * 1000)) == b"x" * 1000


FULL_DISK = """
import pathlib, resource, sys
from nbmlops.store.blobs import LocalBlobs

resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
try:
    LocalBlobs(pathlib.Path(sys.argv[1])).put(b"x" * 1000)
except OSError as problem:
    print(type(problem).__name__)
"""


def test_a_full_disk_leaves_nothing_at_all(blobs, run_python):
    assert run_python(FULL_DISK, blobs.folder) == "OSError"
    assert files(blobs) == []


def test_threads_that_put_the_same_bytes_do_not_disturb_each_other(blobs):
    start = threading.Barrier(8)

    def put(_):
        start.wait()
        return [blobs.get(blobs.put(bytes([number]) * 9_999))[0] for number in range(20)]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(put, range(8))) == [list(range(20))] * 8
    assert len(files(blobs)) == 20
