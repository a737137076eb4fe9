"""Every error that nbmlops raises on purpose: one class per situation.

An error is built from values, keeps them as attributes, and its message says what happened, with
which value, and what to do next. All derive from `NbmlopsError`; where a built-in exception says
the same thing, the class derives from that too, so ``except FileNotFoundError`` works.
"""

from collections.abc import Sequence
from difflib import get_close_matches
from os import PathLike
from pathlib import Path
from typing import Any

_LONGEST_LISTED = 40  # characters of each name in a list


class NbmlopsError(Exception):
    """Base of every error raised by nbmlops.

    The arguments are kept, so that an error survives pickling between processes.
    """

    message: str = ""

    def __str__(self) -> str:
        # KeyError would show the repr of its argument, quotes and all.
        return self.message or super().__str__()

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows of it: where the user called us, not our own frames."""
        import traceback  # nobody needs it where nothing goes wrong

        own = str(Path(__file__).parent)
        frames = [
            frame
            for frame in traceback.extract_tb(self.__traceback__)
            if not frame.filename.startswith(own) and "IPython" not in Path(frame.filename).parts
        ]
        called = [line for text in traceback.format_list(frames) for line in text.splitlines()]
        return [*called, f"{type(self).__name__}: {self}"]


def did_you_mean(word: str, possible: Sequence[str]) -> str:
    """End of an error message: the nearest valid words, else all of them, else nothing."""
    near = get_close_matches(word, possible, n=3, cutoff=0.6)
    if near:
        return f" Did you mean {_listed(near, ' or ')}?"
    if possible:
        return f" There is: {_listed(possible[:20])}{', …' if len(possible) > 20 else ''}."
    return ""


def _listed(names: Sequence[str], between: str = ", ") -> str:
    """Join names, each cut to a length that leaves the sentence readable."""
    longest = _LONGEST_LISTED
    return between.join(
        name if len(name) <= longest else f"{name[: longest - 1]}…" for name in names
    )


class ConfigInvalid(NbmlopsError, ValueError):
    """A setting in ``pyproject.toml`` or the environment has a value that cannot be used."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(where, reason)
        self.where, self.reason = where, reason
        self.message = f"{where}: {reason}"


class StoreError(NbmlopsError):
    """The store cannot be used; base of the errors that say why."""


class NotAStore(StoreError, ValueError):
    """What the URL names is not a store of nbmlops."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason
        self.message = (
            f"{url} is not a store of nbmlops: {reason}. "
            "Name another with --store or NBMLOPS_STORE, or move this file away."
        )


class StoreMissing(StoreError, FileNotFoundError):
    """There is no store yet to look into."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url
        self.message = (
            f"there is no store at {url} yet. Put %load_ext nbmlops into a notebook, execute one "
            "with nbmlops run, or name another store with --store or NBMLOPS_STORE."
        )


class StoreTooNew(StoreError):
    """The store was written by a later nbmlops, whose schema this one does not know."""

    def __init__(self, url: str, found: str, known: str) -> None:
        super().__init__(url, found, known)
        self.url, self.found, self.known = url, found, known
        self.message = (
            f"{url} has schema {found}, this nbmlops knows up to {known}: it was written by a "
            "later version. Upgrade with: pip install --upgrade nbmlops"
        )


class StoreNotWritable(StoreError, PermissionError):
    """The store can be read but not written."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason
        self.message = (
            f"{url} cannot be written: {reason}. "
            "Check its permissions and free space, or name another with --store or NBMLOPS_STORE."
        )


class StoreUnavailable(StoreError, ConnectionError):
    """The store does not answer: locked for long, or its server is away."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason
        self.message = f"{url} does not answer: {reason}. Try again when it is free."


