"""Names, values and outputs that are planted: they are shown as what they are, and do nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.stage import Stage, write_notebook
from tests.kernels import clean_environment

MARKUP = '<img src=x onerror="window.harmed = true"><svg onload="window.harmed = true"></svg>'
PLANTED = {
    "markup": MARKUP,
    "script": "</script><script>window.harmed = true</script>",
    "link": "javascript:window.harmed=true",
    "turned": "safe\u202egpj.exe\u2066\u200f",
    "long": "long" * 25_000,
    "controls": "a\x1b[31mred\x00\r\n\tb",
    "none": "",
}
RECORDING = """
import json, sys
import nbmlops

planted = json.load(sys.stdin)
for turn in range(3):
    run = nbmlops.start_run(planted["markup"], experiment=planted["turned"])
    with run:
        for kind, text in planted.items():
            name = text[:250] or "empty"  # the longest that a name may be
            run.log_params({name: [text, None, float("nan")][turn]})
            run.log_metric(name, [float("nan"), float("inf"), 1.0][turn])
            run.log_metric(name, [1.0, float("-inf"), 1e308][turn])
            run.set_tags(**{kind: text})
    nbmlops.annotate(run.id, note="".join(planted.values()), hypothesis=planted["script"])
"""
MARKS_OF_DIRECTION = "\u200f\u202e\u2066"
MOST_SHOWN = 60_000  # characters: nobody reads more, and drawing them takes the page away


@pytest.fixture
def planted(project: Path) -> str:
    """The path of a notebook in a project whose runs have planted names and values."""
    subprocess.run(
        [sys.executable, "-c", RECORDING], input=json.dumps(PLANTED).encode(),
        cwd=project, env=clean_environment(), check=True, timeout=60,
    )  # fmt: skip
    cells = {
        "load": "%load_ext nbmlops\nimport nbmlops",
        "runs": "nbmlops.runs()",
        "compare": "nbmlops.compare('@2', '@1')",
    }
    write_notebook(project / "planted.ipynb", cells)
    return f"{project.name}/planted.ipynb"


def test_planted_names_and_values_do_nothing_in_the_panel_and_its_views(stage: Stage, planted: str):
    stage.read(planted)
    stage.tab("Runs")
    expect(stage.found).to_have_count(3)
    harmless(stage, stage.panel)
    stage.found.first.get_by_role("button").click()
    expect(stage.view).to_contain_text("<img src=x")
    harmless(stage, stage.view)
    stage.command("nbmlops:open-runs")
    expect(stage.view.get_by_role("row").nth(3)).to_contain_text("<img src=x")
    harmless(stage, stage.view)
    for run in stage.view.get_by_role("checkbox").all()[:3]:
        run.check()
    stage.view.get_by_role("button", name="Compare 3").click()
    expect(stage.view.get_by_text("Parallel coordinates")).to_be_visible()
    harmless(stage, stage.view)


def test_planted_names_and_values_do_nothing_in_a_notebook(stage: Stage, planted: str):
    stage.open(planted)
    stage.run_all()
    expect(stage.answer.locator(".jp-nbmlops-sentence")).to_be_visible()
    harmless(stage, stage.page.locator(".jp-Notebook"))
    stage.command("docmanager:save")
    stage.leave()
    stage.read(planted)  # the static pages, where no kernel draws
    expect(stage.page.locator(".jp-Notebook table").first).to_be_visible()
    harmless(stage, stage.page.locator(".jp-Notebook"))


def harmless(stage: Stage, place: Locator) -> None:
    """Check that nothing planted ran, became an element, turned the text, or filled the page."""
    assert stage.page.evaluate("window.harmed") is None
    elements = ":is(img, script, iframe, object, embed, [onerror], [onload], a[href^=javascript])"
    assert place.locator(f".jp-nbmlops {elements}, .jp-RenderedHTML {elements}").count() == 0
    text = "".join(place.all_inner_texts())
    assert not set(text) & set(MARKS_OF_DIRECTION)
    assert len(text) < MOST_SHOWN
