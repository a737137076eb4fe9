"""What keeps a slice from being executed, told before anything is."""

from dataclasses import replace
from pathlib import Path

import pytest

from nbmlops.cells.slices import slice_of
from nbmlops.records import Session
from nbmlops.replaying.attempt import Attempt, Wish
from nbmlops.replaying.recorded import Recorded
from nbmlops.replaying.replayed import Replay
from nbmlops.replaying.traces import Trace
from nbmlops.tracking.slice_page import SlicePage
from nbmlops.tracking.targets import Target
from tests.cells.extracting import executions_of

SESSION = Session("s", 0.0, "headless", "e", python="3.12.1")


@pytest.mark.parametrize(
    ("cells", "session", "problem"),
    [
        pytest.param(
            ["x <- 1"], replace(SESSION, python=""), "it was recorded from outside of its kernel",
            id="recorded from outside",
        ),
        pytest.param(
            ["key = '[redacted: AWS key]'"], SESSION, "a secret was taken out of the code of [1]",
            id="a secret",
        ),
        pytest.param(
            [replace(executions_of("x = 1")[0], outcome="interrupted")], SESSION,
            "[1] was interrupted", id="interrupted",
        ),
        pytest.param(
            [replace(executions_of("x = 1")[0], outcome="running")], SESSION,
            "[1] was interrupted", id="never ended",
        ),
    ],
)  # fmt: skip
def test_it_is_not_executed_and_says_why(tmp_path: Path, cells, session, problem):
    executions = executions_of(*cells)
    target = frozenset((executions[-1].id,))
    page = SlicePage(slice_of(executions, target, "run r"), Target("run", "r", target))
    said = []
    attempt = Attempt(
        page,
        Recorded(session, None, Trace(tuple(executions))),
        Wish(cwd=str(tmp_path), say=said.append),
        store=None,
    )
    found = attempt.answer(Replay("r", "run r", "not run"))
    assert problem in found.problem
    assert (found.verdict, said) == ("not run", [])
    assert [row.verdict for row in found.executions] == ["not run"] * len(executions)
