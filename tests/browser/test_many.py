"""A project of 10,000 runs: only what is seen is drawn, and every search finds."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.benchmarks.big_store import make, run_id
from tests.browser.labs import Lab
from tests.browser.stage import Stage, write_notebook

RUNS = 10_000
MOST_ROWS = 80  # a high screen, and some beyond


@pytest.fixture(scope="module")
def many(lab: Lab) -> Iterator[str]:
    """The path of a notebook in a project of 10,000 runs."""
    folder = lab.root / "many"
    (folder / ".nbmlops").mkdir(parents=True)
    make(folder / ".nbmlops" / "store.db", RUNS)
    write_notebook(folder / "many.ipynb", {"only": "1 + 1"})
    return "many/many.ipynb"


def test_ten_thousand_runs_are_found_by_query_and_by_word(stage: Stage, many: str):
    stage.read(many)
    stage.tab("Runs")
    count = stage.panel.get_by_text(re.compile(r"^[\d,]+ runs?$"))
    expect(count).to_have_text("10,000 runs")
    assert stage.found.count() <= MOST_ROWS
    for text, found in (
        ("experiment = 'experiment 3'", "834 runs"),
        (run_id(1234)[:12], "1 run"),
        ("status = 'failed' and experiment = 'nowhere'", "0 runs"),
        ("", "10,000 runs"),
    ):
        stage.search(text)
        expect(count).to_have_text(found)


def test_rows_behind_the_first_page_come_as_they_are_scrolled_to(stage: Stage, many: str):
    stage.read(many)
    stage.tab("Runs")
    grid = stage.panel.get_by_role("grid")
    expect(stage.found.first).to_be_visible()
    for _ in range(3):
        listed = grid.get_attribute("aria-rowcount")
        assert listed is not None
        assert int(listed) < RUNS
        grid.press("End")
        expect(grid).not_to_have_attribute("aria-rowcount", listed)
    assert stage.found.count() <= MOST_ROWS
    expect(stage.found.last).to_be_visible()
