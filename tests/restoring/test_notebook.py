"""What a restored notebook says of itself, from slices made by hand."""

import pytest

from nbmlops.cells.file_writers import NOT_THERE
from nbmlops.cells.slices import slice_of
from nbmlops.records import FileUse, Session
from nbmlops.restoring.notebook import Origin
from nbmlops.tracking.slice_page import SlicePage
from nbmlops.tracking.targets import Target
from tests.cells.sessions import session

SESSION = Session("s", 1.0, "jupyter", "churn")


def origin(count, files):
    """Make the origin of a chain of executions, of which the last was asked for."""
    steps = ["c0: x0 = 0", *(f"c{n}: x{n} = x{n - 1}" for n in range(1, count))]
    executions = session(*steps)
    found = slice_of(executions, [executions[-1].id], "x", {})
    target = Target("variable", "x", frozenset([executions[-1].id]), ())
    return Origin(SlicePage(found, target, files=files), SESSION)


def use(number, path, role="read", reason=None):
    return FileUse(f"e{number}", path, role, reason=reason)


@pytest.mark.parametrize(
    ("files", "needed"),
    [
        pytest.param([], (), id="none"),
        pytest.param([use(2, "b"), use(1, "a")], ("a", "b"), id="in the order they were read"),
        pytest.param([use(1, "a"), use(2, "a")], ("a",), id="once"),
        pytest.param([use(1, "a", "written"), use(2, "a")], (), id="written before"),
        pytest.param([use(1, "a"), use(2, "a", "written")], ("a",), id="written later"),
        pytest.param([use(1, "a"), use(1, "a", "written")], (), id="written by the same"),
        pytest.param([use(1, "a", reason=NOT_THERE)], (), id="looked for and not there"),
        pytest.param([use(9, "a")], (), id="of another execution"),
    ],
)
def test_needed_are_the_files_that_nothing_before_had_written(files, needed):
    assert origin(3, tuple(files)).needed_files == needed


def test_files_are_gone_through_once_however_many_steps_there_are():
    times = 0

    class Counted(tuple):
        __slots__ = ()

        def __iter__(self):
            nonlocal times
            times += 1
            return super().__iter__()

    made = origin(50, Counted(use(number, f"f{number}") for number in range(1, 51)))
    assert len(made.needed_files) == 50
    assert len(made.needed_files) == 50
    assert times == 1
