"""Makes stores of many runs in seconds, by inserting rows in bulk; the same store for one seed.

Run ``python tests/benchmarks/big_store.py PATH 10000`` to keep one; a URL may stand for the path.
"""

import contextlib
import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, event, insert

from nbmlops.config import sqlite_url
from nbmlops.records import joined
from nbmlops.store import tables
from nbmlops.store.sql import SqlStore

METRICS, PARAMS, TAGS = 20, 20, 5
RUNS_OF_SESSION, CELLS_OF_SESSION, CELLS_OF_RUN = 10, 12, 6
EXPERIMENTS = 12
START, SECONDS_BETWEEN = 1_760_000_000.0, 120.0
_BATCH = 20_000
_NAMES = json.dumps({kind: [] for kind in ("defined", "used", "touched", "deleted")})
_WORDS = ("forest", "linear", "boosted", "deep", "shallow", "wide")


def make(place: Path | str, run_count: int, seed: int = 0) -> str:
    """Make a store of finished runs at a path or an URL of its own and return its URL."""
    url = sqlite_url(place) if isinstance(place, Path) else place
    store = SqlStore(url)

    @event.listens_for(store.engine, "connect")
    def _fast(connection: Any, _: Any) -> None:
        if store.engine.dialect.name == "sqlite":
            connection.execute("PRAGMA synchronous = OFF")

    store.engine.dispose()
    with (
        store.engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
        _in_bulk(connection),
    ):
        for table, rows in _tables(run_count, seed):
            _insert(connection, table, rows)
    if store.engine.dialect.name == "postgresql":  # what its server does by itself, a minute later
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    store.close()
    return url


@contextlib.contextmanager
def _in_bulk(connection: Connection) -> Iterator[None]:
    """Have indexes be made when all rows are there, and PostgreSQL look up no reference of a row.

    Row by row both take several times as long as the rows themselves.
    """
    is_server = connection.dialect.name == "postgresql"
    if is_server:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
    found = connection.exec_driver_sql(_INDEXES[connection.dialect.name]).all()
    for name, _ in found:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    yield
    for _, definition in found:
        connection.exec_driver_sql(definition)


# Those with a name of their own: others belong to primary keys.
_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": """
        SELECT indexname, indexdef FROM pg_indexes
        WHERE schemaname = current_schema()
          AND indexname NOT IN (SELECT conname FROM pg_constraint)
    """,
}


def _insert(connection: Connection, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows whose values stand in the order of the table's columns."""
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
        return
    compiled = insert(table).compile(connection.engine)
    order = [list(table.c.keys()).index(name) for name in compiled.positiontup or ()]
    assert order == sorted(order)
    for batch in batched(rows, _BATCH):
        connection.exec_driver_sql(str(compiled), list(batch))


