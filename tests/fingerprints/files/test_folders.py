import json
import os
import shutil
import socket
from pathlib import Path

import pytest
from blake3 import blake3
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.fingerprints.files.described import described_file, described_listing, fingerprint_file
from nbmlops.fingerprints.files.file_bytes import FileDigests, Stamp
from tests.fingerprints.without_permission import as_nobody, open_folder

# A tree: bytes are a file, text is a link, a dict a folder.
TREE = {
    "data": {"2024.csv": b"a,b\n1,2\n", "2025.csv": b"a,b\n3,4\n", ".hidden": b"x"},
    "empty": {},
    "empty.txt": b"",
    "latest": "data/2025.csv",
    "read me.md": b"# data\n",
}
GOLDEN = "d6ce2f28d92814f8c30418e2ac5af193aaff7ff8aa53464cc1317460b5d052d3"


def make(folder, tree):
    for name, held in tree.items():
        path = folder / name
        if isinstance(held, dict):
            path.mkdir()
            make(path, held)
        elif isinstance(held, str):
            path.symlink_to(held)
        else:
            path.write_bytes(held)
    return folder


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "tree"
    folder.mkdir()
    return make(folder, TREE)


def digest_by_definition(tree):
    """Return the digest of a tree as the docstring of `folders` defines it."""
    manifest = b""
    for name in sorted(map(os.fsencode, tree)):
        held = tree[os.fsdecode(name)]
        if isinstance(held, dict):
            kind, digest = b"folder", bytes.fromhex(digest_by_definition(held))
        elif isinstance(held, str):
            kind, digest = b"link", blake3(held.encode()).digest()
        else:
            kind, digest = b"file", blake3(held).digest()
        for part in (name, kind, digest):
            manifest += len(part).to_bytes(8, "little") + part
    return blake3(manifest, derive_key_context="nbmlops 1 folder").hexdigest()


def test_a_folder_is_an_exact_digest_with_its_entries_as_parts(tree):
    found = fingerprint_file(tree)
    assert (found.kind, found.scheme, found.is_exact) == ("folder", "1:blake3", True)
    assert found.size_bytes == 24
    assert found.schema == (
        ("data", "folder"),
        ("empty", "folder"),
        ("empty.txt", "file"),
        ("latest", "link"),
        ("read me.md", "file"),
    )
    assert str(found).startswith("dir:")


def test_a_folder_has_the_digest_of_its_definition(tree):
    assert fingerprint_file(tree).digest == digest_by_definition(TREE)


def test_the_digest_of_a_folder_is_the_same_for_ever(tree):
    assert fingerprint_file(tree).digest == GOLDEN


def test_a_part_has_the_digest_that_it_has_by_itself(tree):
    parts = {part.name: part.digest for part in fingerprint_file(tree).columns}
    for name in ("data", "empty", "empty.txt", "read me.md"):
        assert parts[name] == fingerprint_file(tree / name).digest


names = st.text(
    st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), min_size=1, max_size=8
).filter(lambda name: name not in (".", ".."))
trees = st.recursive(
    st.binary(max_size=20),
    lambda held: st.dictionaries(names, held, max_size=4),
    max_leaves=12,
).filter(lambda tree: isinstance(tree, dict))


@given(trees)
def test_every_tree_has_the_digest_of_its_definition(tmp_path_factory, tree):
    folder = make(tmp_path_factory.mktemp("tree"), tree)
    found = fingerprint_file(folder)
    shutil.rmtree(folder)
    assert found.digest == digest_by_definition(tree)


def other_order(tree):
    content = (tree / "data/2024.csv").read_bytes()
    (tree / "data/2024.csv").unlink()
    (tree / "zzz").touch()
    (tree / "data/2024.csv").write_bytes(content)
    (tree / "zzz").unlink()


UNCHANGED = {
    "order of making": other_order,
    "times": lambda tree: os.utime(tree / "empty.txt", (1, 1)),
    "the right to execute": lambda tree: (tree / "empty.txt").chmod(0o755),
}


