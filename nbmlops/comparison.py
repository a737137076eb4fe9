"""What differs between runs: parameters, metrics, data, code, environment. Pure.

The first run is the baseline; every other one is compared with it. How cells and data differ is
found in `nbmlops.cell_changes` and `nbmlops.data_changes`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from nbmlops.canonical import Json, jsonable
from nbmlops.cell_changes import CellDifference, cell_differences
from nbmlops.config import Settings
from nbmlops.data_changes import DataChange, DataChanges, data_changes
from nbmlops.data_differences import Profiles
from nbmlops.drawing.page import Block, Code, Column, Drawn, Heading, Page, Span, Table, Text
from nbmlops.drawing.words import count, number, shortened, signed
from nbmlops.measures import Direction, direction
from nbmlops.records import Metric, Param, Run, RunDetail
from nbmlops.wording import apart, arrow, short, shown

# In the sentence:
_MOST_PARAMS = 3
_MOST_METRICS = 5
_MOST_VALUES = 3  # of one of them; of more the least and the greatest, or the first and the last
_LONGEST_NAME = 40  # characters
_SHORT_COMMIT = 10
_COMMIT = "git commit"


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter, metric, package or source in every run; None in ``values`` where not there."""

    name: str
    values: tuple[Any, ...]
    has: tuple[bool, ...]

    @property
    def differs(self) -> bool:
        """Whether any two runs differ in it; NaN equals NaN, 1 differs from True and from 1.0."""
        return self.distinct > 1

    @property
    def distinct(self) -> int:
        """How many different values there are; to have none is one of them."""
        keys = {
            (present, type(value).__name__, repr(value))
            for value, present in zip(self.values, self.has, strict=True)
        }
        return len(keys)


