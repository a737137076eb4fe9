"""From the first click on Record to two runs compared, as it happens."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.stage import MEASURING, Stage, comparing, write_notebook

WHY = "stale: run it again\nused `C` as [2] made it; that cell was edited and run again as [5]"
CHANGED = "%%nbmlops params\nC = 2"


@pytest.fixture
def notebook(project: Path) -> str:
    """The path of a notebook that measures."""
    write_notebook(project / "measure.ipynb", MEASURING | {"compare": comparing("if C > 1:")})
    return f"{project.name}/measure.ipynb"


@pytest.fixture
def recorded(stage: Stage, notebook: str) -> Stage:
    """The notebook with one run, recorded from the panel."""
    stage.open(notebook)
    stage.record()
    stage.run_all()
    expect(stage.panel.locator(".jp-nbmlops-card")).to_contain_text("accuracy 0.9")
    stage.marked("recorded", "recorded", "result", "recorded")
    return stage


def test_one_click_records_and_another_leads_from_what_ran_to_its_cell(recorded: Stage):
    card = recorded.panel.locator(".jp-nbmlops-card")
    expect(card).to_contain_text("loss 0.05")
    expect(card).to_contain_text("C 1")
    lines = recorded.panel.get_by_role("listitem")
    expect(lines).to_have_count(4)
    expect(lines.last).to_contain_text("import nbmlops")  # the latest first
    lines.last.get_by_role("button").click()
    expect(recorded.page.locator(".jp-Cell.jp-mod-active")).to_contain_text("import nbmlops")


def test_a_cell_run_again_makes_others_stale_and_says_why(recorded: Stage):
    recorded.run(1, CHANGED)
    recorded.marked("recorded", "recorded", "stale", "stale")
    expect(recorded.panel.get_by_text("2 cells are stale")).to_be_visible()
    stale = recorded.page.locator('.jp-Cell[data-nbmlops="stale"] .jp-InputPrompt').first
    expect(stale).to_have_attribute("title", WHY)


def test_two_runs_are_compared_in_the_notebook_and_beside_it(recorded: Stage):
    recorded.write(1, CHANGED)
    recorded.run_all()
    inline = recorded.answer.locator(".jp-nbmlops-sentence")
    expect(inline).to_contain_text("C 1 → 2: accuracy 0.9 → 0.95")
    recorded.tab("Runs")
    expect(recorded.found).to_have_count(2)
    for run in recorded.found.all():
        run.get_by_role("checkbox").check()
    recorded.panel.get_by_role("button", name="Compare 2").click()
    expect(recorded.view.locator(".jp-nbmlops-sentence")).to_have_text(inline.inner_text())


def test_a_table_of_runs_in_the_notebook_follows_the_cells_below_it(recorded: Stage):
    recorded.run(3, "%nbmlops runs")
    recorded.run(2, "accuracy = 0.97")
    expect(recorded.answer).to_contain_text("0.97")
    recorded.run(2, "accuracy = 0.98")
    expect(recorded.answer).to_contain_text("0.98")


def test_a_paused_notebook_is_not_recorded(recorded: Stage):
    recorded.panel.get_by_role("button", name="Pause").click()
    expect(recorded.panel.get_by_text("○ paused")).to_be_visible()
    recorded.run(3, "unseen = 1")
    recorded.marked("recorded", "recorded", "result", "unrecorded")
    recorded.panel.get_by_role("button", name="Record").click()
    expect(recorded.panel.get_by_text("● recording")).to_be_visible()
    recorded.marked("recorded", "recorded", "result", "unrecorded")
    recorded.run(3, "seen = 1")
    expect(recorded.panel.get_by_role("listitem").first).to_contain_text("seen = 1")
    expect(recorded.panel.get_by_text("unseen = 1")).to_have_count(0)
    recorded.marked("recorded", "recorded", "result", "recorded")


def test_a_page_loaded_anew_shows_what_was_there(recorded: Stage, notebook: str):
    recorded.command("docmanager:save")
    recorded.enter("again", notebook)
    recorded.ready()
    recorded.marked("recorded", "recorded", "result", "recorded")
    recorded.tab("Now")
    expect(recorded.panel.get_by_text("● recording")).to_be_visible()
    expect(recorded.panel.locator(".jp-nbmlops-card")).to_contain_text("accuracy 0.9")


def test_a_second_tab_on_the_same_notebook_follows(recorded: Stage, notebook: str):
    recorded.command("docmanager:save")
    other = Stage(recorded.page.context.new_page(), recorded.lab)
    other.enter("second", notebook)
    other.ready()
    other.tab("Now")
    recorded.run(1, CHANGED)
    other.marked("recorded", "recorded", "stale", "stale")
    expect(other.panel.get_by_text("2 cells are stale")).to_be_visible()
    assert other.faults == []
    other.page.close()
