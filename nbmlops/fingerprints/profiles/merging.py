"""Joins the profiles of two parts of a column into the profile of the whole."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from nbmlops.errors import ProfilesDiffer
from nbmlops.fingerprints.profiles.distinct import merged_sketches, sketch_of
from nbmlops.fingerprints.profiles.distributions import merged_distributions, points_of
from nbmlops.fingerprints.profiles.frequencies import listed, merged_frequencies
from nbmlops.fingerprints.profiles.numbers import mean_or_none, number_type, std_or_none, together
from nbmlops.fingerprints.profiles.profile import (
    ColumnProfile,
    Distinct,
    Distribution,
    Frequencies,
    Numbers,
)

if TYPE_CHECKING:
    from nbmlops.fingerprints.profiles.mixing import Words
    from nbmlops.fingerprints.profiles.numbers import Moments


def merged(one: ColumnProfile, other: ColumnProfile) -> ColumnProfile:
    """Return the profile of two columns' rows together.

    Counts, extremes, means and deviations are as if made from all rows; estimates keep their error,
    and quantiles that are not exact lose 0.2 % with each merge. Raises ProfilesDiffer where the
    logical types differ.
    """
    if one.type != other.type:
        raise ProfilesDiffer(one.type, other.type)
    without = ColumnProfile(
        one.type,
        one.count + other.count,
        None if one.nulls is None or other.nulls is None else one.nulls + other.nulls,
        numbers=_numbers(one.numbers, other.numbers),
        frequencies=_frequencies(one.frequencies, other.frequencies),
        lengths=_numbers(one.lengths, other.lengths),
        categories=one.categories if one.categories == other.categories else None,
        reason=one.reason or other.reason,
    )
    if one.distinct is None or other.distinct is None:
        return without
    return replace(without, distinct=_distinct(without, one, other))


def _frequencies(one: Frequencies | None, other: Frequencies | None) -> Frequencies | None:
    return None if one is None or other is None else merged_frequencies(one, other)


def _numbers(one: Numbers | None, other: Numbers | None) -> Numbers | None:
    if one is None or other is None:
        return None
    count, mean, squares = together(_moments(one), _moments(other))
    return Numbers(
        count=count,
        zeros=one.zeros + other.zeros,
        minimum=min(_known(one.minimum, other.minimum), default=None),
        maximum=max(_known(one.maximum, other.maximum), default=None),
        mean=mean_or_none(count, mean),
        std=std_or_none(count, squares),
        distribution=_distribution(one, other),
        nan=one.nan + other.nan,
        positive_infinite=one.positive_infinite + other.positive_infinite,
        negative_infinite=one.negative_infinite + other.negative_infinite,
    )


def _known(*values: int | float | None) -> list[int | float]:
    return [value for value in values if value is not None]


def _moments(numbers: Numbers) -> "Moments":
    """Return the moments that a mean and a deviation were made from; NaN where they are unknown."""
    if not numbers.count:
        return 0, 0.0, 0.0
    nan = float("nan")
    mean = nan if numbers.mean is None else numbers.mean
    if numbers.count == 1:
        return 1, mean, 0.0
    squares = nan if numbers.std is None else numbers.std * numbers.std * (numbers.count - 1)
    return numbers.count, mean, squares


def _distribution(one: Numbers, other: Numbers) -> Distribution | None:
    if one.distribution is None or other.distribution is None:
        return one.distribution or other.distribution
    return merged_distributions(one.distribution, other.distribution, (one.count, other.count))


def _distinct(whole: ColumnProfile, one: ColumnProfile, other: ColumnProfile) -> Distinct:
    sketches = [part.distinct.sketch for part in (one, other) if part.distinct is not None]
    if not any(sketches):
        words = np.union1d(_words(one), _words(other))
        return Distinct(len(words), sketch=None if _lists_all(whole) else sketch_of(words))
    parts = zip(sketches, (one, other), strict=True)
    merged = merged_sketches(*(sketch or sketch_of(_words(part)) for sketch, part in parts))
    return merged.among(_values(whole))


def _values(profile: ColumnProfile) -> int:
    if profile.frequencies is not None:
        return profile.frequencies.total
    return profile.numbers.count if profile.numbers is not None else profile.count


def _lists_all(profile: ColumnProfile) -> bool:
    if profile.frequencies is not None:
        return profile.frequencies.absent_at_most == 0
    distribution = _listing(profile)
    return distribution is None or distribution.rank_error == 0


def _listing(profile: ColumnProfile) -> Distribution | None:
    return None if profile.numbers is None else profile.numbers.distribution


def _words(profile: ColumnProfile) -> "Words":
    """Return what stands for the values of a profile that lists them all."""
    if profile.frequencies is not None:
        return listed(profile.frequencies)[0]
    distribution = _listing(profile)
    if distribution is None:
        return np.empty(0, np.uint64)
    return points_of(distribution).astype(number_type(profile.type)).view(np.uint64)
