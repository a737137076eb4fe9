"""The same in other places: Notebook 7, a narrow panel, a dark page, a file without its kernel."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.stage import MEASURING, Stage, comparing, write_notebook

ANSWERS = {
    "load": "%load_ext nbmlops\nimport nbmlops",
    "runs": "nbmlops.runs()",
    "compare": "nbmlops.compare('@2', '@1')",
}


def test_a_saved_notebook_shows_its_answers_without_a_kernel(
    stage: Stage, runs: str, project: Path
):
    write_notebook(project / "read.ipynb", ANSWERS)
    stage.open(runs)
    stage.run_all()
    live = stage.answer.locator(".jp-nbmlops-sentence")
    expect(live).to_be_visible()
    said = live.inner_text()
    stage.command("docmanager:save")
    stage.leave()
    stage.read(runs)
    pages = stage.page.locator(".jp-Notebook .jp-RenderedHTML")
    expect(pages.last).to_be_visible()
    expect(pages.last).to_contain_text(said.split(":")[0])
    expect(stage.page.locator(".jp-nbmlops-widget:visible")).to_have_count(0)
    expect(stage.page.get_by_text("Error displaying widget")).to_have_count(0)


def test_answers_live_again_after_the_page_is_loaded_anew(stage: Stage, runs: str, project: Path):
    write_notebook(project / "read.ipynb", ANSWERS)
    again = Stage(stage.page.context.new_page(), stage.lab)
    again.enter("again")
    again.open(runs)
    again.run_all()
    expect(again.answer.locator(".jp-nbmlops-sentence")).to_be_visible()
    again.command("docmanager:save")
    again.page.reload()
    again.loaded()
    expect(again.page.get_by_role("combobox", name="baseline")).to_be_visible()
    assert again.faults == []
    again.page.close()


def test_notebook_7_records_shows_and_compares(stage: Stage, project: Path):
    write_notebook(project / "seven.ipynb", MEASURING | {"compare": comparing("if C > 1:")})
    seven = Stage(stage.page.context.new_page(), stage.lab)
    seven.enter_notebook(f"{project.name}/seven.ipynb")
    seven.ready()
    seven.record()
    seven.run_all()
    seven.marked("recorded", "recorded", "result", "recorded")
    expect(seven.panel.locator(".jp-nbmlops-card")).to_contain_text("accuracy 0.9")
    seven.write(1, "%%nbmlops params\nC = 2")
    seven.run_all()
    expect(seven.answer.locator(".jp-nbmlops-sentence")).to_contain_text("accuracy 0.9 → 0.95")
    seven.tab("Runs")
    expect(seven.found).to_have_count(2)
    for run in (0, 1):  # below the notebook, which has the main area for itself
        seven.found.nth(run).get_by_role("button").first.click()
        below = seven.page.locator("#jp-down-stack")
        expect(below.get_by_role("tab")).to_have_count(run + 1)
        expect(seven.view).to_contain_text("accuracy")
    below.locator(".lm-TabBar-tabCloseIcon").first.click()
    expect(below.get_by_role("tab")).to_have_count(1)
    assert seven.faults == []
    seven.page.close()


def test_a_panel_of_any_width_shows_its_tabs_and_runs_without_scrolling_sideways(
    stage: Stage, runs: str
):
    stage.read(runs)
    stage.tab("Runs")
    for width in (250, 420):  # it goes no narrower
        stage.narrow(width)
        assert abs(stage.panel.bounding_box()["width"] - width) < 40
        for tab in ("Now", "Data", "Runs"):
            stage.tab(tab)
            body = stage.panel.locator(".jp-nbmlops-body")
            too_wide = (
                "node => [node, ...node.children].map(one => one.scrollWidth - one.clientWidth)"
            )
            assert max(body.evaluate(too_wide)) <= 1, (width, tab)
    expect(stage.found.first.get_by_role("button")).to_be_visible()


def test_the_dark_theme_is_dark_everywhere(stage: Stage, runs: str, project: Path):
    write_notebook(project / "read.ipynb", ANSWERS)
    stage.open(runs)
    stage.run_all()
    stage.tab("Runs")
    expect(stage.answer.locator(".jp-nbmlops-sentence")).to_be_visible()
    stage.theme("JupyterLab Dark")
    lightness = """node => {
        const [red, green, blue] = getComputedStyle(node).color.match(/[.0-9]+/g).map(Number);
        return (red + green + blue) / 3;
    }"""
    for place in (stage.panel.locator(".jp-nbmlops"), stage.answer):
        assert place.first.evaluate(lightness) > 128
    stage.theme("JupyterLab Light")
    for place in (stage.panel.locator(".jp-nbmlops"), stage.answer):
        assert place.first.evaluate(lightness) < 128


def test_views_of_the_main_area_scroll_to_their_end(stage: Stage, runs: str):
    stage.read(runs)
    stage.tab("Runs")
    expect(stage.found).to_have_count(3)
    for run in stage.found.all():
        run.get_by_role("checkbox").check()
    stage.panel.get_by_role("button", name="Compare 3").click()
    stage.page.set_viewport_size({"width": 1280, "height": 420})
    for opening in (lambda: None, stage.found.first.get_by_role("button").first.click):
        opening()
        expect(stage.view.get_by_text("Parameters")).to_be_visible()
        stage.view.locator(".jp-nbmlops-sentence").hover()
        stage.page.mouse.wheel(0, 20_000)
        expect(stage.view.get_by_text("Environment")).to_be_in_viewport()
    stage.page.set_viewport_size({"width": 1280, "height": 900})
