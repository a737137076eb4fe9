"""The store in an SQL database: one transaction a batch, six queries a table of runs."""

import contextlib
import socket
import sqlite3
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

from sqlalchemy import Connection, Select, case, func, select, true, update
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from nbmlops.canonical import now
from nbmlops.errors import StoreNotWritable, StoreUnavailable
from nbmlops.records import (
    Annotation,
    Artifact,
    DataSet,
    Digest,
    Environment,
    Execution,
    ExecutionId,
    FileUse,
    Mark,
    Metric,
    Model,
    Outline,
    Param,
    Point,
    Points,
    Profile,
    Record,
    Run,
    RunExecution,
    RunId,
    RunSummary,
    Session,
    SessionId,
    Stretch,
    Tag,
    Use,
    Value,
)
from nbmlops.store import data_sets, fault_log, live, live_folder, open_blobs, tables
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
from nbmlops.store.finding import find_data, find_run
from nbmlops.store.live_head import Loss
from nbmlops.store.named_blobs import blobs_of, named_by_living
from nbmlops.store.opening import open_engine
from nbmlops.store.places import blobs_in, home_of, without_password
from nbmlops.store.rows import (
    MOST_IN_ONE,
    TABLES,
    chunks,
    clean,
    from_row,
    from_values,
    outputs_from_rows,
)
from nbmlops.store.saving import save_all
from nbmlops.store.selecting import filtered, ordered

# Heartbeats come every 15 s; a session on another host that missed several is taken for dead.
SILENCE_SECONDS = 60.0

