"""Which data of a run is not as in the baseline, matched by the names of variables. Pure.

A name may hold several values in the course of a run. They are paired in the order in which they
were written, and the first pair that differs is told: what comes after it follows from it. Files
that a run read, and that are behind none of its data, are matched by their paths.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nbmlops.canonical import Json
from nbmlops.data_differences import (
    ColumnChange,
    Difference,
    Profiles,
    difference,
    profiled_columns,
)
from nbmlops.drawing.page import Block, Column, Heading, Span, Table, Text
from nbmlops.drawing.words import count, shortened
from nbmlops.fingerprint_records import file_value, value_json
from nbmlops.profile_words import shown
from nbmlops.records import DataRole, DataUse, Digest, RunDetail, Value

type DataChangeKind = Literal["changed", "added", "removed", "unclear"]

_MOST_SAID = 2  # changes in a sentence
_MOST_NAMED = 3  # data sets that changed alike
_MOST_SHOWN = 12  # data sets in a table
_MOST_LINES, _MOST_LINES_OF_DERIVED = 6, 3  # for one of them
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class DataChange:
    """Data that is not as in the baseline, or was only used there or only here.

    ``run`` is the place of the run among those compared. It is ``unclear`` whether data changed
    that was not looked at as a whole. ``difference`` is None for what only one run has.
    """

    run: int
    name: str
    change: DataChangeKind
    role: DataRole
    before: Value | None = None
    after: Value | None = None
    difference: Difference | None = None

    @property
    def what(self) -> str:
        """What changed, for a sentence: ``36,776 fewer rows``."""
        return self.difference.headline if self.difference else self.change

    @property
    def headline(self) -> str:
        """The name and what changed: ``df: 36,776 fewer rows``."""
        return f"{shortened(self.name, _LONGEST_NAME)}: {self.what}"

    @property
    def words(self) -> tuple[str, ...]:
        """What changed, in full."""
        return self.difference.words if self.difference else ()


@dataclass(frozen=True, slots=True)
class DataChanges:
    """What changed in the data of several runs against the first of them.

    ``same`` are the names whose data is the same in all of them.
    """

    changes: tuple[DataChange, ...] = ()
    same: tuple[str, ...] = ()

    def sentences(self) -> Iterator[str]:
        """Give what changed of the inputs: what is derived from them follows.

        Where all inputs are the same, what was derived otherwise is told.
        """
        changed = [entry for entry in self.changes if entry.change == "changed"]
        inputs = [entry for entry in changed if entry.role == "input"]
        chosen = inputs or changed
        names_by_change: dict[str, list[str]] = {}
        for entry in {entry.name: entry for entry in chosen}.values():
            names_by_change.setdefault(entry.what, []).append(entry.name)
        said = list(names_by_change.items())[:_MOST_SAID]
        yield from (f"{_few(names, _MOST_NAMED)}: {what}" for what, names in said)
        rest = len({entry.name for entry in chosen}) - sum(len(names) for _, names in said)
        if rest:
            yield f"{count(rest, 'other data set')} not the same"

    def blocks(self, runs: Sequence[str]) -> Iterator[Block]:
        """Give what is to be drawn; ``runs`` are how the runs are called."""
        if not self.changes and not self.same:
            return
        yield Heading("Data")
        told = [entry for entry in self.changes if entry.change in ("changed", "unclear")]
        if told:
            rows = [
                [Span(name, "strong"), Span(run), Span(words)]
                for entry in told[:_MOST_SHOWN]
                for name, run, words in _lines(entry, runs[entry.run])
            ]
            yield Table("", [Column("name"), Column("in"), Column("what changed")], rows)
        for text in self._notes(told, runs):
            yield Text((Span(text, "muted"),))

    def _notes(self, told: Sequence[DataChange], runs: Sequence[str]) -> Iterator[str]:
        if len(told) > _MOST_SHOWN:
            yield f"{count(len(told) - _MOST_SHOWN, 'other data set')} not the same"
        for place, run in enumerate(runs):
            for change, has, lacks in (("removed", runs[0], run), ("added", run, runs[0])):
                found = [
                    entry.name
                    for entry in self.changes
                    if entry.run == place and entry.change == change
                ]
                if found:
                    yield f"in {has}, not in {lacks}: {_few(found)}"
        if self.same:
            yield f"{len(self.same):,} the same" if self.changes else "all the same"

    def to_json(self, run_ids: Sequence[str]) -> list[Json]:
        """Return the changes as plain JSON with stable keys."""
        return [_change_json(entry, run_ids[entry.run]) for entry in self.changes]


@dataclass(frozen=True, slots=True)
class _Pair:
    run: int
    name: str
    role: DataRole
    before: Value | None
    after: Value | None


def data_changes(details: Sequence[RunDetail], profiles: Profiles | None = None) -> DataChanges:
    """Compare the data of runs with that of the first.

    ``profiles`` are those of `columns_to_compare`, as far as there are any.
    """
    changes = [change for pair in _pairs(details) for change in _changed(pair, profiles or {})]
    order = {"input": 0, "derived": 1}
    changed = {entry.name for entry in changes}
    names = dict.fromkeys(pair.name for pair in _pairs(details))
    return DataChanges(
        tuple(sorted(changes, key=lambda entry: (entry.run, order[entry.role]))),
        tuple(name for name in names if name not in changed),
    )


def columns_to_compare(details: Sequence[RunDetail]) -> list[Digest]:
    """Return the digests of the columns whose profiles tell how the data of runs differs."""
    found = [
        digest
        for pair in _pairs(details)
        if pair.before is not None and pair.after is not None
        for digest in profiled_columns(pair.before, pair.after)
    ]
    return list(dict.fromkeys(found))


def _changed(pair: _Pair, profiles: Profiles) -> Iterator[DataChange]:
    run, name, role, before, after = pair.run, pair.name, pair.role, pair.before, pair.after
    if before is None or after is None:
        yield DataChange(run, name, "added" if before is None else "removed", role, before, after)
        return
    found = difference(before, after, profiles)
    if found is not None:
        change: DataChangeKind = "changed" if found.is_known else "unclear"
        yield DataChange(run, name, change, role, before, after, found)


def _pairs(details: Sequence[RunDetail]) -> Iterator[_Pair]:
    """Give, for every run but the first, what each name held there and in the first.

    What only one of them has is left out where the other holds the same under another name.
    """
    baseline = _held(details[0]) if details else {}
    for run, detail in enumerate(details[1:], 1):
        held = _held(detail)
        for name in dict.fromkeys((*baseline, *held)):
            old, new = baseline.get(name, []), held.get(name, [])
            if old and new:
                yield _Pair(run, name, _common_role(old, new), *_first_difference(old, new))
            elif not {use.digest for use in old} <= _digests(held):
                yield _Pair(run, name, old[0].role, old[0].value, None)
            elif not {use.digest for use in new} <= _digests(baseline):
                yield _Pair(run, name, new[0].role, None, new[0].value)


def _common_role(before: Sequence[DataUse], after: Sequence[DataUse]) -> DataRole:
    return "derived" if before[0].role == after[0].role == "derived" else "input"


def _digests(held: dict[str, list[DataUse]]) -> set[Digest]:
    return {use.digest for uses in held.values() for use in uses}


def _first_difference(before: Sequence[DataUse], after: Sequence[DataUse]) -> tuple[Value, Value]:
    """Return the first pair of values that differ; the last of all where none do."""
    pairs = [*zip(before, after, strict=False), (before[-1], after[-1])]
    found = next((pair for pair in pairs if pair[0].digest != pair[1].digest), pairs[-1])
    return found[0].value, found[1].value


def _held(detail: RunDetail) -> dict[str, list[DataUse]]:
    """Return what each name held in a run, in order, and the files it read for anything else."""
    held: dict[str, list[DataUse]] = {}
    for use in detail.data:
        held.setdefault(use.name, []).append(use)
    for uses in held.values():
        uses.sort(key=lambda use: use.written_in or 0)
    behind = {file.path for use in detail.data for file in use.files}
    for file in detail.files:
        value = file_value(file)
        if file.role == "read" and file.path not in behind and value is not None:
            held.setdefault(file.path, []).append(DataUse(file.path, value, "input"))
    return held


def _lines(entry: DataChange, run: str) -> Iterator[tuple[str, str, str]]:
    """Give name, run and words of each line about a change; of derived data there are fewer."""
    most = _MOST_LINES if entry.role == "input" else _MOST_LINES_OF_DERIVED
    lines = list(entry.words[:most])
    if len(entry.words) > most:
        lines.append(f"and {count(len(entry.words) - most, 'more change')}; --json has them")
    for place, words in enumerate(lines):
        yield ("", "", words) if place else (shortened(entry.name, _LONGEST_NAME), run, words)


def _few(names: Sequence[str], most: int = 10) -> str:
    shown = ", ".join(shortened(name, _LONGEST_NAME) for name in names[:most])
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown


def _change_json(entry: DataChange, run_id: str) -> Json:
    columns = entry.difference.columns if entry.difference else ()
    return {
        "run": run_id,
        "name": entry.name,
        "change": entry.change,
        "role": entry.role,
        "headline": entry.headline,
        "words": list(entry.words),
        "before": value_json(entry.before) if entry.before else None,
        "after": value_json(entry.after) if entry.after else None,
        "columns": [_column_json(column) for column in columns],
    }


def _column_json(column: ColumnChange) -> Json:
    before, after = column.before, column.after
    return {
        "name": column.name,
        "change": column.change,
        "name_before": before.name if before else None,
        "type_before": before.type if before else None,
        "type_after": after.type if after else None,
        "words": list(column.words),
        "distances": _distances_json(column),
        "distributions": _distributions_json(column),
    }


def _distributions_json(column: ColumnChange) -> Json:
    """Return its former and its present distribution, to be drawn; None where there are not two.

    ``ends`` are the least and the greatest edge as people read them: times as times.
    """
    if column.profiles is None:
        return None
    from nbmlops.fingerprints.distances.side_by_side import side_by_side  # takes numpy, as above

    found = side_by_side(*column.profiles)
    if found is None:
        return None
    ends = [found.edges[0], found.edges[-1]] if found.edges else []
    document = found.to_json()
    assert isinstance(document, dict)
    return {**document, "ends": [shown(end, column.profiles[1].type) for end in ends]}


def _distances_json(column: ColumnChange) -> Json:
    """Return how far its distribution is from the former one; None where profiles do not tell."""
    if column.profiles is None:
        return None
    from nbmlops.fingerprints.distances.comparing import distances  # takes numpy, as profiles do

    return distances(*column.profiles).to_json()
