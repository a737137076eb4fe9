import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.base import Fingerprint, Part
from nbmlops.records import Digest

DIGEST = Digest("4f2a" + "0" * 28)


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (Fingerprint(DIGEST, "frame", shape=(336_776, 19)), "df:4f2a… 336,776×19"),
        (Fingerprint(DIGEST, "folder"), "dir:4f2a…"),
        (Fingerprint(DIGEST, "function"), "def:4f2a…"),
        (Fingerprint(DIGEST, "list", shape=(1_000,)), "list:4f2a… 1,000"),
        (Fingerprint(DIGEST, "array", shape=()), "array:4f2a…"),
        (Fingerprint(DIGEST, "array", shape=(0,)), "array:4f2a… 0"),
        (Fingerprint(DIGEST, "opaque", strength="opaque"), "opaque:4f2a… (opaque)"),
        (Fingerprint(DIGEST, "list", shape=(9,), strength="opaque"), "list:4f2a… 9 (opaque)"),
    ],
)
def test_the_short_form_says_kind_digest_and_shape(found, shown):
    assert str(found) == shown
    assert repr(found) == f"<Fingerprint {shown}>"
    assert found.what == shown.replace(":4f2a…", "")


def test_the_schema_is_names_and_types():
    columns = (Part("a", "int64", DIGEST), Part("a", "string", DIGEST, "index"))
    found = Fingerprint(DIGEST, "frame", columns=columns)
    assert found.schema == (("a", "int64"), ("a", "string"))


def test_a_fingerprint_of_before_is_read():
    plain = Fingerprint(DIGEST, "array").to_json()
    del plain["element_type"], plain["axis_names"]
    assert Fingerprint.from_json(plain) == Fingerprint(DIGEST, "array")


def test_a_fingerprint_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        fingerprint(1).digest = DIGEST


VALUES = {
    "int": lambda: 1,
    "list": lambda: [1, [2]],
    "opaque": lambda: iter([]),
    "function": lambda: json.dumps,
    "class": lambda: Fingerprint,
    "array": lambda: np.arange(6.0).reshape(2, 3),
    "scalar": lambda: np.float64(1),
    "series": lambda: pd.Series([1, None, 3], name=("a", 1)),
    "frame": lambda: pd.DataFrame(
        {"a": [1, 2], "b": ["x", None], 3: pd.to_datetime(["2024", "2025"])}
    ),
    "empty frame": lambda: pd.DataFrame(),
}


@pytest.mark.parametrize("with_profile", [False, True], ids=["plain", "with a profile"])
@pytest.mark.parametrize("case", VALUES)
def test_json_gives_back_the_same_fingerprint(case, with_profile):
    found = fingerprint(VALUES[case](), profile=with_profile)
    assert Fingerprint.from_json(json.loads(json.dumps(found.to_json()))) == found


parts = st.builds(
    Part,
    st.text(),
    st.text(),
    st.text().map(Digest),
    st.sampled_from(["column", "index", "part"]),
)
texts = st.none() | st.text()


@given(
    st.builds(
        Fingerprint,
        st.text().map(Digest),
        st.text(),
        st.text(),
        st.none() | st.lists(st.integers(0)).map(tuple),
        st.lists(parts, max_size=3).map(tuple),
        st.text(),
        texts,
        st.text(),
        texts,
        texts,
        st.none(),
        st.none() | st.integers(0),
        texts,
        st.lists(st.text()).map(tuple),
    )
)
def test_json_loses_nothing_of_any_fingerprint(found):
    assert Fingerprint.from_json(json.loads(json.dumps(found.to_json()))) == found
