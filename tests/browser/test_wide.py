"""Runs with a thousand metrics and five thousand parameters: some are drawn, all are found."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.stage import Stage, write_notebook
from tests.kernels import clean_environment

METRICS, PARAMS = 1_000, 5_000
MOST_ROWS = 700
RECORDING = f"""
import nbmlops
for turn in range(3):
    with nbmlops.start_run(f"wide {{turn}}", experiment="wide") as run:
        run.log_params({{f"p{{number}}": number + turn for number in range({PARAMS})}})
        run.log_metrics({{f"m{{number}}": number + turn for number in range({METRICS})}})
"""


def test_wide_runs_are_opened_and_compared_and_every_name_is_found(stage: Stage, project: Path):
    subprocess.run(
        [sys.executable, "-c", RECORDING], cwd=project, env=clean_environment(), check=True,
        timeout=60,
    )  # fmt: skip
    write_notebook(project / "wide.ipynb", {"only": "1 + 1"})
    stage.read(f"{project.name}/wide.ipynb")
    stage.tab("Runs")
    stage.found.first.get_by_role("button").click()
    find(stage, METRICS, "m999", "1001")
    find(stage, PARAMS, "p4999", "5001")
    for run in stage.found.all():
        run.get_by_role("checkbox").check()
    stage.panel.get_by_role("button", name="Compare 3").click()
    expect(stage.view.get_by_text("Parallel coordinates")).to_be_visible()
    find(stage, METRICS, "m999", "999")
    find(stage, PARAMS, "p4999", "4999")
    stage.command("nbmlops:open-runs")
    expect(stage.view.get_by_role("columnheader")).to_have_count(13)


def find(stage: Stage, count: int, name: str, value: str) -> None:
    """Find one of many names, of which only some are drawn."""
    field = stage.view.get_by_placeholder(f"Find one of {count:,}")
    expect(field).to_be_visible()
    assert stage.view.get_by_role("row").count() < MOST_ROWS
    expect(stage.view.get_by_role("rowheader", name=name, exact=True)).to_have_count(0)
    field.fill(name)
    row = stage.view.get_by_role("row").filter(
        has=stage.page.get_by_role("rowheader", name=name, exact=True)
    )
    expect(row).to_contain_text(value)
