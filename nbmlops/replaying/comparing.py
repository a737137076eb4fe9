"""What an execution wrote, compared with what it wrote when it was executed again. Pure."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from nbmlops.data_differences import Profiles, difference
from nbmlops.fingerprint_records import (
    class_of,
    columns_left_out,
    fingerprint_of,
    value_record,
    what_it_is,
)
from nbmlops.fingerprints.hashing import joined
from nbmlops.records import Digest, Execution, Value
from nbmlops.replaying.traces import Trace, Version
from nbmlops.replaying.verdicts import Compared, Verdict

_SHOWN_DIGITS = 4
_NOT_SEEN = "it had changed before it was looked at, or could not be"
_EQUAL = {
    "semantic": "equal but for NaN or −0.0",
    "unordered": "the same rows in another order",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """An execution as it was recorded, and again; None where it was not executed again."""

    recorded: Execution
    again: Execution | None


def compared_versions(
    pair: Pair,
    before: Trace,
    after: Trace,
    needed: Collection[str],
    made_aside: Callable[[str], Collection[str]] = lambda _: (),
) -> Iterator[Compared]:
    """Give what both executions wrote, name by name; those that somebody needs first.

    Parameters
    ----------
    pair : Pair
    before, after : Trace
        Of the recorded executions and of the new ones.
    needed : collection of str
        The names that a result or a later execution depends on.
    made_aside : callable
        Gives the columns of a name that executions have made which were not executed again.
    """
    if pair.again is None:
        return
    old, new = before.versions(pair.recorded), after.versions(pair.again)
    for name in sorted({*old, *new}, key=lambda name: (name not in needed, name)):
        was, now = old.get(name), new.get(name)
        if was is not None and now is not None:
            aside = made_aside(name) if was.digest != now.digest else ()
            yield compared_version(
                name,
                without_columns(was, aside),
                without_columns(now, aside),
                is_needed=name in needed,
            )
        else:
            yield _seen_once(name, pair, was, now, is_needed=name in needed)


def compared_version(
    name: str,
    before: Version,
    after: Version,
    *,
    is_needed: bool = True,
    profiles: Profiles | None = None,
) -> Compared:
    """Compare what a name held; ``profiles`` tell more of data that is not the same."""
    verdict, words = _judged(before, after, profiles or {})
    is_same_text = _text(before) == _text(after)
    texts = [
        _text(each, in_full=is_same_text and verdict == "different") for each in (before, after)
    ]
    return Compared(name, verdict, texts[0], texts[1], words, is_needed)


def without_columns(version: Version, columns: Collection[str]) -> Version:
    """Return what a table is without some columns, as far as it lists them; else what it is.

    Its digest is one of what is left, to be compared with others like it only.
    """
    value = version.value
    if not columns or value is None or value.kind != "frame":
        return version
    found = fingerprint_of(value)
    left = tuple(part for part in found.columns if part.name not in columns)
    if columns_left_out(value) or found.shape is None:
        return version
    width = found.shape[1] - (len(found.columns) - len(left))
    told = repr((found.shape[0], found.axis_names, left)).encode("utf-8", "surrogatepass")
    digest = Digest(joined("columns", told).hex())
    kept = replace(
        found,
        digest=digest,
        columns=left,
        shape=(found.shape[0], width),
        semantic=None,
        unordered=None,
    )
    return Version(digest, value_record(kept))


def _judged(before: Version, after: Version, profiles: Profiles) -> tuple[Verdict, str]:
    opaque = [reason for each in (before, after) if (reason := _opaque(each))]
    if opaque:
        return "not comparable", opaque[0]
    if before.digest == after.digest:
        return "identical", ""
    if before.value is None or after.value is None:
        return "different", "another value"
    for form, words in _EQUAL.items():
        if _form(before.value, form) is not None and _form(before.value, form) == _form(
            after.value, form
        ):
            return "equal", words
    found = difference(before.value, after.value, profiles)
    if found is None or not found.is_known:
        return "not comparable", found.headline if found else ""
    return "different", "; ".join(found.words) if profiles else found.headline


def _opaque(version: Version) -> str:
    """Return why nobody can say whether a version is the same as another; else nothing."""
    if version.digest is None:
        return _NOT_SEEN
    if version.value is None or version.value.strength == "exact":
        return ""
    return fingerprint_of(version.value).reason or f"it is {version.value.strength}"


def _form(value: Value, form: str) -> str | None:
    found: str | None = getattr(fingerprint_of(value), form)
    return found


def _seen_once(
    name: str, pair: Pair, was: Version | None, now: Version | None, *, is_needed: bool
) -> Compared:
    """Compare a name of which only one of both executions told what it held.

    That an execution touched a name may be an estimate; that it bound one is known.
    """
    assert pair.again is not None
    has, lacks = (pair.again, pair.recorded) if was is None else (pair.recorded, pair.again)
    is_bound_once = name in has.names.defined and not _is_written(name, lacks)
    words = f"it was not written {'then' if was is None else 'this time'}"
    return Compared(
        name,
        "different" if is_bound_once else "not comparable",
        _text(was),
        _text(now),
        words if is_bound_once else _NOT_SEEN,
        is_needed,
    )


def _is_written(name: str, execution: Execution) -> bool:
    return name in execution.names.defined or name in execution.names.touched


def _text(version: Version | None, *, in_full: bool = False) -> str:
    """Write what a version is; with the beginning of its digest where that tells it apart."""
    if version is None:
        return ""
    if version.value is None:
        return ""
    text = f"{what_it_is(version.value)} {class_of(version.value)}".strip()
    return f"{text} {version.value.digest[:_SHOWN_DIGITS]}…" if in_full else text
