"""Copying runs from one store to another: whole, only what is missing, as often as one likes.

A run is saved after its session, executions, data, blobs and the runs that it is inside of, so that
it is there whole or not at all: where copying was interrupted, it goes on when it is asked for
again. Of what both stores have nothing is copied, but for blobs of which the target has the names
alone; of what was written on a run in both the later stays.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from nbmlops.canonical import now
from nbmlops.records import (
    Annotation,
    Digest,
    Environment,
    FileUse,
    Mark,
    Profile,
    Record,
    RunId,
    SessionId,
    Tag,
    Use,
    Value,
)
from nbmlops.store.base import Recorder, RunTally, Store
from nbmlops.store.copying_blobs import CopyingBlobs
from nbmlops.store.documents import column_digests
from nbmlops.store.named_blobs import blobs_of

RUNS_AT_ONCE = 100  # in one transaction


@dataclass(frozen=True, slots=True)
class Written:
    """Something written on a run in both stores: by whom, and whether it was taken or is older."""

    run_id: RunId
    field: str
    by: str
    is_taken: bool


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied.

    ``missing_blobs`` are named by what was copied, and neither store has them whole from here; who
    recorded them is in ``recorders``. ``left_open`` are runs that go on; they are copied once they
    have ended.
    """

    runs: tuple[RunId, ...] = ()
    executions: int = 0
    blobs: int = 0
    blob_bytes: int = 0
    written: tuple[Written, ...] = ()
    missing_blobs: tuple[Digest, ...] = ()
    recorders: Mapping[Digest, frozenset[Recorder]] = MappingProxyType({})
    left_open: int = 0


def copy_runs(
    source: Store,
    target: Store,
    ids: Sequence[RunId] | None = None,
    *,
    say: Callable[[int, int], None] = lambda _done, _total: None,
    is_done: bool = True,
) -> Copied:
    """Copy what the target lacks of runs, and of those that they are inside of.

    Unless ``is_done``, only say of which runs it lacks something, and which blobs it has lost.

    Parameters
    ----------
    source, target : Store
    ids : sequence of str, optional
        By default all, but for those in the source's trash that the target does not have.
    say : callable
        Told how many runs are done, of how many.
    """
    copying = _Copying(source, target)
    wanted = copying.wanted(ids)
    if not is_done:
        copying.blobs.count(copying.asked(ids))
        return replace(copying.told(), runs=tuple(wanted))
    done = 0
    say(done, len(wanted))
    for start in range(0, len(wanted), RUNS_AT_ONCE):
        part = wanted[start : start + RUNS_AT_ONCE]
        for session_id in dict.fromkeys(copying.theirs[run_id].session_id for run_id in part):
            copying.session(session_id)
        copying.runs(part)
        done += len(part)
        say(done, len(wanted))
    copying.blobs.bring(copying.asked(ids))
    return copying.told()


