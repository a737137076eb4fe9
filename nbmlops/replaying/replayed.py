"""What `nbmlops.replay` answers: verdict, first difference and its cause, each execution."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbmlops.canonical import Json
from nbmlops.drawing.page import Block, Column, Drawn, Facts, Heading, Page, Span, Table, Text, Tone
from nbmlops.drawing.words import count, duration, first_of, shortened
from nbmlops.records import Execution
from nbmlops.replaying.causes import Cause
from nbmlops.replaying.inputs import InputFile
from nbmlops.replaying.surroundings import Differing
from nbmlops.replaying.verdicts import Compared, Verdict
from nbmlops.tracking.data import short_path
from nbmlops.tracking.targets import label_of

_TONES: dict[Verdict, Tone] = {
    "identical": "good",
    "equal": "good",
    "within tolerance": "good",
    "not comparable": "warn",
    "different": "bad",
    "not run": "bad",
}
# As a gate of a pipeline has them.
_EXIT_CODES: dict[Verdict, int] = {"different": 3, "not comparable": 3, "not run": 1}
_MOST_RESULTS, _MOST_NAMES, _MOST_FILES, _MOST_ROWS = 4, 6, 8, 60
_LONGEST_NAME, _LONGEST_SOURCE, _LONGEST_WORDS = 40, 48, 160


@dataclass(frozen=True, slots=True)
class Replayed:
    """An execution of the slice and what became of it.

    Attributes
    ----------
    execution : Execution
        As it was recorded.
    verdict : Verdict or None
        On what is needed of it; None where it left nothing to compare.
    compared : tuple of Compared
        Its metrics and what it wrote.
    duration_seconds : float or None
        How long it took this time.
    """

    execution: Execution
    verdict: Verdict | None
    compared: tuple[Compared, ...] = ()
    duration_seconds: float | None = None

    @property
    def is_unclear(self) -> bool:
        """Whether something of it that is needed could not be compared."""
        return any(each.is_needed and each.verdict == "not comparable" for each in self.compared)

    def to_json(self) -> Json:
        """Return it as plain JSON with stable keys."""
        return {
            "sequence": self.execution.sequence,
            "execution_count": self.execution.execution_count,
            "cell_id": self.execution.cell_id,
            "source": self.execution.source,
            "verdict": self.verdict,
            "compared": [each.to_json() for each in self.compared],
            "duration_seconds": self.duration_seconds,
            "recorded_seconds": self.execution.duration_seconds,
        }


@dataclass(frozen=True, slots=True)
class FirstDifference:
    """The first thing that came out differently: all that came before it was the same.

    Attributes
    ----------
    execution : Execution
        The recorded execution.
    what : Compared
        What differs first in it; its ``words`` say how.
    cause : Cause
        The likeliest.
    others : tuple of Cause
        What may have caused it, too.
    """

    execution: Execution
    what: Compared
    cause: Cause
    others: tuple[Cause, ...] = ()

    def to_json(self) -> Json:
        """Return it as plain JSON with stable keys."""
        return {
            "sequence": self.execution.sequence,
            "execution_count": self.execution.execution_count,
            "cell_id": self.execution.cell_id,
            "name": self.what.name,
            "before": self.what.before,
            "after": self.what.after,
            "words": self.what.words,
            "cause": self.cause.to_json(),
            "others": [each.to_json() for each in self.others],
        }


@dataclass(frozen=True)
class Replay(Drawn):
    """A run's slice executed again; draws itself, or becomes JSON.

    Attributes
    ----------
    run : str
        The id of the run.
    target : str
        What was made again, in words: ``run 3k9f``, ``metric auc``.
    verdict : Verdict
        On the results: its metrics; of a run without any, what its last cells wrote.
    results : tuple of Compared
    first_difference : FirstDifference or None
        The first thing that came out differently; None where nothing did. The results can be the
        same all the same.
    executions : tuple of Replayed
        In the order they ran.
    inputs : tuple of InputFile
        The files that they read and did not make.
    environment : tuple of Differing
        What is not as it was when the run was made.
    problem : str
        Why it was not run, or not to its end; else empty.
    notes : tuple of str
        What else there is to know.
    folder : str
        Where it was executed.
    output : str or None
        The executed notebook, where it was kept.
    rtol : float
        How far a metric was allowed to be from what was recorded, as a share of that.
    seconds : float
        How long it all took.
    """

    run: str
    target: str
    verdict: Verdict
    results: tuple[Compared, ...] = ()
    first_difference: FirstDifference | None = None
    executions: tuple[Replayed, ...] = ()
    inputs: tuple[InputFile, ...] = ()
    environment: tuple[Differing, ...] = ()
    problem: str = ""
    notes: tuple[str, ...] = ()
    folder: str = ""
    output: str | None = None
    rtol: float = 0.0
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """What a command ends with: 0 the same, 3 not, 1 not run."""
        return _EXIT_CODES.get(self.verdict, 0)

    def __repr__(self) -> str:
        return f"<Replay of {self.target}: {self.verdict}>"

    def to_json(self) -> Json:
        """Return it as plain JSON with stable keys."""
        first = self.first_difference
        return {
            "run": self.run,
            "target": self.target,
            "verdict": self.verdict,
            "results": [each.to_json() for each in self.results],
            "first_difference": first.to_json() if first else None,
            "executions": [each.to_json() for each in self.executions],
            "inputs": [each.to_json() for each in self.inputs],
            "environment": [each.to_json() for each in self.environment],
            "problem": self.problem or None,
            "notes": list(self.notes),
            "folder": self.folder,
            "output": self.output,
            "rtol": self.rtol,
            "seconds": self.seconds,
        }

    def page(self) -> Page:
        """Return what is to be drawn."""
        notes = [Text((Span(note, "muted"),)) for note in self.notes]
        blocks = [*self._problem(), *self._first(), *self._executions(), *self._around(), *notes]
        return Page([*self._title()], blocks)

    def _title(self) -> Iterator[Span]:
        yield Span(self.verdict, _TONES[self.verdict])
        is_run = self.verdict != "not run"
        texts = [_result(each) for each in self.results] if is_run else []
        yield Span(f": {first_of(texts, _MOST_RESULTS)}" if texts else "", "strong")
        yield Span(f" · {self.target}" if texts else f": {self.target}")
        executed = sum(each.duration_seconds is not None for each in self.executions)
        if executed:
            yield Span(f", {count(executed, 'execution')} in {duration(self.seconds)}", "muted")

    def _problem(self) -> Iterator[Block]:
        if self.problem:
            yield Text((Span(shortened(self.problem, 3 * _LONGEST_WORDS), "warn"),))

    def _first(self) -> Iterator[Block]:
        first = self.first_difference
        if first is None:
            return
        is_felt = self.verdict in ("different", "not run")
        yield Heading("First difference" if is_felt else "First difference on the way")
        rows = [
            ("in", Span(f"{label_of(first.execution)} {_first_line(first.execution)}", "code")),
            ("what", Span(_difference(first.what), "strong")),
            ("cause", Span(f"{first.cause.kind}: {first.cause.why}")),
        ]
        rows += [("or", Span(f"{each.kind}: {each.why}", "muted")) for each in first.others]
        yield Facts(rows)

    def _executions(self) -> Iterator[Block]:
        shown = self.executions[:_MOST_ROWS]
        if all(each.verdict == "not run" for each in shown):
            return
        yield Heading("Executions")
        titles = ("", "cell", "verdict", "compared", "took", "then")
        yield Table("", [Column(title) for title in titles], [_row(each) for each in shown])
        if len(self.executions) > len(shown):
            rest = count(len(self.executions) - len(shown), "more execution")
            yield Text((Span(f"and {rest}; --json has them", "muted"),))

    def _around(self) -> Iterator[Block]:
        rows: list[tuple[str, Span]] = []
        if self.environment:
            words = [each.words for each in self.environment]
            rows.append(("not as then", Span(first_of(words, _MOST_NAMES), "warn")))
        changed = [each for each in self.inputs if each.state not in ("same", "unknown")]
        files = dict.fromkeys(f"{short_path(each.path)} {each.words}" for each in changed)
        if files:
            rows.append(("files", Span(first_of([*files], _MOST_FILES, "; "), "warn")))
        same = len({each.path for each in self.inputs if each.state == "same"})
        if same:
            rows.append(("as then", Span(count(same, "input file"))))
        if self.folder:
            rows.append(("executed in", Span(self.folder, "code")))
        if self.output:
            rows.append(("kept as", Span(self.output, "code")))
        if rows:
            yield Heading("Stands on")
            yield Facts(rows)


def _result(compared: Compared) -> str:
    name = shortened(compared.name, _LONGEST_NAME)
    if compared.verdict in ("identical", "equal") or not compared.after:
        return f"{name} {compared.before or compared.words}".rstrip()
    return f"{name} {compared.before} → {compared.after}"


def _difference(what: Compared) -> str:
    """Say what differs: in words, before which stands what it was and is where they do not say."""
    texts = " → ".join(text for text in (what.before, what.after) if text)
    words = what.words if "→" in what.words or not texts else f"{texts}; {what.words}"
    name = f"`{shortened(what.name, _LONGEST_NAME)}`"
    return shortened(f"{name}: {words}".removesuffix("; "), _LONGEST_WORDS)


def _first_line(execution: Execution) -> str:
    """Return the first line of code; a comment or magic where there is nothing else."""
    lines = [line for line in execution.source.splitlines() if line.strip()]
    lines.sort(key=lambda line: line.lstrip().startswith(("#", "%")))
    return shortened(lines[0], _LONGEST_SOURCE) if lines else ""


def _row(replayed: Replayed) -> Sequence[Span]:
    verdict = replayed.verdict
    return [
        Span(label_of(replayed.execution)),
        Span(_first_line(replayed.execution), "code"),
        Span(verdict, _TONES[verdict]) if verdict else Span("–", "muted", "nothing to compare"),
        Span(_compared(replayed.compared)),
        Span(duration(replayed.duration_seconds), "muted"),
        Span(duration(replayed.execution.duration_seconds), "muted"),
    ]


def _compared(compared: Sequence[Compared]) -> str:
    """Name what was compared, what is the same first; what nobody needs only where it differs."""
    same = [_short(each) for each in compared if each.is_same and each.is_needed]
    parts = [first_of(same, _MOST_NAMES)] if same else []
    parts += [
        f"{_short(each)} {each.verdict}" for each in compared if not each.is_same and each.is_needed
    ]
    beside = [
        _short(each) for each in compared if each.verdict == "different" and not each.is_needed
    ]
    if beside:
        parts.append(f"unneeded, and different: {first_of(beside, _MOST_NAMES)}")
    return first_of(parts, _MOST_NAMES, "; ")


def _short(compared: Compared) -> str:
    return shortened(compared.name, _LONGEST_NAME)