@pytest.mark.parametrize("change", UNCHANGED.values(), ids=UNCHANGED)
def test_what_does_not_count(tree, change):
    before = fingerprint_file(tree)
    change(tree)
    assert fingerprint_file(tree) == before


def test_the_name_and_spelling_of_the_folder_itself_do_not_count(tree, monkeypatch):
    found = fingerprint_file(tree)
    monkeypatch.chdir(tree)
    assert {fingerprint_file(path) for path in (f"{tree}/", ".", "data/..")} == {found}
    moved = tree.rename(tree.with_name("moved"))
    assert fingerprint_file(moved) == found


def swapped(tree):
    one, other = tree / "data/2024.csv", tree / "data/2025.csv"
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


def as_folder(tree):
    (tree / "empty.txt").unlink()
    (tree / "empty.txt").mkdir()


def as_link(tree):
    (tree / "empty.txt").unlink()
    (tree / "empty.txt").symlink_to("read me.md")


def as_content(tree):
    (tree / "latest").unlink()
    (tree / "latest").write_bytes(b"data/2025.csv")


CHANGED = {
    "a byte": lambda tree: (tree / "data/2024.csv").write_bytes(b"a,b\n1,3\n"),
    "a byte of a hidden file": lambda tree: (tree / "data/.hidden").write_bytes(b"y"),
    "a name": lambda tree: (tree / "empty.txt").rename(tree / "Empty.txt"),
    "the name of a folder": lambda tree: (tree / "empty").rename(tree / "void"),
    "an empty file more": lambda tree: (tree / "new").touch(),
    "an empty folder more": lambda tree: (tree / "empty/new").mkdir(),
    "an empty folder less": lambda tree: (tree / "empty").rmdir(),
    "a file moved into a folder": lambda tree: (tree / "empty.txt").rename(
        tree / "empty/empty.txt"
    ),
    "two files swapped": swapped,
    "a folder in place of a file": as_folder,
    "a link in place of a file": as_link,
    "a file of a link's text": as_content,
    "the text of a link": lambda tree: (
        (tree / "latest").unlink(),
        (tree / "latest").symlink_to("data/2024.csv"),
    ),
    "a pipe": lambda tree: os.mkfifo(tree / "pipe"),
}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_every_change_gives_another_digest(tree, change):
    before = fingerprint_file(tree)
    change(tree)
    after = fingerprint_file(tree)
    assert after.is_exact
    assert after.digest != before.digest


