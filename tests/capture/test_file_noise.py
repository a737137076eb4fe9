"""Which files are left out of what a cell reads and writes."""

import sysconfig
from pathlib import Path

import pytest

from nbmlops.capture.file_noise import Noise

PACKAGES, STDLIB = sysconfig.get_path("purelib"), sysconfig.get_path("stdlib")


@pytest.mark.parametrize(
    ("path", "is_left_out"),
    [
        pytest.param("/home/ada/data.csv", False, id="a file of the user"),
        pytest.param(f"{PACKAGES}/somewhere/data/flights.csv.zip", False, id="data of a package"),
        pytest.param(f"{PACKAGES}/somewhere/module.py", True, id="code of a package"),
        pytest.param(f"{PACKAGES}/somewhere/settings.json", True, id="settings of a package"),
        pytest.param(f"{STDLIB}/json/decoder.py", True, id="standard library"),
        pytest.param("/proc/self/status", True, id="system"),
        pytest.param("/home/ada/.git/index", True, id="git"),
        pytest.param("/home/ada/project/.nbmlops/store.db", True, id="a store"),
        pytest.param("/home/ada/keep/me", True, id="told to"),
    ],
)
def test_what_is_left_out(path, is_left_out):
    assert Noise([Path("/home/ada/keep")]).covers(path) is is_left_out
