"""Which run or data set somebody means by a reference."""

from typing import Any

from sqlalchemy import Connection, Select, func, select, union

from nbmlops.errors import DataAmbiguous, DataNotFound, NoRunYet, RunAmbiguous, RunNotFound
from nbmlops.records import Digest, RunId
from nbmlops.store import data_sets, tables
from nbmlops.store.base import DataQuery
from nbmlops.store.rows import clean
from nbmlops.store.trash import is_in_trash

_SHORTEST_DIGEST = 4  # characters: as many as a fingerprint shows; fewer are rather a mistyped name
_MOST_NAMES = 1000  # to look among for what was meant


def find_run(connection: Connection, reference: str, *, in_trash: bool) -> RunId:
    """Return the run that a user means; see `nbmlops.store.base.Store.find_run`."""
    reference = clean(reference)
    runs = tables.runs.c
    is_meant = is_in_trash(runs.id, in_trash)
    latest = select(runs.id).where(is_meant).order_by(runs.opened.desc(), runs.id)
    exact = select(runs.id).where(runs.id == reference)
    if found_id := connection.scalar(exact.where(is_meant) if in_trash else exact):
        return RunId(found_id)
    if place := _place(reference):
        nth = connection.scalar(latest.limit(1).offset(place - 1))
        if nth is None:
            count = connection.scalar(select(func.count()).select_from(tables.runs).where(is_meant))
            if not count and not in_trash:
                raise NoRunYet(reference)
            raise RunNotFound(reference, [f"@1 to @{count}"] if count else [])
        return RunId(nth)
    if named := connection.scalar(latest.where(runs.name == reference).limit(1)):
        return RunId(named)
    begun = func.substr(runs.id, 1, len(reference)) == reference.lower()
    found = connection.scalars(latest.where(begun).limit(6)).all() if reference else []
    if len(found) == 1:
        return RunId(found[0])
    if found:
        raise RunAmbiguous(reference, found)
    names = select(runs.name).where(runs.name.is_not(None), is_meant).distinct()
    raise RunNotFound(reference, sorted(connection.scalars(names)))


def find_data(connection: Connection, reference: str) -> Digest:
    """Return the data set that a user means; see `nbmlops.store.base.Store.find_data`."""
    reference = clean(reference)
    for query in (
        DataQuery(digests=(Digest(reference),), limit=1),
        DataQuery(name=reference, limit=1),
    ):
        if found := connection.scalar(data_sets.page(query)):
            return Digest(found)
    begun = connection.scalars(_digests_begun(reference)).all()
    if len(begun) == 1:
        return Digest(begun[0])
    if begun:
        raise DataAmbiguous(reference, begun)
    names = connection.scalars(data_sets.known_names().limit(_MOST_NAMES))
    raise DataNotFound(reference, names.all())


def _digests_begun(reference: str) -> Select[Any]:
    digest = tables.values.c.digest
    used = union(select(tables.uses.c.digest), select(tables.file_uses.c.digest))
    if len(reference) < _SHORTEST_DIGEST:
        return select(digest).where(digest == reference)
    is_begun = func.substr(digest, 1, len(reference)) == reference.lower()
    is_data = tables.values.c.kind.in_(DataQuery().kinds)
    return select(digest).where(is_begun, is_data, digest.in_(used)).order_by(digest).limit(6)


def _place(reference: str) -> int:
    """Return the N of ``@N``, 0 where it is none."""
    digits = reference.removeprefix("@")
    if digits == reference or not digits.isdecimal():
        return 0
    return int(digits) if len(digits) < 10 else 10**9
