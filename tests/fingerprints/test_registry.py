import enum
import importlib
import sys

import numpy as np
import pandas as pd
import pytest

import nbmlops
from nbmlops.fingerprints import registry
from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.registry import adapter_of, is_data, register_fingerprint, table_maker_of
from tests.fingerprints.alike import assert_all_differ, digest_of


class Grid:
    def __init__(self, cells):
        self.cells, self.cache = cells, {}


class FineGrid(Grid):
    pass


class ThirdParty:
    def __init__(self):
        raise RuntimeError("never made")


@pytest.fixture(autouse=True)
def own(monkeypatch):
    """Registrations of one test only."""
    monkeypatch.setattr(registry, "_OWN", {})


def test_a_registered_type_is_what_stands_for_it():
    @register_fingerprint(Grid)
    def _(grid):
        return grid.cells

    one, other = Grid([1, 2]), Grid([1, 2])
    other.cache["sum"] = 3
    assert digest_of(one) == digest_of(other)
    assert_all_differ([one, Grid([2, 1]), [1, 2], FineGrid([1, 2])])
    assert digest_of({"a": [one]}) == digest_of({"a": [other]})
    assert fingerprint(one).kind == "object"


def test_the_nearest_registration_counts():
    register_fingerprint(Grid)(lambda grid: grid.cells)
    before = digest_of(FineGrid([1]))
    register_fingerprint(FineGrid)(lambda grid: (grid.cells, "fine"))
    assert digest_of(FineGrid([1])) != before


def test_several_types_are_registered_at_once_and_the_function_is_given_back():
    def cells(grid):
        return grid.cells

    assert register_fingerprint(Grid, FineGrid)(cells) is cells
    assert set(registry._OWN) == {id(Grid), id(FineGrid)}


def test_what_stands_for_a_value_may_be_of_a_registered_type():
    class Outer:
        pass

    register_fingerprint(Grid)(lambda grid: grid.cells)
    register_fingerprint(Outer)(lambda _: Grid([1]))
    assert fingerprint(Outer()).is_exact


@pytest.mark.parametrize(
    ("stand_in", "reason"),
    [
        (lambda grid: grid, "TypeError: what was registered gives a value of the class itself"),
        (lambda grid: Grid(1), "TypeError: what was registered gives a value of the class itself"),
        (lambda grid: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda grid: iter([]), "an iterator: looking at it would use it up"),
        (lambda: None, "TypeError: "),
    ],
)
def test_what_stands_for_a_value_but_fails_makes_it_opaque(stand_in, reason):
    register_fingerprint(Grid)(stand_in)
    found = fingerprint(Grid([1]))
    assert found.strength == "opaque"
    assert found.reason.startswith(reason)


def test_a_type_whose_metaclass_has_a_hash_of_its_own_can_be_registered():
    class Hostile(type):
        def __hash__(cls):
            raise RuntimeError("never called")

        __eq__ = __getattribute__ = __hash__

    kind = Hostile("Kind", (Grid,), {})
    register_fingerprint(kind)(lambda _: 7)
    assert fingerprint(object.__new__(kind)).is_exact


def test_a_registration_counts_before_the_adapter_of_a_library():
    class Frame(pd.DataFrame):
        @property
        def _constructor(self):
            return Frame

    register_fingerprint(Frame)(lambda _: 1)
    assert fingerprint(Frame({"a": [1]})).kind == "object"
    assert table_maker_of(Frame) is None
    assert fingerprint(Frame({"a": [1]}), profile=True).profile is None


class Words(str, enum.Enum):  # noqa: UP042, the base comes before the enumeration
    A = "a"


class Numbers(np.float64):
    pass


class Derived(dict):
    pass