class UnsupportedStore(StoreError, ValueError):
    """The URL's scheme names a database that nbmlops cannot keep a store in."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url
        self.message = (
            f"{url} cannot hold a store. Use sqlite:///PATH (a file on a local disk) or "
            "postgresql://HOST/DATABASE."
        )


class BlobMissing(StoreError, KeyError):
    """A digest that a record names is not among the store's blobs."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest
        self.message = f"the store has no blob {digest}. Look with: nbmlops doctor"


class BlobCorrupt(StoreError, ValueError):
    """A blob's bytes do not have the digest they are filed under."""

    def __init__(self, digest: str, path: str) -> None:
        super().__init__(digest, path)
        self.digest, self.path = digest, path
        self.message = f"blob {digest} is damaged ({path}). Look with: nbmlops doctor"


class RunNotFound(NbmlopsError, KeyError):
    """No run has this id, prefix or name."""

    def __init__(self, reference: str, possible: Sequence[str] = ()) -> None:
        super().__init__(reference, tuple(possible))
        self.reference, self.possible = reference, tuple(possible)
        hint = did_you_mean(reference, self.possible) or " See: nbmlops runs"
        self.message = f"there is no run {reference!r}.{hint}"


class RunAmbiguous(NbmlopsError, KeyError):
    """Several runs begin with this prefix."""

    def __init__(self, prefix: str, found: Sequence[str]) -> None:
        super().__init__(prefix, tuple(found))
        self.prefix, self.found = prefix, tuple(found)
        self.message = f"{prefix!r} is the beginning of several runs: {_listed(found)}."


class RunPinned(NbmlopsError, PermissionError):
    """A run that is pinned was to be deleted."""

    def __init__(self, run_id: str) -> None:
        super().__init__(run_id)
        self.run_id = run_id
        self.message = f"run {run_id} is pinned: it stays until you say nbmlops unpin {run_id}"


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
        self.message = f"this text cannot be forgotten: {reason}. Give more of it, or forget runs."


class SameStore(StoreError, ValueError):
    """A store was to be copied into itself."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url
        self.message = f"{url} is the store itself. Name another, by its URL or its folder."


class MetricNotFound(NbmlopsError, KeyError):
    """The run has no metric of this name."""

    def __init__(self, name: str, run_id: str, possible: Sequence[str] = ()) -> None:
        super().__init__(name, run_id, tuple(possible))
        self.name, self.run_id, self.possible = name, run_id, tuple(possible)
        hint = did_you_mean(name, self.possible) or " It has none."
        self.message = f"run {run_id} has no metric {name!r}.{hint}"


class VariableNotFound(NbmlopsError, KeyError):
    """No execution that was recorded wrote this variable, or one deleted it since.

    ``reason`` is a sentence, empty where there is no more to say than that.
    """

    def __init__(self, name: str, possible: Sequence[str] = (), reason: str = "") -> None:
        super().__init__(name, tuple(possible), reason)
        self.name, self.possible, self.reason = name, tuple(possible), reason
        said = reason or f"no recorded execution wrote a variable {name!r}."
        self.message = said + ("" if reason else did_you_mean(name, self.possible))


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
            f"and no run.{did_you_mean(name, self.possible)}"
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


class OutputExists(NbmlopsError, FileExistsError):
    """The file that is to be written is there already."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path
        self.message = f"{path} is there already. Write to another with -o, or give --overwrite."


class DataNotFound(NbmlopsError, KeyError):
    """No data set has this name, path or digest."""

    def __init__(self, reference: str, possible: Sequence[str] = ()) -> None:
        super().__init__(reference, tuple(possible))
        self.reference, self.possible = reference, tuple(possible)
        hint = did_you_mean(reference, self.possible) or " See: nbmlops data"
        self.message = f"there is no data {reference!r}.{hint}"


class DataAmbiguous(NbmlopsError, KeyError):
    """Several data sets have digests that begin so."""

    def __init__(self, prefix: str, found: Sequence[str]) -> None:
        super().__init__(prefix, tuple(found))
        self.prefix, self.found = prefix, tuple(found)
        self.message = f"{prefix!r} is the beginning of several digests: {_listed(found)}."


