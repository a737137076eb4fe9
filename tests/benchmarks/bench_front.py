"""What users wait for in JupyterLab: the panel, a search, a comparison; in a real browser.

Times are medians of what the page itself saw, from the command or the key until the frame is
drawn. What activation costs is the share of a CPU profile of the page's start that is spent in the
panel's files and in what they call.
"""

import gzip
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from big_store import make
from figures import milliseconds, report
from playwright.sync_api import Browser

import nbmlops
from tests.browser.browsers import chromium, running_browser
from tests.browser.labs import Lab, running_lab
from tests.browser.stage import Stage, write_notebook
from tests.kernels import clean_environment

RUNS, COMPARED, POINTS = 10_000, 50, 10_000
STARTS = 3
FIRST_PAINT, SEARCH, ACTIVATION, COMPARISON = 0.3, 0.1, 0.03, 0.5  # seconds, promised
PANEL_BYTES, WIDGET_BYTES = 150_000, 250_000

TYPED = ["b", "bo", "boosted 1", "metrics.m3 > 0.9", "metrics.m3 > 0.95 and params.p1 = 0.1"]
RECORDING = f"""
import nbmlops
for number in range({COMPARED}):
    with nbmlops.start_run(f"run {{number}}", params={{"lr": number}}) as run:
        for step in range({POINTS}):
            run.log_metric("loss", number / 10 + (step * 7919 % 1000) / 1000, step=step)
"""
# A moment after the frame is drawn in which something first is as it has to be, or 10 s.
UNTIL = """
    const drawn = isThere => new Promise(done => {
        const late = performance.now() + 10_000;
        const look = () => isThere() || performance.now() > late
            ? requestAnimationFrame(() => setTimeout(done)) : again();
        const again = () => requestAnimationFrame(look);
        look();
    });
"""
FIRST = f"""async () => {{ {UNTIL}
    const began = performance.now();
    void window.jupyterapp.commands.execute('nbmlops:search-runs');
    await drawn(() => document.querySelector('.jp-nbmlops-panel [role=row]'));
    return performance.now() - began;
}}"""
TYPING = f"""async text => {{ {UNTIL}
    const input = document.querySelector('.jp-nbmlops-panel input[role=combobox]');
    const rows = document.querySelector('.jp-nbmlops-panel [role=grid]');
    let isNew = false;
    const observer = new MutationObserver(() => {{ isNew = true; }});
    observer.observe(rows, {{ childList: true, subtree: true, characterData: true }});
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    const began = performance.now();
    set.call(input, text);
    input.dispatchEvent(new Event('input', {{ bubbles: true }}));
    await drawn(() => isNew || !rows.isConnected);
    observer.disconnect();
    return performance.now() - began;
}}"""
COMPARING = f"""async ids => {{ {UNTIL}
    let strokes = 0;
    const stroke = CanvasRenderingContext2D.prototype.stroke;
    CanvasRenderingContext2D.prototype.stroke = function (...given) {{
        strokes += 1;
        return stroke.apply(this, given);
    }};
    const began = performance.now();
    void window.jupyterapp.commands.execute('nbmlops:compare-runs', {{ ids }});
    await drawn(() => {{
        const canvas = document.querySelector('.jp-nbmlops-page canvas');
        // Before the measurements are there it is unseen, and its strokes are of nothing.
        const isSeen = canvas && getComputedStyle(canvas).visibility === 'visible';
        return isSeen && strokes >= ids.length;
    }});
    CanvasRenderingContext2D.prototype.stroke = stroke;
    return performance.now() - began;
}}"""


def main() -> None:
    """Print the figures."""
    path = chromium()
    if path is None:
        print("There is no Chromium: make browser, or name one in CHROMIUM.")
        return
    with (
        tempfile.TemporaryDirectory() as home,
        running_lab(Path(home) / "lab") as lab,
        running_browser(path) as browser,
    ):
        many, curves = ten_thousand(lab), long_curves(lab)
        starts = [first_paint(browser, lab, many) for _ in range(STARTS)]
        searches = [typing(browser, lab, many) for _ in range(STARTS)]
        compared = ids_in(lab.root / curves)
        comparisons = [comparing(browser, lab, curves, compared) for _ in range(STARTS)]
    figures = {
        "activation of the plugins": (median([cost for cost, _ in starts]), ACTIVATION),
        f"first paint of {RUNS:,} runs": (median([paint for _, paint in starts]), FIRST_PAINT),
        **{
            f"search: {text}": (median([times[place] for times in searches]), SEARCH)
            for place, text in enumerate(TYPED)
        },
        f"comparison of {COMPARED} × {POINTS:,} points": (median(comparisons), COMPARISON),
    }
    report("JupyterLab in Chromium", figures, {}, milliseconds, against="")
    sizes()


