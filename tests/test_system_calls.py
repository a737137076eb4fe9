import os

import pytest

from nbmlops.system_calls import pwrite_undisturbed


def test_bytes_are_written_as_they_are(tmp_path):
    with (tmp_path / "file").open("wb") as file:
        assert pwrite_undisturbed(file.fileno(), b"a\0b", 1) == 3
    assert (tmp_path / "file").read_bytes() == b"\0a\0b"


def test_what_the_system_refuses_is_an_error_that_says_why():
    with pytest.raises(OSError, match="Bad file descriptor"):
        pwrite_undisturbed(os.open(os.devnull, os.O_RDONLY), b"a", 0)
