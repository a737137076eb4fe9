"""A small profile of a column: enough to compare two data sets without keeping the data.

**Which values a profile keeps.** Of numbers, dates, times and durations: the least and the
greatest, and either up to about a thousand distinct values with how often each occurs or, where
they do not fit, 256 values that divide the rest into parts of equal size. Of text, bytes and
categories: none, but a 64-bit hash of each of the 128 most frequent ones, with how often it occurs,
and the numbers that their lengths are. Whoever can guess a value (a country, a name, a postcode)
can hash the guess and see whether it is there: the hashes hide values from readers, not from
attackers. Of nested values and of objects: none.

Records only: `profiling` makes them, `merging` joins them, `distances.comparing` compares
them, all with numpy, which is not needed to read and show a profile.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from nbmlops.records import Digest

MOST_COLUMNS = 2_000  # of a table that have a profile, about a millisecond each, and are listed


@dataclass(frozen=True, slots=True)
class Distribution:
    """Where numbers lie, as values in rising order.

    Attributes
    ----------
    points : str
        The values: float64, packed (`packed_arrays`).
    counts : str or None
        How often each occurs: int64, packed. None where each stands for an equal share of all.
    rank_error : float
        How far the share of numbers ≤ x that the points give may be from the true one, for any x:
        0 where the points are all the values there are; else what the sketch that they came from
        promises with 99 % confidence, and half the distance between two points.
    """

    points: str
    counts: str | None
    rank_error: float


@dataclass(frozen=True, slots=True)
class Numbers:
    """What finite numbers are like.

    Times and durations are numbers too, in the units of `columns.tables`; bools are 0 and 1.
    ``minimum``, ``maximum`` and ``mean`` are None where there is no number, ``std`` (with n − 1)
    where there are fewer than two; mean and std also where a sum on the way to them is beyond
    float64. ``nan``, ``positive_infinite`` and ``negative_infinite`` are counted by themselves, and
    left out of everything else.
    """

    count: int
    zeros: int
    minimum: int | float | None
    maximum: int | float | None
    mean: float | None
    std: float | None
    distribution: Distribution | None
    nan: int = 0
    positive_infinite: int = 0
    negative_infinite: int = 0


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How often the most frequent values occur.

    Attributes
    ----------
    hashes, counts : str
        64-bit hashes of the values, and how often each occurs; packed, in the order of the hashes.
    total : int
        How many values there are, those that are not listed included.
    short_by : int
        How much too small each count may be; 0 where they are exact.
    absent_at_most : int
        How often a value that is not listed may occur; 0 where all are listed.
    """

    hashes: str
    counts: str
    total: int
    short_by: int = 0
    absent_at_most: int = 0


@dataclass(frozen=True, slots=True)
class Categories:
    """Which categories a column may have, whether or not a row has them; their values are not kept.

    ``digest`` is equal for the same categories in the same order, ``members`` in any order.
    """

    count: int
    digest: Digest
    members: Digest


@dataclass(frozen=True, slots=True)
class Distinct:
    """How many different values there are.

    ``error`` is relative, with 95 % confidence: the truth lies within ``estimate`` × (1 ± error);
    0 where it was counted. ``sketch`` is what can be merged, None where the other parts of the
    profile list every value.
    """

    estimate: int
    error: float = 0.0
    sketch: str | None = None

    def among(self, count: int) -> "Distinct":
        """Return it for so many values, of which no more can be different."""
        return self if self.estimate <= count else replace(self, estimate=count)


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What a column's values are like; see the top of this module for which of them it keeps.

    Attributes
    ----------
    type : str
        Logical type (`columns.tables`).
    count : int
        Rows, nulls included.
    nulls : int or None
        Rows without a value; None where that was not looked at.
    numbers : Numbers or None
        Of numbers, bools, dates, times and durations.
    frequencies : Frequencies or None
        Of text, bytes and categories.
    lengths : Numbers or None
        Of text, in characters; of bytes, in bytes.
    distinct : Distinct or None
        Of whatever has numbers or frequencies.
    categories : Categories or None
        Of categories.
    reason : str or None
        Why there is no more than counts, where there might be.
    """

    type: str
    count: int
    nulls: int | None = None
    numbers: Numbers | None = None
    frequencies: Frequencies | None = None
    lengths: Numbers | None = None
    distinct: Distinct | None = None
    categories: Categories | None = None
    reason: str | None = None

    @property
    def null_share(self) -> float | None:
        """Share of rows without a value, 0 to 1; None where there are no rows, or unknown."""
        return None if self.nulls is None or not self.count else self.nulls / self.count

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data; the inverse of `from_json`."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "ColumnProfile":
        """Make a profile from what `to_json` gave, possibly through JSON text."""
        fields = dict(plain)
        fields["numbers"] = _numbers(plain["numbers"])
        fields["lengths"] = _numbers(plain["lengths"])
        fields["frequencies"] = _frequencies(plain["frequencies"])
        fields["distinct"] = None if plain["distinct"] is None else Distinct(**plain["distinct"])
        categories = plain.get("categories")
        fields["categories"] = None if categories is None else Categories(**categories)
        return cls(**fields)


def _numbers(plain: Mapping[str, Any] | None) -> Numbers | None:
    if plain is None:
        return None
    inner = plain["distribution"]
    return Numbers(**{**plain, "distribution": None if inner is None else Distribution(**inner)})


def _frequencies(plain: Mapping[str, Any] | None) -> Frequencies | None:
    if plain is None:
        return None
    return Frequencies(**{name: item for name, item in plain.items() if name != "names"})
