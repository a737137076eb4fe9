"""The executions of several runs: each is read once, however many of the runs contain it.

Runs of one session share most of their cells. So what their stretches cover together is read, and
then given to each run from memory.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from sqlalchemy import Connection, and_, or_, select

from nbmlops.records import Execution, RunExecution, RunId, SessionId, Stretch, joined
from nbmlops.store import tables
from nbmlops.store.execution_rows import executions_in
from nbmlops.store.rows import chunks, from_row

_MOST_COVERED = 100  # stretches in one statement

type Contained = list[tuple[Execution, RunExecution]]


def executions_of(connection: Connection, ids: Sequence[RunId]) -> dict[RunId, Contained]:
    """Return what runs contain, in order and without outputs, by run."""
    stretches: dict[RunId, list[Stretch]] = {run_id: [] for run_id in ids}
    sessions: dict[RunId, SessionId] = {}
    columns = tables.stretches.c
    for part in chunks([*stretches]):
        wanted = select(tables.stretches).where(columns.run_id.in_(part))
        for row in connection.execute(wanted).mappings():
            stretches[row["run_id"]].append(from_row(Stretch, row))
            sessions[row["run_id"]] = row["session_id"]
    covered = _covered(connection, stretches, sessions)
    return {
        run_id: _contained(run_id, covered[sessions[run_id]], found) if found else []
        for run_id, found in stretches.items()
    }


def _covered(
    connection: Connection,
    stretches: dict[RunId, list[Stretch]],
    sessions: dict[RunId, SessionId],
) -> dict[SessionId, list[Execution]]:
    """Return the executions that any of the runs contains, by session, in order."""
    bounds: dict[SessionId, list[tuple[int, int]]] = {}
    for run_id, session_id in sessions.items():
        of_run = [(each.first, each.last) for each in stretches[run_id] if not each.gave_result]
        bounds.setdefault(session_id, []).extend(of_run)
    columns = tables.executions.c
    within = [
        and_(columns.session_id == session_id, columns.sequence.between(first, last))
        for session_id, several in bounds.items()
        for first, last in joined(several)
    ]
    covered: dict[SessionId, list[Execution]] = {session_id: [] for session_id in bounds}
    for part in chunks(within, _MOST_COVERED):
        chosen = select(tables.executions).where(or_(*part))
        for execution in executions_in(connection, chosen, with_outputs=False):
            covered[execution.session_id].append(execution)
    for found in covered.values():
        found.sort(key=_sequence)
    return covered


def _contained(run_id: RunId, covered: Sequence[Execution], found: Sequence[Stretch]) -> Contained:
    """Return those executions of a session that lie within the stretches of a run."""
    within, giving = (
        [
            execution
            for stretch in sorted(found, key=lambda each: each.first)
            if stretch.gave_result == gave_result
            for execution in _between(covered, stretch)
        ]
        for gave_result in (False, True)
    )
    givers = {execution.id for execution in giving}
    return [
        (execution, RunExecution(run_id, execution.id, execution.id in givers))
        for execution in within
    ]


def _between(covered: Sequence[Execution], stretch: Stretch) -> Sequence[Execution]:
    first = bisect_left(covered, stretch.first, key=_sequence)
    return covered[first : bisect_right(covered, stretch.last, key=_sequence)]


def _sequence(execution: Execution) -> int:
    return execution.sequence
