"""Parts are in common where memory or what can change is, and nowhere else."""

import io

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from tests.capture.tokens.looking import token


class Kept:
    pass


def _views():
    owner = np.arange(24.0).reshape(4, 6)
    return owner, owner[1:, ::2].T


def _alias():
    held = [1]
    return held, {"a": (1, [held])}


def _closure():
    held = {}
    return held, lambda: held


def _shared_variable():
    count = 0

    def up():
        nonlocal count
        count += 1

    return up, lambda: count


def _instance_and_class():
    return Kept(), Kept


def _frame_over_array():
    owner = np.arange(6.0)
    return owner, pd.DataFrame(owner.reshape(3, 2), copy=False)


def _frame_and_column():
    frame = pd.DataFrame({"a": [1, 2]})
    return frame, frame["a"]


def _array_over_bytes():
    owner = bytearray(8)
    return owner, np.frombuffer(owner, np.uint8)


def _view_of_bytes():
    owner = bytearray(8)
    return memoryview(owner)[2:], owner


def _iterator():
    held = [1, 2]
    return held, iter(held)


def _bound():
    held = [1, 2]
    return held, held.append


def _memmap(tmp_path):
    owner = np.memmap(tmp_path / "numbers", "u1", "w+", shape=(8,))
    return owner, owner[2:]


SHARING = [
    _views, _alias, _closure, _shared_variable, _instance_and_class, _frame_over_array,
    _frame_and_column, _array_over_bytes, _view_of_bytes, _iterator, _bound,
]  # fmt: skip


@pytest.mark.parametrize("make", SHARING)
def test_what_is_shared_is_a_part_of_both(make):
    one, other = make()
    assert token(one).parts & token(other).parts


def test_views_of_a_file_share_it(tmp_path):
    one, other = _memmap(tmp_path)
    assert token(one).parts & token(other).parts


@pytest.mark.parametrize("make", SHARING)
def test_values_made_twice_share_nothing_but_their_class(make):
    one, other = make(), make()
    common = token(list(one)).parts & token(list(other)).parts
    assert common <= token(Kept).parts


def test_values_that_cannot_change_are_no_parts():
    text, number = "a" * 5_000, 10**30
    for value in (text, number, (text, number), frozenset([number]), np.float64(1), range(3), len):
        assert token(value).parts == frozenset()
    one, other = [text], [text, number]
    assert token(one).parts == {id(one)}
    assert token(other).parts == {id(other)}


def test_models_fitted_from_the_same_data_share_nothing():
    X, y = np.random.default_rng(0).normal(size=(20, 2)), np.arange(20) % 2
    one, other = (LogisticRegression().fit(X, y) for _ in range(2))
    assert not token(one).parts & token(other).parts
    assert not token(one).parts & token(X).parts


def test_parts_are_bounded_and_say_so():
    rows = [[number] for number in range(5_000)]
    found = token(rows)
    assert found.is_whole
    assert not found.has_all_parts
    assert id(rows) in found.parts
    assert len(found.parts) <= 2_000
    assert token(io.BytesIO()).has_all_parts


def test_element_of_a_structured_array_does_not_know_its_memory():
    element = np.zeros(2, [("a", "i4")])[1]
    assert token(element).is_whole
    assert not token(element).has_all_parts
