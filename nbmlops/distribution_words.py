"""What changed in the distribution of a column, from its profiles alone, in short phrases.

The figures are those of `nbmlops.fingerprints.distances`, and are told only where they are surely
more than nothing.
"""

from collections.abc import Iterator

from nbmlops.drawing.words import count, number
from nbmlops.fingerprints.distances.categories import total_variation
from nbmlops.fingerprints.distances.estimates import Estimate
from nbmlops.fingerprints.distances.numbers import beyond, kolmogorov_smirnov
from nbmlops.fingerprints.profiles.frequencies import listed
from nbmlops.fingerprints.profiles.merging import merged
from nbmlops.fingerprints.profiles.profile import Categories, ColumnProfile, Frequencies, Numbers
from nbmlops.profile_words import ends, infinite, is_time, shown_range

# What is too small to be told.
_STEP_IN_DEVIATIONS = 0.005
_STEP_OF_DEVIATION = 0.1
_STEP_OF_LENGTH = 0.1
_SMALL_SHARE = 0.0005
_SMALL_DISTANCE = 0.01


def changed_words(before: ColumnProfile, after: ColumnProfile) -> tuple[str, ...]:
    """Say in short phrases what is different about a column, what matters most first.

    Empty where nothing can be said; the logical type is left to the caller, who knows it.

    Examples
    --------
    >>> changed_words(ColumnProfile("object", 100, nulls=2), ColumnProfile("object", 100, nulls=5))
    ('missing 2 % → 5 %',)
    """
    said = tuple(_changes(before, after))
    both_numbers = before.numbers is not None and after.numbers is not None
    both_values = before.frequencies is not None and after.frequencies is not None
    return said if said or not (both_numbers or both_values) else ("distribution alike",)


def distance(before: ColumnProfile, after: ColumnProfile) -> float:
    """Return how far apart two columns are, from 0 to 1, to tell what is worst first.

    1 also where they cannot be compared, or where numbers have become infinite.
    """
    if before.numbers is not None and after.numbers is not None:
        if infinite(before.numbers) < infinite(after.numbers):
            return 1.0
        return kolmogorov_smirnov(before, after).value or 0.0
    if before.frequencies is not None and after.frequencies is not None:
        return total_variation(before, after).value or 0.0
    return 1.0


def _changes(before: ColumnProfile, after: ColumnProfile) -> Iterator[str]:
    if before.numbers is not None and after.numbers is not None:
        yield from _infinite(before.numbers, after.numbers)
    if before.categories and after.categories and before.categories != after.categories:
        yield from _of_categories(before.categories, after.categories)
    yield from _share("missing", before.null_share, after.null_share)
    if before.numbers is not None and after.numbers is not None:
        yield from _share("NaN", _nan_share(before.numbers), _nan_share(after.numbers))
        yield from _of_numbers(before, after, before.numbers, after.numbers)
    elif before.frequencies is not None and after.frequencies is not None:
        yield from _of_values(before, after, before.frequencies, after.frequencies)


def _of_categories(own: Categories, its: Categories) -> Iterator[str]:
    if own.members == its.members:
        yield "categories in another order"
    elif own.count != its.count:
        yield f"categories {own.count:,} → {its.count:,}"
    else:
        yield "other categories"


def _infinite(own: Numbers, its: Numbers) -> Iterator[str]:
    yield from _step("infinite ", *(f"{infinite(numbers):,}" for numbers in (own, its)))


def _nan_share(numbers: Numbers) -> float | None:
    total = numbers.count + numbers.nan
    return numbers.nan / total if total else None


def _of_numbers(
    before: ColumnProfile, after: ColumnProfile, own: Numbers, its: Numbers
) -> Iterator[str]:
    if not own.count or not its.count:
        return
    if before.type == after.type == "bool":
        yield from _share("true", own.mean, its.mean)
        return
    are_times = is_time(before.type) and is_time(after.type)
    if are_times and ends(own) != ends(its):
        yield from _step("", shown_range(own, before.type), shown_range(its, after.type))
    elif not are_times and _has_moved(own, its, _STEP_IN_DEVIATIONS):
        yield from _step("mean ", number(own.mean or 0.0), number(its.mean or 0.0))
    if not are_times and own.std and its.std and abs(its.std / own.std - 1) > _STEP_OF_DEVIATION:
        yield from _step("std ", number(own.std), number(its.std))
    yield from _distance("KS", kolmogorov_smirnov(before, after))
    outside = beyond(before, after).value or 0.0
    if outside >= _SMALL_SHARE and not are_times and own.minimum != own.maximum:
        yield f"{_percent(outside)} outside {shown_range(own, before.type)}"


def _has_moved(own: Numbers, its: Numbers, step: float) -> bool:
    """Whether the mean has moved by more than a step, in standard deviations."""
    if own.mean is None or its.mean is None:
        return False
    return abs(its.mean - own.mean) > step * max(own.std or 0.0, its.std or 0.0)


def _of_values(
    before: ColumnProfile, after: ColumnProfile, own: Frequencies, its: Frequencies
) -> Iterator[str]:
    if not own.total or not its.total:
        return
    if not own.absent_at_most and not its.absent_at_most:
        yield from _come(own, its, "new value")
        yield from _come(its, own, "value", " gone")
    else:
        yield from _about_new(before, after)
    yield from _distance("total variation", total_variation(before, after))
    if (
        before.lengths
        and after.lengths
        and _has_moved(before.lengths, after.lengths, _STEP_OF_LENGTH)
    ):
        lengths = (number(part.mean or 0.0) for part in (before.lengths, after.lengths))
        yield from _step("mean length ", *lengths)


def _come(own: Frequencies, its: Frequencies, noun: str, end: str = "") -> Iterator[str]:
    """Say how many of the later values are new."""
    new = set(listed(its)[0].tolist()) - set(listed(own)[0].tolist())
    if new:
        yield count(len(new), noun) + end


def _about_new(before: ColumnProfile, after: ColumnProfile) -> Iterator[str]:
    """Say how many different values there are, and are new, as far as the estimates are sure."""
    own, its = before.distinct, after.distinct
    if own is None or its is None:
        return
    own_error, its_error = own.error * own.estimate, its.error * its.estimate
    if abs(own.estimate - its.estimate) > own_error + its_error:
        about = "about " if own_error + its_error else ""
        yield from _step(f"distinct {about}", number(own.estimate), number(its.estimate))
    together = merged(before, after).distinct if before.type == after.type else None
    if together is not None:
        new = together.estimate - own.estimate
        if new > together.error * together.estimate + own_error:
            yield f"about {_percent(min(new / its.estimate, 1.0))} of the different values new"


def _distance(name: str, found: Estimate) -> Iterator[str]:
    """Say how far apart the columns are, where that is surely more than nothing."""
    if found.value is None or found.error is None:
        return
    if found.value >= _SMALL_DISTANCE and found.value > found.error:
        yield f"{name} {found.value:.2f}" + (
            f" ± {found.error:.2f}" if found.error >= 0.005 else ""
        )


def _share(name: str, own: float | None, its: float | None) -> Iterator[str]:
    if own is not None and its is not None and (abs(its - own) >= _SMALL_SHARE or not own * its):
        yield from _step(f"{name} ", _percent(own), _percent(its))


def _step(name: str, own: str, its: str) -> Iterator[str]:
    if own != its:
        yield f"{name}{own} → {its}"


def _percent(share: float) -> str:
    percent = 100 * share
    return f"{number(round(percent, 1) if percent >= 1 else float(f'{percent:.2g}'))} %"
