"""Looking a whole store over, and repairing it: what `nbmlops.doctor` does, for every face."""

from dataclasses import replace

from nbmlops.errors import BlobsUnavailable, NotAStore, ServerAway, StoreDamaged
from nbmlops.store.base import Finding
from nbmlops.store.waiting import waiting_found
from nbmlops.tracking.opening import opened, url_of
from nbmlops.tracking.space import sizes_told


def doctor(
    *, fix: bool = False, drops_lost: bool = False, store: str | None = None
) -> list[Finding]:
    """Look a whole store over and return what was found, good or bad.

    With ``fix`` what is wrong is repaired, where it can be, after a copy of the store was made;
    what was done comes first, then how the store is. On a server what names blobs that cannot be
    found from here stays, unless it ``drops_lost`` ones: another machine may have them.
    """
    try:
        return _looked_over(store, fix=fix, drops_lost=drops_lost)
    except (ServerAway, BlobsUnavailable) as problem:
        return [Finding("store", False, str(problem)), waiting_found(url_of(store))]
    except StoreDamaged as problem:
        if not fix:
            return [Finding("store", False, str(problem))]
        from nbmlops.store.salvaging import salvage  # with SQL

        return [
            *map(_fixed, salvage(url_of(store))),
            *_looked_over(store, fix=True, drops_lost=drops_lost),
        ]


def _fixed(done: Finding) -> Finding:
    return replace(done, subject=f"fixed: {done.subject}")


def _looked_over(store: str | None, *, fix: bool, drops_lost: bool) -> list[Finding]:
    with opened(store) as (found, _):
        findings = found.check()
        done: list[Finding] = []
        if fix and not all(finding.is_good for finding in findings):
            done = [*map(_fixed, found.repair(drops_lost=drops_lost))]
            findings = found.check()
        try:
            sizes = Finding("sizes", True, sizes_told(found.sizes()))
        except NotAStore as problem:  # a damaged page; the others are told all the same
            sizes = Finding("sizes", False, f"cannot be read: {problem.reason}")
        return [*done, Finding("store", True, found.url), *findings, sizes]
