"""What is expected of hidden inputs in the last of several cells."""

import pytest

from nbmlops.cells.hidden import is_hidden
from nbmlops.records import Names


def hidden(names: Names) -> Names:
    """Return the hidden inputs among names."""
    parts = (names.defined, names.used, names.touched, names.deleted)
    return Names(*(tuple(name for name in part if is_hidden(name)) for part in parts))


def case(title: str, *cells: str, defined=(), used=(), changed=(), touched=()):
    """Return cells and what the last one does with hidden inputs; what it changed it used, too."""
    expected = Names(tuple(defined), tuple(sorted([*used, *changed])), (*changed, *touched))
    return pytest.param(cells, expected, id=title)
