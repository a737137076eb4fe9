"""Chromium: the one on the machine, driven by Playwright."""

import contextlib
import os
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip


def chromium() -> str | None:
    """Return the path of a Chromium: what ``CHROMIUM`` names, or the first on the machine."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, _NAMES)), None)


@contextlib.contextmanager
def running_browser(path: str) -> Iterator[Browser]:
    """Run a browser without a window."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=_FLAGS)
