"""A budget bounds what is looked at; what was cut proves no equality, and no change by mistake."""

import numpy as np
import pytest

from nbmlops.capture.tokens.base import Budget, Token
from nbmlops.capture.tokens.taking import token_of

DEEP = [[number, [number]] for number in range(5_000)]
CUT = {
    "objects": (lambda: [[number, [number]] for number in range(5_000)], 1_000, 1 << 20),
    "numbers": (lambda: list(range(200_000)), 1_000, 1 << 20),
    "text": (lambda: [f"{number:2000}" for number in range(1_000)], 20_000, 1 << 20),
    "long text": (lambda: "a" * (2 << 20), 1_000, 1 << 20),
    "bytearray": (lambda: bytearray(2 << 20), 1_000, 1 << 20),
    "array": (lambda: np.zeros(1 << 20), 1_000, 1 << 20),
    "view": (lambda: np.zeros((1 << 10, 1 << 11))[:, ::2], 1_000, 1 << 20),
}


@pytest.mark.parametrize(("make", "nodes", "size_bytes"), CUT.values(), ids=CUT)
def test_what_is_beyond_is_not_whole(make, nodes, size_bytes):
    value = make()
    one, other = (token_of(value, budget=Budget(nodes, size_bytes)) for _ in range(2))
    assert (one.is_whole, one.has_all_parts) == (False, False)
    assert one.is_same_as(other) is None
    assert one.digest == other.digest
    assert token_of(value, budget=Budget(10**9, 10**9, 10**9, 10**9)).is_whole


def test_change_in_a_sample_shows():
    value = np.zeros(1 << 20)
    before = token_of(value, budget=Budget(1_000, 1 << 20))
    value += 1
    assert token_of(value, budget=Budget(1_000, 1 << 20)).is_same_as(before) is False


def test_less_budget_is_no_change():
    before = token_of(DEEP, budget=Budget(1_000))
    assert token_of(DEEP, budget=Budget(500)).is_same_as(before) is None
    assert token_of(DEEP, budget=Budget()).is_same_as(before) is None
    assert token_of(DEEP, budget=Budget(0, 0)).is_same_as(before) is None


def test_budget_is_shared_by_values():
    budget = Budget(nodes=1_000, size_bytes=1 << 20)
    assert token_of(np.zeros(100_000), budget=budget).is_whole
    assert budget.size_bytes == (1 << 20) - 800_000
    assert not token_of(np.zeros(100_000), budget=budget).is_whole
    assert token_of(DEEP, budget=budget).limits == (512, 131_072)
    assert budget.nodes < 1_000 - 500


def test_tokens_are_compared_only_under_the_same_limits():
    whole, cut = Token(b"a", True, frozenset()), Token(b"b", False, frozenset(), False, (8, 8))
    assert whole.is_same_as(whole) is True
    assert whole.is_same_as(cut) is None
    assert cut.is_same_as(Token(b"c", False, frozenset(), False, (8, 8))) is False
    assert cut.is_same_as(cut) is None
