"""A real JupyterLab, which is Notebook 7 too, as a process with folders of its own."""

import contextlib
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbmlops
from tests.kernels import clean_environment

HERE = Path(__file__).parent
TOKEN = "secret"
_FLAGS = (
    f"--no-browser --allow-root --ServerApp.port=0 --IdentityProvider.token={TOKEN} "
    "--LabApp.expose_app_in_browser=True --LabApp.news_url=None "
    "--JupyterNotebookApp.expose_app_in_browser=True"
)
_PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Lab:
    """A server that runs, and the folder that it shows."""

    url: str
    root: Path

    def ask(self, method: str, address: str) -> Any:
        """Ask Jupyter's own interface, and return the document it answers."""
        request = urllib.request.Request(
            f"{self.url}api/{address}", method=method, headers={"Authorization": f"token {TOKEN}"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def end_kernels(self) -> None:
        """End every kernel, so that stories do not sum up in memory."""
        for session in self.ask("GET", "sessions"):
            self.ask("DELETE", f"sessions/{session['id']}")


@contextlib.contextmanager
def running_lab(home: Path, *, has_nbmlops: bool = True) -> Iterator[Lab]:
    """Run JupyterLab with nothing of whoever runs the tests.

    Parameters
    ----------
    home
        An empty folder; what is shown is ``root`` in it.
    has_nbmlops
        Whether the server has nbmlops enabled. The panel is there in any case.
    """
    root = home / "root"
    root.mkdir(parents=True)
    _configure(home, has_nbmlops=has_nbmlops)
    environment = clean_environment(
        JUPYTER_CONFIG_DIR=str(home / "config"),
        JUPYTER_DATA_DIR=str(home / "data"),
        JUPYTER_RUNTIME_DIR=str(home / "runtime"),
        JUPYTER_PATH=str(home / "share"),
        JUPYTERLAB_SETTINGS_DIR=str(home / "settings"),
        JUPYTERLAB_WORKSPACES_DIR=str(home / "workspaces"),
        IPYTHONDIR=str(home / "ipython"),
        PYTHONPATH=str(HERE.parents[1]),
    )
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *_FLAGS.split()],
            cwd=root, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            yield Lab(_answering(home, server), root)
        finally:
            _end(server)


def _configure(home: Path, *, has_nbmlops: bool) -> None:
    """Enable what is tried, as an installation does, and a kernel of another language."""
    extensions = home / "share" / "labextensions"
    extensions.mkdir(parents=True)
    (extensions / "nbmlops").symlink_to(Path(nbmlops.__file__).parent / "labextension")
    kernel = home / "share" / "kernels" / "echo"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        json.dumps({
            "argv": [sys.executable, str(HERE / "echo_kernel.py"), "-f", "{connection_file}"],
            "display_name": "Echo",
            "language": "echo",
        })
    )  # fmt: skip
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    enabled = {"nbmlops": has_nbmlops, "notebook": True}
    (home / "config").mkdir()
    (home / "config" / "jupyter_server_config.json").write_text(
        json.dumps({"ServerApp": {"jpserver_extensions": enabled}})
    )


def _end(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:  # Jupyter's server at times waits for a thread of AnyIO's
        server.kill()
        server.wait()


def _answering(home: Path, server: "subprocess.Popen[bytes]") -> str:
    """Return the URL of a server once it answers."""
    for _ in range(_PATIENCE_SECONDS * 10):
        for file in (home / "runtime").glob("jpserver-*.json"):
            with contextlib.suppress(urllib.error.URLError, ValueError):
                url = json.loads(file.read_text())["url"].replace("localhost", "127.0.0.1")
                with urllib.request.urlopen(f"{url}api", timeout=5):
                    return str(url)
        assert server.poll() is None, (home / "log").read_text()[-2000:]
        time.sleep(0.1)
    raise AssertionError(f"JupyterLab did not start: {(home / 'log').read_text()[-2000:]}")
