"""Everything by keys: no story here touches a mouse."""

from playwright.sync_api import Locator, expect

from tests.browser.stage import Stage


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
    keys.press("Escape")
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


def to(stage: Stage, place: Locator, key: str = "Tab", most: int = 25) -> None:
    """Press the tab key, forwards or backwards, until a place has the focus."""
    expect(place).to_be_visible()
    for _ in range(most):
        if place.evaluate("node => node === document.activeElement"):
            return
        stage.page.keyboard.press(key)
    raise AssertionError(f"the tab key does not lead to {place}")