class _Copying:
    """What is known of two stores while runs are copied, and what has been."""

    def __init__(self, source: Store, target: Store) -> None:
        self._source, self._target = source, target
        self.theirs: dict[RunId, RunTally] = {}
        self.ours: dict[RunId, RunTally] = {}
        self.copied = Copied()
        self.blobs = CopyingBlobs(source, target)
        self._sessions: set[SessionId] = set()  # that were copied

    def wanted(self, ids: Sequence[RunId] | None) -> list[RunId]:
        """Return the runs of which the target lacks something, outer ones first."""
        self.theirs = self._source.run_tallies(ids)
        while outer := {tally.parent_id for tally in self.theirs.values()} - {*self.theirs, None}:
            self.theirs = self._source.run_tallies([*filter(None, outer)]) | self.theirs
        self.ours = self._target.run_tallies(None if ids is None else list(self.theirs))
        lacking = [
            run_id
            for run_id in self._outer_first(ids)
            if _lacks(self.theirs[run_id], self.ours.get(run_id))
        ]
        is_open = {run_id for run_id in lacking if self.theirs[run_id].status == "running"}
        for run_id in lacking:  # what is inside of an open run waits for it
            parent = self.theirs[run_id].parent_id
            if parent in is_open and parent not in self.ours:
                is_open.add(run_id)
        met = tuple(each for run_id in self.theirs for each in self._met(run_id))
        self.copied = replace(self.copied, left_open=len(is_open), written=met)
        return [run_id for run_id in lacking if run_id not in is_open]

    def asked(self, ids: Sequence[RunId] | None) -> list[RunId] | None:
        """Return the runs that were asked for with those that they are inside of, None for all."""
        return None if ids is None else list(self.theirs)

    def told(self) -> Copied:
        """Return what was copied, and who recorded what could not be had."""
        blobs = self.blobs
        return replace(
            self.copied,
            blobs=blobs.number,
            blob_bytes=blobs.size_bytes,
            missing_blobs=tuple(blobs.missing),
            recorders=self._source.recorders_of(blobs.missing) if blobs.missing else {},
        )

    def _outer_first(self, ids: Sequence[RunId] | None) -> list[RunId]:
        """Return the runs that are asked for, each behind those that it is inside of.

        These may be of other sessions, and were opened later where clocks differ.
        """
        found: dict[RunId, None] = {}
        for wanted in self.theirs:
            if not ids and self._is_only_trash(wanted):
                continue
            outwards: dict[RunId, None] = {}
            run_id: RunId | None = wanted
            while run_id in self.theirs and run_id not in found and run_id not in outwards:
                outwards[run_id] = None
                run_id = self.theirs[run_id].parent_id
            found |= dict.fromkeys(reversed(outwards))
        return list(found)

    def _is_only_trash(self, run_id: RunId) -> bool:
        return self.theirs[run_id].is_trashed and run_id not in self.ours

    def session(self, session_id: SessionId) -> None:
        """Copy what the target lacks of a session, its executions and their data, once."""
        if session_id in self._sessions:
            return
        self._sessions.add(session_id)
        theirs = self._source.session_tallies([session_id])[session_id]
        ours = self._target.session_tallies([session_id]).get(session_id)
        is_same = ours is not None and theirs.counts == ours.counts
        if is_same and theirs.ended in (None, ours and ours.ended):
            return
        session = self._source.session(session_id)
        if session.ended is None:  # as far as it is copied it has: nobody there writes to it
            session = replace(session, ended=now())
        records: list[Record] = [session]
        if not is_same:
            records += self._executions(session_id)
        self._save(records)

    def _executions(self, session_id: SessionId) -> Iterator[Record]:
        there = set(self._target.session_executions(session_id, with_outputs=False))
        all_of_it = self._source.session_executions(session_id, with_outputs=False)
        lacking = {execution.id for execution in all_of_it if execution not in there}
        if lacking:
            whole = self._source.session_executions(session_id)
            yield from (execution for execution in whole if execution.id in lacking)
            self.copied = replace(self.copied, executions=self.copied.executions + len(lacking))
        ids = [execution.id for execution in all_of_it]
        known: set[Use | FileUse] = {*self._target.uses(ids), *self._target.file_uses(ids)}
        used: list[Use | FileUse] = [*self._source.uses(ids), *self._source.file_uses(ids)]
        yield from (use for use in used if use not in known)
        yield from self._data({use.digest for use in used if use.digest})

    def _data(self, digests: Iterable[Digest]) -> Iterator[Value | Profile]:
        wanted = sorted(digests)
        there = self._target.values(wanted)
        lacking = [
            value
            for digest, value in self._source.values(wanted).items()
            if digest not in there or (value.is_profiled and not there[digest].is_profiled)
        ]
        yield from lacking
        columns = sorted({each for value in lacking for each in column_digests(value.document)})
        profiled = self._target.profiles(columns)
        for digest, profile in self._source.profiles(columns).items():
            if digest not in profiled:
                yield profile

    def runs(self, ids: Sequence[RunId]) -> None:
        """Copy runs whose sessions are copied; of those that differ in words only these."""
        records = self._source.whole_runs(ids)
        only_words = {run_id for run_id in ids if self._differs_in_words(run_id)}
        self._save([
            record
            for record in records
            if isinstance(record, Annotation | Mark | Environment)
            or (getattr(record, "run_id", getattr(record, "id", None)) not in only_words
                and not self._is_outdated(record))
        ])  # fmt: skip
        copied = (run_id for run_id in ids if run_id not in only_words)
        self.copied = replace(self.copied, runs=(*self.copied.runs, *copied))

    def _differs_in_words(self, run_id: RunId) -> bool:
        ours, theirs = self.ours.get(run_id), self.theirs[run_id]
        return ours is not None and not _lacks(replace(theirs, written=frozenset()), ours)

    def _is_outdated(self, record: Record) -> bool:
        """Tell whether the target knows what became of a tag later than the source does."""
        if not isinstance(record, Tag) or (ours := self.ours.get(record.run_id)) is None:
            return False
        field = f"tags.{record.name}"
        known, theirs = (
            max((at for name, at, _ in tally.written if name == field), default=0.0)
            for tally in (ours, self.theirs[record.run_id])
        )
        return known > theirs

    def _met(self, run_id: RunId) -> Iterator[Written]:
        """Give what was written on a run that both stores have, and is not the same in both."""
        ours = self.ours.get(run_id)
        if ours is None:
            return
        there = {field: (at, by) for field, at, by in ours.written}
        for field, at, by in sorted(self.theirs[run_id].written):
            their_at, their_by = there.get(field, (0.0, ""))
            if (at, by) != (their_at, their_by):
                is_taken = at >= their_at
                yield Written(run_id, field, by if is_taken else their_by, is_taken)

    def _save(self, records: Sequence[Record]) -> None:
        for digest in dict.fromkeys(blob for record in records for blob in blobs_of(record)):
            self.blobs.copy(digest)
        self._target.save(records)


def _lacks(theirs: RunTally, ours: RunTally | None) -> bool:
    """Tell whether a store lacks something that another has of a run."""
    if ours is None:
        return True
    known = {field: at for field, at, _ in ours.written}
    has_later = any(at > known.get(field, -1.0) for field, at, _ in theirs.written)
    has_more = any(one > other for one, other in zip(theirs.counts, ours.counts, strict=True))
    return has_later or has_more or theirs.status != ours.status
