"""What texts the variables held that an execution has bound itself: names of columns it took.

An instruction is seen once, a variable of a loop with its first value. What else it held is read
from the source of what bound it, before that is forgotten.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from nbmlops.capture.base import Namespace
from nbmlops.capture.syntax import Syntax
from nbmlops.capture.taken_items import names_held
from nbmlops.cells.bound_texts import Texts


@dataclass(slots=True, eq=False)
class BindingsSeen:
    """The bindings of an execution, and the texts that they give the variables asked for."""

    _sources: dict[str, set[Syntax | None]] = field(default_factory=dict)
    _texts: dict[str, Texts | None] = field(default_factory=dict)

    def add(self, name: str, syntax: Syntax | None) -> None:
        """Take that code binds a name; None where its source does not tell what to."""
        self._sources.setdefault(name, set()).add(syntax)

    def read(self, names: Iterable[str]) -> None:
        """Read what some names are bound to, and the names that these are made of."""
        waiting = [*names]
        while waiting:
            name = waiting.pop()
            if name in self._sources and name not in self._texts:
                texts = self._texts[name] = self._bound(name)
                waiting += texts.variables if texts is not None else ()

    def _bound(self, name: str) -> Texts | None:
        found = Texts()
        for syntax in self._sources[name]:
            texts = None if syntax is None else syntax.texts_bound(name)
            if texts is None:
                return None
            found |= texts
        return found

    def texts(self, variables: Iterable[str], namespace: Namespace) -> Texts | None:
        """Return the texts that variables can have held, and all variables that these come from.

        None where that is not known. Those that the execution has not bound hold them still.
        """
        found, waiting = Texts(), [*variables]
        while waiting:
            variable = waiting.pop()
            if variable in found.variables:
                continue
            bound = self._texts.get(variable) if variable in self._sources else Texts()
            if bound is None:
                return None
            waiting += bound.variables
            held = names_held(variable, namespace) if variable in namespace else ()
            if held is None:
                return None
            found |= Texts(bound.texts.union(held), frozenset((variable,)))
        return found
