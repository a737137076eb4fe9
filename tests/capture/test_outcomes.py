"""How an execution ended, by what it raised."""

import asyncio
import enum
from types import SimpleNamespace

import numpy as np
import pytest

from nbmlops.capture.outcomes import failure_of, is_normal_exit, outcome_of


class Odd:
    """Raises when it is compared or asked whether it is true."""

    __hash__ = None

    def __repr__(self):
        return "Odd()"

    def __eq__(self, other):
        raise AssertionError

    def __bool__(self):
        raise AssertionError


class OddError(Exception):
    __hash__ = None

    def __eq__(self, other):
        raise AssertionError

    def __bool__(self):
        raise AssertionError

    def __str__(self):
        raise SystemExit


class Code(enum.IntEnum):
    FINE = 0
    BAD = 1


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, "ok"),
        (SystemExit(), "ok"),
        (SystemExit(0), "ok"),
        (SystemExit(False), "ok"),
        (SystemExit(Code.FINE), "ok"),
        (SystemExit(Code.BAD), "error"),
        (SystemExit(1), "error"),
        (SystemExit(""), "error"),
        (SystemExit(0.0), "error"),
        (SystemExit(np.array([1, 2])), "error"),
        (SystemExit(Odd()), "error"),
        (OddError(), "error"),
        (KeyboardInterrupt(), "interrupted"),
        (asyncio.CancelledError(), "interrupted"),
    ],
    ids=repr,
)
def test_outcome_asks_nothing_of_the_users(error, outcome):
    result = SimpleNamespace(error_before_exec=None, error_in_exec=error)
    found, failed_with = outcome_of(object(), result)
    assert found == outcome
    assert failed_with is (None if outcome == "ok" else error)
    if type(error) is SystemExit:
        assert is_normal_exit(error) == (outcome == "ok")


def test_cell_without_a_result_was_interrupted():
    assert outcome_of(object(), None) == ("interrupted", None)


def test_failure_whose_text_fails_has_the_name_of_what_that_raised():
    assert failure_of(OddError()).message == "<its text failed: SystemExit>"
