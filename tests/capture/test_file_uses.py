"""What is told of the files that executions touched."""

from pathlib import Path

import pytest

from nbmlops.capture.background import Background
from nbmlops.capture.base import FileTouch
from nbmlops.capture.file_uses import FileUses
from nbmlops.fingerprints.files.described import fingerprint_file
from nbmlops.fingerprints.files.file_bytes import Stamp
from nbmlops.records import ExecutionId, FileUse

ONE = ExecutionId("1")


def told(project: Path, *touches: FileTouch) -> list[FileUse]:
    """Return what is told of touches, the last word on each."""
    found: dict[tuple[str, str], FileUse] = {}

    def put(*uses: FileUse) -> None:
        found.update({(use.path, use.role): use for use in uses})

    def fault(problem: BaseException) -> None:
        raise AssertionError from problem

    background = Background(fault)
    FileUses(project, background, put).take(ONE, touches)
    assert background.wait(30)
    return list(found.values())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    path.write_text("a,b\n1,2\n")
    return path


def touch(path: Path, role: str = "read", **more: object) -> FileTouch:
    return FileTouch(str(path), role, stamp=Stamp.of(path.stat()), **more)


def test_a_file_of_the_project_is_named_within_it_with_what_it_held(file: Path):
    (use,) = told(file.parent, touch(file))
    assert (use.path, use.role, use.size_bytes) == ("data.csv", "read", 8)
    assert use.digest == fingerprint_file(file).digest
    assert use.modified == pytest.approx(file.stat().st_mtime)


def test_a_file_elsewhere_is_named_whole(file: Path):
    (use,) = told(file.parent / "project", touch(file))
    assert use.path == str(file)


def test_a_file_that_was_written_since_has_no_digest_but_the_reason(file: Path):
    before = touch(file)
    file.write_text("a,b\n1,2\n3,4\n")
    (use,) = told(file.parent, before)
    assert use.digest is None
    assert use.reason == "it was changed before it was looked at"


def test_reading_and_writing_are_told_apart(file: Path):
    assert {use.role for use in told(file.parent, touch(file), touch(file, "written"))} == {
        "read",
        "written",
    }


def test_what_was_only_looked_at_is_not_read(file: Path):
    (use,) = told(file.parent, touch(file, is_only_looked_at=True))
    assert (use.digest, use.size_bytes, use.modified) == (None, 8, None)
    assert use.reason == "only looked at"
    (use,) = told(file, FileTouch(str(file.parent), "read", is_only_looked_at=True))
    assert (use.digest, use.reason) == (None, "only looked whether it is there")


def test_a_listing_is_another_thing_than_the_folder(file: Path):
    folder = file.parent / "folder"
    folder.mkdir()
    uses = told(file.parent, FileTouch(str(folder), "read"), touch(folder, is_listing=True))
    assert {use.path for use in uses} == {"folder", "folder/"}
    assert len({use.digest for use in uses}) == 2


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        (FileTouch("/no/such/file", "read", is_there=False), "it is not there"),
        (FileTouch("s3://bucket/key", "read"), "what a URL holds is not fetched"),
    ],
)
def test_what_cannot_be_looked_at_says_why(tmp_path: Path, missing: FileTouch, reason: str):
    (use,) = told(tmp_path, missing)
    assert (use.path, use.digest, use.reason) == (missing.path, None, reason)
