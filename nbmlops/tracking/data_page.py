"""The page of one data set: what it is, its columns and what they hold, who used it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbmlops.canonical import Json, now
from nbmlops.drawing.page import Block, Column, Drawn, Facts, Heading, Page, Span, Table, Text
from nbmlops.drawing.words import count, first_of, moment, shortened, size
from nbmlops.fingerprint_records import (
    class_of,
    columns_left_out,
    fingerprint_of,
    profile_of,
    what_it_is,
)
from nbmlops.fingerprints.base import Part
from nbmlops.fingerprints.profiles.profile import MOST_COLUMNS, ColumnProfile
from nbmlops.profile_words import infinite, shown_type
from nbmlops.records import DataSet, Digest, Profile, RunSummary
from nbmlops.tracking.column_words import minimum_mean_maximum_std
from nbmlops.tracking.data_table import data_set_json
from nbmlops.tracking.table import status_span
from nbmlops.wording import ago, short

if TYPE_CHECKING:
    import pandas

_MOST_COLUMNS = 60
_LONGEST_NAME = 30


@dataclass(frozen=True)
class DataPage(Drawn):
    """One data set whole; draws itself, or becomes a DataFrame of its columns or JSON.

    Attributes
    ----------
    found : DataSet
    profiles : mapping of digest to Profile
        Of its columns, as far as they have one.
    runs : tuple of RunSummary
        The latest that used it.
    namesakes : tuple of DataSet
        Others that had the name it was asked for by, the latest first.
    is_looking : bool
        Whether data of this process is still being looked at.
    """

    found: DataSet
    profiles: Mapping[Digest, Profile]
    runs: tuple[RunSummary, ...] = ()
    namesakes: tuple[DataSet, ...] = ()
    is_looking: bool = False

    def __repr__(self) -> str:
        return f"<DataPage of {fingerprint_of(self.found.value)}>"

    def to_json(self) -> Json:
        """Return the data set as plain JSON with stable keys: those of ``data``, and its parts."""
        fingerprint = fingerprint_of(self.found.value)
        return {
            **data_set_json(self.found),
            "scheme": fingerprint.scheme,
            "unordered": fingerprint.unordered,
            "semantic": fingerprint.semantic,
            "columns": [
                {
                    "name": part.name,
                    "type": part.type,
                    "role": part.role,
                    "digest": part.digest,
                    "profile": _profile_json(profile),
                }
                for part, profile in self._columns()
            ],
            "columns_left_out": columns_left_out(self.found.value),
            "run_ids": [summary.run.id for summary in self.runs],
        }

    def to_pandas(self) -> "pandas.DataFrame":
        """Return a DataFrame with a row for each column of the data, in order.

        Columns are ``name``, ``type``, ``role``, ``count``, ``nulls``, ``distinct``, ``min``,
        ``max``, ``mean`` and ``std``, as numbers: times in the units of the type.
        """
        import pandas

        names = "name type role count nulls distinct min max mean std"
        rows = [
            {"name": part.name, "type": part.type, "role": part.role, **_profile_json(profile)}
            for part, profile in self._columns()
        ]
        return pandas.DataFrame(rows, columns=names.split())

    def page(self) -> Page:
        """Return what is to be drawn."""
        value = self.found.value
        title = (
            Span(f"{first_of(self.found.names, 3)}  ", "strong"),
            Span(value.digest, "code"),
            Span(f"  {what_it_is(value)}"),
        )
        parts = (self._facts(), self._column_table(), self._run_table())
        return Page(title, [block for part in parts for block in part])

    def _digests(self) -> list[Digest]:
        return [part.digest for part in fingerprint_of(self.found.value).columns]

    def _columns(self) -> Iterator[tuple[Part, ColumnProfile | None]]:
        for part in fingerprint_of(self.found.value).columns:
            record = self.profiles.get(part.digest)
            yield part, None if record is None else profile_of(record)

    def _facts(self) -> Iterator[Block]:
        found, value = self.found, self.found.value
        reason = fingerprint_of(value).reason
        others = [f"{short(each.value.digest)} ({what_it_is(each.value)})"
                  for each in self.namesakes]  # fmt: skip
        rows = [
            ("class", class_of(value)),
            ("size", "" if value.size_bytes is None else size(value.size_bytes)),
            ("looked at", "" if value.strength == "exact" else value.strength),
            ("because", reason or ""),
            ("names", first_of(found.names, 20)),
            ("from", first_of(found.files, 20)),
            ("first seen", moment(found.first_seen)),
            ("last seen", moment(found.last_seen)),
            ("used by", f"{count(found.run_count, 'run')}, "
                        f"{count(found.execution_count, 'execution')}"),
            ("same name", first_of(others, 5)),
        ]  # fmt: skip
        yield Facts([(name, Span(text)) for name, text in rows if text])

    def _column_table(self) -> Iterator[Block]:
        columns = list(self._columns())
        if not columns:
            return
        yield Heading("Columns")
        if not any(profile for _, profile in columns):
            heads = [Column("name"), Column("type")]
        else:
            heads = [Column(name, "left" if place < 2 else "right") for place, name in enumerate(
                ("name", "type", "count", "nulls", "distinct", "min", "mean", "max", "std"))
            ]  # fmt: skip
        rows = [_row(part, profile)[: len(heads)] for part, profile in columns[:_MOST_COLUMNS]]
        yield Table("", heads, rows)
        hidden = len(columns) - len(rows)
        left_out = columns_left_out(self.found.value)
        if hidden:
            yield _muted(f"and {count(hidden, 'more column')}; --json has them")
        if left_out:
            yield _muted(f"{count(left_out, 'column')} beyond these are not listed in the store")
        if reason := self._without_profile():
            yield _muted(reason)

    def _without_profile(self) -> str:
        """Say why there is no profile; empty where there is one, or where none could be made."""
        value = self.found.value
        if any(digest in self.profiles for digest in self._digests()):
            return ""
        if columns_left_out(value):
            return f"no profile: more than {MOST_COLUMNS:,} columns"
        return "no profile so far: still looking" if self.is_looking else ""

    def _run_table(self) -> Iterator[Block]:
        if not self.runs:
            return
        yield Heading("Runs")
        heads = [Column(name) for name in ("run", "name", "experiment", "status", "when")]
        seen = now()
        rows = [
            [
                Span(short(summary.run.id), "code"), Span(shortened(summary.run.name or "", 30)),
                Span(shortened(summary.run.experiment, 30)), status_span(summary.run.status),
                ago(summary.run.opened, seen),
            ]
            for summary in self.runs
        ]  # fmt: skip
        yield Table("", heads, rows)
        if self.found.run_count > len(self.runs):
            yield _muted(f"and {self.found.run_count - len(self.runs):,} earlier")


def _row(part: Part, profile: ColumnProfile | None) -> list[Span]:
    role = "" if part.role == "column" else f" ({part.role})"
    head = [Span(shortened(part.name, _LONGEST_NAME) + role), Span(shown_type(part.type), "muted")]
    if profile is None:
        return [*head, *[Span("")] * 7]
    distinct = profile.distinct
    about = "≈ " if distinct and distinct.error else ""
    numbers = profile.numbers
    return [
        *head,
        Span(f"{profile.count:,}"),
        Span("" if profile.nulls is None else f"{profile.nulls:,}"),
        Span(f"{about}{distinct.estimate:,}" if distinct else ""),
        *map(Span, minimum_mean_maximum_std(part.type, numbers) if numbers else [""] * 4),
    ]


def _profile_json(profile: ColumnProfile | None) -> dict[str, Json]:
    if profile is None:
        return {}
    numbers, distinct = profile.numbers, profile.distinct
    return {
        "count": profile.count,
        "nulls": profile.nulls,
        "distinct": distinct.estimate if distinct else None,
        "distinct_error": distinct.error if distinct else None,
        "min": numbers.minimum if numbers else None,
        "max": numbers.maximum if numbers else None,
        "mean": numbers.mean if numbers else None,
        "std": numbers.std if numbers else None,
        "nan": numbers.nan if numbers else None,
        "infinite": infinite(numbers) if numbers else None,
        "reason": profile.reason,
    }


def _muted(text: str) -> Text:
    return Text((Span(text, "muted"),))
