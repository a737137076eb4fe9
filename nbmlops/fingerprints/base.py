"""The contract of fingerprints: their record, and what an adapter for a kind of value gives.

Two laws hold for every adapter, and the tests state them as properties: values of equal content
have equal digests however they are represented, and any change that a data scientist would call
one gives another digest.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, NamedTuple

from nbmlops.fingerprints.profiles.profile import ColumnProfile
from nbmlops.records import Digest

SCHEME = "1"  # of everything below digests: another one makes every digest another

type Mode = Literal["exact", "semantic"]
type Role = Literal["column", "index", "part"]
type Strength = Literal["exact", "opaque"]

# What kinds are called in the short form; others go by their own name.
_SHORT = {"frame": "df", "folder": "dir", "function": "def"}
_SHOWN_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Part:
    """A column of a table, a level of its index, or a part of a model, by itself.

    ``type`` is the logical type (``float64``, ``string``, ``timestamp[tz=UTC]``, …), which is the
    same in every library.
    """

    name: str
    type: str
    digest: Digest
    role: Role = "column"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a value is.

    Attributes
    ----------
    digest : str
        Hexadecimal; equal for equal content.
    kind : str
        ``frame``, ``column``, ``array``, ``list``, ``model``, ``file``, …, or ``opaque``.
    class_name : str
        The class that the value had; not part of the digest.
    shape : tuple of int or None
        Rows and columns, or the lengths of an array's axes; None where a value has none.
    columns : tuple of Part
        Columns and index levels of a table, in order; parts of a model.
    strength : str
        ``exact``; ``opaque`` where some of the value cannot be looked at, so that equal digests do
        not mean equal values. Nothing is sampled: what is looked at is looked at as a whole.
    reason : str or None
        Why it is not exact.
    scheme : str
        Version of the canonical form, and hash: ``1:xxh3_128`` or ``1:blake3``.
    unordered : str or None
        Equal for tables and arrays that hold the same rows in any order. With ``profile`` only.
    semantic : str or None
        Equal for values that differ in NaN payloads, −0.0, or missing against NaN only. With
        ``profile`` only.
    profile : tuple of ColumnProfile or None
        One for each of ``columns``, None where it was not asked for.
    size_bytes : int or None
        Of the data, where that is known.
    element_type : str or None
        Logical type of an array's elements, whatever its shape.
    axis_names : tuple of str
        Names of the levels of a table's column names, where they have any.
    """

    digest: Digest
    kind: str
    class_name: str = ""
    shape: tuple[int, ...] | None = None
    columns: tuple[Part, ...] = ()
    strength: Strength = "exact"
    reason: str | None = None
    scheme: str = f"{SCHEME}:xxh3_128"
    unordered: Digest | None = None
    semantic: Digest | None = None
    profile: tuple[ColumnProfile, ...] | None = None
    size_bytes: int | None = None
    element_type: str | None = None
    axis_names: tuple[str, ...] = ()

    @property
    def schema(self) -> tuple[tuple[str, str], ...]:
        """Name and logical type of every column, index levels and parts included."""
        return tuple((part.name, part.type) for part in self.columns)

    @property
    def is_exact(self) -> bool:
        """Whether an equal digest means equal content."""
        return self.strength == "exact"

    @property
    def what(self) -> str:
        """Kind and shape for people: ``df 336,776×19``."""
        return f"{self._kind}{self._rest}"

    def __str__(self) -> str:
        return f"{self._kind}:{self.digest[:_SHOWN_DIGITS]}…{self._rest}"

    @property
    def _kind(self) -> str:
        return _SHORT.get(self.kind, self.kind)

    @property
    def _rest(self) -> str:
        shape = " " + "×".join(f"{length:,}" for length in self.shape) if self.shape else ""
        return shape if self.is_exact else f"{shape} ({self.strength})"

    def __repr__(self) -> str:
        return f"<Fingerprint {self}>"

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data; the inverse of `from_json`."""
        plain = asdict(replace(self, profile=None))
        if self.profile is not None:
            plain["profile"] = [column.to_json() for column in self.profile]
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Fingerprint":
        """Make a fingerprint from what `to_json` gave, possibly through JSON text."""
        fields = dict(plain)
        fields["shape"] = None if plain["shape"] is None else tuple(plain["shape"])
        fields["columns"] = tuple(Part(**part) for part in plain["columns"])
        fields["axis_names"] = tuple(plain.get("axis_names", ()))
        if plain["profile"] is not None:
            fields["profile"] = tuple(map(ColumnProfile.from_json, plain["profile"]))
        return cls(**fields)


type Where = str | Callable[[], str]
"""A place in a value as in source code (``[3]``, ``.rate``), or what says it when asked."""


class Child(NamedTuple):
    """A value inside another, whose digest an adapter asks for; ``where`` is its place there."""

    value: Any
    where: Where


PAUSE = Child(None, "")
"""Yielded now and then in long work, so that the time given can end it; the answer says nothing."""


@dataclass(frozen=True, slots=True)
class Unordered:
    """Values in no order, as the value of a `Child`: their digest is the same in any order."""

    values: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Described:
    """What an adapter says of a value; ``digest`` has 16 bytes (32 for files).

    ``reason`` says why the value is opaque, None where it is not. That a part of a value is opaque
    needs no saying: the walk passes it up.
    """

    kind: str
    digest: bytes
    shape: tuple[int, ...] | None = None
    columns: tuple[Part, ...] = ()
    reason: str | None = None
    size_bytes: int | None = None
    hash: str = "xxh3_128"
    element_type: str | None = None
    axis_names: tuple[str, ...] = ()


def fingerprint_from(found: Described, class_name: str = "") -> Fingerprint:
    """Return the fingerprint of a value of which an adapter, or the walk, said this."""
    return Fingerprint(
        digest=Digest(found.digest.hex()),
        kind=found.kind,
        class_name=class_name,
        shape=found.shape,
        columns=found.columns,
        strength="exact" if found.reason is None else "opaque",
        reason=found.reason,
        scheme=f"{SCHEME}:{found.hash}",
        size_bytes=found.size_bytes,
        element_type=found.element_type,
        axis_names=found.axis_names,
    )


type Steps = Generator[Child, bytes, Described]
type Digesting = Generator[Child, bytes, bytes]
"""Asks for the digests of children and returns that of what holds them."""

type Adapter = Callable[[Any, Mode], Described | Steps]
"""Describes a value.

Where a value holds others, the adapter is a generator: it yields each `Child`, is sent the digest,
and returns the description; nesting costs no recursion. Its children come in the same order for
equal values: those in a set or a dict go into an `Unordered`, or are sorted first. In the mode
``semantic`` floats that are equal but for their bits (NaN payloads, −0.0) are written alike. An
adapter reads values by their library's own means, or from ``__dict__`` and slots: it never calls a
method that a user's class defines, never keeps a reference, and never changes anything. It may
raise: the value is then opaque, with the error as the reason.
"""
