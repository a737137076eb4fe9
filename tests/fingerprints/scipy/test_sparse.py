import copy
import os
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn
from scipy import sparse as sp

from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.scipy import sparse as adapter
from nbmlops.fingerprints.walking import described

FORMATS = "csr csc coo bsr dia lil dok".split()
DTYPES = [np.bool_, np.int8, np.uint64, np.float32, np.float64, np.complex128]


def digest(value: Any, mode: Any = "exact") -> str:
    found = described(value, mode)
    assert found.kind == "sparse", found.reason
    assert found.reason is None
    return found.digest.hex()


@pytest.fixture(params=[1, 3, adapter._CHUNK])
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(adapter, "_CHUNK", request.param)
    return request.param


def csr(data: Any, columns: Any, ends: Any) -> sp.csr_array:
    """Return rows as they are stored, which need not be in order."""
    return sp.csr_array((np.array(data, float), columns, ends), shape=(2, 4))


def coo(data: Any, rows: Any, columns: Any) -> sp.coo_array:
    return sp.coo_array((np.array(data, float), (rows, columns)), shape=(2, 4))


PLAIN = csr([1, 2, 3], [0, 3, 1], [0, 2, 3])
SURPLUS = csr([1, 2, 3], [0, 3, 1], [0, 2, 3])
SURPLUS.data, SURPLUS.indices = np.append(SURPLUS.data, 9), np.append(SURPLUS.indices, 9)