type _Wanted = Sequence[RunId] | Select[Any]


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
        self._is_settled = True  # unless it turns out that nothing can be written now

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
        self._is_settled = False
        settled = self._settle()
        self._is_settled = True
        return settled

    def _settle(self) -> list[SessionId]:
        folder = live_folder(self.url)
        left: dict[SessionId, Loss | None] = {}
        for path in live.live_files(folder):
            session_id = live.session_of(path)
            with live.leftovers(path) as found:
                if found is None:
                    continue
                if found.records:
                    self._deliver(found.records)
                if found.loss:
                    self._tell_loss(session_id, found.loss)
                left[session_id] = found.loss
        dead = [
            session
            for session in self._select(Session, select(tables.sessions).where(_is_open()))
            if self._has_died(session, left)
        ]
        return [session.id for session in dead if self._bury(session, left.get(session.id))]

    def change(self) -> str:
        """Return a text that is another one when something was saved since."""
        alive = ",".join(path.stem for path in live.live_files(live_folder(self.url)))
        with self._translating():
            return f"{self._changes.now()}-{alive}"

    def session(self, session_id: SessionId) -> Session:
        """Return a session."""
        found = self._select(
            Session, select(tables.sessions).where(tables.sessions.c.id == session_id)
        )
        if not found:
            raise KeyError(session_id)
        return found[0]

    def latest_session(self) -> Session | None:
        """Return the session that began last."""
        newest = tables.sessions.c.started.desc(), tables.sessions.c.id.desc()
        found = self._select(Session, select(tables.sessions).order_by(*newest).limit(1))
        return found[0] if found else None

    def sessions(self, query: SessionQuery) -> list[Session]:
        """Return the sessions asked for."""
        columns = tables.sessions.c
        statement = select(tables.sessions)
        if query.kernel_id is not None:
            statement = statement.where(columns.kernel_id == clean(query.kernel_id))
        if query.notebook is not None:
            statement = statement.where(columns.notebook == clean(query.notebook))
        newest = statement.order_by(columns.started.desc(), columns.id.desc())
        return self._select(Session, newest.limit(query.limit).offset(query.offset or None))

    def outline(self, run_id: RunId) -> Outline | None:
        """Return how a run's notebook was laid out when it was closed."""
        of_run = tables.outlines.c.run_id == run_id
        found = self._select(Outline, select(tables.outlines).where(of_run))
        return found[0] if found else None

    def find_run(self, reference: str, *, in_trash: bool = False) -> RunId:
        """Return the run that a user means."""
        with self._reading() as connection:
            return find_run(connection, reference, in_trash=in_trash)

    def runs(self, query: RunQuery) -> list[RunSummary]:
        """Return the runs asked for."""
        is_dead = tables.runs.c.session_id.in_(self._dead_elsewhere()).label("is_dead")
        statement = ordered(filtered(select(tables.runs, is_dead), query), query)
        with self._reading() as connection:
            runs = [_run_seen(row) for row in connection.execute(statement).mappings()]
            wanted: _Wanted = [run.id for run in runs]
            if len(runs) > MOST_IN_ONE:
                wanted = filtered(select(tables.runs.c.id), query)
            params = _parts(connection, Param, wanted, query.params)
            metrics = _parts(connection, Metric, wanted, query.metrics)
            models = _parts(connection, Model, wanted)
            artifacts = _parts(connection, Artifact, wanted)
            tags = _parts(connection, Tag, wanted)
        return [
            RunSummary(
                run,
                tuple(params.get(run.id, ())),
                tuple(metrics.get(run.id, ())),
                tuple(models.get(run.id, ())),
                tuple(artifacts.get(run.id, ())),
                tuple(tags.get(run.id, ())),
            )
            for run in runs
        ]

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
            question = Question(connection, search, self._dead_elsewhere(), now())
            ids, following = question.page()
            notes = () if ids else tuple(question.unknown_names())
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
            return Question(connection, search, self._dead_elsewhere(), now()).count()

    def select(self, statement: str, *, limit: int, timeout_seconds: float) -> Selected:
        """Return what a SELECT finds."""
        dead = self._dead_elsewhere().compile(self.engine, compile_kwargs={"literal_binds": True})
        with self._translating():
            return self.dialect.selected(
                self.engine,
                statement,
                limit=limit,
                timeout_seconds=timeout_seconds,
                now=now(),
                dead=str(dead),
            )

    def names(self, kind: Literal["metrics", "params", "tags"]) -> list[str]:
        """Return the names that runs have."""
        from nbmlops.store.search import KnownNames

        with self._reading() as connection:
            return KnownNames(connection).names(kind)

    def experiments(self) -> list[ExperimentTally]:
        """Return all experiments."""
        runs = tables.runs.c
        is_running = (runs.status == "running") & runs.session_id.not_in(self._dead_elsewhere())
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
        chosen = _paged(select(tables.executions).where(is_contained(run_id)), after, limit)
        gave = select(tables.executions.c.id).where(is_contained(run_id, as_result=True))
        with self._reading() as connection:
            givers = set(connection.scalars(gave))
        return [
            (execution, RunExecution(run_id, execution.id, execution.id in givers))
            for execution in self._executions(chosen, with_outputs)
        ]

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
        chosen = _paged(select(tables.executions).where(of_session), after, limit)
        return self._executions(chosen, with_outputs)

    def execution(self, run_id: RunId, execution_id: ExecutionId) -> Execution:
        """Return an execution that a run contains."""
        this = tables.executions.c.id == clean(execution_id)
        chosen = select(tables.executions).where(this, is_contained(run_id))
        found = self._executions(chosen, with_outputs=True)
        if not found:
            raise KeyError(execution_id)
        return found[0]

    def results(self, session_id: SessionId) -> list[Stretch]:
        """Return the stretches that gave the runs of a session their results."""
        of_session = select(tables.runs.c.id).where(tables.runs.c.session_id == session_id)
        columns = tables.stretches.c
        given = select(tables.stretches).where(columns.run_id.in_(of_session), columns.gave_result)
        return self._select(Stretch, given.order_by(columns.first, columns.run_id))

    def points(self, run_id: RunId, name: str) -> list[Point]:
        """Return every measurement of a metric."""
        columns = tables.points.c
        statement = select(tables.points).where(
            columns.run_id == run_id, columns.name == clean(name)
        )
        return [
            point
            for part in self._select(Points, statement.order_by(columns.part))
            for point in part
        ]

    def series(self, run_id: RunId, name: str, *, buckets: int = 500) -> SampledSeries:
        """Return what draws a metric."""
        from nbmlops.store.sampling import sampled  # with numpy

        columns = tables.points.c
        of_metric = (columns.run_id == run_id) & (columns.name == clean(name))
        statement = select(tables.points).where(of_metric).order_by(columns.part)
        parts = [(part.count, part.data) for part in self._select(Points, statement)]
        return sampled(parts, buckets)

    def series_of_runs(
        self, ids: Sequence[RunId], names: Sequence[str], *, buckets: int = 500
    ) -> dict[tuple[RunId, str], SampledSeries]:
        """Return what draws metrics of runs."""
        from nbmlops.store.sampling import sampled

        columns, known = tables.points.c, {clean(name): name for name in names}
        parts: dict[tuple[RunId, str], list[tuple[int, bytes]]] = {}
        for some in chunks(list(dict.fromkeys(ids))):
            wanted = columns.run_id.in_(some) & columns.name.in_([*known])
            statement = select(tables.points).where(wanted)
            in_order = statement.order_by(columns.run_id, columns.name, columns.part)
            for part in self._select(Points, in_order):
                parts.setdefault((part.run_id, known[part.name]), []).append(
                    (part.count, part.data)
                )
        return {key: sampled(found, buckets) for key, found in parts.items()}

    def environment(self, digest: Digest) -> Environment:
        """Return an environment."""
        wanted = tables.environments.c.digest == digest
        found = self._select(Environment, select(tables.environments).where(wanted))
        if not found:
            raise KeyError(digest)
        return found[0]

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

    def forget_runs(self, ids: Sequence[RunId]) -> Forgotten:
        """Remove runs for good."""
        from nbmlops.store.forgetting import forget_runs

        self._check_writable()
        return forget_runs(self, ids, dead=self._dead_elsewhere())

    def forget_text(self, text: str) -> Forgotten:
        """Put stars in the place of a text."""
        from nbmlops.store.forgetting import forget_text

        self._check_writable()
        return forget_text(self, text)

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
            try:
                driver.execute("VACUUM")
                is_busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError as problem:
                raise StoreUnavailable(self.url, str(problem)) from problem
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
            raise StoreNotWritable(self.url, self.dialect.why_not_writable())

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

    def _deliver(self, records: list[Record]) -> None:
        """Save what a dead process left; where a part was torn away, what can be saved of it."""
        try:
            self.save(records)
        except SQLAlchemyError:  # a record refers to one that is lost
            kinds = [*TABLES, Annotation, Mark]
            for record in sorted(records, key=lambda record: kinds.index(type(record))):
                with contextlib.suppress(SQLAlchemyError):
                    self.save([record])

    def _select[R: Record](self, kind: type[R], statement: Select[Any]) -> list[R]:
        with self._reading() as connection:
            return [from_row(kind, row) for row in connection.execute(statement).mappings()]

    def _executions(self, statement: Select[Any], with_outputs: bool) -> list[Execution]:
        bare = self._select(Execution, statement.order_by(tables.executions.c.sequence))
        if not with_outputs:
            return bare
        outputs: dict[str, list[Mapping[Any, Any]]] = {}
        columns = tables.contents.c
        with self._reading() as connection:
            for part in chunks(bare):
                ids = [execution.id for execution in part]
                rows = connection.execute(
                    select(tables.contents)
                    .where(columns.execution_id.in_(ids))
                    .order_by(columns.execution_id, columns.output, columns.position)
                )
                for row in rows.mappings():
                    outputs.setdefault(row["execution_id"], []).append(row)
        return [
            replace(execution, outputs=outputs_from_rows(outputs.get(execution.id, ())))
            for execution in bare
        ]

    def _of_executions[R: Record](self, kind: type[R], ids: Sequence[ExecutionId]) -> list[R]:
        table = TABLES[kind]
        return [
            record
            for chunk in chunks(sorted(set(ids)))
            for record in self._select(
                kind,
                select(table).where(table.c.execution_id.in_(chunk)).order_by(*table.primary_key),
            )
        ]

    def _by_digest[R: (Value, Profile)](
        self, kind: type[R], digests: Sequence[Digest]
    ) -> dict[Digest, R]:
        table = TABLES[kind]
        return {
            record.digest: record
            for chunk in chunks(list(dict.fromkeys(digests)))
            for record in self._select(kind, select(table).where(table.c.digest.in_(chunk)))
        }

    def _has_died(self, session: Session, left: Container[SessionId]) -> bool:
        """Tell whether the process of an open session is gone; ``left`` are those that left files.

        One that has a file still has died in this moment, or another reader is delivering what is
        in it: its end may be told only after that, or what it left would be as if it went on.

        In a shared store one that left none may be another user's of this machine, or of another
        container with its name.
        """
        if self.dialect.is_shared:
            return session.id in left
        is_here = session.host == socket.gethostname()
        return is_here and not live.has_file(live_folder(self.url), session.id)

    def _dead_elsewhere(self) -> Select[Any]:
        """Select open sessions of other hosts that were silent too long; they may yet wake.

        Where nothing can be written now, a disk is full, say, also those of this one that ended.
        """
        columns = tables.sessions.c
        condition = columns.heartbeat < now() - SILENCE_SECONDS
        if self.dialect.is_shared:
            living = live.living(live_folder(self.url))
            condition &= columns.id.not_in(living) if living else true()
        elif self.is_writable:
            here = socket.gethostname()
            condition &= columns.host != here
            if not self._is_settled:
                living = live.living(live_folder(self.url))
                condition |= (columns.host == here) & columns.id.not_in(living or [""])
        return select(columns.id).where(_is_open(), condition)

    def _tell_loss(self, session_id: SessionId, loss: Loss) -> None:
        """Write down what a session took with it; where that finds no room it is tried again."""
        try:
            fault_log.note(home_of(self.url), f"lost, session {session_id}", loss.told)
        except OSError as problem:
            raise StoreNotWritable(self.url, str(problem)) from problem

    def _bury(self, session: Session, loss: Loss | None) -> bool:
        """Mark a dead session and what it left open; return whether it was open till now."""
        executions, runs, sessions = tables.executions, tables.runs, tables.sessions
        ours = executions.c.session_id == session.id
        with self.writing() as connection:
            last = connection.execute(
                select(executions).where(ours).order_by(executions.c.sequence.desc()).limit(1)
            ).mappings()
            row = last.first()
            ended = max(session.heartbeat, *_times(row)) if row else session.heartbeat
            reason = f"its process ended during execution [{row['sequence']}]" if row else None
            if row and row["outcome"] != "running":
                reason = f"its process ended after execution [{row['sequence']}]"
            if loss:
                reason = f"{reason or 'its process ended'}; {loss.told}"
            this = (sessions.c.id == session.id) & _is_open()
            buried = connection.execute(
                update(sessions).where(this).values(ended=ended, interrupted=True)
            )
            if not buried.rowcount:  # another reader was first
                return False
            running = executions.c.outcome == "running"
            connection.execute(
                update(executions).where(ours, running).values(outcome="interrupted")
            )
            closed = case((runs.c.opened > ended, runs.c.opened), else_=ended)
            connection.execute(
                update(runs)
                .where(runs.c.session_id == session.id, runs.c.status == "running")
                .values(status="interrupted", closed=closed, reason=reason)
            )
        return True


