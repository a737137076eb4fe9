"""What executions beside a slice have done: it is not done again, and is no difference. Pure."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nbmlops.cells.hidden import is_hidden
from nbmlops.cells.items import ARRANGEMENT, changes_of
from nbmlops.cells.names import parsed
from nbmlops.drawing.words import first_of
from nbmlops.records import Execution, ExecutionId
from nbmlops.replaying.traces import Version
from nbmlops.replaying.verdicts import Compared

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Aside:
    """The executions of a session, and those of a slice among them."""

    executions: Sequence[Execution]
    in_slice: frozenset[ExecutionId]

    def columns(self, execution: Execution, name: str) -> frozenset[str]:
        """Return the columns of what a name held that only executions not in the slice made.

        A slice goes by columns where it can: what is in no result's way is not made again.
        """
        found: set[str] = set()
        settled: set[str] = {ARRANGEMENT}
        for each in reversed(self._until(execution)):
            change = changes_of(each.names).get(name)
            if each.id not in self.in_slice:
                found |= (change.items if change else frozenset()) - settled
            elif change is not None:
                settled |= change.items
            elif name in each.names.defined:
                break
        return frozenset(found)

    def excused(
        self,
        execution: Execution,
        compared: Iterable[Compared],
        versions: Mapping[str, Version],
    ) -> Iterator[Compared]:
        """Give what was compared; of functions, and what may hold some, what can be told.

        A function is also what the globals that it names hold. It may have been defined while one
        of them held something that no result needs, as before a parameter was given another value.
        """
        named: list[str] | None = None
        for each in compared:
            version = versions.get(each.name)
            if each.verdict == "different" and version is not None and version.value is None:
                named = self._named_in_functions(execution) if named is None else named
                if named:
                    words = f"its functions may name {first_of(named, _MOST_NAMED)}, which was set"
                    words += " by a cell that nothing needs"
                    yield replace(each, verdict="not comparable", words=words)
                    continue
            yield each

    def _named_in_functions(self, execution: Execution) -> list[str]:
        """Return what functions that an execution handles name and others had set by then."""
        until = self._until(execution)
        set_aside: set[str] = set()
        functions: dict[str, set[str]] = {}
        for each in until:
            written = {*each.names.defined, *each.names.touched}
            set_aside = set_aside - written if each.id in self.in_slice else set_aside | written
            if each.id in self.in_slice:
                functions |= _functions_in(each.source)
        reached: set[str] = set()
        waiting = _names_in(execution.source)
        while waiting:
            name = waiting.pop()
            if name in functions and name not in reached:
                reached.add(name)
                waiting |= functions[name]
        named = {name for function in reached for name in functions[function]}
        return sorted(f"`{name}`" for name in set_aside & named if not is_hidden(name))

    def _until(self, execution: Execution) -> Sequence[Execution]:
        ids = [each.id for each in self.executions]
        return self.executions[: ids.index(execution.id) + 1]


def _functions_in(source: str) -> dict[str, set[str]]:
    """Return what each function and class that a cell defines names."""
    tree = parsed(source)
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree) if tree is not None else ():
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found[name] = _ids(node)
            case ast.ClassDef(name=name):
                found[name] = _ids(node)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
                found[name] = _ids(node)
    return found


def _names_in(source: str) -> set[str]:
    """Return all names in a cell, and those of the functions that it defines."""
    tree = parsed(source)
    return set() if tree is None else _ids(tree) | {*_functions_in(source)}


def _ids(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
