"""The contract of the HTTP interface, and checking answers against it."""

from pathlib import Path
from typing import Any

import yaml

import nbmlops.server

PATH = Path(nbmlops.server.__file__).with_name("openapi.yaml")
DOCUMENT: dict[str, Any] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