class TooFewRuns(NbmlopsError, LookupError):
    """There are not two runs to compare."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self.total = total
        there = "is one run" if total else "is no run"
        self.message = f"there {there} so far; compare needs two."


class InvalidRunName(NbmlopsError, ValueError):
    """A run cannot be called this: it would be read as something else, or is too long."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name, self.reason = name, reason
        self.message = f"a run cannot be named {_listed([name])!r}: {reason}"


class NoRunOpen(NbmlopsError, RuntimeError):
    """Something was asked of the current run while none is open."""

    def __init__(self, wanted: str) -> None:
        super().__init__(wanted)
        self.wanted = wanted
        self.message = f"no run is open to {wanted}. Open one with nbmlops.start_run()."


class RunClosed(NbmlopsError, RuntimeError):
    """A result was given to a run that has ended."""

    def __init__(self, run_id: str, status: str) -> None:
        super().__init__(run_id, status)
        self.run_id, self.status = run_id, status
        self.message = f"run {run_id} is {status}; open another with nbmlops.start_run()."


class InvalidMetric(NbmlopsError, ValueError):
    """A metric's name, value or step cannot be recorded."""

    def __init__(self, name: object, reason: str) -> None:
        super().__init__(name, reason)
        self.name, self.reason = name, reason
        self.message = f"metric {name!r}: {reason}"


class SelectFailed(NbmlopsError, ValueError):
    """The store cannot answer a statement in SQL, or will not: it only reads."""

    def __init__(self, problem: str, views: Sequence[str] = ()) -> None:
        super().__init__(problem, tuple(views))
        self.problem, self.views = problem, tuple(views)
        reason = problem
        if any(word in problem for word in ("not authorized", "readonly", "prohibited")):
            reason = f"only SELECT is possible ({problem})"
        self.message = f"{reason}. There is: {', '.join(views)}; their columns: nbmlops sql"


class SelectTooSlow(NbmlopsError, TimeoutError):
    """A statement in SQL took longer than it was given."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        self.message = (
            f"the statement took longer than {seconds:g} s. Narrow it down, or use --timeout."
        )


class InvalidCursor(NbmlopsError, ValueError):
    """A search cannot go on behind this: it is not where a page of it ended."""

    def __init__(self, cursor: str, reason: str) -> None:
        super().__init__(cursor, reason)
        self.cursor, self.reason = cursor, reason
        self.message = (
            f"the search cannot go on behind {_listed([cursor])!r}: {reason}. "
            "Begin again with the first page."
        )


class QueryError(NbmlopsError, ValueError):
    """A filter or an order cannot be read; the message points at the place.

    ``start`` counts characters of ``text`` from 0; ``possible`` are names that could stand there.
    """

    def __init__(
        self, text: str, start: int, reason: str, *, word: str = "", possible: Sequence[str] = ()
    ) -> None:
        super().__init__(text, start, reason)
        self.text, self.start, self.reason = text, start, reason
        self.word, self.possible = word, tuple(possible)
        line, caret = _pointed_at(text, start)
        hint = did_you_mean(word, self.possible) if word else ""
        self.message = f"{reason}{hint}\n  {line}\n  {caret}"


class InvalidChoice(NbmlopsError, ValueError):
    """A word is none of the few that are possible there."""

    def __init__(self, what: str, word: object, possible: Sequence[str]) -> None:
        super().__init__(what, word, tuple(possible))
        self.what, self.word, self.possible = what, word, tuple(possible)
        self.message = f"{what} {word!r} is none of {', '.join(self.possible)}."


class NoWidget(NbmlopsError, TypeError):
    """There is no widget for an answer, or none at all in this installation."""

    def __init__(self, kind: str, is_built: bool = True) -> None:
        super().__init__(kind, is_built)
        self.kind, self.is_built = kind, is_built
        self.message = (
            f"there is no widget for {kind}: give what runs, compare or why returned."
            if is_built
            else "this installation has no widgets: install nbmlops again where Node 20 is."
        )


class SecretUnknown(NbmlopsError, ValueError):
    """Nothing was redacted that fits what is to be allowed."""

    def __init__(self, wanted: str, possible: Sequence[str]) -> None:
        super().__init__(wanted, tuple(possible))
        self.wanted, self.possible = wanted, tuple(possible)
        there_is = ", ".join(self.possible) or "nothing so far"
        self.message = f"no {wanted!r} was redacted in this session; there is: {there_is}."


class ArtifactMissing(NbmlopsError, FileNotFoundError):
    """The file given as an artifact is not there."""

    def __init__(self, path: str | PathLike[str]) -> None:
        super().__init__(str(path))
        self.path = str(path)
        self.message = f"artifact {self.path}: there is no such file."


class NotebookMissing(NbmlopsError, FileNotFoundError):
    """The notebook is not there."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path
        self.message = f"there is no notebook {path}."


