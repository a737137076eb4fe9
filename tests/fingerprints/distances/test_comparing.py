from dataclasses import fields

import pytest

from nbmlops.fingerprints.distances.comparing import distances, null_share_change
from nbmlops.fingerprints.profiles.profile import ColumnProfile
from tests.fingerprints.real_data import penguins, profile


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (ColumnProfile("object", 4, 1), ColumnProfile("object", 10, 5), 0.25),
        (ColumnProfile("object", 4, 1), ColumnProfile("object", 0, 0), None),
        (ColumnProfile("object", 4), ColumnProfile("object", 4, 0), None),
    ],
)
def test_the_share_of_nulls_changes_exactly_or_is_not_known(before, after, change):
    found = null_share_change(before, after)
    assert found.value == change
    assert (found.reason is None) is (change is not None)


@pytest.mark.parametrize("name", penguins().columns)
def test_a_column_is_at_no_distance_from_itself(name):
    made = profile(penguins()[name])
    found = distances(made, made)
    for field in fields(found):
        measure = getattr(found, field.name)
        measure = getattr(measure, "statistic", measure)
        assert (measure.value, measure.error) in [(0, 0), (None, None)], field.name
        assert (measure.value is None) is (measure.reason is not None)
