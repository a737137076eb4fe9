"""Everything by keys: no story here touches a mouse."""

from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.stage import Stage, write_notebook


def test_runs_are_searched_chosen_compared_and_opened_by_keys(stage: Stage, runs: str):
    stage.read(runs)
    keys = stage.page.keyboard
    keys.press("Control+Alt+f")
    expect(stage.panel.get_by_role("combobox")).to_be_focused()
    keys.type("l")
    options = stage.panel.get_by_role("option")
    expect(options.nth(1)).to_be_visible()
    keys.press("ArrowDown")
    taken = options.nth(1).locator("span").inner_text()
    keys.press("Tab")
    expect(stage.panel.get_by_role("combobox")).to_have_value(taken)
    keys.press("Control+a")
    keys.type("lr < 0.25")
    expect(stage.found).to_have_count(2)
    while stage.panel.get_by_role("combobox").input_value():  # what is offered goes first
        keys.press("Escape")
    expect(stage.found).to_have_count(3)  # a list that changes has other runs under the keys
    keys.press("Tab")
    expect(stage.panel.get_by_role("grid")).to_be_focused()
    for key in ("Home", "Space", "ArrowDown", "Space"):
        keys.press(key)
    expect(stage.panel.get_by_role("row", selected=True)).to_have_count(2)
    to(stage, stage.panel.get_by_role("button", name="Compare 2"), "Shift+Tab")
    keys.press("Enter")
    expect(stage.view).to_be_visible()
    expect(stage.view.locator(".jp-nbmlops-sentence")).to_be_visible()
    keys.press("Tab")
    expect(stage.view.locator(":focus")).to_be_visible()  # the keys go on in what they opened


def test_a_run_is_opened_written_on_and_pinned_by_keys(stage: Stage, runs: str):
    stage.read(runs)
    keys = stage.page.keyboard
    keys.press("Control+Alt+f")
    keys.press("Control+a")
    keys.type("baseline")
    expect(stage.found).to_have_count(1)
    keys.press("Escape")
    to(stage, stage.panel.get_by_role("grid"))
    keys.press("Enter")
    expect(stage.view).to_contain_text("baseline")
    to(stage, stage.view.get_by_role("button", name="Pin"))
    keys.press("Enter")
    expect(stage.view.get_by_role("button", name="Pinned")).to_be_visible()
    to(stage, stage.view.get_by_role("button", name="Edit"), "Shift+Tab")
    keys.press("Enter")
    to(stage, stage.view.get_by_role("textbox", name="Note"))
    keys.type("by keys")
    keys.press("Shift+Tab")
    expect(stage.view.get_by_role("textbox", name="Note")).to_have_text("by keys")


def test_tabs_of_the_panel_are_one_stop_and_arrows_go_among_them(stage: Stage, runs: str):
    stage.read(runs)
    stage.page.keyboard.press("Control+Alt+r")
    expect(stage.panel.get_by_role("tab", name="Now")).to_be_focused()
    now, found, data = (
        stage.panel.get_by_role("tab", name=name) for name in ("Now", "Runs", "Data")
    )
    to(stage, now)
    stage.page.keyboard.press("ArrowRight")
    expect(found).to_be_focused()
    expect(found).to_have_attribute("aria-selected", "true")
    stage.page.keyboard.press("ArrowLeft")
    stage.page.keyboard.press("ArrowLeft")
    expect(data).to_be_focused()


def test_keys_in_a_widget_stay_in_it(stage: Stage, runs: str, project: Path):
    sources = {
        "table": "import nbmlops\nnbmlops.widget(nbmlops.runs())",
        "compared": "nbmlops.widget(nbmlops.compare('baseline', 'wide'))",
    }
    write_notebook(project / "keys.ipynb", sources)
    stage.open(f"{project.name}/keys.ipynb")
    stage.run_all()
    cells = stage.page.locator(".jp-Notebook .jp-CodeCell")
    slider = cells.nth(1).get_by_role("slider", name="smooth")
    expect(slider).to_be_visible()
    stage.ready()
    keys = stage.page.keyboard
    box = cells.nth(0).get_by_role("checkbox", name="choose wide")
    box.click()
    for key in "ddaxb":
        keys.press(key)
    expect(box).to_be_focused()
    expect(cells).to_have_count(2)
    slider.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "d", "d"):
        keys.press(key)
    expect(slider).to_be_focused()
    expect(slider).not_to_have_value("0")
    expect(cells).to_have_count(2)


def to(stage: Stage, place: Locator, key: str = "Tab", most: int = 25) -> None:
    """Press the tab key, forwards or backwards, until a place has the focus."""
    expect(place).to_be_visible()
    for _ in range(most):
        if place.evaluate("node => node === document.activeElement"):
            return
        stage.page.keyboard.press(key)
    raise AssertionError(f"the tab key does not lead to {place}")
