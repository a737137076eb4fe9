"""What cells set that others feel without reading a name: seeds, and options for texts of values.

A seed is a hidden input of its own beside the random state: who draws numbers advances the state
and leaves the seed. Options for how values look are felt by who shows values, or makes texts of
them. Static: sources and records in, names out.
"""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from nbmlops.cells.dependencies import names_read
from nbmlops.cells.hidden import RANDOM_STATES, TEXT_OPTIONS, is_seed, seed_of
from nbmlops.cells.names import names_of, parsed
from nbmlops.cells.texts import keeps_text, shows_values
from nbmlops.records import Execution

_SEEDS = re.compile(r"seed|set_?(rng_)?state", re.IGNORECASE)
_OPTIONS = re.compile(r"option|precision", re.IGNORECASE)
_MAGICS = ("%", "!")


class Setting(NamedTuple):
    """What sets something in a cell: the text of the statements, and the names that they use."""

    text: str
    names: frozenset[str]


def settings_felt(execution: Execution) -> Iterator[str]:
    """Give the settings that an execution depends on.

    Who sets some options feels those that others have set.
    """
    names, source = execution.names, execution.source
    for name in names_read(names):
        if name in RANDOM_STATES:
            yield seed_of(name)
        elif name in TEXT_OPTIONS and (
            name in names.touched or shows_values(source) or keeps_text(source)
        ):
            yield name


def settings_made(execution: Execution) -> Iterator[tuple[str, Literal["written", "changed"]]]:
    """Give the settings that an execution made, and whether it set all or only some of it."""
    names = execution.names
    for name in names.defined:
        if name in RANDOM_STATES:
            yield seed_of(name), "written"
        elif name in TEXT_OPTIONS:
            yield name, "written"
    for name in names.touched:
        if name in TEXT_OPTIONS and name not in names.defined:
            yield name, "changed"


def sets_the_same(name: str, before: Execution, after: Execution) -> bool:
    """Tell whether a cell sets what it had set: an option that has its value already shows not."""
    if not (is_seed(name) or name in TEXT_OPTIONS) or after.outcome != "ok":
        return False
    setting = setting_in(after.source, name)
    return setting is not None and setting == setting_in(before.source, name)


@lru_cache(256)
def setting_in(source: str, name: str) -> Setting | None:
    r"""Return what makes a setting in a cell; None where that is not told by its source.

    Examples
    --------
    >>> found = setting_in("import numpy as np\nnp.random.seed(n)", "<seed of numpy.random>")
    >>> found.text, sorted(found.names)
    ('np.random.seed(n)', ['n', 'np'])
    """
    pattern = _SEEDS if is_seed(name) else _OPTIONS
    lines = source.splitlines()
    magics = [line for line in lines if line.startswith(_MAGICS)]
    tree = parsed("\n".join("" if line.startswith(_MAGICS) else line for line in lines))
    if tree is None:
        return None
    said = [statement for statement in map(ast.unparse, tree.body) if pattern.search(statement)]
    used = [names_of(statement).used for statement in said]
    text = "\n".join([*(line for line in magics if pattern.search(line)), *said])
    return Setting(text, frozenset().union(*used)) if text else None
