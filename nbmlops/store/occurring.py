"""Which of some texts occur where: in columns of tables, and in files.

A column is read once, in long pieces that are looked through here: asking the database for each of
the forms that a text may be written in takes several times as long.
"""

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, func, select, true

from nbmlops.store.locked_files import pieces_of

type Occurrences = Mapping[Column[Any], Sequence[str]]  # the texts that each column has

_ROWS_AT_ONCE = 5_000
_BETWEEN = "\x1f"  # values; what is found across it is in no row, which asking for rows shows


def occurrences(
    connection: Connection, columns: Sequence[Column[Any]], texts: Collection[str]
) -> Occurrences:
    """Return which of some texts occur in each column of one table; those with none are left out.

    Perhaps one too much: where it has the character that is put between two values.
    """
    found: dict[Column[Any], set[str]] = {column: set() for column in columns}
    for pieces in _pieces(connection, columns):
        for piece, there in zip(pieces, found.values(), strict=True):
            there.update(text for text in texts if text not in there and text in (piece or ""))
    return {column: [t for t in texts if t in there] for column, there in found.items() if there}


@contextlib.contextmanager
def reading_any_text(connection: Connection) -> Iterator[None]:
    """Have texts be read that are none: a foreign tool may have written other bytes into SQLite.

    What cannot be read is � meanwhile. Where that is in a text's key, the row is not found by it.
    """
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    usual = driver.text_factory
    driver.text_factory = lambda text: text.decode("utf-8", "replace")
    try:
        yield
    finally:
        driver.text_factory = usual


def is_in_file(path: Path, needles: Iterable[bytes]) -> bool:
    """Tell whether a file has any of some bytes; one that is not there any more has none."""
    needles = [*needles]
    try:
        pieces = pieces_of(path, overlap=max(map(len, needles), default=1) - 1)
        return any(needle in piece for piece in pieces for needle in needles)
    except FileNotFoundError:  # of a session that has just ended
        return False


def _pieces(
    connection: Connection, columns: Sequence[Column[Any]]
) -> Iterator[Sequence[str | None]]:
    """Give the values of each column, one after the other, for some thousand rows at a time."""
    if not columns:
        return
    table = columns[0].table
    key = next(iter(table.primary_key))
    texts = select(*(func.aggregate_strings(column, _BETWEEN) for column in columns))
    bounds = select(key).order_by(key).limit(1).offset(_ROWS_AT_ONCE)
    rest: ColumnElement[bool] = true()
    while (last := connection.scalar(bounds.where(rest))) is not None:
        yield connection.execute(texts.where(rest, key <= last)).one()
        rest = key > last
    yield connection.execute(texts.where(rest)).one()