EQUAL: dict[str, tuple[Any, Any]] = {
    "order in a row": (PLAIN, csr([2, 1, 3], [3, 0, 1], [0, 2, 3])),
    "width of indices": (PLAIN, csr([1, 2, 3], np.int64([0, 3, 1]), np.int64([0, 2, 3]))),
    "duplicates": (PLAIN, csr([1, 1.5, 0.5, 3], [0, 3, 3, 1], [0, 3, 4])),
    "order of duplicates": (
        coo([0.1, 0.2, 0.3], [0] * 3, [1] * 3),
        coo([0.3, 0.2, 0.1], [0] * 3, [1] * 3),
    ),
    "duplicates that cancel": (PLAIN, coo([1, 2, 3, 5, -5], [0, 0, 1, 1, 1], [0, 3, 1, 0, 0])),
    "explicit zeros": (PLAIN, csr([1, 0, 2, 3, -0.0], [0, 2, 3, 1, 3], [0, 3, 5])),
    "order of coordinates": (PLAIN, coo([3, 2, 1], [1, 0, 0], [1, 3, 0])),
    "room behind the last entry": (PLAIN, SURPLUS),
    "nothing in it": (sp.csr_array((3, 4)), sp.coo_array(([0.0], ([2], [2])), shape=(3, 4))),
    "diagonals that leave the shape": (
        csr([2, 3], [1, 2], [0, 1, 2]),
        sp.dia_array((np.array([[1.0, 2, 3, 4, 5]]), [1]), shape=(2, 4)),
    ),
    "diagonals that are longer than the shape is wide": (
        sp.csr_array(([1.0, 2], ([0, 1], [0, 1])), shape=(4, 2)),
        sp.dia_array((np.array([[1.0, 2, 3, 4, 5]]), [0]), shape=(4, 2)),
    ),
    "tall and sparse": (
        sp.csc_array(([1.0, 2], ([999, 5], [0, 1])), shape=(1000, 2)),
        sp.csr_array(([1.0, 2], ([999, 5], [0, 1])), shape=(1000, 2)),
    ),
    "one axis": (sp.coo_array([0, 5.0, 0, 6]), sp.csr_array(np.array([0, 5.0, 0, 6]))),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal_content_has_one_digest(name: str, chunk: int) -> None:
    one, other = EQUAL[name]
    assert digest(one) == digest(other)


DIFFERENT: dict[str, tuple[Any, Any]] = {
    "element": (PLAIN, csr([1, 2, 4], [0, 3, 1], [0, 2, 3])),
    "column": (PLAIN, csr([1, 2, 3], [0, 2, 1], [0, 2, 3])),
    "row": (PLAIN, csr([1, 2, 3], [0, 3, 1], [0, 1, 3])),
    "one more": (PLAIN, csr([1, 2, 3, 4], [0, 3, 1, 3], [0, 2, 4])),
    "shape": (PLAIN, sp.csr_array((PLAIN.data, PLAIN.indices, PLAIN.indptr), shape=(2, 5))),
    "more rows": (sp.csr_array((2, 4)), sp.csr_array((3, 4))),
    "type": (PLAIN, PLAIN.astype(np.float32)),
    "transpose": (sp.csr_array([[1.0, 2], [0, 0]]), sp.csr_array([[1.0, 2], [0, 0]]).T),
    "matrix and array": (PLAIN, sp.csr_matrix(PLAIN)),
    "axes": (sp.coo_array([1.0, 2]), sp.coo_array([[1.0, 2]])),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_change_gives_another_digest(name: str, chunk: int) -> None:
    one, other = DIFFERENT[name]
    assert digest(one) != digest(other)


def test_payloads_of_nan_do_not_count_semantically() -> None:
    payloads = np.array([0x7FF8000000000000, 0xFFF8000000000001], np.uint64).view(float)
    one, other = (coo([payload], [0], [0]) for payload in payloads)
    assert digest(one) != digest(other)
    assert digest(one, "semantic") == digest(other, "semantic")


DENSE = st.sampled_from(DTYPES).flatmap(
    lambda dtype: stn.arrays(
        dtype,
        stn.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=7),
        elements=stn.from_dtype(np.dtype(dtype), allow_nan=False),
        fill=st.just(dtype(0)),
    )
)


@given(dense=DENSE, kind=st.sampled_from(["array", "matrix"]), data=st.data())
def test_every_format_has_the_same_digest(dense: Any, kind: str, data: Any) -> None:
    one, other = data.draw(st.permutations(FORMATS))[:2]
    as_one = getattr(sp, f"{one}_{kind}")(dense)
    as_other = getattr(sp, f"{other}_{kind}")(np.asfortranarray(dense))
    assert digest(as_one) == digest(as_other) == digest(as_one.asformat(other))
    assert digest(as_one.T) == digest(getattr(sp, f"{other}_{kind}")(dense.T))


@given(dense=DENSE, data=st.data())
def test_any_element_counts(dense: Any, data: Any) -> None:
    place = tuple(data.draw(st.integers(0, length - 1)) for length in dense.shape)
    other = dense.copy()
    other[place] = data.draw(stn.from_dtype(dense.dtype, allow_nan=False))
    assume(other[place] != dense[place])
    first, second = data.draw(st.sampled_from(FORMATS)), data.draw(st.sampled_from(FORMATS))
    assert digest(sp.csr_array(dense).asformat(first)) != digest(
        sp.csr_array(other).asformat(second)
    )


@given(
    dense=stn.arrays(np.int64, stn.array_shapes(max_dims=4, max_side=4)),
    data=st.data(),
)
def test_coordinates_have_any_number_of_axes(dense: Any, data: Any) -> None:
    made = sp.coo_array(dense)
    order = data.draw(st.permutations(range(made.nnz)))
    shuffled = sp.coo_array(
        (made.data[order], [axis[order] for axis in made.coords]), shape=dense.shape
    )
    assert digest(made) == digest(shuffled)


@pytest.mark.parametrize("name", FORMATS)
def test_the_value_is_not_touched(name: str) -> None:
    value = sp.coo_array(([1.0, 2, 0, 3], ([1, 0, 0, 0], [1, 3, 2, 3])), shape=(2, 4)).asformat(
        name
    )
    before = copy.deepcopy(vars(value))
    digest(value)
    after = vars(value)
    assert before.keys() == after.keys()
    for key, item in before.items():
        np.testing.assert_array_equal(item, after[key])


def test_indices_that_point_anywhere_are_no_danger() -> None:
    value = csr([1, 2, 3], [0, 3, 1], [0, 2, 3])
    value.indices[1] = 10**6
    assert digest(value) != digest(PLAIN)
    value.indptr[1] = 10**6
    assert "indptr does not fit" in str(described(value).reason)


def test_the_number_of_processors_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    value = sp.random_array((5000, 1000), density=0.5, format="csr", rng=1)
    assert value.nnz > adapter._THREADED_ENTRIES
    found = []
    for processors in (1, 2):
        monkeypatch.setattr(os, "cpu_count", partial(int, processors))
        found.append(digest(value))
    assert found[0] == found[1]


class Named(sp.csr_array):
    """Rows with names, and methods that nobody is to call."""

    def tocsr(self, copy: bool = False) -> Any:
        raise AssertionError

    tocoo = asformat = sum_duplicates = tocsr


def test_attributes_of_classes_derived_from_scipys_count() -> None:
    one, same, other = (Named(PLAIN.toarray()) for _ in range(3))
    one.names, same.names, other.names = ["a", "b"], ["a", "b"], ["a", "c"]
    assert digest(one) == digest(same) != digest(other)
    assert digest(one) != digest(PLAIN)


def test_a_short_form_names_the_shape() -> None:
    found = fingerprint(PLAIN)
    assert str(found) == f"sparse:{found.digest[:4]}… 2×4"
    assert found.size_bytes
