"""What axe-core finds in everything that nbmlops draws, in the light and in the dark theme."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage, write_notebook
from tests.untried import not_tried

AXE = Path(__file__).parents[2] / "labextension/node_modules/axe-core/axe.min.js"
FAULTS = {"serious", "critical"}


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_no_serious_fault(stage: Stage, runs: str, theme: str):
    if not AXE.exists():
        not_tried("axe-core is not installed: make .venv/.stamp-front")
    stage.page.evaluate(AXE.read_text())
    stage.theme(theme)
    cells = {
        "load": "%load_ext nbmlops\nimport nbmlops",
        "measure": "accuracy = 0.5",
        "runs": "nbmlops.runs()",
        "compare": "nbmlops.compare('@3', '@2', '@1')",
        "why": "nbmlops.why('@1')",
    }
    write_notebook(stage.lab.root / runs, cells)
    stage.open(runs)
    stage.record()
    stage.run_all()
    stage.marked(*["recorded", "result", "recorded", "recorded", "recorded"])
    found = {}
    for tab in ("Now", "Data", "Runs"):
        stage.tab(tab)
        found[tab] = faults(stage, ".jp-nbmlops-panel")
    expect(stage.page.locator(".jp-nbmlops-widget")).to_have_count(3)
    found["in the notebook"] = faults(stage, ".jp-nbmlops-widget")
    stage.found.first.get_by_role("button").click()
    expect(stage.view).to_contain_text("Metrics")
    found["run page"] = faults(stage, ".jp-nbmlops-page")
    stage.view.get_by_role("button", name="Replay…").click()
    stage.view.get_by_role("button", name="Replay", exact=True).click()
    expect(stage.view.get_by_role("progressbar")).to_be_visible()
    found["replaying"] = faults(stage, ".jp-nbmlops-page")
    expect(stage.view.get_by_role("status")).to_contain_text("✓ identical")
    found["replayed"] = faults(stage, ".jp-nbmlops-page")
    stage.found.last.get_by_role("button").click()
    expect(stage.view).to_contain_text("Metrics")
    stage.beside()
    expect(stage.page.locator(".jp-nbmlops-page:visible")).to_have_count(2)
    found["two pages"] = faults(stage, ".jp-nbmlops-page")
    stage.command("nbmlops:open-runs")
    expect(stage.view.get_by_role("row").nth(3)).to_be_visible()
    found["table"] = faults(stage, ".jp-MainAreaWidget .jp-nbmlops")
    for run in stage.view.get_by_role("checkbox").all()[:3]:
        run.check()
    stage.view.get_by_role("button", name="Compare 3").click()
    expect(stage.view.get_by_text("Parallel coordinates")).to_be_visible()
    found["comparison"] = faults(stage, ".jp-nbmlops-page")
    assert {place: said for place, said in found.items() if said} == {}


def faults(stage: Stage, place: str) -> list[str]:
    """Return the serious faults in the visible elements that a selector names."""
    visible = stage.page.locator(f"{place}:visible")
    expect(visible.first).to_be_visible()
    reports: list[dict[str, Any]] = [
        node.evaluate("node => axe.run(node)") for node in visible.all()
    ]
    assert all(report["passes"] for report in reports)
    return [
        f"{rule['id']}: {node['html'][:200]} — {node['failureSummary'][:300]}"
        for report in reports
        for rule in report["violations"]
        if rule["impact"] in FAULTS
        for node in rule["nodes"]
    ]
