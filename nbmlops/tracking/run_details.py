"""Everything about several runs but what they showed, asked for together.

A comparison of fifty runs asks the store no more often than one of two.
"""

from collections.abc import Sequence

from nbmlops.records import (
    DataUse,
    Execution,
    ExecutionId,
    FileUse,
    RunDetail,
    RunSummary,
    Use,
)
from nbmlops.store.base import SessionQuery, Store
from nbmlops.tracking.data import data_of


def details_without_outputs(store: Store, summaries: Sequence[RunSummary]) -> list[RunDetail]:
    """Return everything about runs; their executions without what they showed."""
    runs = [summary.run for summary in summaries]
    contained = store.executions_of_runs([run.id for run in runs])
    sessions = {
        session.id: session
        for session in store.sessions(SessionQuery(ids=tuple({run.session_id for run in runs})))
    }
    environments = store.environments([run.environment for run in runs if run.environment])
    used = _Used(store, [execution for found in contained.values() for execution, _ in found])
    return [
        RunDetail(
            summary,
            tuple(contained[summary.run.id]),
            environments.get(summary.run.environment) if summary.run.environment else None,
            sessions.get(summary.run.session_id),
            *used.by([execution for execution, _ in contained[summary.run.id]]),
        )
        for summary in summaries
    ]


class _Used:
    """What executions read and wrote, by execution: those of several runs, each read once."""

    def __init__(self, store: Store, executions: Sequence[Execution]) -> None:
        ids = list({execution.id for execution in executions})
        self._uses: dict[ExecutionId, list[Use]] = {}
        self._files: dict[ExecutionId, list[FileUse]] = {}
        uses = store.uses(ids)
        for use in uses:
            self._uses.setdefault(use.execution_id, []).append(use)
        for file in store.file_uses(ids):
            self._files.setdefault(file.execution_id, []).append(file)
        self._values = store.values([use.digest for use in uses if use.digest is not None])

    def by(
        self, executions: Sequence[Execution]
    ) -> tuple[tuple[DataUse, ...], tuple[FileUse, ...]]:
        """Return the data and the files that some of the executions used."""
        ids = sorted(execution.id for execution in executions)
        uses = [use for each in ids for use in self._uses.get(each, ())]
        files = [file for each in ids for file in self._files.get(each, ())]
        return data_of(executions, uses, files, self._values), tuple(files)
