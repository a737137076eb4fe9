"""What runs have and executions used: measurements, environments, data, and runs as a whole."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from nbmlops.records import (
    DataSet,
    Digest,
    Environment,
    ExecutionId,
    FileUse,
    Point,
    Points,
    Profile,
    Record,
    RunId,
    SessionId,
    Use,
    Value,
)
from nbmlops.store import data_sets, tables
from nbmlops.store.base import DataQuery, Recorder, RunTally, SampledSeries, SessionTally
from nbmlops.store.connected import Connected
from nbmlops.store.finding import find_data
from nbmlops.store.rows import chunks, clean


class Parts(Connected):
    """Reads the parts of runs in an SQL database; see `nbmlops.store.base.Store`."""

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

    def blobs_named(self, ids: Sequence[RunId] | None) -> set[Digest]:
        """Return the blobs that runs name."""
        from nbmlops.store.blob_places import blobs_named

        with self._reading() as connection:
            return blobs_named(connection, ids)

    def recorders_of(self, digests: Collection[Digest]) -> dict[Digest, frozenset[Recorder]]:
        """Return by whom, and where, what names blobs was recorded."""
        from nbmlops.store.blob_places import recorders_of

        with self._reading() as connection:
            return recorders_of(connection, digests)
