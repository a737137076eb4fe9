"""The store in an SQL database: one transaction a batch, six queries a table of runs."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from sqlalchemy import Connection, Select, case, func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from nbmlops.canonical import now
from nbmlops.errors import StoreUnavailable
from nbmlops.records import (
    DataSet,
    Digest,
    Environment,
    Execution,
    ExecutionId,
    FileUse,
    Outline,
    Point,
    Points,
    Profile,
    Record,
    RunExecution,
    RunId,
    RunSummary,
    Session,
    SessionId,
    Stretch,
    Use,
    Value,
)
from nbmlops.store import data_sets, live, live_folder, open_blobs, tables
from nbmlops.store.base import (
    Blobs,
    DataQuery,
    ExperimentTally,
    Finding,
    Forgotten,
    Policy,
    Removed,
    RunQuery,
    RunSearch,
    RunsFound,
    RunSize,
    RunTally,
    SampledSeries,
    Selected,
    SessionQuery,
    SessionTally,
)
from nbmlops.store.blobs_spool import SpooledBlobs
from nbmlops.store.changes import Changes
from nbmlops.store.contained import is_contained
from nbmlops.store.dialects import dialect_of
from nbmlops.store.execution_rows import executions_in, paged
from nbmlops.store.finding import find_data, find_run
from nbmlops.store.named_blobs import blobs_of, named_by_living
from nbmlops.store.opening import open_engine
from nbmlops.store.places import blobs_in, without_password
from nbmlops.store.rows import (
    TABLES,
    chunks,
    clean,
    from_row,
)
from nbmlops.store.run_rows import summaries
from nbmlops.store.saving import save_all
from nbmlops.store.selecting import filtered
from nbmlops.store.settling import dead_elsewhere, settle
from nbmlops.store.shared_executions import executions_of

_PATIENCE_MS = 1_000  # with whoever reads, where what is left is told


class SqlStore:
    """A store in an SQLite file or on a server.

    Keeps the promises of `nbmlops.store.base.Store`.
    """

    def __init__(self, url: str, *, makes: bool = True) -> None:
        self.dialect = dialect_of(url)
        self.url = without_password(url)
        self.blobs = _blobs(url)
        self._spool = self.blobs if isinstance(self.blobs, SpooledBlobs) else None
        self.engine, self.is_writable = open_engine(self.dialect, makes=makes)
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

    def empty_log(self) -> bool:
        """Bring the log into the file, and cut it off, unless somebody reads from it."""
        if self.engine.dialect.name != "sqlite":
            return True
        with self._translating(), self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection  # outside of any transaction
            try:
                is_busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError as problem:
                raise StoreUnavailable(self.url, str(problem)) from problem
            return not is_busy

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
        gave = select(tables.executions.c.id).where(is_contained(run_id, as_result=True))
        with self._reading() as connection:
            givers = set(connection.scalars(gave))
            found = executions_in(connection, chosen, with_outputs=with_outputs)
        return [
            (execution, RunExecution(run_id, execution.id, execution.id in givers))
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
    ) -> list[Execution]:
        """Return all executions of a session, in order."""
        of_session = tables.executions.c.session_id == session_id
        chosen = paged(select(tables.executions).where(of_session), after, limit)
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

    def points(self, run_id: RunId, name: str) -> list[Point]:
        """Return every measurement of a metric."""
        columns = tables.points.c
        statement = select(tables.points).where(
            columns.run_id == run_id, columns.name == clean(name)
        )
        return [
            point
            for part in self.select_records(Points, statement.order_by(columns.part))
            for point in part
        ]

    def series(self, run_id: RunId, name: str, *, buckets: int = 500) -> SampledSeries:
        """Return what draws a metric."""
        from nbmlops.store.sampling import sampled  # with numpy

        found = self.series_of_runs([run_id], [name], buckets=buckets)
        return found.get((run_id, name)) or sampled([], buckets)

    def series_of_runs(
        self, ids: Sequence[RunId], names: Sequence[str], *, buckets: int = 500
    ) -> dict[tuple[RunId, str], SampledSeries]:
        """Return what draws metrics of runs."""
        from nbmlops.store.sampling import sampled

        columns, known = tables.points.c, {clean(name): name for name in names}
        parts: dict[tuple[RunId, str], list[tuple[int, bytes]]] = {}
        for some in chunks(list(dict.fromkeys(ids))):
            wanted = columns.run_id.in_(some) & columns.name.in_([*known])
            statement = select(columns.run_id, columns.name, columns.count, columns.data)
            in_order = statement.order_by(columns.run_id, columns.name, columns.part)
            with self._reading() as connection:
                for run_id, name, count, data in connection.execute(in_order.where(wanted)):
                    parts.setdefault((run_id, known[name]), []).append((count, data))
        return {key: sampled(found, buckets) for key, found in parts.items()}

    def environment(self, digest: Digest) -> Environment:
        """Return an environment."""
        return self.environments([digest])[digest]

    def environments(self, digests: Sequence[Digest]) -> dict[Digest, Environment]:
        """Return those of these environments that are there."""
        return self._by_digest(Environment, digests)

    def uses(self, execution_ids: Sequence[ExecutionId]) -> list[Use]:
        """Return what executions read and wrote."""
        return self._of_executions(Use, execution_ids)

    def file_uses(self, execution_ids: Sequence[ExecutionId]) -> list[FileUse]:
        """Return the files that executions read and wrote."""
        return self._of_executions(FileUse, execution_ids)

    def values(self, digests: Sequence[Digest]) -> dict[Digest, Value]:
        """Return those of these values that are there."""
        return self._by_digest(Value, digests)

    def profiles(self, digests: Sequence[Digest]) -> dict[Digest, Profile]:
        """Return the profiles of those of these columns that have one."""
        return self._by_digest(Profile, digests)

    def data(self, query: DataQuery) -> list[DataSet]:
        """Return the data sets asked for."""
        with self._reading() as connection:
            return data_sets.found(connection, query)

    def count_data(self, query: DataQuery) -> int:
        """Return how many data sets fit."""
        with self._reading() as connection:
            return connection.scalar(data_sets.counted(query)) or 0

    def find_data(self, reference: str) -> Digest:
        """Return the data set that a user means."""
        with self._reading() as connection:
            return find_data(connection, reference)

    def run_tallies(self, ids: Sequence[RunId] | None) -> dict[RunId, RunTally]:
        """Return the tallies of runs."""
        from nbmlops.store.whole_runs import run_tallies

        with self._reading() as connection:
            return run_tallies(connection, ids)

    def session_tallies(self, ids: Sequence[SessionId]) -> dict[SessionId, SessionTally]:
        """Return the tallies of sessions."""
        from nbmlops.store.whole_runs import session_tallies

        with self._reading() as connection:
            return session_tallies(connection, ids)

    def whole_runs(self, ids: Sequence[RunId]) -> list[Record]:
        """Return the records of runs."""
        from nbmlops.store.whole_runs import whole_runs

        with self._reading() as connection:
            return whole_runs(connection, ids)

    def make_space(self, policy: Policy, *, is_done: bool) -> Removed:
        """Remove what may go, or say what would."""
        from nbmlops.store.space import make_space

        self._check_writable()
        return make_space(self, policy, is_done=is_done)

    def forget_runs(self, ids: Sequence[RunId], *, is_done: bool = True) -> Forgotten:
        """Remove runs for good."""
        from nbmlops.store.forgetting import forget_runs

        self._check_writable()
        return forget_runs(self, ids, dead=dead_elsewhere(self), is_done=is_done)

    def forget_text(self, text: str, *, is_done: bool = True) -> Forgotten:
        """Put stars in the place of a text."""
        from nbmlops.store.forgetting import forget_text

        self._check_writable()
        return forget_text(self, text, is_done=is_done)

    def places_of(self, text: str) -> tuple[str, ...]:
        """Return where a text occurs."""
        from nbmlops.store.forgetting import places_of

        with self._translating():
            return places_of(self, text)

    def sizes(self) -> list[RunSize]:
        """Return how many bytes each run takes."""
        from nbmlops.store.space import sizes

        with self._reading() as connection:
            return sizes(connection)

    def give_back_pages(self) -> bool:
        """Make the file of the database as small as what is in it.

        Returns whether it is so already: while somebody reads, what was stays until that ends.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        with self._translating(), self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection  # outside of any transaction
            [usual] = driver.execute("PRAGMA busy_timeout").fetchone()
            try:
                driver.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")  # not for each of them
                driver.execute("VACUUM")
                is_busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError as problem:
                raise StoreUnavailable(self.url, str(problem)) from problem
            finally:
                driver.execute(f"PRAGMA busy_timeout = {int(usual)}")
            return not is_busy

    def check(self) -> list[Finding]:
        """Look the whole store over."""
        from nbmlops.store.checking import check

        with self._translating():
            return check(self)

    def repair(self) -> list[Finding]:
        """Repair what can be, and say what was done."""
        from nbmlops.store.repairing import repair

        self._check_writable()
        with self._translating():
            return repair(self)

    def close(self) -> None:
        """Release files and connections."""
        self._changes.close()
        self.engine.dispose()

    def _check_writable(self) -> None:
        if not self.is_writable:
            raise self.dialect.not_writable()

    @contextlib.contextmanager
    def _translating(self) -> Iterator[None]:
        """Raise our errors for the database's."""
        try:
            yield
        except DatabaseError as problem:
            raise self.dialect.translated(problem) from problem
        except NoConnectionFree as problem:
            raise StoreUnavailable(self.url, str(problem)) from problem

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._translating(), self.engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that is written in; in SQLite it holds the file from its beginning."""
        with (
            self._translating(),
            self.engine.connect() as connection,
            connection.execution_options(writes=True).begin(),
        ):
            yield connection

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

    def select_records[R: Record](self, kind: type[R], statement: Select[Any]) -> list[R]:
        """Return the records of one kind that a statement finds."""
        with self._reading() as connection:
            return [from_row(kind, row) for row in connection.execute(statement).mappings()]

    def _of_executions[R: Record](self, kind: type[R], ids: Sequence[ExecutionId]) -> list[R]:
        table = TABLES[kind]
        return [
            record
            for chunk in chunks(sorted(set(ids)))
            for record in self.select_records(
                kind,
                select(table).where(table.c.execution_id.in_(chunk)).order_by(*table.primary_key),
            )
        ]

    def _by_digest[R: (Value, Profile, Environment)](
        self, kind: type[R], digests: Sequence[Digest]
    ) -> dict[Digest, R]:
        table = TABLES[kind]
        return {
            record.digest: record
            for chunk in chunks(list(dict.fromkeys(digests)))
            for record in self.select_records(kind, select(table).where(table.c.digest.in_(chunk)))
        }


def _blobs(url: str) -> Blobs:
    kept = blobs_in(url)
    if kept is None:
        return open_blobs(url)
    from nbmlops.store.blobs_remote import RemoteBlobs

    return SpooledBlobs(open_blobs(url), RemoteBlobs(kept))
