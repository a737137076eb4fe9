import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

README = Path(__file__).parents[2] / "README.md"
MAKEFILE = README.with_name("Makefile")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README.read_text(), re.DOTALL | re.MULTILINE)


def commands() -> list[str]:
    lines = "".join(blocks("console")).splitlines()
    assert all(line.startswith("$ ") for line in lines)
    return [line.removeprefix("$ ") for line in lines]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project in which the README's notebook has been executed, and its environment."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / ".nbmlops").mkdir()
    bin_folder = Path(sys.executable).parent
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("NBMLOPS_")},
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "IPYTHONDIR": str(folder / "ipython"),
    }
    cells = [nbformat.v4.new_code_cell(block) for block in blocks("python")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "readme.ipynb")
    parameters = nbformat.v4.new_code_cell("C = 0.1")
    parameters.metadata["tags"] = ["parameters"]
    work = nbformat.v4.new_code_cell("accuracy = 1 - C")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=[parameters, work], metadata=kernel)
    nbformat.write(notebook, folder / "notebook.ipynb")
    return folder, environment


def shell(command, project):
    folder, environment = project
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True
    )


def test_the_python_of_the_readme_runs_as_cells_of_a_notebook(project):
    folder, _ = project
    done = shell(
        "jupyter execute --kernel_name=python3 --output=done.ipynb readme.ipynb"
        " && nbmlops runs --json",
        project,
    )
    assert done.returncode == 0, done.stderr
    executed = nbformat.read(folder / "done.ipynb", 4)
    shown = [output for cell in executed.cells for output in cell.outputs]
    assert not [output for output in shown if output.output_type == "error"]
    assert any("C 0.1 → 0.001" in output.get("data", {}).get("text/plain", "") for output in shown)


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_readme_works(command, project):
    words = shlex.split(command)
    if words[0] == "make":
        assert re.search(rf"^{words[1]}:", MAKEFILE.read_text(), re.MULTILINE)
        return
    done = shell(command, project)
    assert done.returncode == 0, done.stderr
