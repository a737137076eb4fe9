"""The store in an SQL database: one transaction a batch, six queries a table of runs."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Literal

from sqlalchemy import case, func, select

from nbmlops.canonical import now
from nbmlops.records import (
    Execution,
    ExecutionId,
    Outline,
    Record,
    RunExecution,
    RunId,
    RunSummary,
    Session,
    SessionId,
    Stretch,
)
from nbmlops.store import live, live_folder, open_blobs, tables
from nbmlops.store.base import (
    Blobs,
    ExperimentTally,
    RunQuery,
    RunSearch,
    RunsFound,
    Selected,
    SessionQuery,
)
from nbmlops.store.blobs_spool import SpooledBlobs
from nbmlops.store.changes import Changes
from nbmlops.store.contained import is_contained, numbers_with_results
from nbmlops.store.dialects import dialect_of
from nbmlops.store.execution_rows import executions_in, paged
from nbmlops.store.finding import find_run
from nbmlops.store.named_blobs import blobs_of, named_by_living
from nbmlops.store.opening import open_engine
from nbmlops.store.places import blobs_in, without_password
from nbmlops.store.remembered_places import remember_place
from nbmlops.store.rows import chunks, clean
from nbmlops.store.run_rows import summaries
from nbmlops.store.saving import save_all
from nbmlops.store.selecting import filtered
from nbmlops.store.settling import dead_elsewhere, settle
from nbmlops.store.shared_executions import executions_of
from nbmlops.store.sql_parts import Parts
from nbmlops.store.upkeep import Upkeep


class SqlStore(Parts, Upkeep):
    """A store in an SQLite file or on a server.

    Keeps the promises of `nbmlops.store.base.Store`.
    """

    def __init__(self, url: str, *, makes: bool = True) -> None:
        self.dialect = dialect_of(url)
        self.url = without_password(url)
        self.blobs = _blobs(url)
        self._spool = self.blobs if isinstance(self.blobs, SpooledBlobs) else None
        self.engine, self.is_writable = open_engine(self.dialect, makes=makes)
        if self.is_writable:
            remember_place(url)
        self._changes = Changes(self.engine, self.dialect)
        self.is_settled = True  # unless it turns out that nothing can be written now

    def save(self, records: Sequence[Record]) -> None:
        """Save records in one transaction."""
        self._check_writable()
        with self._blobs_delivered(records), self.writing() as connection:
            save_all(connection, records)

    def save_over(self, records: Sequence[Record]) -> None:
        """Save records in one transaction, and write over the room of those that they replace."""
        self._check_writable()
        with self._blobs_delivered(records), self.writing() as connection:
            if self.engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete = ON")
            save_all(connection, records)

    def settle(self) -> list[SessionId]:
        """Deliver and mark what dead processes left."""
        if not self.is_writable:
            return []
        self.is_settled = False
        settled = settle(self)
        self.is_settled = True
        return settled

    def change(self) -> str:
        """Return a text that is another one when something was saved since."""
        alive = ",".join(path.stem for path in live.live_files(live_folder(self.url)))
        with self._translating():
            return f"{self._changes.now()}-{alive}"

    def session(self, session_id: SessionId) -> Session:
        """Return a session."""
        found = self.select_records(
            Session, select(tables.sessions).where(tables.sessions.c.id == session_id)
        )
        if not found:
            raise KeyError(session_id)
        return found[0]

    def latest_session(self) -> Session | None:
        """Return the session that began last."""
        newest = tables.sessions.c.started.desc(), tables.sessions.c.id.desc()
        found = self.select_records(Session, select(tables.sessions).order_by(*newest).limit(1))
        return found[0] if found else None

    def sessions(self, query: SessionQuery) -> list[Session]:
        """Return the sessions asked for."""
        columns = tables.sessions.c
        statement = select(tables.sessions)
        if query.kernel_id is not None:
            statement = statement.where(columns.kernel_id == clean(query.kernel_id))
        if query.notebook is not None:
            statement = statement.where(columns.notebook == clean(query.notebook))
        if query.ids is not None:
            statement = statement.where(columns.id.in_(query.ids))
        newest = statement.order_by(columns.started.desc(), columns.id.desc())
        return self.select_records(Session, newest.limit(query.limit).offset(query.offset or None))

    def outline(self, run_id: RunId) -> Outline | None:
        """Return how a run's notebook was laid out when it was closed."""
        of_run = tables.outlines.c.run_id == run_id
        found = self.select_records(Outline, select(tables.outlines).where(of_run))
        return found[0] if found else None

    def find_run(self, reference: str, *, in_trash: bool = False) -> RunId:
        """Return the run that a user means."""
        with self._reading() as connection:
            return find_run(connection, reference, in_trash=in_trash)

    def runs(self, query: RunQuery) -> list[RunSummary]:
        """Return the runs asked for."""
        with self._reading() as connection:
            return summaries(connection, query, dead_elsewhere(self))

    def count_runs(self, query: RunQuery) -> int:
        """Return how many runs fit."""
        with self._reading() as connection:
            counted = filtered(select(func.count()).select_from(tables.runs), query)
            return connection.scalar(counted) or 0

    def search(self, search: RunSearch) -> RunsFound:
        """Return a page of the runs that fit a filter."""
        from nbmlops.store.columns import wanted_names
        from nbmlops.store.search import Question  # only who searches needs the language

        with self._reading() as connection:
            question = Question(connection, search, dead_elsewhere(self), now())
            ids, following = question.page()
            notes = tuple(question.hints(is_found=bool(ids)))
            metrics, params = wanted_names(connection, search, ids)
        queries = [
            RunQuery(tuple(part), trashed=None, metrics=metrics, params=params)
            for part in chunks(ids)
        ]
        found = {run.run.id: run for query in queries for run in self.runs(query)}
        return RunsFound(
            tuple(found[run_id] for run_id in ids if run_id in found), following, notes
        )

    def count_found(self, search: RunSearch) -> int:
        """Return how many runs fit a filter."""
        from nbmlops.store.search import Question

        with self._reading() as connection:
            return Question(connection, search, dead_elsewhere(self), now()).count()

    def select(self, statement: str, *, limit: int, timeout_seconds: float) -> Selected:
        """Return what a SELECT finds."""
        dead = dead_elsewhere(self).compile(self.engine, compile_kwargs={"literal_binds": True})
        with self._translating():
            return self.dialect.selected(
                self.engine,
                statement,
                limit=limit,
                timeout_seconds=timeout_seconds,
                now=now(),
                dead=str(dead),
            )

    def choices(
        self, kind: Literal["params", "tags"], name: str, *, limit: int
    ) -> list[bool | int | float | str]:
        """Return values that runs have for a parameter or tag."""
        from nbmlops.store.search import KnownNames

        with self._reading() as connection:
            return KnownNames(connection).choices(kind, name, limit)

    def names(self, kind: Literal["metrics", "params", "tags"]) -> list[str]:
        """Return the names that runs have."""
        from nbmlops.store.search import KnownNames

        with self._reading() as connection:
            return KnownNames(connection).names(kind)

    def experiments(self) -> list[ExperimentTally]:
        """Return all experiments."""
        runs = tables.runs.c
        is_running = (runs.status == "running") & runs.session_id.not_in(dead_elsewhere(self))
        latest = func.max(runs.opened)
        tallies = (
            select(runs.experiment, func.count(), func.sum(case((is_running, 1), else_=0)), latest)
            .where(runs.trashed.is_(None))
            .group_by(runs.experiment)
            .order_by(latest.desc(), runs.experiment)
        )
        with self._reading() as connection:
            rows = connection.execute(tallies).all()
        return [ExperimentTally(name, count, int(going), at) for name, count, going, at in rows]

    def executions(
        self,
        run_id: RunId,
        *,
        with_outputs: bool = True,
        after: int = 0,
        limit: int | None = None,
    ) -> list[tuple[Execution, RunExecution]]:
        """Return the executions a run contains, in order."""
        chosen = paged(select(tables.executions).where(is_contained(run_id)), after, limit)
        with self._reading() as connection:
            gave = numbers_with_results(connection, run_id)
            found = executions_in(connection, chosen, with_outputs=with_outputs)
        return [
            (execution, RunExecution(run_id, execution.id, execution.sequence in gave))
            for execution in found
        ]

    def executions_of_runs(
        self, ids: Sequence[RunId]
    ) -> dict[RunId, list[tuple[Execution, RunExecution]]]:
        """Return what each of several runs contains."""
        with self._reading() as connection:
            return executions_of(connection, ids)

    def session_executions(
        self,
        session_id: SessionId,
        *,
        with_outputs: bool = True,
        after: int = 0,
        limit: int | None = None,
        beside: RunId | None = None,
    ) -> list[Execution]:
        """Return the executions of a session, in order."""
        of_session = tables.executions.c.session_id == session_id
        chosen = paged(select(tables.executions).where(of_session), after, limit)
        if beside is not None:
            chosen = chosen.where(~is_contained(beside))
        with self._reading() as connection:
            return executions_in(connection, chosen, with_outputs=with_outputs)

    def execution(self, run_id: RunId, execution_id: ExecutionId) -> Execution:
        """Return an execution that a run contains."""
        this = tables.executions.c.id == clean(execution_id)
        chosen = select(tables.executions).where(this, is_contained(run_id))
        with self._reading() as connection:
            found = executions_in(connection, chosen, with_outputs=True)
        if not found:
            raise KeyError(execution_id)
        return found[0]

    def results(self, session_id: SessionId) -> list[Stretch]:
        """Return the stretches that gave the runs of a session their results."""
        of_session = select(tables.runs.c.id).where(tables.runs.c.session_id == session_id)
        columns = tables.stretches.c
        given = select(tables.stretches).where(columns.run_id.in_(of_session), columns.gave_result)
        return self.select_records(Stretch, given.order_by(columns.first, columns.run_id))

    def close(self) -> None:
        """Release files and connections."""
        self._changes.close()
        super().close()

    @contextlib.contextmanager
    def _blobs_delivered(self, records: Sequence[Record]) -> Iterator[None]:
        """Have the blobs that wait be where they are kept while records are saved."""
        if self._spool is None or not self._spool.waiting.digests():
            yield
            return
        with self._reading():  # a database that is away is found before a blob goes anywhere
            pass
        named = {digest for record in records for digest in blobs_of(record)}
        with self._spool.delivering(named, lambda: named_by_living(self.url)):
            yield


def _blobs(url: str) -> Blobs:
    kept = blobs_in(url)
    if kept is None:
        return open_blobs(url)
    from nbmlops.store.blobs_remote import RemoteBlobs

    return SpooledBlobs(open_blobs(url), RemoteBlobs(kept))
