"""How two recorded data sets differ, in words: rows, columns, order, values, distributions. Pure.

Nothing is said that the records do not tell: values of different digests are different, of equal
ones the same unless one of them was not looked at as a whole.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from nbmlops.drawing.words import count, shortened, size
from nbmlops.fingerprint_records import (
    columns_left_out,
    fingerprint_of,
    profile_of,
    what_it_is,
)
from nbmlops.fingerprints.base import Fingerprint, Part
from nbmlops.fingerprints.profiles.profile import MOST_COLUMNS, ColumnProfile
from nbmlops.profile_words import shown_type
from nbmlops.records import Digest, Profile, Value

type ColumnChangeKind = Literal["added", "removed", "renamed", "retyped", "changed"]
type Profiles = Mapping[Digest, Profile]

MOST_PROFILED = 200  # changed columns of a data set whose distributions are compared
_ALIKE = ("distribution alike",)  # what `changed_words` says of other values spread as before
_MOST_HEADS = 2  # in a headline
_LONGEST_NAME = 30


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """A column, or level of the index, that is not as before.

    ``words`` say what changed in its distribution, where ``profiles`` tell: those of before and
    after, of which `nbmlops.fingerprints.distances.comparing` makes figures. ``distance`` is how
    far apart they are, from 0 to 1.
    """

    name: str
    change: ColumnChangeKind
    before: Part | None
    after: Part | None
    words: tuple[str, ...] = ()
    profiles: tuple[ColumnProfile, ColumnProfile] | None = None
    distance: float = 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """What is to be said of two data sets that are not the same.

    ``headline`` is for a sentence: ``36,776 fewer rows``. ``is_known`` is False where the records
    cannot tell whether they differ.
    """

    headline: str
    words: tuple[str, ...]
    columns: tuple[ColumnChange, ...] = ()
    is_known: bool = True


def difference(before: Value, after: Value, profiles: Profiles | None = None) -> Difference | None:
    """Return how two data sets differ; None where they are the same.

    ``profiles`` are those of the columns that differ, as far as there are any.
    """
    one, other = fingerprint_of(before), fingerprint_of(after)
    if one.digest == other.digest:
        return None if one.is_exact else _unclear(one)
    if "opaque" in (one.kind, other.kind) or one.scheme != other.scheme:
        return _not_comparable(one, other)
    columns = tuple(_column_changes(one, other, profiles or {}))
    found = tuple(_statements(before, after, columns))
    heads = list(dict.fromkeys(head for head, _ in found if head)) or ["not the same"]
    inexact = [_inexact(each) for each in (one, other) if not each.is_exact]
    words = [line for _, lines in found for line in lines]
    return Difference(_headline(heads), tuple(dict.fromkeys([*words, *inexact])), columns)


def profiled_columns(before: Value, after: Value) -> list[Digest]:
    """Return the digests of the columns whose profiles `difference` would like to have."""
    if before.digest == after.digest or before.kind != after.kind:
        return []
    pairs = [
        (old.digest, new.digest)
        for old, new in _matched(fingerprint_of(before).columns, fingerprint_of(after).columns)
        if old is not None and new is not None and old.digest != new.digest
    ]
    return [digest for pair in pairs[:MOST_PROFILED] for digest in pair]


def _headline(heads: Sequence[str]) -> str:
    rest = len(heads) - _MOST_HEADS
    shown = ", ".join(heads[:_MOST_HEADS])
    return f"{shown} and {count(rest, 'other change')}" if rest > 0 else shown


type _Statement = tuple[str, list[str]]  # for the headline, and in full


def _statements(
    before: Value, after: Value, columns: Sequence[ColumnChange]
) -> Iterator[_Statement]:
    one, other = fingerprint_of(before), fingerprint_of(after)
    are_exact = one.is_exact and other.is_exact
    if one.kind != other.kind:
        text = f"{what_it_is(before)} → {what_it_is(after)}"
        yield text, [text]
    elif are_exact and one.semantic is not None and one.semantic == other.semantic:
        yield (
            "equal but for NaN or −0.0",
            ["equal numbers of other bits: −0.0 for 0.0, another NaN, or NaN for missing"],
        )
    elif are_exact and one.unordered is not None and one.unordered == other.unordered:
        yield "rows in another order", ["the same rows in another order"]
    else:
        yield from _of_shape(one, other)
        yield from _of_size(before, after)
        yield from _of_schema(one, other, columns)
        yield from _of_values(one, other, columns)
        yield from _of_rest(before, after, columns)


def _of_shape(one: Fingerprint, other: Fingerprint) -> Iterator[_Statement]:
    old, new = one.shape or (), other.shape or ()
    if old == new:
        return
    is_table = bool(one.columns or other.columns)
    if len(old) != len(new) or (old[1:] != new[1:] and not is_table):
        text = f"{_lengths(old)} → {_lengths(new)}"
        yield text, [text]
    elif old[0] != new[0]:
        more = new[0] - old[0]
        head = f"{count(abs(more), f'{"more" if more > 0 else "fewer"} row')}"
        yield head, [f"{old[0]:,} → {new[0]:,} rows"]


def _of_size(before: Value, after: Value) -> Iterator[_Statement]:
    """Say how the size of a file changed; of other data the shape says it."""
    if before.kind in ("file", "folder"):
        sizes = [each.size_bytes for each in (before, after)]
        if None not in sizes and sizes[0] != sizes[1]:
            yield "", [" → ".join(size(each or 0) for each in sizes)]
        yield "other content", ["other content"]


def _of_schema(
    one: Fingerprint, other: Fingerprint, columns: Sequence[ColumnChange]
) -> Iterator[_Statement]:
    for change in ("added", "removed"):
        for role in ("column", "index", "part"):
            found = [entry for entry in columns if entry.change == change and _role(entry) == role]
            if found:
                what = _NOUNS[role]
                yield (
                    _counted(found, what) + f" {change}",
                    [f"{_plural(found, what)} {change}: {_names(found)}"],
                )
    renamed = [entry for entry in columns if entry.change == "renamed"]
    if renamed:
        pairs = ", ".join(f"{_label(entry.before)} → {_label(entry.after)}" for entry in renamed)
        yield _counted(renamed, "column") + " renamed", [f"renamed: {pairs}"]
    retyped = [entry for entry in columns if entry.change == "retyped"]
    if retyped:
        types = ", ".join(
            f"{_short(entry.name)} ({_types(entry.before, entry.after)})"
            for entry in retyped
            if entry.before and entry.after
        )
        yield _counted(retyped, "column") + " of another type", [f"of another type: {types}"]
    if _is_of_another_type(one, other):
        types = " → ".join(shown_type(each.element_type or "") for each in (one, other))
        yield f"of another type: {types}", [f"of another type: {types}"]
    if one.axis_names != other.axis_names:
        names = " → ".join(", ".join(each.axis_names) or "none" for each in (one, other))
        yield "other names of column levels", [f"names of column levels: {names}"]
    if _is_reordered(one, other):
        yield "columns in another order", ["columns in another order"]


def _of_values(
    one: Fingerprint, other: Fingerprint, columns: Sequence[ColumnChange]
) -> Iterator[_Statement]:
    changed = [entry for entry in columns if entry.change == "changed"]
    by_words: dict[str, list[ColumnChange]] = {}
    for entry in sorted(columns, key=lambda entry: (entry.words == _ALIKE, -entry.distance)):
        if entry.words:
            by_words.setdefault("; ".join(entry.words), []).append(entry)
    is_array = _is_list_of_numbers(one) and _is_list_of_numbers(other)
    are_same_rows = _rows(one) == _rows(other)
    if are_same_rows and "; ".join(_ALIKE) in by_words:
        by_words["values differ, distribution alike"] = by_words.pop("; ".join(_ALIKE))
    told = [
        words if is_array else f"{_names(entries)}: {words}" for words, entries in by_words.items()
    ]
    silent = [entry for entry in changed if not entry.words]
    if changed and are_same_rows and is_array:
        yield "other values", told or ["other values"]
    elif changed and are_same_rows:
        rest = [f"other values: {_names(silent)}"] if silent else []
        yield _counted(changed, "column") + " not the same", [*told, *rest]
    elif told:
        yield "", told  # with other rows all columns differ: only what profiles tell


def _of_rest(before: Value, after: Value, columns: Sequence[ColumnChange]) -> Iterator[_Statement]:
    """Say what is left where nothing above explains that two digests differ."""
    one, other = fingerprint_of(before), fingerprint_of(after)
    is_explained = (
        bool(columns)
        or _is_reordered(one, other)
        or _is_of_another_type(one, other)
        or (one.shape, one.axis_names) != (other.shape, other.axis_names)
    )
    if columns_left_out(before) or columns_left_out(after):
        listed = f"{MOST_COLUMNS:,} columns"
        if is_explained:
            yield "", [f"beyond the first {listed} not compared"]
        else:
            yield "not the same", [f"differs beyond its first {listed}"]
    elif not is_explained and before.kind not in ("file", "folder"):
        yield "other values", ["other values"]


_NOUNS = {"column": "column", "index": "index level", "part": "part"}


def _column_changes(
    one: Fingerprint, other: Fingerprint, profiles: Profiles
) -> Iterator[ColumnChange]:
    if one.kind != other.kind:
        return
    profiled = 0
    for old, new in _matched(one.columns, other.columns):
        if old is None and new is not None:
            yield ColumnChange(new.name, "added", None, new)
        elif new is None and old is not None:
            yield ColumnChange(old.name, "removed", old, None)
        elif old is not None and new is not None and old != new:
            found = _column_change(old, new)
            if found.change in ("changed", "retyped") and profiled < MOST_PROFILED:
                profiled += 1
                found = _with_distributions(found, old, new, profiles)
            yield found


def _column_change(old: Part, new: Part) -> ColumnChange:
    if old.name != new.name:
        return ColumnChange(new.name, "renamed", old, new)
    return ColumnChange(new.name, "retyped" if old.type != new.type else "changed", old, new)


def _matched(
    before: Sequence[Part], after: Sequence[Part]
) -> list[tuple[Part | None, Part | None]]:
    """Pair columns by role and name, the rest by equal content; in the order of ``after``."""
    old, new = _keyed(before), _keyed(after)
    gone = {key: part for key, part in old.items() if key not in new}
    pairs: list[tuple[Part | None, Part | None]] = []
    for key, part in new.items():
        match = old.get(key)
        if match is None:
            twin = next((k for k, each in gone.items() if _is_twin(each, part)), None)
            match = None if twin is None else gone.pop(twin)
        pairs.append((match, part))
    return [*pairs, *((part, None) for part in gone.values())]


def _is_twin(one: Part, other: Part) -> bool:
    return (one.role, one.type, one.digest) == (other.role, other.type, other.digest)


def _keyed(parts: Sequence[Part]) -> dict[tuple[str, str, int], Part]:
    """Return columns by role, name and how often the name came before: names may repeat."""
    seen: Counter[tuple[str, str]] = Counter()
    keyed: dict[tuple[str, str, int], Part] = {}
    for part in parts:
        keyed[part.role, part.name, seen[part.role, part.name]] = part
        seen[part.role, part.name] += 1
    return keyed


def _is_of_another_type(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether the elements of two arrays are; columns say it themselves."""
    types = (one.element_type, other.element_type)
    return None not in types and types[0] != types[1] and not (one.columns or other.columns)


