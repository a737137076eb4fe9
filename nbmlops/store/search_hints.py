"""What a search names that no run has: said where nothing was found, and of what runs sort by.

A name of a metric or package that is misspelled: the search is right as it stands, and finds
nothing for ever. Of the texts that are compared `nbmlops.store.search_text_hints` says it.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select

from nbmlops.errors import did_you_mean
from nbmlops.query.clauses import Meaning, Ordering, clauses
from nbmlops.query.fields import DATA_PARTS, Field
from nbmlops.query.meaning import NameKind
from nbmlops.store import data_sets, tables
from nbmlops.store.rows import clean
from nbmlops.store.search_text import member
from nbmlops.store.search_text_hints import KnownValues, TextHints

_KINDS: dict[str, NameKind] = {"metric": "metrics", "param": "params", "tag": "tags"}
_CALLED = {"metric": "metric", "param": "parameter", "tag": "tag"}
_MOST_READ, _MOST_ENVIRONMENTS = 1_000, 50  # looked among for what was meant


class Hints:
    """Says of clauses and orders what they name that no run of a store has."""

    def __init__(self, connection: Connection, known: KnownValues) -> None:
        self._connection, self._known = connection, known
        self._texts = TextHints(connection, known)

    def of_filter(self, meaning: Meaning) -> Iterator[str]:
        """Say of each name in a filter that no run has: there is none; else of its texts."""
        asked = [*clauses(meaning)]
        unknown = self._names(clause.field for clause in asked)
        yield from unknown.values()
        for clause in asked:
            if clause.behind:
                whole = f"> '{clause.behind}' is behind all of it"
                yield f"{whole}: >= '{clause.behind}' has what is in it, too."
            if clause.field not in unknown:
                yield from self._texts.of(clause)

    def of_order(self, orderings: Sequence[Ordering]) -> Iterator[str]:
        """Say of each name that runs shall be sorted by that no run has: there is none."""
        yield from self._names(ordering.field for ordering in orderings).values()

    def _names(self, fields: Iterator[Field]) -> dict[Field, str]:
        """Return what is to be said of the fields whose names no run has."""
        says: dict[str, Callable[[Field], str]] = {
            "data": self._data, "package": self._package, **dict.fromkeys(_KINDS, self._named),
        }  # fmt: skip
        known = [field for field in dict.fromkeys(fields) if field.scope in says]
        return {field: said for field in known if (said := says[field.scope](field))}

    def _named(self, field: Field) -> str:
        kind = _KINDS[field.scope]
        if self._known.has(kind, field.name):
            return ""
        near = did_you_mean(field.name, self._known.names(kind))
        return f"No run has a {_CALLED[field.scope]} {field.name}.{near}"

    def _data(self, field: Field) -> str:
        if self._is_data(field.name):
            return ""
        owner, _, part = field.name.rpartition(".")
        if owner and self._is_data(owner):
            parts = ", ".join(DATA_PARTS)
            return f"Data {owner} has no {part} to ask for, only {parts}."
        names = self._texts_of(data_sets.known_names())
        return f"No run has data {field.name}.{did_you_mean(field.name, names)}"

    def _is_data(self, name: str) -> bool:
        name = clean(name)  # as it is kept
        uses, files = tables.uses.c, tables.file_uses.c
        used = select(uses.name).where(uses.name == name)
        return self._is_any(used) or self._is_any(select(files.path).where(files.path == name))

    def _package(self, field: Field) -> str:
        document = tables.environments.c.document
        known = select(document).where(member(document, "packages", field.name).is_not(None))
        if self._is_any(known):
            return ""
        documents = self._texts_of(select(document), _MOST_ENVIRONMENTS)
        packages = {name for text in documents for name in json.loads(text).get("packages") or {}}
        near = did_you_mean(field.name, sorted(packages), lists=False)
        return f"No run is known to have imported the package {field.name}.{near}"

    def _is_any(self, selection: Select[Any]) -> bool:
        return self._connection.execute(selection.limit(1)).first() is not None

    def _texts_of(self, selection: Select[Any], most: int = _MOST_READ) -> list[str]:
        """Return the first of the texts that are selected: enough to find one that is near."""
        return [*self._connection.scalars(selection.limit(most))]
