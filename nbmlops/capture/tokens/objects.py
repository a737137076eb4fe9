"""Objects of any class: their attributes in ``__dict__`` and slots, without asking the class."""

from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

from nbmlops.capture.tokens.scalars import write_all
from nbmlops.fingerprints.python.classes import (
    ancestors,
    defined,
    derives,
    namespace,
    own_dict,
)

if TYPE_CHECKING:
    from nbmlops.capture.tokens.kinds import Write
    from nbmlops.capture.tokens.walking import Walk


class ObjectWriter:
    """Writes objects of a class, found once for many of them.

    Parameters
    ----------
    kind : type
    base : type
        The ancestor whose values ``write`` writes; its slots do not count.
    write : callable or None
        Writes what is not in attributes.
    left_out : frozenset of str
        Attributes that do not count.
    local : tuple of int
        Which of the class and its ancestors are classes of the notebook.
    """

    __slots__ = ("_has_dict", "_head", "_left_out", "_local", "_slots", "_write")

    def __init__(
        self,
        kind: type,
        base: type,
        write: "Write | None",
        left_out: frozenset[str],
        local: tuple[int, ...],
    ) -> None:
        self._head = b"o%x;" % id(kind)
        self._write, self._left_out, self._local = write, left_out, local
        self._has_dict = defined(kind, "__dict__") is not None
        self._slots = _slots(kind, base if write is not None else object, left_out)

    @property
    def holds_its_class(self) -> bool:
        """Whether the class lives as long as this does."""
        return bool(self._slots)

    def __call__(self, walk: "Walk", value: Any) -> None:
        """Write an object."""
        walk.part(id(value))
        walk.out.append(self._head)
        if self._local:
            found = ancestors(type(value))
            walk.follow([found[place] for place in self._local])
        if self._slots:
            self._write_slots(walk, value)
        if self._has_dict:
            self._write_dict(walk, own_dict(value) or {})
        if self._write is not None:
            self._write(walk, value)

    def _write_dict(self, walk: "Walk", kept: dict[Any, Any]) -> None:
        left_out = self._left_out
        names, values = tuple(dict.keys(kept)), tuple(dict.values(kept))
        if left_out and any(type(name) is str and name in left_out for name in names):
            pairs = zip(names, values, strict=True)
            counted = [
                pair for pair in pairs if type(pair[0]) is not str or pair[0] not in left_out
            ]
            names, values = tuple(one for one, _ in counted), tuple(one for _, one in counted)
        walk.out.append(b".%d;" % len(names))
        if not write_all(walk, values):
            walk.follow(values)
        if not write_all(walk, names):
            walk.follow(names)

    def _write_slots(self, walk: "Walk", value: Any) -> None:
        found = []
        for slot in self._slots:
            try:
                found.append(slot.__get__(value))
            except AttributeError:  # nothing was put there
                walk.out.append(b"_")
            else:
                walk.out.append(b"s")
        walk.follow(found)


def _slots(kind: type, base: type, left_out: frozenset[str]) -> tuple[Any, ...]:
    return tuple(
        slot
        for ancestor in ancestors(kind)
        if not derives(base, ancestor) and "__slots__" in namespace(ancestor)
        for name, slot in namespace(ancestor).items()
        if type(slot) is MemberDescriptorType and name not in left_out
    )


def member(walk: "Walk", value: Any) -> None:
    """Write a member of an enumeration: which one it is."""
    kept = own_dict(value) or {}
    walk.follow((kept.get("_name_"), kept.get("_value_")))


def exception(walk: "Walk", value: Any) -> None:
    """Write an error by its arguments; not by where it was raised."""
    walk.part(id(value))
    walk.follow((BaseException.args.__get__(value),))  # type: ignore[attr-defined]
