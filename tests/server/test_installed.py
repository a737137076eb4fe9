"""That a Jupyter server finds the extension by itself, where nbmlops is installed."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
STARTED = """
import asyncio, sys
from jupyter_server.serverapp import ServerApp

async def start():
    app = ServerApp(root_dir=sys.argv[1], allow_root=True, open_browser=False)
    app.initialize(argv=[], find_extensions=True, new_httpserver=False)
    print(app.extension_manager.extensions["nbmlops"].enabled)
    rules = app.web_app.wildcard_router.rules + app.web_app.default_router.rules
    patterns = [rule.matcher.regex.pattern for group in rules
                for rule in getattr(group.target, "rules", ()) if hasattr(rule.matcher, "regex")]
    print(next(each for each in patterns if each.startswith("/nbmlops/api/")).rstrip("$"))

asyncio.run(start())
"""


def test_configuration_is_installed_where_jupyter_looks_and_enables_the_extension(tmp_path):
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    [source] = [
        source
        for source, target in project["tool"]["hatch"]["build"]["targets"]["wheel"][
            "shared-data"
        ].items()
        if target == "etc/jupyter"
    ]
    # As the environment's own etc/jupyter would be, without what else is installed in it.
    environment = os.environ | {
        "JUPYTER_CONFIG_PATH": str(REPOSITORY / source),
        "JUPYTER_CONFIG_DIR": str(tmp_path),
    }
    command = [sys.executable, "-c", STARTED, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", "/nbmlops/api/status"]
