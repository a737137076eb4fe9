"""Whether leaving statements out changes a result: both forms executed and compared.

The form with whole cells has to make what was recorded, the smaller one what that form made.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from nbmlops.capture.python_of import python_of
from nbmlops.cells.extraction import Extracted, extract
from nbmlops.cells.pruning import Wanted
from nbmlops.drawing.words import count, first_of, number
from nbmlops.restoring.notebook import Origin, document
from nbmlops.restoring.rerunning import Evidence, Probe, Question, first_difference, rerun
from nbmlops.restoring.restored import Restored
from nbmlops.store.base import Store
from nbmlops.tracking.slice_page import SlicePage

type Say = Callable[[str], None]


@dataclass(frozen=True)
class Trial:
    """Both forms of a notebook, to be executed and compared.

    Attributes
    ----------
    origin : Origin
    whole : Extracted
        The form with whole cells.
    recorded : Evidence
        What the store knows of the target.
    timeout_seconds : int or None
        Give up on a cell after so long.
    say : callable
        Is told what is executed.
    """

    origin: Origin
    whole: Extracted
    recorded: Evidence
    timeout_seconds: int | None
    say: Say

    def smallest(self, answer: Restored) -> tuple[Extracted, Restored]:
        """Return the smaller form if it makes the same, else whole cells; and what was seen."""
        question = question_of(self.origin.page)
        small = extract(
            self.origin.page.steps,
            python_of,
            written=self.origin.written_files,
            wanted=_wanted(self.origin.page),
        )
        before = self._executed(self.whole, question, "executing whole cells")
        said = before.problem or _unlike(self.recorded, before)
        if said:
            said = f"whole cells do not make it again: {said}"
            return self.whole, replace(answer, is_verified=False, verification=said)
        if small.line_count >= self.whole.line_count:
            said = f"verified: {_same(question)}; every line is needed, as far as can be told"
            return self.whole, replace(answer, is_verified=True, verification=said)
        after = self._executed(small, question, "executing the smaller form")
        said = first_difference(before, after, question)
        if said:
            said = f"whole cells were written, the smaller form is not the same: {said}"
            return self.whole, replace(answer, is_verified=True, verification=said)
        left = f"{small.line_count:,} of {count(self.whole.line_count, 'line')} left"
        said = f"verified: {_same(question)}, {left}"
        return small, replace(answer, is_smallest=True, is_verified=True, verification=said)

    def _executed(self, extracted: Extracted, question: Question, what: str) -> Evidence:
        self.say(f"{what} ({count(extracted.line_count, 'line')}) …")
        return rerun(
            document(extracted, self.origin),
            extracted,
            question,
            folder=self._folder,
            timeout_seconds=self.timeout_seconds,
        )

    @property
    def _folder(self) -> Path:
        """The folder of the original notebook, in which relative paths mean what they meant."""
        notebook = self.origin.session.notebook
        folder = Path(notebook).parent if notebook else Path.cwd()
        return folder if folder.is_dir() else Path.cwd()


def question_of(page: SlicePage) -> Question:
    """Return what has to be the same for a target to be the same."""
    target = page.target
    if target.kind == "metric":
        return Question(metrics=(target.name,))
    if target.kind == "variable":
        return Question(variables=(target.name,))
    metrics = page.summary.metrics if page.summary and target.kind == "run" else ()
    if metrics:
        return Question(metrics=tuple(metric.name for metric in metrics))
    return Question(outputs=True)


def _wanted(page: SlicePage) -> Wanted:
    kind = page.target.kind
    if kind == "metric" or kind == "variable":
        return Wanted(kind, frozenset((page.target.name,)))
    return Wanted("output" if kind == "cell" else "everything")


def _same(question: Question) -> str:
    names = [*question.metrics, *question.variables]
    return f"same {first_of(names, 4)}" if names else "same output"


def recorded_evidence(store: Store, page: SlicePage) -> Evidence:
    """Return what the store knows of the target: last values of metrics, a variable's digest."""
    question = question_of(page)
    last = {metric.name: metric.last for metric in page.summary.metrics} if page.summary else {}
    ids = [step.execution.id for step in page.steps if step.is_target]
    digests = {
        use.name: use.digest
        for use in store.uses(ids)
        if use.role == "written" and use.digest is not None and use.name in question.variables
    }
    values = store.values([*digests.values()])
    return Evidence(
        {name: (repr(last[name]),) for name in question.metrics},
        {
            name: Probe(digest, values[digest].strength)
            for name, digest in digests.items()
            if digest in values
        },
    )


def _unlike(recorded: Evidence, found: Evidence) -> str:
    """Return in words how what was executed differs from what was recorded, where that is known."""
    for name, values in recorded.metrics.items():
        probe = found.variables.get(name)
        again = found.metrics.get(name) or ((probe.number,) if probe and probe.number else ())
        if not again:
            return f"{name} was not measured"
        if again[-1] != values[-1]:
            now, before = (number(float(value)) for value in (again[-1], values[-1]))
            exact = (again[-1], values[-1]) if now == before else (now, before)
            return f"{name} was {exact[0]}, recorded is {exact[1]}"
    for name, probe in recorded.variables.items():
        other = found.variables.get(name)
        is_known = other is not None and "opaque" not in (probe.strength, other.strength)
        if other is None:
            return f"{name} was not there"
        if is_known and other.digest != probe.digest:
            return f"{name} was another value than the one recorded"
    return ""
