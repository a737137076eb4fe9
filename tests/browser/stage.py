"""JupyterLab in a page of a browser, in the words of somebody who works with it.

What is on the page is found as a person finds it: by role, by label, by what is written there.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Locator, Page, expect

from tests.browser.labs import TOKEN, Lab

PATIENCE_MS = 30_000
# In the stack of an error of ours: the panel's files, and the widgets' module, which has no file.
OURS = ("/extensions/nbmlops/", "blob:")
# A habit: imports, parameters, a measurement.
MEASURING = {
    "imports": "import nbmlops",
    "params": "%%nbmlops params\nC = 1",
    "measure": "accuracy = 1 - 0.1 / C\n"
    "for step in range(20):\n    nbmlops.log_metric('loss', C / (step + 1), step=step)",
}

expect.set_options(timeout=PATIENCE_MS)


def comparing(condition: str) -> str:
    """Return the source of a cell that compares the latest two runs where there are two."""
    return f"{condition}\n    display(nbmlops.compare('@2', '@1'))"


def write_notebook(path: Path, cells: Mapping[str, str], *, kernel: str = "python3") -> None:
    """Write a notebook whose cells have these ids and sources."""
    language = "python" if kernel == "python3" else kernel
    spec = {"name": kernel, "display_name": kernel.title(), "language": language}
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": spec})
    for cell_id, source in cells.items():
        notebook.cells.append(nbformat.v4.new_code_cell(source, id=cell_id))
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


class Stage:
    """A page with JupyterLab in it.

    Attributes
    ----------
    faults : list of str
        What must never happen: errors that nobody caught, and requests to other hosts.
    """

    def __init__(self, page: Page, lab: Lab) -> None:
        self.page = page
        self.lab = lab
        self.faults: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self._fault(f"{error}\n{error.stack}"))
        page.on("request", lambda request: self._watch(request.url))

    def _fault(self, text: str) -> None:
        if any(sign in text for sign in OURS):
            self.faults.append(text)

    def _watch(self, url: str) -> None:
        if url.startswith(("http:", "https:", "ws:", "wss:")) and self.lab.url not in url:
            self.faults.append(f"a request elsewhere: {url[:200]}")

    # Documents

    def enter(self, workspace: str, notebook: str | None = None) -> None:
        """Load JupyterLab anew, in a workspace of its own, with a notebook or none."""
        place = f"/tree/{notebook}" if notebook else ""
        self.page.goto(f"{self.lab.url}lab/workspaces/{workspace}{place}?token={TOKEN}")
        self.loaded()

    def enter_notebook(self, notebook: str) -> None:
        """Load a notebook in Notebook 7."""
        self.page.goto(f"{self.lab.url}notebooks/{notebook}?token={TOKEN}")
        self.loaded()

    def loaded(self) -> None:
        """Wait until the page can be used."""
        self.page.wait_for_function("() => window.jupyterapp?.restored.then(() => true)")

    def open(self, notebook: str) -> None:
        """Open a notebook, and wait until its kernel answers."""
        self.command("docmanager:open", path=notebook)
        self.ready()

    def read(self, notebook: str) -> None:
        """Open a notebook without a kernel."""
        self.command("docmanager:open", path=notebook, kernelPreference={"shouldStart": False})
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for()

    def ready(self) -> None:
        """Wait until the kernel of the notebook in front has nothing to do."""
        self.page.wait_for_function(
            """() => {
                const { currentWidget } = window.jupyterapp.shell;
                const kernel = currentWidget?.sessionContext?.session?.kernel;
                return kernel?.status === 'idle' && currentWidget.content.widgets?.length > 0;
            }"""
        )

    def leave(self) -> None:
        """Close every document without saving it, and end the kernels."""
        for dialog in self.page.locator(".jp-Dialog").all():
            dialog.press("Escape")
        self.page.evaluate(
            """() => {
                const { shell, commands } = window.jupyterapp;
                for (const widget of [...shell.widgets('main')]) {
                    if (widget.context?.model) widget.context.model.dirty = false;
                    widget.close();
                }
            }"""
        )
        self.lab.end_kernels()

    # The notebook in front

    def command(self, name: str, **arguments: Any) -> None:
        """Execute a command of JupyterLab, as the palette does."""
        self.page.evaluate(
            "([name, given]) => window.jupyterapp.commands.execute(name, given).then(() => null)",
            [name, arguments],
        )

    def write(self, place: int, source: str) -> None:
        """Write a cell anew, and make it the active one."""
        self.page.evaluate(
            """([place, source]) => {
                const notebook = window.jupyterapp.shell.currentWidget.content;
                notebook.widgets[place].model.sharedModel.setSource(source);
                notebook.activeCellIndex = place;
                notebook.deselectAll();
            }""",
            [place, source],
        )

    def run_all(self) -> None:
        """Execute the notebook from top to bottom."""
        self.command("notebook:run-all-cells")

    def run(self, place: int, source: str) -> None:
        """Write a cell anew and execute it."""
        self.write(place, source)
        self.command("notebook:run-cell")

    def restart(self) -> None:
        """Have the kernel of the notebook in front begin anew."""
        self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()"
        )
        self.ready()

    def marked(self, *marks: str) -> None:
        """Wait until the cells are marked with these, in order."""
        cells = self.page.locator(".jp-Notebook:visible .jp-CodeCell")
        expect(cells).to_have_count(len(marks))
        for cell, mark in zip(cells.all(), marks, strict=True):
            expect(cell).to_have_attribute("data-nbmlops", mark)

    # What nbmlops shows

    @property
    def panel(self) -> Locator:
        """The panel in the left area."""
        return self.page.locator(".jp-nbmlops-panel")

    @property
    def view(self) -> Locator:
        """The view of nbmlops that is in front in the main area."""
        return self.page.locator(
            ".jp-MainAreaWidget:not(.lm-mod-hidden):not(.jp-NotebookPanel) .jp-nbmlops"
        )

    @property
    def answer(self) -> Locator:
        """The last widget in the notebook."""
        return self.page.locator(".jp-Notebook .jp-nbmlops-widget").last

    @property
    def found(self) -> Locator:
        """The runs that the panel lists."""
        return self.panel.get_by_role("row")

    def tab(self, name: str) -> None:
        """Show the panel, with one of its tabs on top."""
        self.command("nbmlops:show-panel")
        self.panel.get_by_role("tab", name=name).click()

    def record(self) -> None:
        """Record the notebook in front with one click."""
        self.tab("Now")
        self.panel.get_by_role("button", name="Record").click()
        expect(self.panel.get_by_text("● recording")).to_be_visible()

    def search(self, text: str) -> None:
        """Search the runs of the panel, as typed at once."""
        self.panel.get_by_role("combobox").fill(text)

    def narrow(self, width: int) -> None:
        """Draw the left area to a width, in pixels, as far as JupyterLab lets it."""
        self.page.evaluate(
            """width => {
                const total = document.body.clientWidth;
                window.jupyterapp.shell._hsplitPanel.setRelativeSizes([width, total - width, 0]);
            }""",
            width,
        )

    def beside(self) -> None:
        """Draw what is in front in the main area to the right of the others."""
        self.page.evaluate(
            """() => {
                const { shell } = window.jupyterapp;
                const ref = [...shell.widgets('main')].find(one => one !== shell.currentWidget).id;
                shell.add(shell.currentWidget, 'main', { mode: 'split-right', ref });
            }"""
        )

    def theme(self, name: str) -> None:
        """Choose a theme, and wait until the page has it."""
        is_light = "false" if "Dark" in name else "true"
        self.command("apputils:change-theme", theme=name)
        self.page.locator(f'body[data-jp-theme-light="{is_light}"]').wait_for(state="attached")