def ten_thousand(lab: Lab) -> str:
    """A notebook in a project of 10,000 runs."""
    folder = lab.root / "many"
    (folder / ".nbmlops").mkdir(parents=True)
    make(folder / ".nbmlops" / "store.db", RUNS)
    write_notebook(folder / "many.ipynb", {"only": "1 + 1"})
    return "many/many.ipynb"


def long_curves(lab: Lab) -> str:
    """A notebook in a project of 50 runs with 10,000 measurements each."""
    folder = lab.root / "curves"
    (folder / ".nbmlops").mkdir(parents=True)
    command = [sys.executable, "-c", RECORDING]
    subprocess.run(command, cwd=folder, env=clean_environment(), check=True)
    write_notebook(folder / "curves.ipynb", {"only": "1 + 1"})
    return "curves/curves.ipynb"


def ids_in(notebook: Path) -> list[str]:
    """The ids of all runs in a notebook's project, by which the panel compares them."""
    store = str(notebook.parent / ".nbmlops" / "store.db")
    return [summary.run.id for summary in nbmlops.runs(limit=None, store=store)]


def opened(browser: Browser, lab: Lab, notebook: str) -> Stage:
    """A page of its own with a notebook, without a kernel."""
    stage = Stage(browser.new_page(viewport={"width": 1280, "height": 900}), lab)
    stage.enter(Path(notebook).stem)
    stage.read(notebook)
    return stage


def first_paint(browser: Browser, lab: Lab, notebook: str) -> tuple[float, float]:
    """Return what activation took, and then the first paint, in seconds."""
    stage = Stage(browser.new_page(viewport={"width": 1280, "height": 900}), lab)
    profiler = stage.page.context.new_cdp_session(stage.page)
    profiler.send("Profiler.enable")
    profiler.send("Profiler.start")
    stage.enter("start")
    profile = profiler.send("Profiler.stop")["profile"]
    stage.read(notebook)
    stage.page.wait_for_timeout(1000)  # what the start began has ended
    paint = stage.page.evaluate(FIRST) / 1000
    stage.page.close()
    return seconds_within(profile, "/extensions/nbmlops/"), paint


def seconds_within(profile: dict[str, Any], place: str) -> float:
    """Return how long a profile was in functions of files below a place, and what they call."""
    nodes = {node["id"]: node for node in profile["nodes"]}
    within: set[int] = set()
    waiting = [node["id"] for node in nodes.values() if place in node["callFrame"]["url"]]
    while waiting:
        found = waiting.pop()
        if found not in within:
            within.add(found)
            waiting += nodes[found].get("children", [])
    spent = zip(profile["samples"], profile["timeDeltas"], strict=True)
    return sum(delta for node, delta in spent if node in within) / 1e6


def typing(browser: Browser, lab: Lab, notebook: str) -> list[float]:
    """Return how long each search took until what it found was drawn, in seconds."""
    stage = opened(browser, lab, notebook)
    stage.tab("Runs")
    stage.found.first.wait_for()
    taken = []
    for text in TYPED:
        stage.page.wait_for_timeout(1000)  # somebody who reads; the count has come meanwhile
        taken.append(stage.page.evaluate(TYPING, text) / 1000)
    stage.page.close()
    return taken


def comparing(browser: Browser, lab: Lab, notebook: str, ids: Sequence[str]) -> float:
    """Return how long a comparison took until its curves were drawn, in seconds."""
    stage = opened(browser, lab, notebook)
    stage.page.wait_for_timeout(1000)
    taken = stage.page.evaluate(COMPARING, [*ids]) / 1000
    stage.page.close()
    return float(taken)


def median(seconds: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(seconds)


def sizes() -> None:
    """Print how large the bundles are, as files and as they travel."""
    package = Path(nbmlops.__file__).parent
    bundles = {
        "panel": (sorted((package / "labextension/static").glob("*.js")), PANEL_BYTES),
        "widget": ([package / "widgets/static/widget.js"], WIDGET_BYTES),
    }
    print("\nbundles")
    for name, (files, promise) in bundles.items():
        contents = [file.read_bytes() for file in files]
        whole = sum(map(len, contents))
        packed = sum(len(gzip.compress(content)) for content in contents)
        verdict = "kept" if whole <= promise and packed * 2 <= whole else "NOT KEPT"
        print(f"  {name:<8} {whole / 1000:6.1f} kB, {packed / 1000:5.1f} kB gzipped"
              f"  promise ≤ {promise // 1000} kB, half: {verdict}")  # fmt: skip


if __name__ == "__main__":
    main()
