import json

import pytest

from nbmlops.fingerprints.profiles.profile import (
    ColumnProfile,
    Distinct,
    Distribution,
    Frequencies,
    Numbers,
)
from tests.fingerprints.real_data import penguins, profiles

NUMBERS = Numbers(3, 1, -2.5, 4, 0.5, None, Distribution("p", None, 0.0033), 1, 2, 3)
MADE = {
    "nothing": ColumnProfile("object", 5),
    "numbers": ColumnProfile("float64", 9, 1, numbers=NUMBERS, distinct=Distinct(7, 0.067, "s")),
    "large integers": ColumnProfile(
        "uint64", 1, 0, numbers=Numbers(1, 0, 0, 2**64 - 1, None, None, None)
    ),
    "text": ColumnProfile(
        "string", 9, 1, frequencies=Frequencies("h", "c", 8, 1, 2), lengths=NUMBERS
    ),
    "all texts": ColumnProfile("string", 9, frequencies=Frequencies("h", "c", 8)),
    "a reason": ColumnProfile("object", 5, 1, reason="wide"),
    **profiles(penguins()),
}


@pytest.mark.parametrize("name", MADE)
def test_a_profile_survives_json(name):
    made = MADE[name]
    text = json.dumps(made.to_json(), allow_nan=False)
    assert ColumnProfile.from_json(json.loads(text)) == made


@pytest.mark.parametrize(
    ("made", "share"),
    [
        (ColumnProfile("int64", 8, 2), 0.25),
        (ColumnProfile("int64", 8, 0), 0.0),
        (ColumnProfile("int64", 8), None),
        (ColumnProfile("int64", 0, 0), None),
    ],
)
def test_the_share_of_nulls_is_none_where_it_is_not_known(made, share):
    assert made.null_share == share


def test_profiles_are_read_and_shown_without_numpy(run_python):
    script = """
        import sys
        from nbmlops.fingerprints.profiles.profile import ColumnProfile
        from nbmlops.profile_words import shown
        made = ColumnProfile("date", 3)
        ColumnProfile.from_json(made.to_json()), shown(1, "date")
        print({"numpy", "datasketches"} & set(sys.modules))
    """
    assert run_python(script) == "set()"
