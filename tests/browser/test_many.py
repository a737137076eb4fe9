"""A project of 10,000 runs: only what is seen is drawn, and every search finds."""

import contextlib
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.benchmarks.big_store import make, run_id
from tests.browser.labs import Lab
from tests.browser.stage import Stage, write_notebook

RUNS = 10_000
MOST_ROWS = 80  # a high screen, and some beyond
MOST_BYTES = 25_000  # of a page of thirty, before it is compressed


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


def test_what_is_known_is_drawn_before_anything_is_asked_for(stage: Stage, many: str):
    stage.read(many)
    stage.tab("Runs")
    expect(stage.found.first).to_contain_text("boosted 9999")
    stage.command("filebrowser:activate")
    expect(stage.panel).to_be_hidden()
    with unanswered(stage):
        stage.command("nbmlops:search-runs")
        expect(stage.found.first).to_contain_text("boosted 9999")


def test_a_search_is_one_small_page_and_then_a_count(stage: Stage, many: str):
    stage.read(many)
    stage.tab("Runs")
    expect(stage.panel.get_by_text("10,000 runs")).to_be_visible()
    asked: list[str] = []
    stage.page.on("request", lambda request: asked.append(request.url))
    with stage.page.expect_response(re.compile("/runs.*experiment.*limit=30")) as page:
        stage.search("experiment = 'experiment 3'")
    expect(stage.panel.get_by_text("834 runs")).to_be_visible()
    assert len(page.value.body()) < MOST_BYTES
    assert len({url for url in asked if "/api/runs" in url and "experiment" in url}) == 2


@contextlib.contextmanager
def unanswered(stage: Stage) -> Iterator[None]:
    """A server of nbmlops that answers nothing."""
    stage.page.route("**/nbmlops/api/**", lambda _: None)
    yield
    stage.page.unroute_all(behavior="ignoreErrors")
