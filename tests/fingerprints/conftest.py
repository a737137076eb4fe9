"""A module of the user's, for what is defined in it, and a clock that goes when looked at."""

import importlib
import itertools
import sys
import textwrap

import pytest

from nbmlops.fingerprints import deadline

numbers = itertools.count()


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Write a module and import it; give it back."""
    monkeypatch.syspath_prepend(tmp_path)
    names = []

    def loaded(source):
        names.append(f"users_module_{next(numbers)}")
        (tmp_path / f"{names[-1]}.py").write_text(textwrap.dedent(source))
        importlib.invalidate_caches()
        return importlib.import_module(names[-1])

    yield loaded
    for name in names:
        del sys.modules[name]


class Clock:
    """Each look at it is 10 ms after the one before."""

    def __init__(self):
        self.looks = 0

    def monotonic(self):
        self.looks += 1
        return self.looks / 100


@pytest.fixture
def clock(monkeypatch):
    """The clock by which looking at values ends, in place of the real one."""
    stand_in = Clock()
    monkeypatch.setattr(deadline, "time", stand_in)
    return stand_in
