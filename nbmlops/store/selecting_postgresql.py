"""Selecting from a PostgreSQL store: in a transaction that can only read, and is rolled back.

PostgreSQL itself sees to it: the transaction is read-only, and the statement is what a cursor is
declared for, which can be one SELECT and nothing else. The views are its common table expressions,
so that whoever may read, on a standby too, needs to make nothing.
"""

import contextlib
from collections.abc import Iterator
from typing import Any, cast

import psycopg
from psycopg import sql
from psycopg.types.numeric import FloatLoader
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from nbmlops.errors import SelectFailed, SelectTooSlow
from nbmlops.store import search_text
from nbmlops.store.base import Selected
from nbmlops.store.search_views import VIEWS, Wording, views

_READING = ("select", "with", "values", "table", "(")

_TEXT = search_text.param_text_sql("type", "json").replace("{", "{{").replace("}", "}}")
_PARAMS = f"SELECT *, {_TEXT} AS value FROM {{base}}.params"  # noqa: S608


def _int64(place: str) -> str:
    """Return the SQL of the little-endian integer at a place of ``d.data``."""
    octets = (f"(get_byte(d.data, {place} + {n})::bigint << {8 * n})" for n in range(8))
    return f"({' | '.join(octets)})"


def _float64(bits: str) -> str:
    """Return the SQL of the number of IEEE 754 that 64 bits are, NULL where it is not finite.

    That is a sign, 11 bits of exponent, 52 of fraction.
    """
    exponent, fraction = f"(({bits} >> 52) & 2047)", f"({bits} & {(1 << 52) - 1})"
    return f"""CASE WHEN {bits} < 0 THEN -1 ELSE 1 END * CASE {exponent}
    WHEN 2047 THEN NULL
    WHEN 0 THEN {fraction}::double precision * power(2::double precision, -1074)
    ELSE ({fraction} + {1 << 52})::double precision
         * power(2::double precision, {exponent} - 1075) END"""


# Values are read out of the packed bytes; "|| ''" unpacks these once, not for every value, and
# OFFSET 0 keeps what is read once from being read anew wherever it stands.
_POINTS = f"""
SELECT p.run_id, p.name, bits.step, {_float64("bits.time")} AS time,
       {_float64("bits.value")} AS value
FROM {{base}}.points p
CROSS JOIN LATERAL (SELECT p.data || ''::bytea AS data OFFSET 0) d
CROSS JOIN LATERAL generate_series(0, p.count::int - 1) i
CROSS JOIN LATERAL (SELECT {_int64("8 * i")} AS step, {_int64("8 * (p.count::int + i)")} AS time,
                           {_int64("8 * (2 * p.count::int + i)")} AS value OFFSET 0) bits
"""  # noqa: S608


def selected(
    engine: Engine,
    statement: str,
    *,
    limit: int,
    timeout_seconds: float,
    now: float,
    dead: str,
) -> Selected:
    """Return what a SELECT finds; as `nbmlops.store.selecting_sqlite.selected`."""
    if "\0" in statement:
        raise SelectFailed("a statement has no NUL", [*VIEWS])
    with _reading(engine, timeout_seconds) as cursor:
        try:
            cursor.execute(_declared(cursor, engine, statement, now, dead), binary=True)
            rows = cursor.execute(sql.SQL("FETCH {} FROM found").format(limit + 1)).fetchall()
        except psycopg.errors.QueryCanceled:
            raise SelectTooSlow(timeout_seconds) from None
        except (psycopg.Error, UnicodeError) as problem:
            if cursor.connection.broken:
                raise
            raise SelectFailed(_reason(statement, problem), [*VIEWS]) from None
        columns = tuple(column.name for column in cursor.description or ())
        return Selected(columns, tuple(rows[:limit]), is_cut=len(rows) > limit)


def _declared(
    cursor: psycopg.Cursor[Any], engine: Engine, statement: str, now: float, dead: str
) -> bytes:
    """Return the declaration of a cursor for a statement that sees the views.

    It is to be executed as binary, as which it can be one statement and never more.
    """
    base = sql.Identifier(engine.dialect.default_schema_name or "public")
    wording = Wording(base.as_string(cursor), _PARAMS, _POINTS)
    shown = ",\n".join(
        f"{view} AS NOT MATERIALIZED ({body})" for view, body in views(wording, now, dead)
    )
    asked = statement.rstrip().rstrip(";")
    # A subquery, as it may begin with WITH itself; its rows come in its order.
    chosen = f"SELECT * FROM ({asked}\n) chosen"  # noqa: S608, it can only read
    return f"DECLARE found NO SCROLL CURSOR FOR WITH {shown}\n{chosen}".encode()


@contextlib.contextmanager
def _reading(engine: Engine, timeout_seconds: float) -> Iterator[psycopg.Cursor[Any]]:
    """Give a cursor that can only read; of what it does nothing stays.

    Raises
    ------
    DatabaseError
        The server is away, or was while it answered.
    """
    with engine.connect() as connection:
        database = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
        try:
            with database.cursor() as cursor:
                cursor.adapters.register_loader("numeric", FloatLoader)
                milliseconds = str(max(1, round(timeout_seconds * 1000)))
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", (milliseconds,))
                cursor.execute("SET TRANSACTION READ ONLY")
                yield cursor
        except psycopg.Error as problem:
            connection.invalidate()
            raise OperationalError(None, None, problem) from problem


def _reason(statement: str, problem: Exception) -> str:
    said = str(problem).splitlines()[0]
    words = statement.lower().lstrip().split()
    is_other = bool(words) and not statement.lstrip().startswith("--")
    if is_other and not words[0].startswith(_READING):
        return f"not authorized: {said}"
    return said
