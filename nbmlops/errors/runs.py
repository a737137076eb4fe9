"""Of runs, and of what is looked for in one."""

from collections.abc import Sequence
from os import PathLike

from nbmlops.errors.base import NbmlopsError, did_you_mean, listed, sentence


class RunNotFound(NbmlopsError, KeyError):
    """No run has this id, prefix or name."""

    def __init__(self, reference: str, possible: Sequence[str] = ()) -> None:
        super().__init__(reference, tuple(possible))
        self.reference, self.possible = reference, tuple(possible)
        hint = did_you_mean(reference, self.possible) or " See: nbmlops runs"
        self.message = f"there is no run {reference!r}.{hint}"


class NoRunYet(RunNotFound):
    """A run was asked for by its place, or by nothing at all, and the store has none."""

    def __init__(self, reference: str, variables: Sequence[str] = ()) -> None:
        super().__init__(reference, variables)
        self.message = "no run has been recorded yet"
        self.message += f": there is no {reference!r}." if reference else "."
        if variables:
            self.message += f" Variables can be explained by their names: {listed(variables[:20])}."


class RunNotInTrash(RunNotFound):
    """A run was to be taken out of the trash that is not in it."""

    def __init__(self, reference: str, possible: Sequence[str] = ()) -> None:
        super().__init__(reference, possible)
        self.message = f"no run {reference!r} is in the trash.{did_you_mean(reference, possible)}"


class RunAmbiguous(NbmlopsError, KeyError):
    """Several runs begin with this prefix, or have this name."""

    def __init__(self, prefix: str, found: Sequence[str], *, is_name: bool = False) -> None:
        super().__init__(prefix, tuple(found))
        self.prefix, self.found, self.is_name = prefix, tuple(found), is_name
        what = "name" if is_name else "beginning"
        self.message = f"{prefix!r} is the {what} of several runs: {listed(found)}."


class NoRunGiven(NbmlopsError, ValueError):
    """Something was to be done to runs, and only an empty text says to which."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
        self.message = (
            f"{text!r} names no run, and is no filter here. Give runs or a filter; one that finds "
            'all is "id is not null", and delete and undelete take --all.'
        )


class RunPinned(NbmlopsError, PermissionError):
    """A run that is pinned was to be deleted."""

    def __init__(self, run_id: str, outer: Sequence[str] = ()) -> None:
        super().__init__(run_id, outer)
        self.run_id, self.outer = run_id, tuple(outer)
        self.message = f"run {run_id} is pinned: it stays until you say nbmlops unpin {run_id}"
        left_out = "and pinned = false"
        if outer:
            left_out += f" and run_id not in ({', '.join(map(repr, outer))})"
            self.message += f", and so does what it is inside of, {', '.join(outer)}"
        self.message += f"; a filter leaves pinned runs out with: {left_out}"


class RunInLivingSession(NbmlopsError, PermissionError):
    """A run was to be forgotten while its session goes on, which still needs what it contains."""

    def __init__(self, run_id: str) -> None:
        super().__init__(run_id)
        self.run_id = run_id
        self.message = (
            f"run {run_id} is of a session that goes on, whose later runs need its cells: "
            f"end the session, by closing its kernel, and forget the run then. Until then "
            f"nbmlops delete {run_id} puts it out of sight."
        )


class TextTooCommon(NbmlopsError, ValueError):
    """A text cannot be forgotten: what has nothing to do with it would be destroyed.

    The text itself is not part of the error.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = (
            f"this text cannot be forgotten: {sentence(reason)} Give more of it, or forget runs."
        )


class MetricNotFound(NbmlopsError, KeyError):
    """The run has no metric of this name."""

    def __init__(self, name: str, run_id: str, possible: Sequence[str] = ()) -> None:
        super().__init__(name, run_id, tuple(possible))
        self.name, self.run_id, self.possible = name, run_id, tuple(possible)
        hint = did_you_mean(name, self.possible, "metrics") or " It has none."
        self.message = f"run {run_id} has no metric {name!r}.{hint}"


