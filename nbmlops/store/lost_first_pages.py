"""Files whose first page is lost: the list of their tables is found on the pages behind.

The list of a store does not fit on one page, so that the first one only leads to those that have
it (https://sqlite.org/fileformat2.html#b_tree_pages). Where it fits, on pages larger than SQLite's
usual ones, it is lost with the first.
"""

import contextlib
import sqlite3
import struct
from collections.abc import Iterator
from pathlib import Path

type Listed = tuple[str, str, str, int, str | None]  # a row of sqlite_master

_TABLE_LEAF = 0x0D
# What the first page of each may be; a table without numbers of rows is kept as an index is.
_ROOTS = {"table": (0x0D, 0x05, 0x0A, 0x02), "index": (0x0A, 0x02)}
_HEAD_BYTES, _LEAF_HEAD_BYTES = 100, 8
_SIGN = b"CREATE "


def write_list_anew(path: Path, head: bytes, page_bytes: int) -> bool:
    """Write a first page with a head, and list the tables that other pages tell of.

    Return whether there were any; the file is left alone where there were none.
    """
    listed = tables_listed(path, page_bytes)
    if not listed:
        return False
    start = page_bytes % 65_536  # of the content of a page, from its end: two bytes, 0 is all
    leaf = struct.pack(">BHHHB", _TABLE_LEAF, 0, 0, start, 0)
    with path.open("r+b") as file:
        file.write((head + leaf).ljust(page_bytes, b"\0"))
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA writable_schema = ON")
        database.executemany("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", listed)
    return True


def tables_listed(path: Path, page_bytes: int) -> list[Listed]:
    """Return what the pages of a file tell of its tables, then its indexes, each of them once."""
    found: dict[str, Listed] = {}
    with path.open("rb") as file:
        first_bytes = _first_bytes(path, page_bytes)
        file.seek(page_bytes)
        while len(page := file.read(page_bytes)) == page_bytes:
            if page[0] == _TABLE_LEAF and _SIGN in page:
                for row in _rows(page):
                    kind, name, _, root, _ = row
                    if first_bytes.get(root) in _ROOTS[kind]:
                        found[name] = row
    return sorted(found.values(), key=lambda row: row[0] == "index")


def _first_bytes(path: Path, page_bytes: int) -> dict[int, int]:
    """Return of each page which kind it says that it is, by its number from 1."""
    with path.open("rb") as file:
        kinds = iter(lambda: file.read(page_bytes)[:1], b"")
        return {number: kind[0] for number, kind in enumerate(kinds, 1)}


def _rows(page: bytes) -> Iterator[Listed]:
    """Give the rows on a page that are such as the list of tables has; others are left out."""
    for number in range(int.from_bytes(page[3:5])):
        place = _LEAF_HEAD_BYTES + 2 * number
        cell = int.from_bytes(page[place : place + 2])
        with contextlib.suppress(IndexError, ValueError):  # of other tables, or cut off
            yield _row(page, cell)


def _row(page: bytes, cell: int) -> Listed:
    """Return the row in a cell; raise `ValueError` or `IndexError` where it is no such row."""
    size, place = _number(page, cell)
    _, place = _number(page, place)  # the row's own
    end = place + size
    head_bytes, place_in_head = _number(page, place)
    values: list[str | int | None] = []
    value_place = place + head_bytes
    while place_in_head < place + head_bytes:
        form, place_in_head = _number(page, place_in_head)
        value, value_place = _value(page, form, value_place)
        values.append(value)
    match values:
        case [str(kind), str(name), str(table), int(root), str() | None as sql] if (
            kind in _ROOTS and value_place == end <= len(page)
        ):
            return kind, name, table, root, sql
    raise ValueError(values)


def _number(page: bytes, place: int) -> tuple[int, int]:
    """Return a number of variable length, and the place behind it."""
    number = 0
    for length in range(8):
        byte = page[place + length]
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, place + length + 1
    return number << 8 | page[place + 8], place + 9


_WHOLE_BYTES = (0, 1, 2, 3, 4, 6, 8)  # of the kinds of whole numbers


def _value(page: bytes, kind: int, place: int) -> tuple[str | int | None, int]:
    """Return a value of a kind that the list of tables has, and the place behind it."""
    if kind in (8, 9):
        return kind - 8, place
    if kind < len(_WHOLE_BYTES):
        end = place + _WHOLE_BYTES[kind]
        return (int.from_bytes(page[place:end], signed=True) if kind else None), end
    if kind >= 13 and kind % 2:
        end = place + (kind - 13) // 2
        return page[place:end].decode(), end
    raise ValueError(kind)
