import enum
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nbmlops.fingerprints.columns.missing import all_text_or_missing, is_missing


class Loud(float):
    __eq__ = __ne__ = __hash__ = None  # type: ignore[assignment]


MISSING = [
    None,
    float("nan"),
    np.float64("nan"),
    np.float32("nan"),
    np.float16("nan"),
    pd.NA,
    pd.NaT,
]
PRESENT = [0, 0.0, float("inf"), "", b"", (), np.float64(1), Decimal("nan"), Loud("nan")]


@pytest.mark.parametrize("value", MISSING, ids=repr)
def test_what_stands_for_a_missing_value(value: object) -> None:
    assert is_missing(value)
    assert all_text_or_missing(["a", value])
    assert not all_text_or_missing([1, value])


@pytest.mark.parametrize("value", PRESENT, ids=lambda value: type(value).__name__)
def test_what_does_not(value: Any) -> None:
    assert not is_missing(value)
    assert all_text_or_missing(["a", value]) == isinstance(value, str)


class Own(str):
    pass


class Color(str, enum.Enum):  # noqa: UP042, as people write it
    RED = "red"


def test_text_is_of_pythons_or_numpys_type() -> None:
    assert all_text_or_missing([])
    assert all_text_or_missing(["a", np.str_("b")])
    assert not all_text_or_missing(["a", Own("b")])
    assert not all_text_or_missing([Color.RED])