@dataclass(frozen=True)
class Comparison(Drawn):
    """Two or more runs side by side; the first is the baseline.

    Attributes
    ----------
    runs : tuple of Run
    params, metrics, packages : tuple of Row
        Every name that any run has. Metrics compare by their last value.
    sources : tuple of Row
        Local modules, by the digests of their source, and the git commit.
    cells : tuple of CellDifference
        Cells that are not as in the baseline; parameters cells are left to ``params``.
    found_data : DataChanges
        What ``data`` is taken from.
    has_environments : bool
        Whether packages and sources could be compared: the environment of a run is known some time
        after its end, and what is not known does not differ.
    """

    runs: tuple[Run, ...]
    params: tuple[Row, ...]
    metrics: tuple[Row, ...]
    packages: tuple[Row, ...]
    sources: tuple[Row, ...]
    cells: tuple[CellDifference, ...]
    found_data: DataChanges = DataChanges()
    settings: Settings = Settings()
    has_environments: bool = True

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(short(run.id) for run in self.runs)}: {self.sentence}>"

    @property
    def data(self) -> tuple[DataChange, ...]:
        """Data that is not as in the baseline, matched by the names of variables."""
        return self.found_data.changes

    @property
    def sentence(self) -> str:
        """What changed, in one sentence."""
        parts = _said(self.params, "parameter", _MOST_PARAMS)
        parts += self.found_data.sentences()
        if self.cells:
            parts.append(f"{count(len(self.cells), 'cell')} not as before")
        parts += self._package_changes()
        parts += self._source_changes()
        data = ["data"] if self.found_data.same else []
        packages = ["packages"] if self.has_environments else []
        same = ["parameters", *data, "code", *packages]
        unchanged = f"same {', '.join(same[:-1])} and {same[-1]}"
        causes = ", ".join(parts) if parts else unchanged
        effects = ", ".join(_said(self.metrics, "metric", _MOST_METRICS))
        return f"{causes}: {effects or 'no metric differs'}"

    def _package_changes(self) -> Iterator[str]:
        """Give how many are of other versions; what one run alone had imported may be by chance."""
        changed = [row for row in self.packages if row.differs]
        missing = sum(not all(row.has) for row in changed)
        if missing < len(changed):
            yield f"{count(len(changed) - missing, 'package')} not the same"
        if missing:
            yield f"{count(missing, 'package')} not imported in all"

    def _source_changes(self) -> Iterator[str]:
        changed = [row for row in self.sources if row.differs]
        modules = [row.name for row in changed if row.name != _COMMIT]
        if len(modules) > 2:
            yield f"{count(len(modules), 'module')} not the same"
        else:
            yield from (f"{name} not the same" for name in modules)
        yield from (f"{row.name} {_change(row)}" for row in changed if row.name == _COMMIT)

    def to_json(self) -> Json:
        """Return the comparison as plain JSON with stable keys."""
        return {
            "runs": [run.id for run in self.runs],
            "sentence": self.sentence,
            "params": [_row_json(row) for row in self.params],
            "metrics": [
                {**_row_json(row), "better": direction(row.name, self.settings)}
                for row in self.metrics
            ],
            "data": self.found_data.to_json([run.id for run in self.runs]),
            "code": [
                {"run": self.runs[cell.run].id, "change": cell.change, "diff": cell.diff}
                for cell in self.cells
            ],
            "packages": [_row_json(row) for row in self.packages if row.differs],
            "sources": [_row_json(row) for row in self.sources if row.differs],
        }

    def page(self) -> Page:
        """Return what is to be drawn."""
        title = (Span("Comparison  ", "strong"), Span(self.sentence))
        blocks: list[Block] = []
        if len(self.runs) > 1 and all(run.name is None for run in self.runs[1:]):
            blocks.append(Text((Span(f"baseline: {short(self.runs[0].id)}", "muted"),)))
        blocks += self._values("Metrics", self.metrics, everything=True)
        blocks += self._values("Parameters", self.params, everything=False)
        blocks += self.found_data.blocks([head.title for head in self._heads()])
        blocks += self._code()
        blocks += self._values("Packages", self.packages, everything=False)
        blocks += self._values("Local modules and git", self.sources, everything=False)
        return Page(title, blocks)

    def _heads(self) -> list[Column]:
        names = [run.name or short(run.id) for run in self.runs]
        if len(set(names)) < len(names):
            names = [short(run.id) for run in self.runs]
        return [Column(name, "right") for name in names]

    def _values(self, title: str, rows: Sequence[Row], *, everything: bool) -> Iterator[Block]:
        chosen = [row for row in rows if everything or row.differs]
        hidden = len(rows) - len(chosen)
        if not rows:
            return
        yield Heading(title)
        if chosen:
            cells = [(Span(row.name), *self._cells(row)) for row in chosen]
            yield Table("", [Column("name"), *self._heads()], cells)
        if hidden:
            words = "all the same" if not chosen else f"{hidden:,} the same"
            yield Text((Span(f"{words}", "muted"),))

    def _cells(self, row: Row) -> Iterator[Span]:
        is_metric = any(row is metric for metric in self.metrics)
        texts = _told_apart(row, [shown(value) for value in row.values])
        for place, (value, has, text) in enumerate(zip(row.values, row.has, texts, strict=True)):
            if not has:
                yield Span("–", "muted", "none")
            elif is_metric and place > 0:
                yield _measured(value, row, direction(row.name, self.settings))
            elif is_metric:
                yield Span(number(value))
            else:
                changed = row.has[0] and repr(value) != repr(row.values[0])
                yield Span(text, "strong" if changed else "plain")

    def _code(self) -> Iterator[Block]:
        yield Heading("Code")
        if not self.cells:
            yield Text((Span("the same", "muted"),))
        heads = self._heads()
        for cell in self.cells:
            first = next(iter((cell.after or cell.before).strip().splitlines()), "")
            title = Span(f"{heads[cell.run].title}: {cell.change}  {shortened(first)}", "code")
            yield Code(title, cell.diff or cell.after, "diff")


def compare_runs(
    details: Sequence[RunDetail],
    settings: Settings | None = None,
    profiles: Profiles | None = None,
) -> Comparison:
    """Compare runs with the first of them.

    ``profiles`` are those of `nbmlops.data_changes.columns_to_compare`, as far as there are any.
    """
    known = {detail.environment is not None for detail in details}
    placed = details if len(known) == 1 else ()
    return Comparison(
        runs=tuple(detail.run for detail in details),
        params=_rows([_params(detail.summary.params) for detail in details]),
        metrics=_rows([_metrics(detail.summary.metrics) for detail in details]),
        packages=_rows([_packages(detail) for detail in placed]),
        sources=_rows([_sources(detail) for detail in placed]),
        cells=tuple(cell_differences(details)),
        found_data=data_changes(details, profiles),
        settings=settings or Settings(),
        has_environments=len(known) == 1,
    )


