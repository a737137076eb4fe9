"""What people write on runs, and take back."""

import re

from playwright.sync_api import expect

from tests.browser.stage import Stage


def test_what_is_written_on_a_run_is_there_in_another_tab_of_the_browser(stage: Stage, runs: str):
    stage.read(runs)
    other = Stage(stage.page.context.new_page(), stage.lab)
    other.enter("other", runs)
    other.tab("Runs")
    stage.tab("Runs")
    stage.found.get_by_role("button", name="wide").click()
    stage.view.get_by_role("button", name="Edit").click()
    for field, text in (("Name", "wider"), ("Add a tag", "stage=final"), ("Note", "kept")):
        stage.view.get_by_role("textbox", name=field).fill(text)
        stage.page.keyboard.press("Tab")
    stage.view.get_by_role("combobox", name="Verdict").select_option("confirmed")
    expect(stage.view.locator(".jp-nbmlops-sentence")).to_contain_text("✓ confirmed")
    expect(stage.view.locator(".jp-nbmlops-sentence")).to_contain_text("stage=final")
    stage.view.get_by_role("button", name="Edit").click()
    expect(stage.view).to_contain_text("kept")
    expect(stage.page.locator(".lm-DockPanel .lm-TabBar-tab.lm-mod-current")).to_have_text("wider")
    expect(other.found.get_by_role("button", name="wider")).to_be_visible()
    other.found.get_by_role("button", name="wider").click()
    expect(other.view.locator(".jp-nbmlops-sentence")).to_contain_text("✓ confirmed")
    assert other.faults == []
    other.page.close()


def test_what_is_deleted_comes_back_by_undo(stage: Stage, runs: str):
    stage.read(runs)
    stage.tab("Runs")
    expect(stage.found).to_have_count(3)
    stage.panel.get_by_role("grid").press("Home")
    for run in stage.found.all()[:2]:
        run.get_by_role("checkbox").check()
    stage.panel.get_by_role("button", name="Delete").click()
    expect(stage.found).to_have_count(1)
    expect(stage.panel.get_by_role("status").last).to_contain_text("2 runs are in the trash")
    stage.panel.get_by_role("button", name="Undo").click()
    expect(stage.found).to_have_count(3)
    expect(stage.panel.get_by_text(re.compile("in the trash"))).to_have_count(0)