def _blobs(url: str) -> Blobs:
    kept = blobs_in(url)
    if kept is None:
        return open_blobs(url)
    from nbmlops.store.blobs_remote import RemoteBlobs

    return SpooledBlobs(open_blobs(url), RemoteBlobs(kept))


def _parts[R: Record](
    connection: Connection, kind: type[R], wanted: _Wanted, names: Sequence[str] | None = None
) -> dict[RunId, list[R]]:
    """Return the records of runs by run, each in the order of their names; only those named."""
    table = TABLES[kind]
    columns = [table.c[field.name] for field in fields(kind)]
    statement = select(*columns).where(table.c.run_id.in_(wanted))
    if names is not None:
        if not names:
            return {}
        statement = statement.where(table.c.name.in_([clean(name) for name in names]))
    rows = connection.execute(statement.order_by(table.c.run_id, table.c.name)).all()
    return {
        run_id: [from_values(kind, row) for row in of_run]
        for run_id, of_run in groupby(rows, itemgetter(0))
    }


def _paged(statement: Select[Any], after: int, limit: int | None) -> Select[Any]:
    """Leave out executions before a number; `SqlStore._executions` puts them in order."""
    if after:
        statement = statement.where(tables.executions.c.sequence > after)
    return statement.limit(limit)


def _is_open() -> Any:
    return tables.sessions.c.ended.is_(None)


def _times(row: Mapping[Any, Any]) -> tuple[float, float]:
    return row["started"], row["started"] + (row["duration_seconds"] or 0.0)


def _run_seen(row: Mapping[Any, Any]) -> Run:
    run = from_row(Run, row)
    if run.status == "running" and row["is_dead"]:
        return replace(run, status="interrupted")
    return run
