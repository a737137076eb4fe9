"""What a Jupyter server loads: addresses below ``/nbmlops/api``, and the event that tells of news.

Enabled by being installed, see ``jupyter-config/`` of the project.
"""

import atexit
import re
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join

from nbmlops.server.answering import Answerer
from nbmlops.server.handlers import ResourceHandler
from nbmlops.server.reruns import Reruns
from nbmlops.server.routes import ROUTES
from nbmlops.server.stores import HeldStores, Project
from nbmlops.server.watching import SCHEMA_ID, SCHEMA_PATH, Watcher
from nbmlops.server.working import Workers

_BASE = "/nbmlops/api"


def _load_jupyter_server_extension(serverapp: Any) -> None:
    """Put the addresses into a server."""
    serverapp.event_logger.register_event_schema(SCHEMA_PATH)

    def tell(project: Project, change: str) -> None:
        data = {"change": change, "project": str(project.folder)}
        serverapp.event_logger.emit(schema_id=SCHEMA_ID, data=data)

    stores, reruns = HeldStores(), Reruns()
    atexit.register(reruns.close)
    shared = {
        "answerer": Answerer(stores, Path(serverapp.root_dir), reruns),
        "workers": Workers(),
        "watcher": Watcher(stores, tell),
    }
    base = re.escape(url_path_join(serverapp.web_app.settings["base_url"], _BASE))
    serverapp.web_app.add_handlers(
        ".*$",
        [(base + route.pattern, ResourceHandler, {"route": route, **shared}) for route in ROUTES],
    )
