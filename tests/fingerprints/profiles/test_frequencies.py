from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.fingerprints.profiles import frequencies
from nbmlops.fingerprints.profiles.frequencies import FrequencySummary, listed, merged_frequencies

words = st.lists(st.integers(0, 7), min_size=8)


@pytest.fixture(autouse=True, scope="module")
def _few_places():
    """Room for so few values that they have to be forgotten."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frequencies, "COUNTED", 5)
        patch.setattr(frequencies, "LISTED", 3)
        yield


def frequencies_of(words, at_once=4):
    summary = FrequencySummary()
    for start in range(0, len(words), at_once):
        summary.add(np.array(words[start : start + at_once], np.uint64))
    return summary.frequencies()


def assert_within_bounds(found, words):
    """Every count lies within what the frequencies say of it."""
    counts = dict(zip(*(part.tolist() for part in listed(found)), strict=True))
    assert found.total == len(words)
    assert len(counts) <= 3
    for word, count in Counter(words).items():
        if word in counts:
            assert counts[word] <= count <= counts[word] + found.short_by
        else:
            assert count <= found.absent_at_most


@given(words)
def test_counts_are_within_their_bounds(words):
    assert_within_bounds(frequencies_of(words), words)


@given(words, words, words)
def test_merged_counts_are_within_their_bounds(one, other, third):
    both = merged_frequencies(frequencies_of(one), frequencies_of(other))
    assert_within_bounds(both, one + other)
    assert_within_bounds(merged_frequencies(frequencies_of(third), both), third + one + other)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_value_listed_in_one_part_only_may_be_in_the_other_too(is_first):
    one = frequencies_of([1] * 9 + [2] * 8 + [3] * 7, 100)
    other = frequencies_of([4] * 9 + [2] * 8 + [3] * 7 + [1] * 6, 100)
    assert (one.absent_at_most, other.absent_at_most) == (0, 6)
    found = merged_frequencies(one, other) if is_first else merged_frequencies(other, one)
    assert dict(zip(*(part.tolist() for part in listed(found)), strict=True)) == {
        1: 9,
        2: 16,
        3: 14,
    }
    assert found.short_by == 6
