import pytest

from nbmlops.cells.file_writers import (
    FOLDER_LOOKED_AT,
    NOT_THERE,
    ONLY_LOOKED_AT,
    FileNeeds,
    FileWriters,
)
from nbmlops.records import FileUse


def needed(*cells):
    """Return the paths that the last of some cells needs, with the numbers of their writers."""
    return sorted(executed(cells).needed_by(len(cells)))


def executed(cells):
    """Return who wrote what in some cells.

    A cell is what it did to files: ``read PATH, written PATH``; ``looked at`` one, at a ``folder``
    as such, or ``for`` one that was not there; ``removed PATH``.
    """
    writers = FileWriters()
    for number, cell in enumerate(cells, 1):
        writers.add(number, map(use, filter(None, cell.split(", "))))
    return writers


LOOKS = {
    "looked at": ("read", ONLY_LOOKED_AT),
    "looked at folder": ("read", FOLDER_LOOKED_AT),
    "looked for": ("read", NOT_THERE),
    "removed": ("written", NOT_THERE),
}


def use(text):
    verb, _, path = text.rpartition(" ")
    role, reason = LOOKS.get(verb, (verb, None))
    return FileUse("e", path, role, reason=reason)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(["written a", "read a"], [("a", 1)], id="file"),
        pytest.param(["written a", "written a", "read a"], [("a", 2)], id="written twice"),
        pytest.param(["written a", "written a"], [], id="written over"),
        pytest.param(["written a", "read a, written a", "read a"], [("a", 2)], id="appended to"),
        pytest.param(["read a, written a"], [], id="by the execution itself"),
        pytest.param(["written d/a", "read d/"], [("d/a", 1)], id="names in a folder"),
        pytest.param(
            ["written d/", "written d/a", "written d/b", "written d/a", "read d/"],
            [("d/", 1), ("d/a", 4), ("d/b", 3)],
            id="names in a folder that was made",
        ),
        pytest.param(["written d/e/a", "read d/"], [], id="names deeper in a folder"),
        pytest.param(
            ["written d/e/a", "written da", "read d"], [("d/e/a", 1)], id="folder as a whole"
        ),
        pytest.param(["written a", "read ./"], [("a", 1)], id="names in the project"),
        pytest.param(["written d/a", "read ."], [("d/a", 1)], id="the whole project"),
        pytest.param(
            ["written /t/a, written s3://b/c", "read ."], [], id="what is not in the project"
        ),
        pytest.param(["written /t/a", "read /t/"], [("/t/a", 1)], id="absolute"),
        pytest.param(["written d/", "written d/a"], [("d/", 1)], id="into a folder that was made"),
        pytest.param(
            ["written d/, written d/e/", "written d/e/a"], [("d/", 1), ("d/e/", 1)], id="made deep"
        ),
        pytest.param(["written d/", "read d/a"], [], id="a file that was in no folder made here"),
        pytest.param(["written d/a", "written d/b"], [], id="beside another"),
        pytest.param(
            ["written s3://bucket/a", "read s3://bucket/a"], [("s3://bucket/a", 1)], id="URL"
        ),
        pytest.param(["", "read a"], [], id="from outside"),
        pytest.param(["written a", "looked at a"], [("a", 1)], id="looked at"),
        pytest.param(["written a", "removed a", "looked for a"], [("a", 2)], id="removed"),
        pytest.param(["written a", "removed a"], [("a", 1)], id="removing"),
        pytest.param(["removed d", "looked for d/a"], [("d", 1)], id="its folder removed"),
        pytest.param(["written d/a", "removed d", "looked for d/a"], [("d", 2)], id="both removed"),
        pytest.param(["removed d", "written d/a", "read d/a"], [("d/a", 2)], id="written anew"),
        pytest.param(
            ["written d/", "written d/a", "looked at folder d"], [("d/", 1)], id="a folder as such"
        ),
        pytest.param(["written d/", "removed d", "looked for d"], [("d", 2)], id="folder removed"),
        pytest.param(["removed d", "written d/"], [("d", 1)], id="making a folder anew"),
        pytest.param(["written d/a", "looked for d"], [], id="a folder that is not there"),
        pytest.param(["written d", "written d/a"], [("d", 1)], id="into a folder that was moved"),
        pytest.param(["written d, written a", "read d/b"], [("d", 1)], id="moved with its folder"),
    ],
)
def test_an_execution_needs_those_that_wrote_its_files(cells, expected):
    assert needed(*cells) == expected


def test_a_path_is_needed_once():
    assert needed("written d/a", "read d/, read d, read d/a") == [("d/a", 1)]


def test_listing_a_folder_again_and_again_keeps_no_more_than_one_look_each():
    """However many files are in it: a session that writes and lists a folder grows evenly."""
    writers = executed([f"read d/, written d/{number}" for number in range(300)])
    for number in range(2, 301):
        did = writers.did(number)
        assert (len(did.needed), did.folders, len(did.written)) == (0, ("d/",), 1)
    assert len([*writers.needed_by(300)]) == 299


def test_files_with_the_same_readers_share_them():
    writers = executed([", ".join(f"written d/{number}" for number in range(50)), "read d/"])
    needs = FileNeeds(writers)
    needs.take(2, 7)
    readers = needs.met_by(1).values()
    assert [*readers] == [(7,)] * 50
    assert len({*map(id, readers)}) == 1


def test_a_folder_looked_through_between_two_writes_needs_the_first():
    writers = executed(["written d/a", "read d/", "written d/a", "read d/", "read d"])
    needs = FileNeeds(writers)
    for number in (5, 4):
        needs.take(number, number)
    assert (needs.met_by(3), needs.met_by(1)) == ({"d/a": (4, 5)}, {})
    needs.take(2, 2)
    assert needs.met_by(1) == {"d/a": (2,)}
