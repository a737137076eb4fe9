"""Why an execution came out differently though what it was given was the same. Pure.

Told from what is recorded of it: the files it stands on, hidden inputs that nobody had set, what
its code asks for, and the environment. What is known to have changed comes before what may have.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nbmlops.canonical import Json
from nbmlops.cells.hidden import (
    ENTROPY,
    NETWORK,
    RANDOM_STATES,
    SUBPROCESS,
    TIME,
    in_words,
    is_hidden,
    unset_in_words,
)
from nbmlops.cells.names import parsed
from nbmlops.cells.slices import Slice
from nbmlops.cells.statements import AsPython
from nbmlops.drawing.words import count, first_of
from nbmlops.records import Execution, Failure
from nbmlops.replaying.inputs import InputFile
from nbmlops.replaying.surroundings import Aspect, Differing
from nbmlops.tracking.data import short_path
from nbmlops.tracking.targets import prompt_of

type Kind = Literal[
    "data changed",
    "code changed",
    "package changed",
    "Python changed",
    "environment changed",
    "environment variable",
    "unseeded randomness",
    "time",
    "network",
    "other process",
    "hidden state",
    "unknown",
]

_MOST_NAMED = 3
_OF_ASPECT: dict[Aspect, Kind] = {
    "Python": "Python changed",
    "package": "package changed",
    "module": "code changed",
    "variable": "environment variable",
    "platform": "environment changed",
    "locale": "environment changed",
}
_ASKS: dict[str, tuple[Kind, str]] = {
    ENTROPY: ("unseeded randomness", "takes random bytes, or a seed, from the system"),
    TIME: ("time", "asks for the time"),
    NETWORK: ("network", "asks the network"),
    SUBPROCESS: ("other process", "starts another process"),
}
_IMPORT_ERRORS = ("ImportError", "ModuleNotFoundError")


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something came out differently: its kind, and that in a sentence."""

    kind: Kind
    why: str

    def to_json(self) -> Json:
        """Return it as plain JSON with stable keys."""
        return {"kind": self.kind, "why": self.why}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an execution of a slice stands on.

    Attributes
    ----------
    found : Slice
    inputs : sequence of InputFile
        What became of the files that the slice reads.
    environment : tuple of Differing
        What is not as it was.
    has_fixed_hashes : bool
        Whether ``PYTHONHASHSEED`` was set, both times.
    unclear : frozenset of int
        The executions of which something that others need could not be compared, by sequence.
    """

    found: Slice
    inputs: Sequence[InputFile] = ()
    environment: tuple[Differing, ...] = ()
    has_fixed_hashes: bool = False
    unclear: frozenset[int] = frozenset()


def causes_of(
    execution: Execution, around: Circumstances, as_python: AsPython
) -> tuple[Cause, ...]:
    """Return why an execution may have come out differently, the likeliest first; never empty.

    What could have made one differ that it stands on, and that could not be compared, counts too.
    """
    own = [execution]
    before = _stands_on(execution.sequence, around.found)
    own += [each for each in before if each.sequence in around.unclear and each != execution]
    python = {each.id: as_python(each.source) for each in own}
    found = [
        *_changed_files(before, around),
        *(cause for each in own for cause in _unset(each, around.found)),
        *(cause for each in own for cause in _drawn_outside(each, around.found)),
        *(cause for each in own for cause in _variables_read(each, python[each.id])),
        *_environment(around.environment),
        *_made_outside(execution, around.found),
        *(cause for each in own for cause in _order_of_sets(each, around, python[each.id])),
    ]
    return tuple(dict.fromkeys(found)) or (
        Cause(
            "unknown",
            f"nothing that was recorded of {prompt_of(execution)} tells why: files, Python and "
            "packages are what they were, and it asks for no time, chance or network",
        ),
    )


def causes_of_failure(
    execution: Execution, failure: Failure, around: Circumstances, as_python: AsPython
) -> tuple[Cause, ...]:
    """Return why an execution may have failed that had come to its end."""
    prompt, missing = prompt_of(execution), {reason.name for reason in around.found.missing}
    lost = [name for name in missing if f"'{name}'" in failure.message]
    if failure.type == "NameError" and lost:
        why = f"what made `{lost[0]}` was not recorded, so that {prompt} does not find it here"
        return (Cause("hidden state", why),)
    if failure.type == "FileNotFoundError":
        why = f"{prompt} does not find a file; if the session worked in another folder, give that"
        return (*_changed_files([execution], around), Cause("data changed", why))
    if failure.type == "FileExistsError":
        return (Cause("data changed", f"{prompt} makes something that is there by now"),)
    if failure.type in _IMPORT_ERRORS:
        return (
            Cause("package changed", f"{prompt} cannot import what it needs: {failure.message}"),
        )
    return causes_of(execution, around, as_python)


def _changed_files(before: Sequence[Execution], around: Circumstances) -> Iterator[Cause]:
    """Give the files that are not what they were: its own first, then those of what it uses."""
    prompts = {each.sequence: prompt_of(each) for each in before}
    changed = [
        each
        for each in around.inputs
        if each.state not in ("same", "unknown") and each.read_by in prompts
    ]
    for file in sorted(changed, key=lambda each: -each.read_by):
        kind: Kind = "code changed" if file.is_code else "data changed"
        yield Cause(kind, f"{short_path(file.path)}, read by {prompts[file.read_by]}, {file.words}")


def _stands_on(sequence: int, found: Slice) -> list[Execution]:
    """Return the executions that one uses something of, itself first, then the latest."""
    wanted = {sequence}
    executions = []
    for step in reversed(found.steps):
        own = step.execution.sequence
        if own in wanted or any(not wanted.isdisjoint(reason.read_by) for reason in step.reasons):
            wanted.add(own)
            executions.append(step.execution)
    return executions


def _unset(execution: Execution, found: Slice) -> Iterator[Cause]:
    """Give the hidden inputs that it read and nobody had set."""
    prompt = prompt_of(execution)
    for reason in found.hidden:
        if execution.sequence not in reason.read_by:
            continue
        if reason.name in RANDOM_STATES:
            words = unset_in_words(reason.name)
            yield Cause("unseeded randomness", f"{prompt} draws {words}: seed them before")
        elif reason.name in _ASKS:
            kind, words = _ASKS[reason.name]
            yield Cause(kind, f"{prompt} {words}")
        else:
            yield Cause("hidden state", f"{prompt} depends on {unset_in_words(reason.name)}")


def _drawn_outside(execution: Execution, found: Slice) -> Iterator[Cause]:
    """Give random states that cells may have advanced that were kept out of the record.

    A slice has all executions that advanced a state since it was seeded; prompts that are missing
    between them are of cells that nobody recorded.
    """
    for step in found.steps:
        setter = step.execution
        skipped = _prompts_between(setter, execution)
        for reason in step.reasons if skipped > 0 else ():
            if reason.name in RANDOM_STATES and execution.sequence in reason.read_by:
                yield Cause(
                    "hidden state",
                    f"{prompt_of(execution)} goes on with the {in_words(reason.name)} state that "
                    f"{prompt_of(setter)} left; {count(skipped, 'cell')} between them, kept out "
                    "of the record, may have drawn from it",
                )


def _prompts_between(before: Execution, after: Execution) -> int:
    """Return how many cells ran between two executions and were not recorded."""
    if before.execution_count is None or after.execution_count is None:
        return 0
    return (after.execution_count - before.execution_count) - (after.sequence - before.sequence)


def _variables_read(execution: Execution, python: str) -> Iterator[Cause]:
    """Give the environment variables that its code names; their values are not recorded."""
    prompt = prompt_of(execution)
    for name in dict.fromkeys(_variables_named(python)):
        yield Cause(
            "environment variable",
            f"{prompt} reads {name} of the environment; what it was then is not recorded",
        )


def _variables_named(python: str) -> Iterator[str]:
    tree = parsed(python)
    for node in ast.walk(tree) if tree is not None else ():
        match node:
            case ast.Call(
                func=ast.Attribute(attr="getenv") | ast.Name(id="getenv"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Attribute(attr="environ") | ast.Name(id="environ"), attr="get"
                ),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name
            case ast.Subscript(
                value=ast.Attribute(attr="environ") | ast.Name(id="environ"),
                slice=ast.Constant(value=str(name)),
                ctx=ast.Load(),
            ):
                yield name


def _environment(differing: Sequence[Differing]) -> Iterator[Cause]:
    by_kind: dict[Kind, list[str]] = {}
    for each in differing:
        by_kind.setdefault(_OF_ASPECT[each.aspect], []).append(each.words)
    for kind, words in by_kind.items():
        yield Cause(kind, first_of(words, _MOST_NAMED))


def _made_outside(execution: Execution, found: Slice) -> Iterator[Cause]:
    names = [
        f"`{reason.name}`"
        for reason in found.missing
        if execution.sequence in reason.read_by and not is_hidden(reason.name)
    ]
    if names:
        yield Cause(
            "hidden state",
            f"what made {first_of(names, _MOST_NAMED)} was not recorded, and "
            f"{prompt_of(execution)} reads it",
        )


def _order_of_sets(execution: Execution, around: Circumstances, python: str) -> Iterator[Cause]:
    """Give that texts in sets come in another order in each process, where it makes sets."""
    tree = parsed(python)
    if around.has_fixed_hashes or tree is None:
        return
    if any(_makes_set(node) for node in ast.walk(tree)):
        yield Cause(
            "unseeded randomness",
            f"{prompt_of(execution)} makes sets, whose order is another one in each process where "
            "PYTHONHASHSEED is not set: sort them",
        )


def _makes_set(node: ast.AST) -> bool:
    match node:
        case ast.Set() | ast.SetComp() | ast.Call(func=ast.Name(id="set" | "frozenset")):
            return True
    return False
