"""Files that a replay writes, as they were before."""

import os

import pytest

from nbmlops.replaying.put_back import put_back


def test_files_are_as_they_were_whatever_became_of_them(tmp_path):
    kept, removed, new = (tmp_path / name for name in ("kept", "removed", "new"))
    for path in (kept, removed):
        path.write_text("mine")
        os.utime(path, (1e9, 1e9))
    with put_back([kept, removed, new, tmp_path / "never"]):
        kept.write_text("other")
        removed.unlink()
        new.write_text("other")
    assert [path.read_text() for path in (kept, removed)] == ["mine", "mine"]
    assert kept.stat().st_mtime == removed.stat().st_mtime == 1e9
    assert not new.exists()


def test_folders_that_were_not_there_go_unless_something_else_is_in_them(tmp_path):
    made, used = tmp_path / "made", tmp_path / "used"
    with put_back([made, made / "a", used, used / "a"]):
        for folder in (made, used):
            folder.mkdir()
            (folder / "a").write_text("a")
        (used / "unknown").write_text("b")
    assert [path.name for path in tmp_path.iterdir()] == ["used"]
    assert [path.name for path in used.iterdir()] == ["unknown"]


def test_a_folder_that_was_there_stays(tmp_path):
    with put_back([tmp_path]):
        pass
    assert tmp_path.is_dir()


def test_they_are_put_back_after_an_interruption(tmp_path):
    path = tmp_path / "a"
    path.write_text("mine")

    def interrupted():
        with put_back([path]):
            path.write_text("other")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "mine"


def test_what_is_made_is_not_there_meanwhile_and_the_same_file_again(tmp_path):
    file, folder = tmp_path / "a.db", tmp_path / "out"
    file.write_text("mine")
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "b").write_text("mine")
    before = file.stat().st_ino
    with put_back([file, folder, folder / "b"], [file, folder, folder / "deep", tmp_path / "no"]):
        assert [*tmp_path.glob("[!.]*")] == []
        file.write_text("other")
        folder.mkdir()
        (folder / "c").write_text("other")
    assert (file.read_text(), file.stat().st_ino) == ("mine", before)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.db", "b", "deep", "out"]


def test_what_was_moved_aside_is_back_though_nothing_was_made(tmp_path):
    file = tmp_path / "a"
    file.write_text("mine")
    with put_back([file], [file]):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
