import base64

import numpy as np
import pytest
from datasketches import hll_sketch, hll_union, tgt_hll_type

from nbmlops.fingerprints.profiles.distinct import DistinctSketch, merged_sketches, sketch_of
from nbmlops.fingerprints.profiles.merging import merged
from nbmlops.fingerprints.profiles.profile import Distinct
from tests.fingerprints.real_data import profile

SIZES = [0, 1, 7, 60, 300, 600, 1000, 5000, 50_000]


def words_of(count, seed=0):
    return np.random.default_rng(seed).integers(0, 2**64, count, dtype=np.uint64)


def the_librarys_own(words):
    sketch = hll_sketch(10, tgt_hll_type.HLL_4)
    for word in words.view(np.int64).tolist():
        sketch.update(word)
    return sketch


def packed(sketch):
    return base64.b64encode(sketch.serialize_compact()).decode()


@pytest.mark.parametrize("at_once", [7, 1000])
@pytest.mark.parametrize("size", SIZES)
def test_the_sketch_is_that_of_the_library_given_every_word(size, at_once):
    words = words_of(size)
    made = DistinctSketch()
    for start in range(0, size, at_once):
        made.add(words[start : start + at_once])
        made.add(words[start // 2 : start // 2 + 5])  # again
    assert made.estimated().sketch == packed(the_librarys_own(words))


def test_small_and_special_words_are_placed_as_in_the_library():
    words = np.array([0, 1, 2**63, 2**64 - 1, *range(3000)], np.uint64)
    assert sketch_of(words) == packed(the_librarys_own(words))


@pytest.mark.parametrize("size", SIZES)
def test_nearly_all_estimates_are_within_their_error(size):
    is_within = []
    for seed in range(40):
        made = DistinctSketch()
        made.add(words_of(size, seed))
        found = made.estimated()
        assert 0 < found.error < 0.07
        is_within.append(abs(found.estimate - size) <= found.error * size + 0.5)
    assert sum(is_within) >= 0.95 * len(is_within)


def test_merged_sketches_are_that_of_all_words():
    one, other = words_of(3000, 1), words_of(5000, 2)
    found = merged_sketches(sketch_of(one), sketch_of(np.concatenate([other, one[:500]])))
    union = hll_union(10)
    union.update(the_librarys_own(one))
    union.update(the_librarys_own(other))
    assert found.sketch == packed(union.get_result(tgt_hll_type.HLL_4))
    assert abs(found.estimate - 8000) <= found.error * 8000


@pytest.mark.parametrize("kind", [str, float])
def test_no_more_values_are_different_than_there_are(kind):
    estimates = []
    for seed in range(12):
        values = [*map(kind, range(seed * 9_000, (seed + 1) * 9_000))]
        made = profile(values)
        estimates += [made.distinct.estimate, merged(made, made).distinct.estimate // 2]
    assert max(estimates) == 9_000  # some are too high by themselves
    assert min(estimates) > 0.4 * 9_000


@pytest.mark.parametrize(("count", "expected"), [(5, 5), (7, 7), (9, 7)])
def test_an_estimate_is_at_most_how_many_values_there_are(count, expected):
    assert Distinct(7, 0.1).among(count) == Distinct(expected, 0.1)
