"""How large what the browser loads is."""

import gzip
from pathlib import Path

import pytest

import nbmlops
from nbmlops.widgets import bundle

pytestmark = pytest.mark.usefixtures("built")

PANEL = Path(nbmlops.__file__).parent / "labextension" / "static"


@pytest.mark.parametrize(
    ("what", "files", "most"),
    [
        ("panel", lambda: sorted(PANEL.glob("*.js")), 150_000),
        ("widget", lambda: [Path(bundle.__file__).with_name("static") / "widget.js"], 250_000),
    ],
    ids=["panel", "widget"],
)
def test_bundles_are_small(what, files, most):
    code = b"".join(file.read_bytes() for file in files())
    packed = len(gzip.compress(code))
    print(f"{what}: {len(code):,} bytes, {packed:,} gzipped")
    assert 10_000 < len(code) <= most
    assert packed < len(code) / 2
