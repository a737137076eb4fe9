import math

import pytest

from nbmlops.records.results import Param


@pytest.mark.parametrize(
    ("value", "number"),
    [
        pytest.param(3, 3.0, id="int"),
        pytest.param("3", None, id="text"),
        pytest.param(math.nan, None, id="nan"),
        pytest.param(object(), None, id="opaque"),
    ],
)
def test_param_has_a_number_to_sort_by_only_where_it_is_one(value, number):
    assert Param.of("run1", "x", value, "cell").number == number
