import pytest

from nbmlops.cells.sources import source_digest, source_key


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        ("x = 1\ny = 2", True),
        ("\n x = 1  \ny = 2\t\n\n", True),
        ("x = 1\n y = 2", False),
        ("x = 1\n\ny = 2", False),
        ("x = 1\ny = 3", False),
    ],
)
def test_sources_are_the_same_but_for_space_at_the_ends(other, is_same):
    assert (source_digest(other) == source_digest("x = 1\ny = 2")) is is_same
    assert (source_key(other) == source_key("x = 1\ny = 2")) is is_same


def test_a_key_is_no_id_and_the_same_for_ever():
    assert source_key("x = '\ud800'").startswith("source:")
    assert source_key("x = 1") == f"source:{source_digest('x = 1')}" == KEPT


KEPT = "source:3dacbebccb7928ece05b"  # as stores have it
