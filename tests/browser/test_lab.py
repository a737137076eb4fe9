"""A real JupyterLab in a real browser; `labextension/stories/lab.mjs` is the story."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest

import nbmlops
from tests.kernels import clean_environment

ROOT = Path(__file__).parents[2]
FRONT = ROOT / "labextension"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
SCREENSHOTS = os.environ.get("NBMLOPS_SCREENSHOTS")
CELLS = {
    "imports": "import nbmlops",
    "params": "%%nbmlops params\nC = 1",
    "measure": "accuracy = 1 - 0.1 / C\n"
    "for step in range(20):\n    nbmlops.log_metric('loss', C / (step + 1), step=step)",
    "compare": "if len(nbmlops.runs()) > 1:\n    display(nbmlops.compare('@2', '@1'))",
}

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="NO BROWSER: install chromium, or set CHROMIUM"),
    pytest.mark.skipif(
        not (FRONT / "node_modules/playwright-core").exists(),
        reason="NO FRONT END: make .venv/.stamp-front",
    ),
]


@pytest.fixture
def lab(tmp_path):
    """Start JupyterLab on a notebook, with folders of its own, and return the notebook's URL."""
    pytest.importorskip("jupyterlab")
    project = tmp_path / "project"
    (project / ".nbmlops").mkdir(parents=True)
    write_notebook(project / "measure.ipynb")
    extensions = tmp_path / "share" / "labextensions"
    extensions.mkdir(parents=True)
    (extensions / "nbmlops").symlink_to(Path(nbmlops.__file__).parent / "labextension")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "jupyter_server_config.json").write_text(
        json.dumps({"ServerApp": {"jpserver_extensions": {"nbmlops": True}}})
    )
    environment = clean_environment(
        JUPYTER_CONFIG_DIR=str(tmp_path / "config"),
        JUPYTER_DATA_DIR=str(tmp_path / "data"),
        JUPYTER_RUNTIME_DIR=str(tmp_path / "runtime"),
        JUPYTER_PATH=str(tmp_path / "share"),
        IPYTHONDIR=str(tmp_path / "ipython"),
        PYTHONPATH=str(ROOT),
    )
    flags = (
        "--no-browser --allow-root --ServerApp.port=0 --IdentityProvider.token=secret "
        "--LabApp.expose_app_in_browser=True --LabApp.news_url=None"
    )
    with (tmp_path / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *flags.split()],
            cwd=project, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            yield f"{started(tmp_path / 'runtime', server)}lab/tree/measure.ipynb?token=secret"
        finally:
            server.terminate()
            server.wait(timeout=60)


def write_notebook(path):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    for cell_id, source in CELLS.items():
        notebook.cells.append(nbformat.v4.new_code_cell(source, id=cell_id))
    nbformat.write(notebook, path)


def started(runtime, server, patience_seconds=120):
    """Return the URL of a server once it answers."""
    for _ in range(patience_seconds * 4):
        for file in runtime.glob("jpserver-*.json"):
            url = json.loads(file.read_text())["url"]
            try:
                with urllib.request.urlopen(f"{url}api", timeout=5):
                    return url.replace("localhost", "127.0.0.1")
            except urllib.error.URLError:
                pass
        assert server.poll() is None, (runtime.parent / "lab.log").read_text()[-2000:]
        time.sleep(0.25)
    raise AssertionError("JupyterLab did not start")


def test_recording_from_the_panel_until_runs_are_compared(lab, tmp_path):
    folder = Path(SCREENSHOTS or tmp_path / "screenshots")
    folder.mkdir(exist_ok=True, parents=True)
    story = subprocess.run(
        ["node", "stories/lab.mjs", str(CHROMIUM), lab, str(folder)],
        cwd=FRONT, capture_output=True, text=True, timeout=280,
    )  # fmt: skip
    print(story.stdout)
    lines = [json.loads(line) for line in story.stdout.splitlines()]
    seen = {what: value for line in lines for what, value in line.items()}
    assert "fault" not in seen, seen["fault"]
    assert story.returncode == 0, story.stderr
    assert "request elsewhere" not in seen
    assert seen["marks"] == ["recorded", "recorded", "result", "recorded"]
    assert seen["stale marks"][2] == "stale"
    assert "`C`" in seen["why"]
    assert "accuracy 0.9" in " ".join(seen["run"].split())
    assert seen["inline"].startswith("C 1 → 2: accuracy 0.9 → 0.95")
    assert seen["compared"] == seen["inline"]
    assert "0.95" in seen["found"]
    assert "acuracy" in seen["mistake"]
    assert "^" in seen["mistake"]
