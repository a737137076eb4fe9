from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.fingerprints.profiles.tallies import Tally

parts = st.lists(st.lists(st.integers(0, 40) | st.integers(2**64 - 9, 2**64 - 1)))
crowded = st.lists(st.lists(st.integers(0, 7), min_size=5), min_size=2)


def tally_of(parts, limit):
    tally = Tally(limit)
    for part in parts:
        tally.add(np.array(part, np.uint64))
        tally.forget_rare()
    return tally, dict(zip(tally.words.tolist(), tally.counts.tolist(), strict=True))


@given(parts)
def test_counts_are_exact_up_to_the_limit(parts):
    tally, counted = tally_of(parts, 100)
    assert counted == Counter(word for part in parts for word in part)
    assert tally.absent_at_most == 0


@given(crowded, st.integers(1, 4))
def test_counts_are_within_what_is_said_beyond_the_limit(parts, limit):
    tally, counted = tally_of(parts, limit)
    assert len(counted) <= limit
    for word, count in Counter(word for part in parts for word in part).items():
        assert counted.get(word, 0) <= count <= counted.get(word, 0) + tally.absent_at_most


def test_what_is_forgotten_may_have_been_as_frequent_as_the_most_frequent_of_it():
    tally, counted = tally_of([[1] * 9 + [2] * 5 + [3] * 2, [1, 2, 2]], 1)
    assert counted == {1: 10}
    assert tally.absent_at_most == 5 + 2


def test_words_are_in_rising_order():
    tally, _ = tally_of([[9, 3, 9], [7, 3, 1], [8, 2, 2]], 4)
    assert tally.words.tolist() == sorted(tally.words.tolist())


@pytest.mark.parametrize("spread", [1, 2**16, 2**48])
def test_words_that_share_a_slot_are_told_apart(spread):
    words = np.arange(4000, dtype=np.uint64) * np.uint64(spread)
    tally, counted = tally_of([words, words[::-1], words[:10]], 4096)
    assert counted == {word: 3 if place < 10 else 2 for place, word in enumerate(words.tolist())}
    assert not tally.is_over
