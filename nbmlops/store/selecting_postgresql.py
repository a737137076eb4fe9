"""Selecting from a PostgreSQL store: in a transaction that can only read, and is rolled back.

PostgreSQL itself sees to it: the transaction is read-only, and the statement is what a cursor is
declared for, which can be one SELECT and nothing else.
"""

import contextlib
from collections.abc import Iterator
from typing import Any, cast

import psycopg
from psycopg import sql
from psycopg.types.numeric import FloatLoader
from sqlalchemy import Engine

from nbmlops.errors import SelectFailed, SelectTooSlow
from nbmlops.store import search_text
from nbmlops.store.base import Selected
from nbmlops.store.search_views import VIEWS, Wording, views

_READING = ("select", "with", "values", "table", "(")

_TEXT = search_text.param_text_sql("type", "json").replace("{", "{{").replace("}", "}}")
_PARAMS = f"SELECT *, {_TEXT} AS value FROM {{base}}.params"  # noqa: S608

# Values are read out of the packed bytes; "|| ''" unpacks these once, not for every value.
_POINTS = """
SELECT p.run_id, p.name, pg_temp.nbmlops_int(d.data, 8 * i) AS step,
       pg_temp.nbmlops_float(d.data, 8 * (p.count + i)) AS time,
       pg_temp.nbmlops_float(d.data, 8 * (2 * p.count + i)) AS value
FROM {base}.points p
CROSS JOIN LATERAL (SELECT p.data || ''::bytea AS data OFFSET 0) d
CROSS JOIN LATERAL generate_series(0, p.count::int - 1) i
"""

_INT = """
CREATE FUNCTION pg_temp.nbmlops_int(data bytea, place bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
SELECT bit_or(get_byte(data, (place + n)::int)::bigint << (8 * n)) FROM generate_series(0, 7) n
$$
"""

# IEEE 754: sign, 11 bits of exponent, 52 of fraction; what is not finite is NULL.
_FLOAT = """
CREATE FUNCTION pg_temp.nbmlops_float(data bytea, place bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE AS $$
SELECT CASE WHEN b < 0 THEN -1 ELSE 1 END * CASE e
    WHEN 2047 THEN NULL
    WHEN 0 THEN f::double precision * power(2::double precision, -1074)
    ELSE (f + (1::bigint << 52))::double precision * power(2::double precision, e - 1075) END
FROM (SELECT b, (b >> 52) & 2047 AS e, b & ((1::bigint << 52) - 1) AS f
      FROM (SELECT pg_temp.nbmlops_int(data, place) AS b) bits) parts
$$
"""


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
    with _reading(engine, timeout_seconds, now, dead) as cursor:
        try:
            declared = b"DECLARE found NO SCROLL CURSOR FOR " + statement.encode()
            cursor.execute(declared, binary=True)  # a binary one is one statement, never more
            rows = cursor.execute(sql.SQL("FETCH {} FROM found").format(limit + 1)).fetchall()
        except psycopg.errors.QueryCanceled:
            raise SelectTooSlow(timeout_seconds) from None
        except (psycopg.Error, UnicodeError) as problem:
            raise SelectFailed(_reason(statement, problem), [*VIEWS]) from None
        columns = tuple(column.name for column in cursor.description or ())
        return Selected(columns, tuple(rows[:limit]), is_cut=len(rows) > limit)


@contextlib.contextmanager
def _reading(
    engine: Engine, timeout_seconds: float, now: float, dead: str
) -> Iterator[psycopg.Cursor[Any]]:
    """Give a cursor that sees the views and can only read; nothing of it stays."""
    with engine.connect() as connection:
        database = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
        base = sql.Identifier(connection.dialect.default_schema_name or "public")
        wording = Wording(base.as_string(database), _PARAMS, _POINTS)
        with database.cursor() as cursor:
            cursor.adapters.register_loader("numeric", FloatLoader)
            milliseconds = str(max(1, round(timeout_seconds * 1000)))
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", (milliseconds,))
            for function in (_INT, _FLOAT):
                cursor.execute(function)
            for view, body in views(wording, now, dead):
                cursor.execute(f"CREATE TEMP VIEW {view} AS {body}")
            cursor.execute("SET TRANSACTION READ ONLY")
            yield cursor


def _reason(statement: str, problem: Exception) -> str:
    said = str(problem).splitlines()[0]
    words = statement.lower().lstrip().split()
    is_other = bool(words) and not statement.lstrip().startswith("--")
    if is_other and not words[0].startswith(_READING):
        return f"not authorized: {said}"
    return said