def _copy(connection: Connection, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    driver: Any = connection.connection.driver_connection
    columns = ", ".join(f'"{name}"' for name in table.columns.keys())  # noqa: SIM118
    statement = f'COPY "{table.name}" ({columns}) FROM STDIN'
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _tables(run_count: int, seed: int) -> Iterator[tuple[Table, Iterator[Sequence[Any]]]]:
    sessions = -(-run_count // RUNS_OF_SESSION)
    yield tables.environments, _environments()
    yield tables.sessions, _sessions(sessions)
    yield tables.executions, _executions(sessions)
    yield tables.runs, _runs(run_count, random.Random(seed))
    yield tables.stretches, _stretches(run_count)
    yield tables.params, _params(run_count, random.Random(seed + 1))
    yield tables.metrics, _metrics(run_count, random.Random(seed + 2))
    yield tables.models, _models(run_count)
    yield tables.tags, _tags(run_count, random.Random(seed + 3))
    yield tables.values, _values(sessions)
    yield tables.uses, _uses(sessions)


def run_id(number: int) -> str:
    """Return the id of the run that was opened at this place; ids have no order."""
    return f"{number * 2_654_435_761 % 2**32:08x}{number:08x}"


def _moment(number: int) -> float:
    return START + SECONDS_BETWEEN * number


def _environments() -> Iterator[Sequence[Any]]:
    for number in range(200):
        packages = {f"package-{n}": f"{n % 7}.{number % 13}.{n % 5}" for n in range(60)}
        content = {
            "git": {"commit": f"{number:040x}", "branch": "main", "is_dirty": number % 2 == 0},
            "packages": {**packages, "numpy": f"2.{number % 20}.0"},
            "python": {"version": "3.12.1", "implementation": "CPython"},
        }
        yield f"environment{number}", json.dumps(content)


def _sessions(count: int) -> Iterator[Sequence[Any]]:
    for number in range(count):
        began = _moment(number * RUNS_OF_SESSION)
        yield (
            f"session{number}", began, began + 1200, False, began + 1200, "jupyter", "churn",
            "churn.ipynb", None, "host", 1, "ada", "3.12.1",
        )  # fmt: skip


def _executions(sessions: int) -> Iterator[Sequence[Any]]:
    for session in range(sessions):
        for cell in range(CELLS_OF_SESSION):
            source = f"frame_{cell} = load({session})\n" + "score = model.fit(X, y)\n" * 8
            tags = '["parameters"]' if cell == 0 else "[]"
            yield (
                f"execution{session}-{cell}", f"session{session}", cell + 1, f"cell{cell}",
                f"cell{cell}", tags, source, cell + 1, _moment(session * RUNS_OF_SESSION), 0.5,
                0.5, 0, "ok", None, None, None, _NAMES,
            )  # fmt: skip


def _runs(count: int, chance: random.Random) -> Iterator[Sequence[Any]]:
    statuses = ("finished",) * 17 + ("failed", "failed", "interrupted")
    for number in range(count):
        name = f"{chance.choice(_WORDS)} {number}" if number % 3 == 0 else None
        opened = _moment(number)
        yield (
            run_id(number), f"session{number // RUNS_OF_SESSION}", None,
            f"experiment {number % EXPERIMENTS}", name, chance.choice(statuses), opened,
            opened + chance.expovariate(1 / 60), True, "churn.ipynb", ("ada", "bob")[number % 2],
            "more is better" if number % 5 == 0 else None, None, None, None,
            f"environment{number % 200}", None, None,
        )  # fmt: skip


def _stretches(count: int) -> Iterator[Sequence[Any]]:
    for number in range(count):
        cells = [(number + place) % CELLS_OF_SESSION + 1 for place in range(CELLS_OF_RUN)]
        session = f"session{number // RUNS_OF_SESSION}"
        for first, last in joined((cell, cell) for cell in cells):
            yield run_id(number), False, first, last, session
        yield run_id(number), True, cells[-1], cells[-1], session


def _params(count: int, chance: random.Random) -> Iterator[Sequence[Any]]:
    for number in range(count):
        for n in range(PARAMS):
            if n % 4 == 3:
                word = chance.choice(_WORDS)
                yield run_id(number), f"p{n}", "str", f'"{word}"', None, "cell"
            else:
                value = chance.choice((0.001, 0.01, 0.1, 1.0)) if n % 4 else chance.random()
                yield run_id(number), f"p{n}", "float", repr(value), value, "cell"


def _metrics(count: int, chance: random.Random) -> Iterator[Sequence[Any]]:
    for number in range(count):
        for n in range(METRICS):
            last = chance.random()
            yield (
                run_id(number), f"m{n}", last, last - 0.1, last + 0.1, 20, 19, _moment(number),
                "logged", None,
            )  # fmt: skip


def _models(count: int) -> Iterator[Sequence[Any]]:
    for number in range(count):
        kind = ("LogisticRegression", "RandomForestClassifier")[number % 2]
        yield run_id(number), "model", f"sklearn.{kind}", "{}", None, None, None, None


def _tags(count: int, chance: random.Random) -> Iterator[Sequence[Any]]:
    for number in range(count):
        for n in range(TAGS):
            yield run_id(number), f"t{n}", chance.choice(_WORDS)


def _values(sessions: int) -> Iterator[Sequence[Any]]:
    for number in range(sessions):
        yield (
            f"{number:032x}", "frame", "pandas.DataFrame", "exact", "{}", 1000 + number, 12,
            96_000, True,
        )  # fmt: skip


def _uses(sessions: int) -> Iterator[Sequence[Any]]:
    for session in range(sessions):
        for cell in range(0, CELLS_OF_SESSION, 3):
            name = "train" if cell % 2 == 0 else "test"
            yield f"execution{session}-{cell}", name, "read", f"{session:032x}"


if __name__ == "__main__":
    where = sys.argv[1]
    print(make(where if "://" in where else Path(where), int(sys.argv[2])))
