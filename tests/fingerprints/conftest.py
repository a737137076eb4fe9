"""A module of the user's, for the fingerprints of what is defined in it."""

import importlib
import itertools
import sys
import textwrap

import pytest

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
