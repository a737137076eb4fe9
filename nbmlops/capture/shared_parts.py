"""Which names have a part of their values in common: a list, an array's memory, a class.

Parts are addresses, as tokens have them. What is kept is bounded over all names: where the parts of
a value would take too much of what is left, they are not kept, and the caller is told so.
"""

from collections.abc import Iterable

_MOST_PARTS = 100_000  # over all names, some 120 bytes each
_FEW = 8  # which are kept in any case
_SHARE = 10  # the part of what is left that one name may have


class SharedParts:
    """Names by the parts of their values. Not safe to use from several threads."""

    def __init__(self) -> None:
        self._parts: dict[str, frozenset[int]] = {}
        self._names: dict[int, str | set[str]] = {}  # a set where several have the part
        self._room = _MOST_PARTS

    def keep(self, name: str, parts: frozenset[int]) -> bool:
        """Keep the parts of a name that has none yet; tell whether there was room."""
        if len(parts) > _FEW and len(parts) * _SHARE > self._room:
            return False
        self._parts[name] = parts
        self._room -= len(parts)
        for part in parts:
            others = self._names.setdefault(part, name)
            if isinstance(others, set):
                others.add(name)
            elif others != name:
                self._names[part] = {others, name}
        return True

    def forget(self, name: str) -> None:
        """Forget the parts of a name."""
        parts = self._parts.pop(name, frozenset())
        self._room += len(parts)
        for part in parts:
            names = self._names[part]
            if isinstance(names, set) and len(names) > 1:
                names.discard(name)
            else:
                del self._names[part]

    def of(self, name: str) -> frozenset[int]:
        """Return the parts that are kept of a name."""
        return self._parts.get(name, frozenset())

    def having(self, parts: Iterable[int]) -> set[str]:
        """Return the names that have one of some parts."""
        found: set[str] = set()
        for part in parts:
            names = self._names.get(part, set())
            found |= names if isinstance(names, set) else {names}
        return found

    def sharing_with(self, names: Iterable[str]) -> set[str]:
        """Return the names that have a part in common with one of these."""
        found: set[str] = set()
        for name in names:
            found |= self.having(self.of(name))
        return found
