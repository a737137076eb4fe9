"""Which texts that a filter compares with no run has: said with the nearest that runs have.

An experiment in capitals, a commit that nobody ran, a tag's value that is misspelled.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from sqlalchemy import ColumnElement, Connection, Select, select

from nbmlops.errors import did_you_mean
from nbmlops.query.clauses import Clause
from nbmlops.query.fields import Field
from nbmlops.query.meaning import Known
from nbmlops.store import tables
from nbmlops.store.rows import clean
from nbmlops.store.search_conditions import NAMED, by_execution
from nbmlops.store.search_fitting import SHORTEST_HASH, fits, param_fits, tag_fits
from nbmlops.store.search_text import member

_MOST_READ = 1_000  # looked among for what was meant


class KnownValues(Known, Protocol):
    """What the runs of a store have."""

    def choices(
        self, kind: Literal["params", "tags"], name: str, limit: int
    ) -> list[bool | int | float | str]:
        """Return values of a parameter or tag, in order."""


@dataclass(frozen=True, slots=True)
class _Texts:
    """Texts that runs share, so that one may be near the one that was meant.

    ``called`` is what one of them is to a run. Where there are few, which ones is told even if none
    is near. Of some what is ``behind`` the last of these signs is enough.
    """

    called: str
    column: ColumnElement[Any]
    every: Select[Any]
    are_few: bool = False
    are_told: bool = False  # though none is near nor any listed
    behind: str = ""


class TextHints:
    """Says of clauses which of their texts are those of no run."""

    def __init__(self, connection: Connection, known: KnownValues) -> None:
        self._connection, self._known = connection, known

    def of(self, clause: Clause) -> Iterator[str]:
        """Say which texts of a clause no run has, where it asks for whole ones."""
        if clause.operator not in ("=", "in"):
            return
        texts = [value for value in clause.values if isinstance(value, str)]
        if clause.field.kind in ("id", "hash"):
            short = [text for text in texts if len(text) < SHORTEST_HASH]
            yield from (_too_short(text, clause.field) for text in short)
            texts = [text for text in texts if text not in short]
        if clause.field.scope in NAMED:
            yield from self._of_name(clause, texts)
        elif (there := _texts_of(clause.field)) is not None:
            for text in texts:
                yield from self._of_text(clause, text, there)

    def _of_text(self, clause: Clause, text: str, there: _Texts) -> Iterator[str]:
        this = fits(replace(clause, operator="=", values=(text,)), there.column)
        if self._is_any(there.every.where(this)):
            return
        found = [*self._connection.scalars(there.every.distinct().limit(_MOST_READ))]
        if there.behind and there.behind not in text:
            found = [each.rpartition(there.behind)[2] for each in found]
        near = did_you_mean(text, found, lists=there.are_few)
        if near or there.are_few or there.are_told:
            yield f"No run has {there.called} '{text}'.{near}"

    def _of_name(self, clause: Clause, texts: Sequence[str]) -> Iterator[str]:
        """Say which values of a tag or parameter no run has."""
        field, table = clause.field, NAMED[clause.field.scope]
        if field.scope == "metric":
            return
        kind: Literal["params", "tags"] = "tags" if field.scope == "tag" else "params"
        called, fit = ("tag", tag_fits) if field.scope == "tag" else ("parameter", param_fits)
        of_name = select(table.c.run_id).where(table.c.name == clean(field.name))
        for text in texts:
            this = replace(clause, operator="=", values=(text,))
            if self._is_any(of_name.where(fit(this, table))):
                continue
            there = [*map(str, self._known.choices(kind, field.name, _MOST_READ))]
            near = did_you_mean(text, there, lists=False)  # there may be others
            yield f"No run has the {called} {field.name} '{text}'.{near}"

    def _is_any(self, selection: Select[Any]) -> bool:
        return self._connection.execute(selection.limit(1)).first() is not None


def _too_short(text: str, field: Field) -> str:
    whole = {"id": "an id", "hash": "a commit" if field.scope == "environment" else "a digest"}
    return (
        f"'{text}' is too short for the beginning of {whole[field.kind]}: "
        f"give {SHORTEST_HASH} characters or more."
    )


def _texts_of(field: Field) -> _Texts | None:
    """Return the texts that runs have of a field; None where one is never near another."""
    match field.scope, field.part or field.name:
        case "run", "experiment" | "user" as name:
            return _of_column(f"the {name}", tables.runs.c[name], are_few=True)
        case "run", "name":
            return _of_column("the name", tables.runs.c.name, are_told=True)
        case "run", "notebook":
            return _of_column("the notebook", tables.runs.c.notebook, behind="/")
        case "model", "class_name":
            return _of_column(
                "a model of the class", tables.models.c.class_name, are_few=True, behind="."
            )
        case "model", "name":
            return _of_column("a model", tables.models.c.name, are_few=True)
        case "tags", _:
            return _of_column("a tag", tables.tags.c.name, are_few=True)
        case "environment", "git.commit":
            return _of_column("the commit", _in_environments(field), are_told=True)
        case "environment", "git.branch":
            return _of_column("the branch", _in_environments(field), are_few=True)
        case ("cell", "tag") | ("dataset", "name"):
            executions, column = by_execution(field)
            called = "a cell with the tag" if field.scope == "cell" else "data"
            every = executions.with_only_columns(column).where(column.is_not(None))
            return _Texts(called, column, every, are_few=True)
    return None


def _of_column(called: str, column: ColumnElement[Any], **options: Any) -> _Texts:
    return _Texts(called, column, select(column).where(column.is_not(None)), **options)


def _in_environments(field: Field) -> ColumnElement[str]:
    return member(tables.environments.c.document, *field.name.split("."))
