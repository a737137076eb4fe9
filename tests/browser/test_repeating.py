"""A run taken up again: its cells put back, and executed with another value."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage, write_notebook

CELLS = {"params": "%%nbmlops params\nC = 1", "measure": "accuracy = 1 - 0.1 / C"}


@pytest.fixture
def page_of_run(stage: Stage, project: Path) -> Stage:
    """A recorded notebook, and the page of its run in front."""
    write_notebook(project / "measure.ipynb", CELLS)
    stage.open(f"{project.name}/measure.ipynb")
    stage.record()
    stage.run_all()
    stage.marked("recorded", "result")
    stage.command("docmanager:save")
    stage.tab("Runs")
    stage.found.first.get_by_role("button").click()
    expect(stage.view).to_contain_text("Metrics")
    return stage


def test_cells_are_put_back_once_their_diff_was_seen(page_of_run: Stage, project: Path):
    stage = page_of_run
    stage.command("docmanager:open", path=f"{project.name}/measure.ipynb")
    stage.write(0, "%%nbmlops params\nC = 7")
    stage.found.first.get_by_role("button").click()
    stage.view.get_by_role("button", name="Put cells back…").click()
    expect(stage.view.locator(".jp-mod-minus")).to_have_text("-C = 7")
    expect(stage.view.locator(".jp-mod-plus")).to_have_text("+C = 1")
    stage.view.get_by_role("button", name="Put 1 cell back").click()
    expect(stage.view.get_by_text("1 cell was put back.")).to_be_visible()
    expect(stage.view).to_contain_text("nothing to put back")
    stage.command("docmanager:open", path=f"{project.name}/measure.ipynb")
    expect(stage.page.locator(".jp-Notebook .cm-content").first).to_contain_text("C = 1")


def test_a_run_is_executed_again_with_another_value_as_one_looks_on(page_of_run: Stage):
    stage = page_of_run
    stage.view.get_by_role("button", name="Execute again…").click()
    stage.view.get_by_label("C", exact=True).fill("4")
    stage.view.get_by_role("button", name="Execute").click()
    # Three short cells: whether they are seen running is a matter of luck.
    expect(stage.view.get_by_role("status")).to_contain_text("starting the kernel")
    expect(stage.view.get_by_role("status")).to_contain_text(re.compile(r"(\d) of \1 cells"))
    expect(stage.view.get_by_role("status")).to_contain_text("finished")
    expect(stage.found).to_have_count(2)
    stage.view.get_by_role("button", name="Compare").click()
    expect(stage.view.locator(".jp-nbmlops-sentence")).to_contain_text(
        re.compile("^C 1 → 4.*: accuracy 0.9 → 0.975")
    )


def test_a_run_is_replayed_and_what_changed_is_named_beside_and_in_the_notebook(
    stage: Stage, project: Path
):
    (project / "rate.txt").write_text("0.5")
    cells = {"read": "rate = float(open('rate.txt').read())", "measure": "accuracy = rate / 2"}
    write_notebook(project / "rate.ipynb", cells)
    stage.open(f"{project.name}/rate.ipynb")
    stage.record()
    stage.run_all()
    stage.marked("recorded", "result")
    stage.tab("Runs")
    stage.found.first.get_by_role("button").click()
    stage.view.get_by_role("button", name="Replay…").click()
    stage.view.get_by_role("button", name="Replay", exact=True).click()
    expect(stage.view.get_by_role("status")).to_contain_text("running")
    expect(stage.view.get_by_role("status")).to_contain_text("✓ identical")
    (project / "rate.txt").write_text("0.75")
    stage.command("docmanager:open", path=f"{project.name}/rate.ipynb")
    stage.run(1, "import nbmlops\nnbmlops.replay()")
    first = stage.answer.get_by_label("First difference")
    expect(first).to_contain_text("rate = float(open")
    expect(first).to_contain_text("data changed")
    expect(stage.answer.get_by_role("status")).to_contain_text("✗ different")