def _is_reordered(one: Fingerprint, other: Fingerprint) -> bool:
    old, new = _keyed(one.columns), _keyed(other.columns)
    return [key for key in old if key in new] != [key for key in new if key in old]


def _with_distributions(
    change: ColumnChange, old: Part, new: Part, profiles: Profiles
) -> ColumnChange:
    if old.digest not in profiles or new.digest not in profiles:
        return change
    pair = profile_of(profiles[old.digest]), profile_of(profiles[new.digest])
    try:
        from nbmlops.distribution_words import changed_words, distance
    except ImportError:  # it takes numpy, which whoever only looks may not have
        return change
    words = changed_words(*pair)
    if change.change == "retyped" and words == _ALIKE:
        words = ()  # that it is of another type says it all
    return replace(change, words=words, profiles=pair, distance=distance(*pair))


def _unclear(found: Fingerprint) -> Difference:
    text = f"no difference found, but {_inexact(found)}"
    return Difference("cannot be told apart", (text,), is_known=False)


def _not_comparable(one: Fingerprint, other: Fingerprint) -> Difference:
    reasons = [_inexact(each) for each in (one, other) if each.kind == "opaque"]
    schemes = f"recorded with digests that cannot be compared ({one.scheme} and {other.scheme})"
    return Difference("not comparable", tuple(reasons or [schemes]), is_known=False)


