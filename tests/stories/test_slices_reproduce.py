"""Slices of notebooks full of hazards, and of the examples, show what the notebooks showed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.slicing.checking import ORDERS, Workshop, check, check_in, workshop
from tests.slicing.notebooks import Notebook, notebooks_in
from tests.slicing.report import failures

ROOT = Path(__file__).parents[2]
HAZARDS = notebooks_in(ROOT / "tests" / "slicing" / "hazards")
EXAMPLES = notebooks_in(ROOT / "example_notebooks")


@pytest.fixture(scope="module")
def shop() -> Iterator[Workshop]:
    """A workshop for all notebooks that the same process checks."""
    with workshop() as made:
        yield made


@pytest.mark.parametrize("notebook", HAZARDS, ids=lambda notebook: notebook.name)
def test_slices_reproduce_what_they_are_of(shop: Workshop, notebook: Notebook) -> None:
    found = {each.order: failures(each) for each in check_in(notebook, ORDERS, shop)}
    assert found == {order: [] for order in ORDERS}


# They train models for seconds, so that each is executed once only.
@pytest.mark.parametrize("notebook", EXAMPLES, ids=lambda notebook: notebook.name)
def test_slices_of_examples_reproduce(shop: Workshop, notebook: Notebook) -> None:
    found = check(notebook, "as is", shop)
    assert failures(found) == []
    assert any(each.verdict == "reproduced" for each in found.outputs)


def test_hazards_cover_many_slices_found_by_hand() -> None:
    assert len(HAZARDS) >= 70
    assert sum(len(notebook.slices) for notebook in HAZARDS) >= 200
