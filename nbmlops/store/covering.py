"""Putting stars in the place of a text in the rows of tables.

In documents the values of the tree are looked through, never its written form: a text such as
``1, 2`` must not break what only looks like it.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    and_,
    false,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from nbmlops.errors import TextTooCommon
from nbmlops.redaction.forms import as_bytes
from nbmlops.store import tables
from nbmlops.store.occurring import Occurrences, occurrences


class _Has(FunctionElement[bool]):
    """Whether a text has another within it, letter by letter; in SQLite LIKE takes a for A."""

    type = Boolean()
    name = "nbmlops_has"
    inherit_cache = True


@compiles(_Has)
def _has_on_server(element: _Has, compiler: Any, **kw: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **kw)}) > 0"


@compiles(_Has, "sqlite")
def _has_in_sqlite(element: _Has, compiler: Any, **kw: Any) -> str:
    return f"instr({compiler.process(element.clauses, **kw)}) > 0"


type Covers = Mapping[str, str]  # what takes the place of each form of a text

_MOST_COVERS = 100  # tried, before it is given up
_NO_TEXT = frozenset(
    "id run_id session_id execution_id parent_id digest environment blob status outcome "
    "role".split()
)
_DOCUMENTS: dict[Table, tuple[str, ...]] = {
    tables.executions: ("tags", "names"),
    tables.params: ("json",),
    tables.models: ("params",),
    tables.outlines: ("cells",),
    tables.values: ("document",),
    tables.profiles: ("document",),
}
_STYLES: tuple[dict[str, Any], ...] = tuple(
    {"ensure_ascii": is_ascii, "separators": separators}
    for separators in ((",", ":"), (", ", ": "))
    for is_ascii in (True, False)
)


def covers_of(connection: Connection, forms: Sequence[str]) -> Covers:
    """Return what takes the place of each form: stars, numbered where two names became one."""
    named = {table: occurrences(connection, _names(table), forms) for table in tables_with_text()}
    for number in range(_MOST_COVERS):
        covers = {form: _stars(form, number) for form in forms}
        if not any(
            _become_one(connection, table, covers, there) for table, there in named.items() if there
        ):
            return covers
    raise TextTooCommon("names that differ in it alone would become the same")


def tables_with_text() -> Iterator[Table]:
    """Give the tables that are overwritten in place: environments are filed anew."""
    for table in tables.metadata.sorted_tables:
        if table not in (tables.alembic_version, tables.environments):
            yield table


def text_columns(table: Table) -> list[Column[Any]]:
    """Return the columns of a table that may have any text."""
    return [
        column
        for column in table.c
        if isinstance(column.type, String) and column.name not in _NO_TEXT
    ]


def _has_any(there: Occurrences) -> ColumnElement[bool]:
    """Return whether one of these columns has one of its texts, in a row."""
    pairs = [(column, form) for column, forms in there.items() for form in forms]
    return or_(false(), *(_Has(column, literal(form)) for column, form in pairs))


def count_with(connection: Connection, table: Table, there: Occurrences) -> int:
    """Return how many rows of a table have one of these texts in one of these columns."""
    if not there:
        return 0
    having = select(func.count()).select_from(table).where(_has_any(there))
    return connection.scalar(having) or 0


def cover(connection: Connection, table: Table, covers: Covers, there: Occurrences) -> int:
    """Put stars in the place of the text in a table's rows; return how many that were."""
    if not (count := count_with(connection, table, there)):
        return 0
    documents = {table.c[name] for name in _DOCUMENTS.get(table, ())}
    for column in documents & there.keys():
        _cover_documents(connection, column, covers, there[column])
    plain = {column: forms for column, forms in there.items() if column not in documents}
    if plain:
        values = {column.name: _covered(column, covers, plain[column]) for column in plain}
        connection.execute(update(table).where(_has_any(plain)).values(values))
    return count


def covered_names(
    connection: Connection, covers: Covers, there: Mapping[Table, Occurrences]
) -> Iterator[str]:
    """Give the names that change, each as what it becomes: ``metric ****_loss``."""
    for table in (tables.metrics, tables.params, tables.tags, tables.models, tables.artifacts):
        name = table.c.name
        if forms := there[table].get(name):
            changed = select(_covered(name, covers, forms)).where(_has_any({name: forms}))
            for covered in sorted(connection.scalars(changed.distinct())):
                yield f"{table.name.removesuffix('s')} {covered}"


def written_in_json(form: str) -> Iterator[str]:
    r"""Give what a text is within JSON, of every style that documents are written in.

    >>> [*written_in_json('"é')]
    ['\\"\\u00e9', '\\"é']
    """
    yield from dict.fromkeys(json.dumps(form, **style)[1:-1] for style in _STYLES)


def covered_document(document: str, covers: Covers) -> str:
    """Return JSON with stars in the place of the text in its strings, else as it is written."""
    try:
        tree = json.loads(document)
    except ValueError:
        return _replaced(document, covers)
    changed = _walked(tree, lambda text: _replaced(text, covers))
    style = next((style for style in _STYLES if json.dumps(tree, **style) == document), _STYLES[0])
    return json.dumps(changed, **style)


def _walked(tree: Any, change: Callable[[str], str]) -> Any:
    match tree:
        case str():
            return change(tree)
        case list():
            return [_walked(item, change) for item in tree]
        case dict():
            return {change(key): _walked(value, change) for key, value in tree.items()}
        case _:
            return tree


def _replaced(text: str, covers: Covers) -> str:
    for form, stars in covers.items():
        text = text.replace(form, stars)
    return text


def _cover_documents(
    connection: Connection, column: Column[Any], covers: Covers, there: Sequence[str]
) -> None:
    table = column.table
    keys = [*table.primary_key]
    for *key, document in connection.execute(
        select(*keys, column).where(_has_any({column: there}))
    ).all():
        this = and_(*(part == value for part, value in zip(keys, key, strict=True)))
        changed = covered_document(document, covers)
        connection.execute(update(table).where(this).values({column.name: changed}))


def _stars(form: str, number: int) -> str:
    mark = str(number) if number else ""
    return "*" * (len(as_bytes(form)) - len(mark)) + mark


def _names(table: Table) -> list[Column[Any]]:
    return [column for column in text_columns(table) if column.primary_key]


def _become_one(connection: Connection, table: Table, covers: Covers, there: Occurrences) -> bool:
    """Tell whether rows would have one key, by the text being covered in their names."""
    keys = [_covered(key, covers, there.get(key, ())) for key in table.primary_key]
    is_covered = _has_any(there)
    twice = select(literal(1)).where(is_covered).group_by(*keys).having(func.count() > 1)
    other = table.alias("other")
    same = [other.c[key.name] == new for key, new in zip(table.primary_key, keys, strict=True)]
    taken = select(literal(1)).select_from(table.join(other, and_(*same))).where(is_covered)
    return any(connection.scalar(asked.limit(1)) for asked in (twice, taken))


def _covered(column: Any, covers: Covers, there: Sequence[str]) -> Any:
    for form in there:
        column = func.replace(column, form, covers[form])
    return column
