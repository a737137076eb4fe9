import itertools

import pytest

from nbmlops.query.versions import version_key

# In the order that the packaging specification gives them.
IN_ORDER = "0.9 1.0.dev1 1.0a1 1.0a2 1.0b1 1.0rc1 1.0 1.0.post1 1.0.1 1.2 1.10 2.0 2026.8".split()


@pytest.mark.parametrize(("earlier", "later"), [*itertools.pairwise(IN_ORDER)])
def test_later_version_is_greater(earlier, later):
    assert version_key(earlier) < version_key(later)


@pytest.mark.parametrize(
    ("one", "other"), [("2", "2.0.0"), ("v1.2", "1.2"), ("1.0+cu118", "1.0"), ("1.0RC1", "1.0rc1")]
)
def test_versions_that_are_one_are_equal(one, other):
    assert version_key(one) == version_key(other)


@pytest.mark.parametrize("text", ["", "unknown", "é", "1..2", "-"])
def test_what_is_no_version_has_a_place_too(text):
    assert version_key(text) < version_key("99") or version_key(text) > version_key("0")