def _inexact(found: Fingerprint) -> str:
    reason = f": {found.reason}" if found.reason else ""
    return f"not looked at as a whole ({found.strength}){reason}"


def _is_list_of_numbers(found: Fingerprint) -> bool:
    """Whether it has one dimension: its only column has a number for a name."""
    return found.kind == "array" and len(found.shape or ()) == 1


def _rows(found: Fingerprint) -> int | None:
    return found.shape[0] if found.shape else None


def _lengths(shape: Sequence[int]) -> str:
    return "×".join(f"{length:,}" for length in shape) or "one value"


def _role(entry: ColumnChange) -> str:
    part = entry.after or entry.before
    return part.role if part else "column"


def _counted(entries: Sequence[ColumnChange], noun: str) -> str:
    """Name a column alone, count several."""
    if len(entries) == 1:
        return f"{noun} {_short(entries[0].name)}"
    return count(len(entries), noun)


def _plural(entries: Sequence[ColumnChange], noun: str) -> str:
    return noun if len(entries) == 1 else f"{noun}s"


def _types(before: Part, after: Part) -> str:
    return f"{shown_type(before.type)} → {shown_type(after.type)}"


def _names(entries: Sequence[ColumnChange], most: int = 10) -> str:
    named = ", ".join(_short(entry.name) for entry in entries[:most])
    rest = len(entries) - most
    return f"{named} and {rest:,} more" if rest > 0 else named


def _label(part: Part | None) -> str:
    return _short(part.name) if part else ""


def _short(name: str) -> str:
    return shortened(name, _LONGEST_NAME) or "without a name"
