"""The code that widgets run in the browser, as the build left it."""

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

_BUNDLE = Path(__file__).with_name("static") / "widget.js"
_LOADER = Path(__file__).with_name("loader.js")


def is_built() -> bool:
    """Tell whether there is a bundle; an installation from a bare checkout may have none."""
    return _BUNDLE.exists()


@lru_cache(maxsize=1)
def code() -> bytes:
    """Return the bundle, an ES module."""
    return _BUNDLE.read_bytes()


@lru_cache(maxsize=1)
def version() -> str:
    """Return what tells this bundle from others, so that a page fetches each once."""
    return blake2b(code(), digest_size=8).hexdigest()


def loader() -> str:
    """Return the small module that fetches the bundle; it alone is in saved notebooks."""
    return _LOADER.read_text("utf-8")
