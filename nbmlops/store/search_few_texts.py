"""Patterns over parameters and tags that have few values: these are looked at, not every run's.

`optimizer ~ '^ad'` over a hundred thousand runs is about three texts. Each is found by a step in
the index on values; those that fit are then looked up like any other value.
"""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, and_, func, literal, select

from nbmlops.query.clauses import Clause
from nbmlops.store import tables
from nbmlops.store.rows import clean
from nbmlops.store.search_fitting import text_fits
from nbmlops.store.search_text import indexed, param_text

MOST_TEXTS = 200  # of which the steps take less than a look at ten thousand values
_OPAQUE = '{"class"'  # so begin values that were not kept, and dictionaries with such a key


class FewTexts:
    """What the patterns of a filter find, asked once each."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[Clause, Sequence[str] | None] = {}

    def fitting(self, clause: Clause) -> Sequence[str] | None:
        """Return the values as they are kept, of a parameter or tag, that fit a pattern.

        None where it has many, or not all that tells them apart is in the index.
        """
        if clause not in self._known:
            is_number = clause.field.scope == "param" and self._has_numbers(clause)
            self._known[clause] = None if is_number else self._found(clause)
        return self._known[clause]

    def _has_numbers(self, clause: Clause) -> bool:
        params = tables.params.c
        is_number = params.number.is_not(None)
        asked = select(params.run_id).where(params.name == clean(clause.field.name), is_number)
        return self._connection.scalar(asked.limit(1)) is not None

    def _found(self, clause: Clause) -> Sequence[str] | None:
        """Return the values that fit, where all are short and no more than `MOST_TEXTS`."""
        text = indexed(_value(clause))
        this = _of_name(clause)
        found = select(func.min(text).label("text"), literal(1).label("place"))
        steps = found.where(this).cte("found", recursive=True)
        further = select(func.min(text)).where(this, text > steps.c.text).scalar_subquery()
        is_there = steps.c.text.is_not(None), steps.c.place <= MOST_TEXTS
        steps = steps.union_all(select(further, steps.c.place + 1).where(*is_there))
        asked = select(steps.c.text, _fits(clause, steps.c.text)).where(steps.c.text.is_not(None))
        rows = self._connection.execute(asked).all()
        texts = [text for text, _ in rows]
        are_whole = all(len(text) < tables.INDEXED for text in texts)
        if len(texts) > MOST_TEXTS or not are_whole:
            return None
        if clause.field.scope == "param" and any(text.startswith(_OPAQUE) for text in texts):
            return None
        return [text for text, is_fitting in rows if is_fitting]


def _value(clause: Clause) -> ColumnElement[str]:
    return tables.params.c.json if clause.field.scope == "param" else tables.tags.c.value


def _of_name(clause: Clause) -> ColumnElement[bool]:
    name = clean(clause.field.name)
    if clause.field.scope == "tag":
        return cast("ColumnElement[bool]", tables.tags.c.name == name)
    # Those that are numbers are asked for before; in SQLite's index they stand in front.
    return and_(tables.params.c.name == name, tables.params.c.number.is_(None))


def _fits(clause: Clause, text: Any) -> ColumnElement[bool]:
    if clause.field.scope == "tag":
        return text_fits(clause, text)
    params = tables.params.c
    of_text = select(params.type).where(_of_name(clause), indexed(params.json) == text).limit(1)
    return text_fits(clause, param_text(of_text.scalar_subquery(), text))
