import io
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import fsspec
import pytest
from fsspec import AbstractFileSystem

from nbmlops.fingerprints.files.described import fingerprint_file
from tests.fingerprints.files.test_folders import TREE, make

PIECE = 1 << 20
FILES = {name: held for name, held in TREE.items() if not isinstance(held, str)}  # no links there


class Elsewhere(AbstractFileSystem):
    """A file system as of a server: its files lie in a folder here, and some of it fails.

    It remembers what it has listed, as those of servers do.
    """

    protocol = "elsewhere"
    root: ClassVar[Path]
    pieces: ClassVar[list[int]]
    change: ClassVar[Callable[[Path], object]]

    def info(self, path, **_):
        here = self.root / path
        kind = "directory" if here.is_dir() else "file"
        status = here.stat()
        return {"name": path, "type": kind, "size": status.st_size, "mtime": status.st_mtime_ns}

    def ls(self, path, detail=False, **_):
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        if path not in self.dircache:
            names = [f"{path}/{here.name}" for here in (self.root / path).iterdir()]
            self.dircache[path] = [self.info(name) for name in names]
        return self.dircache[path]

    def invalidate_cache(self, path=None):
        self.dircache.clear()

    def _open(self, path, mode="rb", **_):
        if path.endswith("lost"):
            raise TimeoutError("the server does not answer")
        return Noted((self.root / path).open("rb", buffering=0))


class Noted(io.RawIOBase):
    """An open file that says in which pieces it is read, and changes at its end."""

    def __init__(self, file):
        self.file = file

    def read(self, length=-1):
        piece = self.file.read(length)
        Elsewhere.pieces.append(len(piece))
        if not piece:
            Elsewhere.change(Path(self.file.name))
        return piece

    def close(self):
        self.file.close()
        super().close()


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    fsspec.register_implementation("elsewhere", Elsewhere, clobber=True)
    monkeypatch.setattr(Elsewhere, "root", tmp_path, raising=False)
    monkeypatch.setattr(Elsewhere, "pieces", [], raising=False)
    monkeypatch.setattr(Elsewhere, "change", lambda _: None, raising=False)
    return Elsewhere