@pytest.mark.parametrize(
    ("kind", "entry"),
    [
        (bool, "python.scalars:boolean"),
        (Words, "python.scalars:member"),
        (np.str_, "numpy.scalars:scalar"),
        (np.float64, "numpy.scalars:scalar"),
        (np.bytes_, "numpy.scalars:scalar"),
        (Numbers, "numpy.scalars:scalar"),
        (Derived, "python.containers:mapping"),
        (pd.Timestamp, "pandas.scalars:timestamp"),
        (type(pd.NaT), "pandas.scalars:missing"),
        (KeyError, "python.objects:exception"),
        (enum.EnumMeta, "python.class_code:class_"),
        (type(pd.offsets.MonthEnd()), "pandas.scalars:offset"),
    ],
    ids=lambda case: str(case),
)
def test_the_nearest_ancestor_with_an_adapter_counts_and_builtin_ones_last(kind, entry):
    assert adapter_of(kind) is registry._loaded(entry)


def entries():
    return sorted({*registry._TABLES.values(), *registry._ADAPTERS.values()})


@pytest.mark.parametrize("entry", entries())
def test_every_entry_names_a_function_that_is_there(entry):
    module, _, function = entry.partition(":")
    try:
        found = importlib.import_module(f"nbmlops.fingerprints.{module}")
    except ModuleNotFoundError as problem:
        if problem.name.startswith("nbmlops"):
            raise
        pytest.skip(f"{problem.name} is not installed")
    assert callable(getattr(found, function))


@pytest.mark.parametrize(
    "given", [1, "x", None, Grid([])], ids=["number", "text", "None", "object"]
)
def test_what_is_no_class_cannot_be_registered(given):
    with pytest.raises(TypeError, match=r"takes classes, not a .*" + type(given).__name__):
        register_fingerprint(Grid, given)
    assert adapter_of(Grid) is not adapter_of(int)


def test_a_registration_that_gives_new_values_for_ever_makes_the_value_opaque():
    register_fingerprint(Grid)(lambda _: [Grid(0)])
    found = fingerprint(Grid(0))
    assert found.strength == "opaque"
    assert "seems to give new ones for ever" in found.reason


IMPOSTORS = [
    "pandas.DataFrame",
    "pandas.core.frame.DataFrame",
    "polars.dataframe.frame.DataFrame",
    "numpy.ndarray",
    "pyarrow.lib.Table",
    "builtins.list",
    "no_such_library.DataFrame",
]


@pytest.mark.parametrize("name", IMPOSTORS)
def test_a_class_that_calls_itself_as_one_of_a_library_is_an_object(name):
    asked = []
    module, _, own = name.rpartition(".")
    members = {"__module__": module, "__getattr__": lambda _, name: asked.append(name)}
    kind = type(own, (), members)
    value = kind()
    value.content = 1
    found = fingerprint(value, profile=True)
    assert (found.kind, found.strength, asked) == ("object", "exact", [])
    assert not is_data(kind)
    assert table_maker_of(kind) is None


def test_what_inherits_from_a_table_is_one_under_any_name():
    kind = type("list", (pd.DataFrame,), {"__module__": "builtins"})
    assert is_data(kind)
    assert fingerprint(kind({"a": [1]})).kind == "frame"


def test_tables_are_data_and_objects_are_not():
    assert all(map(is_data, (pd.DataFrame, pd.Series, pd.Index, np.ndarray, np.ma.MaskedArray)))
    assert not any(map(is_data, (dict, Grid, np.float64, type)))


LOADED = """
import json, sys
import nbmlops
from nbmlops.fingerprints.registry import is_data, table_maker_of
value = eval(sys.argv[1])
nbmlops.fingerprint(value)
is_data(type(value)), table_maker_of(type(value))
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.mark.parametrize("value", ["[1, 'a', {2.5: (None, {3})}]", "len", "Exception('a')"])
def test_a_value_of_python_loads_no_library_of_data(value, run_python):
    loaded = set(eval(run_python(LOADED, value)))
    assert (
        loaded & set("numpy pandas polars pyarrow scipy sklearn datasketches torch".split())
        == set()
    )
    assert "xxhash" in loaded


def test_the_face_offers_the_registration():
    assert nbmlops.register_fingerprint is register_fingerprint
    assert nbmlops.fingerprint is fingerprint
    assert "nbmlops.fingerprints.asking" in sys.modules