def test_a_folder_differs_from_a_file_of_its_manifest(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_bytes(b"")
    digests = {fingerprint_file(tmp_path / name).digest for name in ("empty", "file")}
    assert len(digests) == 2


def test_links_are_never_followed(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, target in {"up": "..", "self": "self", "broken": "nowhere", "root": "/"}.items():
        (folder / name).symlink_to(target)
    found = fingerprint_file(folder)
    assert (found.strength, found.size_bytes) == ("exact", 0)
    assert {part.type for part in found.columns} == {"link"}


def test_what_is_no_file_is_counted_by_kind_and_never_opened(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
        found = fingerprint_file(tmp_path)
    assert found.schema == (("pipe", "pipe"), ("socket", "socket"))
    assert found.is_exact


def test_names_that_are_not_utf_8(tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff")).write_bytes(b"x")
    one = fingerprint_file(tmp_path)
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff")).rename(
        os.fsdecode(os.fsencode(tmp_path) + b"/\xfe")
    )
    other = fingerprint_file(tmp_path)
    assert one.digest != other.digest
    assert one.columns[0].name == "\\xff"
    json.dumps(one.to_json()).encode("utf-8")


def test_what_cannot_be_read_makes_the_folder_opaque():
    with open_folder() as folder:
        make(folder, TREE)
        readable = fingerprint_file(folder)
        (folder / "data/2025.csv").chmod(0)
        (folder / "empty").chmod(0)
        with as_nobody():
            found = fingerprint_file(folder)
        assert found.kind == "folder"
        assert found.strength == "opaque"
        assert found.reason in (
            "data/2025.csv: permission denied (and 1 more)",
            "empty: permission denied (and 1 more)",
        )
        assert found.digest != readable.digest


def test_a_folder_that_cannot_be_listed_is_opaque():
    with open_folder() as folder:
        (folder / "closed").mkdir(mode=0)
        with as_nobody():
            found = fingerprint_file(folder / "closed")
    assert (found.kind, found.reason) == ("opaque", "permission denied")


class Disturbed(FileDigests):
    """Reads files of a folder into which somebody puts another one meanwhile."""

    def __init__(self, folder, times):
        super().__init__()
        self.folder, self.times = folder, times

    def of(self, path, **options):
        found = super().of(path, **options)
        if self.times:
            self.times -= 1
            (self.folder / f"new {self.times}").touch()
        return found


def test_a_folder_that_changes_while_it_is_read_is_read_again(tree):
    found = described_file(tree, digests=Disturbed(tree / "data", times=1))
    assert found.reason is None
    assert found.digest.hex() == fingerprint_file(tree).digest


def test_a_folder_that_goes_on_changing_is_said_so(tree):
    found = described_file(tree, digests=Disturbed(tree / "data", times=-1))
    assert (found.kind, found.reason) == ("opaque", "it changed while it was read")


DEPTH = 1_500  # deeper than Python's stack, and below the 4,096 bytes of a path


def test_folders_may_be_nested_deeply(tmp_path):
    deepest = f"{tmp_path}/{'d/' * DEPTH}"
    for depth in range(1, DEPTH + 1):
        os.mkdir(f"{tmp_path}/{'d/' * depth}")  # noqa: PTH102, a Path of this length is slow
    try:
        before = fingerprint_file(tmp_path)
        Path(f"{deepest}/file").write_bytes(b"x")
        after = fingerprint_file(tmp_path)
        Path(f"{deepest}/file").unlink()
    finally:
        for depth in range(DEPTH, 0, -1):
            os.rmdir(f"{tmp_path}/{'d/' * depth}")  # noqa: PTH106
    assert before.is_exact
    assert after.digest != before.digest


def test_the_entries_of_a_very_large_folder_are_no_parts(tmp_path):
    for number in range(1_000):
        (tmp_path / str(number)).touch()
    assert len(fingerprint_file(tmp_path).columns) == 1_000
    (tmp_path / "one more").touch()
    assert fingerprint_file(tmp_path).columns == ()


def test_files_that_rested_are_not_read_again(tree, monkeypatch):
    monkeypatch.setattr("nbmlops.fingerprints.files.file_bytes.RESTED_NS", -(10**12))
    digests = FileDigests()
    first = described_file(tree, digests=digests)
    assert digests.read_bytes == 24
    (tree / "data/2024.csv").write_bytes(b"a,b\n1,2,3\n")
    second = described_file(tree, digests=digests)
    assert digests.read_bytes == 34
    assert first.digest != second.digest


def test_a_listing_does_not_count_what_is_in_or_below_its_entries(tree):
    before = described_listing(str(tree))
    assert (before.kind, before.hash, before.reason) == ("listing", "blake3", None)
    CHANGED["a byte"](tree)
    (tree / "data/new").touch()
    assert described_listing(str(tree)) == before


@pytest.mark.parametrize("name", ["a name", "an empty file more", "a link in place of a file"])
def test_a_listing_counts_names_and_kinds(tree, name):
    before = described_listing(str(tree))
    CHANGED[name](tree)
    assert described_listing(str(tree)).digest != before.digest


def test_a_listing_that_was_another_when_it_was_met_is_opaque(tree):
    stamp = Stamp.of(tree.stat())
    assert described_listing(str(tree), stamp=stamp).reason is None
    (tree / "new").touch()
    found = described_listing(str(tree), stamp=stamp)
    assert found.reason == "it was changed before it was looked at"


def test_a_listing_that_cannot_be_had_is_opaque(tmp_path):
    assert described_listing(str(tmp_path / "missing")).reason == "there is no such file"
