"""Slices of notebooks full of hazards, and of the examples, show what the notebooks showed."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.slicing.checking import ORDERS, Checkup, Order
from tests.slicing.notebooks import notebooks_in
from tests.slicing.report import failures
from tests.slicing.running import check_all

ROOT = Path(__file__).parents[2]
HAZARDS = notebooks_in(ROOT / "tests" / "slicing" / "hazards")
EXAMPLES = notebooks_in(ROOT / "example_notebooks")

# The first test waits for all notebooks.
pytestmark = pytest.mark.timeout(900)

type Found = Mapping[tuple[str, Order], Checkup]


def by_name(found: list[Checkup]) -> Found:
    return {(checkup.notebook, checkup.order): checkup for checkup in found}


@pytest.fixture(scope="module")
def hazards() -> Found:
    return by_name(check_all(HAZARDS))


@pytest.fixture(scope="module")
def examples() -> Found:
    # They train models for seconds, so that each is executed once only.
    return by_name(check_all(EXAMPLES, orders=("as is",)))


@pytest.mark.parametrize("name", [notebook.name for notebook in HAZARDS])
def test_slices_reproduce_what_they_are_of(hazards, name):
    problems = {order: failures(hazards[name, order]) for order in ORDERS}
    assert problems == {order: [] for order in ORDERS}


@pytest.mark.parametrize("name", [notebook.name for notebook in EXAMPLES])
def test_slices_of_examples_reproduce(examples, name):
    checkup = examples[name, "as is"]
    assert failures(checkup) == []
    assert any(each.verdict == "reproduced" for each in checkup.outputs)


def test_hazards_cover_many_slices_found_by_hand():
    assert len(HAZARDS) >= 70
    assert sum(len(notebook.slices) for notebook in HAZARDS) >= 200
