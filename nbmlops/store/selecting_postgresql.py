"""Selecting from a PostgreSQL store: in a transaction that can only read, and is rolled back.

PostgreSQL itself sees to it: the transaction is read-only, and the statement is what a cursor is
declared for, which can be one SELECT and nothing else. The views are its common table expressions,
so that whoever may read, on a standby too, needs to make nothing.

What a SELECT could do beside reading it would do by calling functions: only the server's own are
called, and of these only what it says to be without effects. A superuser asks as one who may only
read tables.
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
from nbmlops.store.called_functions import called_functions
from nbmlops.store.search_views import VIEWS, Wording, views

# The server says of these that each call may give something else, which is all they do.
_HARMLESS = frozenset("random clock_timestamp timeofday gen_random_uuid random_normal".split())
# … and of these that they have no effects, though they execute any text, or tell of the server.
_READING_MORE = frozenset(
    "query_to_xml query_to_xmlschema query_to_xml_and_xmlschema cursor_to_xml table_to_xml "
    "table_to_xmlschema table_to_xml_and_xmlschema schema_to_xml schema_to_xmlschema "
    "schema_to_xml_and_xmlschema database_to_xml database_to_xmlschema "
    "database_to_xml_and_xmlschema current_setting pg_show_all_settings "
    "pg_show_all_file_settings pg_hba_file_rules ts_stat".split()
)

_READING = ("select", "with", "values", "table", "(")

_TEXT = search_text.param_text_sql("type", "json").replace("{", "{{").replace("}", "}}")
_PARAMS = f"SELECT *, {_TEXT} AS value FROM {{base}}.params"  # noqa: S608


def _int64(third: int) -> str:
    """Return the SQL of the i-th little-endian integer of a third of ``d.data``."""
    start = f"d.head + {8 * third} * p.count::int + i * d.beside"
    octets = (f"(get_byte(d.data, {start} + {n} * d.apart)::bigint << {8 * n})" for n in range(8))
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


# Numbers are read out of the bytes: as they were, or as `packed_points.arranged` laid them, one
# byte longer, which tells them apart; of these, steps and times are sums. "|| ''" unpacks the bytes
# once, not for every number, and OFFSET 0 keeps what is read once from being read anew wherever it
# stands.
_POINTS = f"""
SELECT run_id, name, step::bigint, {_float64("time_bits")} AS time,
       {_float64("value_bits")} AS value
FROM (
  SELECT p.run_id, p.name, bits.value AS value_bits,
         CASE d.head WHEN 0 THEN bits.step ELSE sum(bits.step) OVER earlier END AS step,
         (CASE d.head WHEN 0 THEN bits.time ELSE sum(bits.time) OVER earlier END)::bigint
             AS time_bits
  FROM {{base}}.points p
  CROSS JOIN LATERAL (
    SELECT p.data || ''::bytea AS data, n.head, CASE n.head WHEN 0 THEN 8 ELSE 1 END AS beside,
           CASE n.head WHEN 0 THEN 1 ELSE p.count::int END AS apart
    FROM (SELECT length(p.data) - 24 * p.count::int AS head) n OFFSET 0
  ) d
  CROSS JOIN LATERAL generate_series(0, p.count::int - 1) i
  CROSS JOIN LATERAL (
    SELECT {_int64(0)} AS step, {_int64(1)} AS time, {_int64(2)} AS value OFFSET 0
  ) bits
  WINDOW earlier AS (PARTITION BY p.run_id, p.name, p.part ORDER BY i)
) numbers
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
        _check_functions(cursor, statement)
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
    base = sql.Identifier(_base(engine))
    wording = Wording(base.as_string(cursor), _PARAMS, _POINTS)
    shown = ",\n".join(
        f"{view} AS NOT MATERIALIZED ({body})" for view, body in views(wording, now, dead)
    )
    asked = statement.rstrip().rstrip(";")
    # A subquery, as it may begin with WITH itself; its rows come in its order.
    chosen = f"SELECT * FROM ({asked}\n) chosen"  # noqa: S608, it can only read
    return f"DECLARE found NO SCROLL CURSOR FOR WITH {shown}\n{chosen}".encode()


def _base(engine: Engine) -> str:
    return engine.dialect.default_schema_name or "public"


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
                _give_up_rights(cursor, _base(engine))
                yield cursor
        except psycopg.Error as problem:
            connection.invalidate()
            raise OperationalError(None, None, problem) from problem


def _give_up_rights(cursor: psycopg.Cursor[Any], base: str) -> None:
    """Have names mean what the server means by them, and a superuser be none, until the end."""
    schema = sql.Identifier(base)
    cursor.execute(sql.SQL("SET LOCAL search_path = pg_catalog, {}").format(schema))
    cursor.execute("SET LOCAL standard_conforming_strings = on")
    reader = "SELECT 1 FROM pg_roles WHERE rolname = 'pg_read_all_data'"
    asked = f"SELECT rolsuper AND EXISTS ({reader}) FROM pg_roles WHERE rolname = current_user"  # noqa: S608
    if cursor.execute(asked).fetchone() == (True,):
        cursor.execute("SET LOCAL ROLE pg_read_all_data")


def _check_functions(cursor: psycopg.Cursor[Any], statement: str) -> None:
    """Raise `SelectFailed` where a statement calls what could do more than compute."""
    called = {name.removeprefix("pg_catalog."): name for name in called_functions(statement)}
    names = sorted({*called} - _HARMLESS)
    asked = (
        "SELECT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace "
        "AND proname = ANY(%s) GROUP BY proname HAVING bool_and(provolatile <> 'v')"
    )
    harmless = {row[0] for row in cursor.execute(asked, (names,)).fetchall()} - _READING_MORE
    for name in names:
        if name not in harmless:
            problem = f"not authorized: {called[name]}() is none of the functions that only compute"
            raise SelectFailed(problem, [*VIEWS])


def _reason(statement: str, problem: Exception) -> str:
    said = str(problem).splitlines()[0]
    words = statement.lower().lstrip().split()
    is_other = bool(words) and not statement.lstrip().startswith("--")
    if is_other and not words[0].startswith(_READING):
        return f"not authorized: {said}"
    return said
