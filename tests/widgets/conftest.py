"""Widgets, and what they send, without a browser."""

from pathlib import Path

import pytest

from nbmlops.widgets import bundle

BUILT = Path(bundle.__file__).with_name("static")
NODE_MODULES = Path(__file__).parents[2] / "labextension" / "node_modules"


@pytest.fixture
def built():
    """Need the bundle. Where the front end was never built, the test is left out."""
    if not bundle.is_built() and not NODE_MODULES.exists():
        pytest.skip("the front end is not built here: pip install . where Node 20 is")
    assert bundle.is_built()
