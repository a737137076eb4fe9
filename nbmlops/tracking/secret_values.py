"""Learns secrets from where they are kept: environment variables, and variables named like one.

What is learnt is taken out of everything that is recorded later, wherever it turns up. Nothing is
kept but the texts themselves, in memory. A cell's user waits for it: however much a cell wrote,
only so much of it is looked through, what is named like a secret first.
"""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nbmlops.redaction.names import said_by
from nbmlops.redaction.redactor import Redactor
from nbmlops.tracking.value_texts import Budget, texts_in

type Fault = Callable[[str, BaseException], None]

_FOLDERS = (b"PWD", b"OLDPWD")  # the shell's
_TEXTLESS = frozenset(map(id, (type(None), bool, float, complex)))  # ids, as of any metaclass


class SecretValues:
    """What is learnt from the environment and the variables of one session. Never raises.

    Parameters
    ----------
    redact : Redactor
        Is told of what is found.
    namespace : callable
        Returns the variables of the notebook or script as they are.
    fault : callable
        Is told of errors of ours: where, and which.
    """

    def __init__(
        self, redact: Redactor, namespace: Callable[[], Mapping[str, Any]], fault: Fault
    ) -> None:
        self._redact, self.namespace, self._fault = redact, namespace, fault
        self._environment: dict[Any, Any] = {}
        self._seen: dict[str, int] = {}  # what a name held when it was looked at
        self._harmless: set[str] = set()  # names that say nothing
        self.names: set[str] = set()  # variables that have held a secret

    def look(self) -> None:
        """Learn from the environment, and from the variables whose names say secret."""
        self._look_at_environment()
        try:
            namespace, budget = self.namespace(), Budget()
            for name in [*namespace]:  # `globals()[1] = 2` is possible
                if type(name) is not str or name in self._harmless:
                    continue
                if said_by(name) is None:
                    self._harmless.add(name)
                    continue
                value = namespace.get(name)
                if self._seen.get(name) != id(value):
                    self._seen[name] = id(value)
                    self._look_at(name, value, budget)
        except Exception as problem:  # noqa: BLE001, see `_failed`
            self._failed(problem)

    def look_at(self, names: Iterable[str], namespace: Mapping[str, Any]) -> None:
        """Learn from what a cell has written, and from what it shows."""
        self._look_at_environment()
        try:
            budget = Budget()
            wanted = [name for name in names if not name.startswith("_")]
            for name in sorted((*wanted, "_"), key=lambda name: said_by(name) is None):
                if name in namespace:
                    self._look_at(name, namespace[name], budget)
        except Exception as problem:  # noqa: BLE001, see `_failed`
            self._failed(problem)

    def _look_at(self, name: str, value: object, budget: Budget) -> None:
        if id(type(value)) in _TEXTLESS:
            return
        try:
            for part_name, text, is_of_many in texts_in(name, value, budget):
                if (
                    self._redact.learn_named(part_name, text, is_of_many=is_of_many)
                    or self._redact.knows(text)
                    or (budget.allows(text) and self._redact(text) is not text)
                ):
                    self.names.add(name)
        except Exception as problem:  # noqa: BLE001, see `_failed`
            self._failed(problem)

    def _look_at_environment(self) -> None:
        content = getattr(os.environ, "_data", None)
        if type(content) is not dict or content == self._environment:
            return
        found = dict(content)
        for key, value in found.items():
            if self._environment.get(key) != value and key not in _FOLDERS:
                try:
                    name, text = os.fsdecode(key), os.fsdecode(value)
                    if not self._redact.learn_named(name, text):
                        self._redact(text)
                except Exception as problem:  # noqa: BLE001, see `_failed`
                    self._failed(problem)
        self._environment = found

    def _failed(self, problem: Exception) -> None:
        """Have what cannot be looked at cost neither the user's cell nor what comes behind it."""
        self._fault("looking for secrets", problem)


def main_namespace() -> Mapping[str, Any]:
    """Return the variables of a plain script."""
    return vars(sys.modules["__main__"]) if "__main__" in sys.modules else {}
