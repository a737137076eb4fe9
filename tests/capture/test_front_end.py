"""Which front end a kernel serves, and the notebook it tells of."""

import pytest

from nbmlops.store import open_store
from tests.kernels import SESSION, Kernel


@pytest.fixture
def session_of(tmp_path):
    """Record a cell in a kernel with these variables; return the session."""

    def recorded(before="pass", **env):
        (tmp_path / ".nbmlops").mkdir(exist_ok=True)
        with Kernel(tmp_path, **env) as kernel:
            kernel.run(before)
            kernel.run("%load_ext nbmlops")
            store = kernel.store()
            session = store.session(kernel.ask(SESSION))
            store.close()
        return session

    return recorded


def test_jupyter_tells_the_notebook_and_the_kernel(session_of, tmp_path):
    session = session_of(JPY_SESSION_NAME=str(tmp_path / "work" / "churn.ipynb"))
    assert (session.place, session.experiment) == ("jupyter", "churn")
    assert session.notebook == str(tmp_path / "work" / "churn.ipynb")
    assert session.kernel_id == "1"


def test_console_tells_no_notebook_and_the_experiment_is_named_after_the_project(
    session_of, tmp_path
):
    session = session_of(JPY_SESSION_NAME="console-1")
    assert (session.place, session.notebook) == ("jupyter", None)
    assert session.experiment == tmp_path.name


def test_vscode_tells_the_notebook(session_of, tmp_path):
    notebook = str(tmp_path / "churn.ipynb")
    session = session_of(before=f"__vsc_ipynb_file__ = {notebook!r}")
    assert (session.place, session.notebook) == ("vscode", notebook)


def test_colab_is_known_by_its_module(session_of):
    colab = "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')"
    assert session_of(before=colab).place == "colab"


def test_store_is_the_one_of_the_notebooks_project(tmp_path):
    started_in, project = tmp_path / "elsewhere", tmp_path / "project"
    started_in.mkdir()
    (project / ".nbmlops").mkdir(parents=True)
    (project / "notebooks").mkdir()
    notebook = project / "notebooks" / "a.ipynb"
    with Kernel(started_in, JPY_SESSION_NAME=str(notebook)) as kernel:
        kernel.run("%load_ext nbmlops")
        session_id = kernel.ask(SESSION)
    store = open_store(f"sqlite:///{project}/.nbmlops/store.db")
    assert store.session(session_id).ended is not None
    store.close()
    assert not (started_in / ".nbmlops").exists()
