"""The contract of a store: what every implementation promises."""

from collections.abc import Collection, Sequence
from typing import Literal, Protocol

from nbmlops.records import (
    DataSet,
    Digest,
    Environment,
    Execution,
    ExecutionId,
    FileUse,
    Outline,
    Point,
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
from nbmlops.store.base.asking import DataQuery, RunQuery, RunSearch, SessionQuery
from nbmlops.store.base.blobs import Blobs
from nbmlops.store.base.found import (
    ExperimentTally,
    Finding,
    Recorder,
    RunsFound,
    RunTally,
    SampledSeries,
    Selected,
    SessionTally,
)
from nbmlops.store.base.space import Forgotten, Policy, Removed, RunSize


class Store(Protocol):
    """Keeps records and finds them again.

    Any number of processes may use a store at once. Reading never waits for writing. All methods
    may be called from any thread. Where the database fails, reading raises `StoreError`s too:
    `StoreUnavailable`, `NotAStore` where its file was damaged or taken away.
    """

    @property
    def url(self) -> str:
        """Where it is."""

    @property
    def blobs(self) -> Blobs:
        """Its blobs."""

    def save(self, records: Sequence[Record]) -> None:
        """Save records in one transaction: all of them or, when it raises, none.

        A record replaces the one with its key. The order within a batch does not matter, except
        that of two records with one key the later stays. The name, note, hypothesis and verdict of
        a run that is there already are changed by an `Annotation` only, whether it is in the trash
        or pinned by a `Mark`: whoever has the run open may not know what others wrote on it
        meanwhile. Of two of these for one field the later written stays. A `Value` or `Profile`
        that is there stays, unless the new value is profiled and it is not; a `Use` or `FileUse`
        with a digest is only replaced by one that has a digest too. Of `Points` small parts are
        made one, and a part that is in a larger one stays in it.

        Raises
        ------
        StoreNotWritable
            No permission, or no space left.
        StoreUnavailable
            Another process held the store for longer than the time-out (5 s).
        """

    def save_over(self, records: Sequence[Record]) -> None:
        """Save records in place of others of which nothing may stay in any file.

        As `save` does it. Until `empty_log` has returned True the log may have them still. Of a
        store on a server it is not known what is left of them there.
        """

    def empty_log(self) -> bool:
        """Have nothing in the log beside the database; return whether nobody's reading forbids it.

        True where there is no log.
        """

    def settle(self) -> list[SessionId]:
        """Find sessions whose process died; deliver what they left; mark them interrupted.

        Returns the sessions found dead. Reading calls this first, so that the status of a run is
        right at the next look after a ``kill -9``. On a store that cannot be written it does
        nothing. What cannot be saved of a torn file costs nothing of the rest.

        Raises
        ------
        StoreNotWritable, StoreUnavailable
            As saving does. What was not delivered then stays for the next time.
        """

    def change(self) -> str:
        """Return a text that is another one when something was saved since, by whomever.

        It may be another without that, too. It is for this object alone.

        Raises
        ------
        StoreTooNew
            A later version of nbmlops has led the store to its schema meanwhile.
        """

    def session(self, session_id: SessionId) -> Session:
        """Return a session; raise `KeyError` where there is none."""

    def latest_session(self) -> Session | None:
        """Return the session that began last; None where there is none."""

    def sessions(self, query: SessionQuery) -> list[Session]:
        """Return the sessions asked for."""

    def outline(self, run_id: RunId) -> Outline | None:
        """Return how a run's notebook was laid out when it was closed, where that was recorded."""

    def find_run(self, reference: str, *, in_trash: bool = False) -> RunId:
        """Return the run that a user means.

        By whole id, ``@N`` (the N-th latest, from 1), name (the latest of that name), or the
        unique beginning of an id, in this order. Of runs in the trash only those are found whose
        whole id it is, or they alone where it is asked for one ``in_trash``.

        Raises
        ------
        RunNotFound
            Nothing fits.
        RunAmbiguous
            Several ids begin so.
        """

    def runs(self, query: RunQuery) -> list[RunSummary]:
        """Return the runs asked for, in six queries whatever their number."""

    def count_runs(self, query: RunQuery) -> int:
        """Return how many runs the conditions of a query fit, whatever its limit."""

    def search(self, search: RunSearch) -> RunsFound:
        """Return a page of the runs that fit a filter.

        Runs are sorted by any number of fields; those that have no value for one come last in it
        either way, and equal ones the latest first. Going on behind a page repeats and skips no
        run, whatever is recorded meanwhile. A status is what is shown, not what is stored.

        Raises
        ------
        QueryError
            The filter or order cannot be read.
        InvalidCursor
            ``after`` is not of this search.
        """

    def count_found(self, search: RunSearch) -> int:
        """Return how many runs fit a filter, whatever the page; raises as `search` does."""

    def select(self, statement: str, *, limit: int, timeout_seconds: float) -> Selected:
        """Return what a SELECT finds in the views of `nbmlops.store.search_views`.

        Raises
        ------
        SelectFailed
            The statement fails, or would do something else than read.
        SelectTooSlow
            It took longer than the time it was given.
        """

    def choices(
        self, kind: Literal["params", "tags"], name: str, *, limit: int
    ) -> list[bool | int | float | str]:
        """Return values that runs have for a parameter or tag, to choose from, in order.

        Of those that many runs have not all may be looked at. What is no number, truth or text is
        left out.
        """

    def names(self, kind: Literal["metrics", "params", "tags"]) -> list[str]:
        """Return the names of all metrics, parameters or tags that runs have, in order."""

    def experiments(self) -> list[ExperimentTally]:
        """Return all experiments, that with the latest run first, in one query."""

    def executions(
        self, run_id: RunId, *, with_outputs: bool = True, after: int = 0, limit: int | None = None
    ) -> list[tuple[Execution, RunExecution]]:
        """Return the executions a run contains, in the order they happened.

        Without their outputs, which are not even read, in two queries. Only those whose number is
        higher than ``after``, and no more than ``limit``.
        """

    def executions_of_runs(
        self, ids: Sequence[RunId]
    ) -> dict[RunId, list[tuple[Execution, RunExecution]]]:
        """Return what each of several runs contains, in order and without outputs.

        In one query for each 500 runs, and one for each 100 stretches that they cover together: an
        execution that several of them contain is read once.
        """

    def session_executions(
        self,
        session_id: SessionId,
        *,
        with_outputs: bool = True,
        after: int = 0,
        limit: int | None = None,
        beside: RunId | None = None,
    ) -> list[Execution]:
        """Return all executions of a session, in order; without outputs in one query.

        Only those whose number is higher than ``after``, no more than ``limit``, and but for those
        that a run contains, where these are known already.
        """

    def execution(self, run_id: RunId, execution_id: ExecutionId) -> Execution:
        """Return an execution that a run contains; raise `KeyError` where it has none of this id.

        It is read with its outputs, and no other is.
        """

    def results(self, session_id: SessionId) -> list[Stretch]:
        """Return the stretches of a session that gave its runs their results, in one query."""

    def points(self, run_id: RunId, name: str) -> list[Point]:
        """Return every measurement of a metric, in the order they were logged."""

    def series(self, run_id: RunId, name: str, *, buckets: int = 500) -> SampledSeries:
        """Return what draws a metric, in one query: all measurements up to twice the buckets."""

    def series_of_runs(
        self, ids: Sequence[RunId], names: Sequence[str], *, buckets: int = 500
    ) -> dict[tuple[RunId, str], SampledSeries]:
        """Return what draws metrics of runs, as `series` does, in one query for each 400 runs.

        Those that a run does not have are left out.
        """

    def environment(self, digest: Digest) -> Environment:
        """Return an environment; raise `KeyError` where there is none."""

    def environments(self, digests: Sequence[Digest]) -> dict[Digest, Environment]:
        """Return those of these environments that are there, in one query for each 400."""

    def uses(self, execution_ids: Sequence[ExecutionId]) -> list[Use]:
        """Return what executions read and wrote, by execution, name and role."""

    def file_uses(self, execution_ids: Sequence[ExecutionId]) -> list[FileUse]:
        """Return the files that executions read and wrote, by execution, path and role."""

    def values(self, digests: Sequence[Digest]) -> dict[Digest, Value]:
        """Return those of these values that are there."""

    def profiles(self, digests: Sequence[Digest]) -> dict[Digest, Profile]:
        """Return the profiles of those of these columns that have one."""

    def data(self, query: DataQuery) -> list[DataSet]:
        """Return the data sets asked for, the latest used first, in five queries for each 400.

        A value that no execution is known to have used is none.
        """

    def count_data(self, query: DataQuery) -> int:
        """Return how many data sets the conditions of a query fit, whatever its limit."""

    def find_data(self, reference: str) -> Digest:
        """Return the data set that a user means.

        By whole digest, name of a variable or path (the latest that had it), or the unique
        beginning of a digest, from four characters on, in this order.

        Raises
        ------
        DataNotFound
            Nothing fits.
        DataAmbiguous
            Several digests begin so.
        """

    def run_tallies(self, ids: Sequence[RunId] | None) -> dict[RunId, RunTally]:
        """Return the tallies of those of these runs that are there, None for all, oldest first.

        In ten queries for each 500.
        """

    def session_tallies(self, ids: Sequence[SessionId]) -> dict[SessionId, SessionTally]:
        """Return the tallies of those of these sessions that are there."""

    def whole_runs(self, ids: Sequence[RunId]) -> list[Record]:
        """Return the records of runs that are there: parts, environments, what was written on them.

        In eleven queries for each 500, without what belongs to their sessions.
        """

    def blobs_named(self, ids: Sequence[RunId] | None) -> set[Digest]:
        """Return the blobs that runs, all if None, and their sessions' executions name."""

    def recorders_of(self, digests: Collection[Digest]) -> dict[Digest, frozenset[Recorder]]:
        """Return by whom, and on which machines, what names blobs was recorded."""

    def make_space(self, policy: Policy, *, is_done: bool) -> Removed:
        """Remove what may go, or only say what would where it is not to be done.

        Nothing goes of sessions that have not ended, nor what pinned runs need. With a run goes
        all that only it uses; executions, too, that no other run contains.

        Raises
        ------
        StoreNotWritable, StoreUnavailable
            As saving does.
        """

    def forget_runs(self, ids: Sequence[RunId], *, is_done: bool = True) -> Forgotten:
        """Remove runs for good, at once, with all that only they use; or say what would go.

        What they were is not in the bytes of any file of the store any more but those that
        `Forgotten.left` names; copies from before upgrades go too. Blobs that a record on its way
        names stay.

        Raises
        ------
        RunInLivingSession
            The session of one, or of one inside, goes on: it needs what they contain.
        """

    def forget_text(self, text: str, *, is_done: bool = True) -> Forgotten:
        """Put stars in the place of a text wherever it occurs, in any form it is written in.

        Or say what that would change, where it is not to be done.

        Raises
        ------
        TextTooCommon
            It is short, a number, or a word that records are written with.
        """

    def places_of(self, text: str) -> tuple[str, ...]:
        """Return where the bytes of a text occur, in any form: the store's files or tables."""

    def sizes(self) -> list[RunSize]:
        """Return how many bytes each run takes that is not in the trash, the largest first."""

    def check(self) -> list[Finding]:
        """Look the whole store over: schema, pages, references, data, blobs, dead sessions."""

    def repair(self, *, drops_lost: bool = False) -> list[Finding]:
        """Repair what `check` finds and can be, after a copy was made; say what was done.

        What is not good then could not be repaired. Of a store that others record into what names
        blobs that are not found from here stays, unless it ``drops_lost`` ones: no copy is made of
        it, and another machine may have them.
        """

    def close(self) -> None:
        """Release files and connections. Using the store afterwards opens them again."""
