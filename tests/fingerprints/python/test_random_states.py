import copy
import pickle
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nbmlops.fingerprints.asking import fingerprint


def digest(value: Any) -> str:
    found = fingerprint(value)
    assert found.is_exact, found.reason
    assert found.kind == "random state"
    return found.digest


def drawn(generator: Any) -> None:
    """Move a generator on by one number."""
    if isinstance(generator, random.Random):
        generator.random()
    elif isinstance(generator, np.random.SeedSequence):
        generator.spawn(1)
    elif isinstance(generator, np.random.BitGenerator):
        generator.random_raw()
    else:
        generator.normal()


MAKERS: dict[str, Callable[[int], Any]] = {
    "python": random.Random,
    "generator": np.random.default_rng,
    "legacy": np.random.RandomState,
    "PCG64": np.random.PCG64,
    "MT19937": np.random.MT19937,
    "Philox": np.random.Philox,
    "SFC64": np.random.SFC64,
    "seeds": np.random.SeedSequence,
}


@pytest.mark.parametrize("name", MAKERS)
def test_a_generator_is_its_state(name: str) -> None:
    one, same, other = MAKERS[name](1), MAKERS[name](1), MAKERS[name](2)
    before = digest(one)
    assert before == digest(same) == digest(pickle.loads(pickle.dumps(one))) != digest(other)
    drawn(one)
    assert digest(one) == digest(copy.deepcopy(one)) != before
    drawn(same)
    assert digest(one) == digest(same)


def test_to_look_draws_nothing() -> None:
    looked_at, other = np.random.default_rng(1), np.random.default_rng(1)
    digest(looked_at)
    assert looked_at.random() == other.random()


def test_a_normal_number_that_is_kept_counts() -> None:
    one, other = np.random.RandomState(1), np.random.RandomState(1)
    one.normal()
    state = one.get_state()
    other.set_state((*state[:3], 0, 0.0))
    assert digest(one) != digest(other)


def test_a_state_that_was_put_back_is_the_same() -> None:
    one, other = np.random.default_rng(1), np.random.default_rng()
    other.bit_generator.state = one.bit_generator.state
    assert digest(one) == digest(other)


def test_kinds_differ() -> None:
    bits = np.random.MT19937(1)
    kinds = [bits, np.random.Generator(bits), np.random.RandomState(bits)]
    assert len(set(map(digest, kinds))) == 3


class Own(np.random.RandomState):
    """A user's generator, whose methods nobody is to call."""

    def get_state(self, legacy: bool = True) -> Any:
        raise AssertionError

    __reduce__ = __getstate__ = get_state  # type: ignore[assignment]


def test_attributes_of_derived_classes_count() -> None:
    one, other = Own(1), Own(1)
    one.name, other.name = "a", "b"  # type: ignore[attr-defined]
    assert digest(one) != digest(other)
    assert digest(Own(1)) == digest(Own(1)) != digest(np.random.RandomState(1))


def test_numbers_of_the_operating_system_have_no_state() -> None:
    assert "operating system" in str(fingerprint(random.SystemRandom()).reason)