@pytest.fixture
def memory():
    """The root of a file system in memory, empty before and after."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield system
    system.store.clear()
    system.pseudo_dirs[:] = [""]


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "tree"
    folder.mkdir()
    return make(folder, FILES)


def test_a_file_at_a_url_is_what_it_is_here(tmp_path, memory):
    path = tmp_path / "file"
    path.write_bytes(os.urandom(2 * PIECE + 7))
    memory.pipe_file("/folder/file", path.read_bytes())
    assert fingerprint_file("memory://folder/file") == fingerprint_file(path)


def test_a_folder_at_a_url_is_what_it_is_here(tree, memory):
    memory.put(str(tree), "/tree", recursive=True)
    memory.mkdirs("/tree/empty", exist_ok=True)
    found = fingerprint_file("memory://tree")
    assert found == fingerprint_file(tree)
    assert found.is_exact


def test_a_folder_in_an_archive_is_what_it_is_here(tree, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for path in sorted(tree.rglob("*")):
            archive.write(path, path.relative_to(tree.parent))
    found = fingerprint_file(f"zip://tree::{tmp_path}/a.zip")
    assert found == fingerprint_file(tree)
    inner = fingerprint_file(f"zip://tree/data/2024.csv::file://{tmp_path}/a.zip")
    assert inner == fingerprint_file(tree / "data/2024.csv")


def test_an_archive_that_was_written_anew_is_opened_anew(tmp_path):
    url, digests = f"zip://file::{tmp_path}/a.zip", set()
    for content in ("one", "two"):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr("file", content)
        digests.add(fingerprint_file(url).digest)
    assert len(digests) == 2


@pytest.mark.parametrize("name", ["plain.csv", "with space.csv", "100%25.csv"])
def test_a_file_url_is_a_path(tmp_path, name):
    (tmp_path / name).write_bytes(b"abc")
    assert fingerprint_file(f"file://{tmp_path}/{name}") == fingerprint_file(tmp_path / name)


def test_a_file_url_may_be_escaped(tmp_path):
    (tmp_path / "with space.csv").write_bytes(b"abc")
    assert fingerprint_file(f"file://{tmp_path}/with%20space.csv").size_bytes == 3


def test_a_file_is_streamed_in_pieces(tmp_path, elsewhere):
    (tmp_path / "file").write_bytes(bytes(3 * PIECE + 1))
    found = fingerprint_file("elsewhere://file")
    assert found == fingerprint_file(tmp_path / "file")
    assert max(elsewhere.pieces) <= PIECE


def test_looking_does_not_move_the_position_of_a_file_in_memory(memory):
    memory.pipe_file("/file", b"abcdef")
    with memory.open("/file") as file:
        assert file.read(2) == b"ab"
        assert fingerprint_file("memory://file").size_bytes == 6
        assert file.read() == b"cdef"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("memory://missing", "there is no such file"),
        ("nowhere://file", "ValueError: Protocol not known: nowhere"),
        ("file:///missing", "there is no such file"),
        ("zip://inner::/missing.zip", "there is no such file"),
        ("http://127.0.0.1:1/file", "connect call failed ('127.0.0.1', 1)"),
        ("s3://bucket/key", "ImportError: Install s3fs to access S3"),
    ],
)
def test_what_cannot_be_read_is_opaque_with_the_reason(url, reason, memory, monkeypatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)  # as if it were not installed
    found = fingerprint_file(url)
    assert (found.kind, found.strength, found.reason) == ("opaque", "opaque", reason)


def test_a_folder_is_listed_anew_each_time(tree, elsewhere):
    system = fsspec.filesystem("elsewhere")
    system.ls("tree", detail=True)
    (tree / "new").touch()
    assert fingerprint_file("elsewhere://tree") == fingerprint_file(tree)
    assert len(system.ls("tree", detail=True)) == len(list(tree.iterdir())) - 1  # the user's own


def test_what_cannot_be_read_makes_the_folder_opaque(tree, elsewhere):
    (tree / "closed").mkdir()
    whole = fingerprint_file(tree)
    found = fingerprint_file("elsewhere://tree")
    assert (found.kind, found.strength) == ("folder", "opaque")
    assert found.reason == "closed: permission denied"
    assert found.digest != whole.digest


def test_a_file_that_fails_makes_the_folder_opaque(tree, elsewhere):
    (tree / "data/lost").touch()
    found = fingerprint_file("elsewhere://tree")
    assert found.reason == "data/lost: TimeoutError: the server does not answer"


def test_a_file_that_changes_while_it_is_read_is_read_again(tmp_path, elsewhere, monkeypatch):
    path, left = tmp_path / "file", [b"changed"]
    path.write_bytes(b"abc")
    monkeypatch.setattr(Elsewhere, "change", lambda _: left and path.write_bytes(left.pop()))
    found = fingerprint_file("elsewhere://file")
    assert found == fingerprint_file(path)
    assert found.size_bytes == 7


def test_a_file_that_goes_on_changing_is_said_so(tmp_path, elsewhere, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    monkeypatch.setattr(Elsewhere, "change", lambda _: path.write_bytes(path.read_bytes() + b"!"))
    assert fingerprint_file("elsewhere://file").reason == "it changed while it was read"


def test_a_folder_in_which_files_come_meanwhile_is_read_again(tree, elsewhere, monkeypatch):
    def come(_):
        if left:
            (tree / left.pop()).touch()

    left = ["new"]
    monkeypatch.setattr(Elsewhere, "change", come)
    assert fingerprint_file("elsewhere://tree") == fingerprint_file(tree)
    left = [str(number) for number in range(100)]
    assert fingerprint_file("elsewhere://tree").reason == "it changed while it was read"


WITHOUT_FSSPEC = """
import sys
sys.modules["fsspec"] = sys.modules["fsspec.core"] = None
from nbmlops.fingerprints.files.described import fingerprint_file
print(fingerprint_file("s3://bucket/key").reason)
print(fingerprint_file(f"file://{sys.argv[1]}").kind)
"""


def test_without_fsspec_the_reason_says_how_to_get_it(run_python, tmp_path):
    (tmp_path / "file").touch()
    reason, kind = run_python(WITHOUT_FSSPEC, tmp_path / "file").splitlines()
    assert "pip install fsspec" in reason
    assert kind == "file"