def _measured(value: float, row: Row, better: Direction) -> Span:
    if not row.has[0]:
        return Span(number(value))
    sign, tone, words = arrow(row.values[0], value, better)
    if words in ("the same", "not comparable"):
        return Span(f"{number(value)} {sign}", "plain", words)
    return Span(f"{number(value)} {sign} {signed(value - row.values[0])}", tone, words)


def _said(rows: Iterable[Row], noun: str, most: int) -> list[str]:
    """Return how the first rows that differ do, and how many others there are."""
    changed = [row for row in rows if row.differs]
    said = [f"{shortened(row.name, _LONGEST_NAME)} {_change(row)}" for row in changed[:most]]
    left = len(changed) - len(said)
    return [*said, count(left, f"other {noun}")] if left else said


def _change(row: Row) -> str:
    if len(row.values) <= _MOST_VALUES:
        return " → ".join(_texts(row))
    if all(row.has) and all(map(_is_number, row.values)):
        values, between = (min(row.values), max(row.values)), " … "
        ends = Row(row.name, values, (True, True))
    else:
        values, between = (row.values[0], row.values[-1]), " → … → "
        ends = Row(row.name, values, (row.has[0], row.has[-1]))
    # The same at both ends would read as if it were the same in between.
    return between.join(_texts(ends)) if ends.differs else f"{row.distinct} different values"


def _is_number(value: object) -> bool:
    """Whether it has a place among others: neither a truth nor NaN."""
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _texts(row: Row) -> list[str]:
    texts = [
        (number(value) if isinstance(value, float) else shown(value, 20)) if has else "none"
        for value, has in zip(row.values, row.has, strict=True)
    ]
    return _told_apart(row, texts)


def _told_apart(row: Row, texts: list[str]) -> list[str]:
    """Return how a row's values are written: in full where different ones would look the same.

    Where they would even so, from shortly before the place where they differ.
    """
    if len(set(texts)) >= row.distinct:
        return texts
    whole = [repr(value) if has else "none" for value, has in zip(row.values, row.has, strict=True)]
    return apart(whole)


def _row_json(row: Row) -> dict[str, Json]:
    values: list[Json] = [
        jsonable(value) if has else None for value, has in zip(row.values, row.has, strict=True)
    ]
    return {"name": row.name, "values": values, "differs": row.differs}


def _rows(columns: Sequence[dict[str, Any]]) -> tuple[Row, ...]:
    names = dict.fromkeys(name for column in columns for name in column)
    return tuple(
        Row(
            name,
            tuple(column.get(name) for column in columns),
            tuple(name in column for column in columns),
        )
        for name in names
    )


def _params(params: Iterable[Param]) -> dict[str, Any]:
    return {param.name: param.value for param in params}


def _metrics(metrics: Iterable[Metric]) -> dict[str, float]:
    return {metric.name: metric.last for metric in metrics}


def _packages(detail: RunDetail) -> dict[str, str]:
    if detail.environment is None:
        return {}
    content = detail.environment.content
    return {"python": content["python"]["version"], **content["packages"]}


def _sources(detail: RunDetail) -> dict[str, str]:
    """Return the digests of local modules, and the commit with what was changed since."""
    if detail.environment is None:
        return {}
    content = detail.environment.content
    found = {f"module {path}": digest for path, digest in content.get("modules", {}).items()}
    git = content.get("git")
    if git:
        patch = git.get("patch") or git.get("patch_left_out") or ""
        changes = f" with changes {_bare(patch)}".rstrip() if git["is_dirty"] else ""
        found[_COMMIT] = git["commit"][:_SHORT_COMMIT] + changes
    return found


def _bare(digest: str) -> str:
    return digest.rpartition(":")[2][:_SHORT_COMMIT]
