"""What an execution changed of a table, from the fingerprints of before and after."""

import pytest

from nbmlops.cells.slices import Reason, Step
from nbmlops.fingerprint_records import value_record
from nbmlops.records import Execution, Use
from nbmlops.tracking.written_columns import Written, written_columns
from tests.described import array, frame

STEP = Step(Execution("e1", "s", 1, "df['delay'] = 0", 1.0, "c"), (Reason("df", (2,)),))


def written(before, after, step=STEP):
    uses = [
        Use("e1", "df", role, value.digest)
        for role, value in (("read", before), ("written", after))
        if value is not None
    ]
    values = {value.digest: value for value in (before, after) if value is not None}
    return written_columns([step], uses, values).get(("e1", "df"))


FLIGHTS = frame(9, "delay float64 a", "origin string b")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            FLIGHTS, frame(9, "delay float64 new", "origin string b"),
            Written(("delay",), "column `delay`"), id="other values",
        ),
        pytest.param(
            FLIGHTS, frame(9, "delay float64 a", "origin string b", "late bool c", "far bool d"),
            Written(("late", "far"), "columns `late`, `far`"), id="added",
        ),
        pytest.param(
            FLIGHTS, frame(9, "delay float64 a"), Written(("origin",), "without `origin`"),
            id="removed",
        ),
        pytest.param(
            FLIGHTS, frame(9, "delay int64 x"),
            Written(("delay", "origin"), "column `delay`, without `origin`"), id="both",
        ),
        pytest.param(
            FLIGHTS, frame(9, *(f"c{number} bool {number}" for number in range(6))),
            Written((*(f"c{number}" for number in range(6)), "delay", "origin"),
                    "columns `c0`, `c1`, `c2` and 3 more, without `delay`, `origin`"), id="many",
        ),
        pytest.param(
            FLIGHTS, frame(8, "delay float64 x", "origin string y"),
            Written((), "1 fewer row"), id="other rows",
        ),
        pytest.param(
            value_record(array(9, 2, content="a")), value_record(array(9, 2, content="b")),
            Written((), "other values"), id="no columns",
        ),
        pytest.param(
            frame(9, "at int64 a index", "x bool b"), frame(9, "at int64 z index", "x bool b"),
            Written((), "its index `at`"), id="index",
        ),
        pytest.param(FLIGHTS, FLIGHTS, None, id="as before"),
        pytest.param(None, FLIGHTS, None, id="new"),
        pytest.param(FLIGHTS, None, None, id="not looked at"),
    ],
)  # fmt: skip
def test_columns_are_told_where_before_and_after_are_known(before, after, expected):
    assert written(before, after) == expected


def test_nothing_is_told_of_files_and_of_names_that_nobody_reads():
    file = Step(STEP.execution, (Reason("df", (2,), is_file=True),))
    assert written(FLIGHTS, frame(9), file) is None
    assert written(FLIGHTS, frame(9), Step(STEP.execution, ())) is None