class NotebookInvalid(NbmlopsError, ValueError):
    """The file cannot be read as a notebook, or cannot be run as one."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason
        self.message = f"{path} is not a notebook that can be run: {reason}"


class OutputFolderMissing(NbmlopsError, FileNotFoundError):
    """The folder that the executed notebook is to be written into is not there."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder
        self.message = f"output folder {folder} doesn't exist."


class PathNotFilled(NbmlopsError, ValueError):
    """A path has braces that cannot be filled with a parameter."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason
        self.message = (
            f"the braces in {path} cannot be filled: {reason}. "
            "Write {{ and }} for braces of the name itself."
        )


class ParameterError(NbmlopsError):
    """A parameter given to a notebook cannot be used; base of the two that say why."""


class ParameterUnknown(ParameterError, KeyError):
    """The notebook declares no parameter of this name."""

    def __init__(self, name: str, declared: Sequence[str], *, has_cell: bool = True) -> None:
        super().__init__(name, tuple(declared))
        self.name, self.declared = name, tuple(declared)
        if has_cell and declared:
            what = did_you_mean(name, self.declared)
            if "There is" not in what:
                what += f" There is: {_listed(declared)}."
        elif has_cell:
            what = " Its parameters cell assigns no name."
        else:
            what = " It has no cell tagged `parameters`: tag the cell that sets its defaults."
        self.message = f"the notebook has no parameter {name!r}.{what}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


class ParameterMismatch(ParameterError, TypeError):
    """A value's type is not the type of the notebook's own value."""

    def __init__(self, name: str, value: object, expected: str, default: str) -> None:
        super().__init__(name, value, expected, default)
        self.name, self.value, self.expected, self.default = name, value, expected, default
        self.message = (
            f"parameter {name!r} takes {expected} (the notebook has {name} = {default}), "
            f"not {value!r}."
        )


class ProfilesDiffer(NbmlopsError, ValueError):
    """Profiles of columns of different types cannot be one profile."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one, other)
        self.one, self.other = one, other
        self.message = (
            f"a profile of {one} and one of {other} cannot be merged. "
            "Bring the columns to one type first."
        )


_POINTED_BEFORE, _POINTED_BEHIND = 60, 20  # characters shown of a long text


def _pointed_at(text: str, start: int) -> tuple[str, str]:
    """Return a line of a text around a place, and one with a caret below that place."""
    begin = max(0, start - _POINTED_BEFORE)
    end = start + _POINTED_BEHIND
    before = ("…" if begin else "") + _on_one_line(text[begin:start])
    behind = _on_one_line(text[start:end]) + ("…" if end < len(text) else "")
    return before + behind, " " * len(before) + "^"


def _on_one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _rebuild(kind: type[NbmlopsError], args: tuple[Any, ...], state: dict[str, Any]) -> Any:
    """Make an error anew from its parts, for pickle: constructors take keywords it cannot give."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error