class VariableNotFound(NbmlopsError, KeyError):
    """No execution that was recorded wrote this variable, or one deleted it since.

    ``reason`` is a sentence, empty where there is no more to say than that.
    """

    def __init__(self, name: str, possible: Sequence[str] = (), reason: str = "") -> None:
        super().__init__(name, tuple(possible), reason)
        self.name, self.possible, self.reason = name, tuple(possible), reason
        said = reason or f"no recorded execution wrote a variable {name!r}."
        self.message = said + ("" if reason else did_you_mean(name, self.possible, "variables"))


class ExecutionNotFound(NbmlopsError, LookupError):
    """The session has no execution of this number."""

    def __init__(self, number: int, last: int) -> None:
        super().__init__(number, last)
        self.number, self.last = number, last
        there = f"There is 1 to {last}." if last else "Nothing was recorded in it."
        self.message = (
            f"the session has no execution {number}. {there} They are counted as they were "
            "recorded; what a notebook shows in brackets may be another number."
        )


class NothingToExplain(NbmlopsError, KeyError):
    """A word is no variable of the notebook, no metric of its latest run, and no run."""

    def __init__(self, name: str, possible: Sequence[str] = ()) -> None:
        super().__init__(name, tuple(possible))
        self.name, self.possible = name, tuple(possible)
        self.message = (
            f"{name!r} is no variable that a recorded cell wrote, no metric of the latest run, "
            f"and no run.{did_you_mean(name, self.possible, 'variables and metrics')}"
        )


class PartNotExplained(NbmlopsError, LookupError):
    """An item or attribute of a variable was to be explained: only all of a variable can be."""

    def __init__(self, part: str, variable: str) -> None:
        super().__init__(part, variable)
        self.part, self.variable = part, variable
        self.message = (
            f"{part!r} is a part of {variable!r}, and only a whole variable can be explained. "
            f"Ask for {variable}: the answer names the columns that each cell wrote and read."
        )


class SeveralTargets(NbmlopsError, TypeError):
    """More than one thing was asked for where one can be explained."""

    def __init__(self, given: Sequence[str]) -> None:
        super().__init__(tuple(given))
        self.given = tuple(given)
        self.message = f"one thing can be explained at a time, not {' and '.join(self.given)}."


class NothingToRestore(NbmlopsError, LookupError):
    """No recorded execution is known to have made what a notebook was asked for."""

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.target = target
        self.message = (
            f"no recorded execution is known to have made the {target}: there is nothing to "
            "write. It was logged where nothing is recorded, or has no result yet."
        )


class ArtifactMissing(NbmlopsError, FileNotFoundError):
    """The file given as an artifact is not there."""

    def __init__(self, path: str | PathLike[str]) -> None:
        super().__init__(str(path))
        self.path = str(path)
        self.message = f"artifact {self.path}: there is no such file."


class ArtifactNotFound(NbmlopsError, KeyError):
    """The run has no artifact of this name."""

    def __init__(self, name: str, run_id: str, possible: Sequence[str] = ()) -> None:
        super().__init__(name, run_id, tuple(possible))
        self.name, self.run_id, self.possible = name, run_id, tuple(possible)
        hint = did_you_mean(name, self.possible) or " It has none."
        self.message = f"run {run_id} has no artifact {name!r}.{hint}"


class TooFewRuns(NbmlopsError, LookupError):
    """There are not two runs to compare."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self.total = total
        there = "is one run" if total else "is no run"
        self.message = f"there {there} so far; compare needs two."


class NoWidget(NbmlopsError, TypeError):
    """There is no widget for an answer, or none at all in this installation."""

    def __init__(self, kind: str, is_built: bool = True) -> None:
        super().__init__(kind, is_built)
        self.kind, self.is_built = kind, is_built
        self.message = (
            f"there is no widget for {kind}: give what runs, compare, why or replay returned."
            if is_built
            else "this installation has no widgets: install nbmlops again where Node 20 is."
        )
