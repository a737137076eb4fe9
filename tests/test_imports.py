import json
import pkgutil

import pytest

import nbmlops

HEAVY = (
    "IPython alembic blake3 click datasketches ipykernel ipywidgets jupyter_server nbclient "
    "nbformat numpy pandas papermill polars pyarrow rich scipy sklearn sqlalchemy sqlite3 tornado "
    "xxhash yaml"
).split()
MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(nbmlops.__path__, "nbmlops.")
    if ".migrations." not in found.name and not found.name.endswith(".__main__")
)

LOADED = """
import json, sys
for name in sys.argv[1:]:
    __import__(name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def loaded_by(run_python, *modules):
    """Return what importing modules loads in a fresh interpreter, of what is heavy."""
    return set(HEAVY) & set(json.loads(run_python(LOADED, *modules)))


def test_the_heavy_libraries_are_named_as_they_are_imported(run_python):
    installed = ["IPython", "sqlalchemy", "click", "numpy"]
    assert loaded_by(run_python, *installed) >= set(installed)


def test_importing_the_package_loads_nothing_heavy(run_python):
    assert loaded_by(run_python, "nbmlops") == set()


@pytest.mark.parametrize(
    "module",
    "api canonical cells.names comparison config errors measures records store store.base".split(),
)
def test_what_runs_in_a_kernel_loads_no_sql_and_no_data_library(run_python, module):
    allowed = {"blake3"} if module.startswith(("api", "store")) else set()
    if module == "api":  # which records what values are
        allowed.add("xxhash")
    assert loaded_by(run_python, f"nbmlops.{module}") <= allowed


@pytest.mark.parametrize("name", nbmlops.__all__)
def test_every_public_name_is_there(name):
    assert getattr(nbmlops, name) is not None
    assert name in dir(nbmlops)


def test_a_name_that_is_not_public_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'log_metrik'"):
        nbmlops.log_metrik  # noqa: B018


EXAMPLES = """
import doctest, importlib, json, sys, warnings
warnings.simplefilter("error")
failed, attempted = {}, 0
for name in sys.argv[1:]:
    report = []
    runner = doctest.DocTestRunner(verbose=False)
    for test in doctest.DocTestFinder().find(importlib.import_module(name), name):
        runner.run(test, out=report.append)
    attempted += runner.tries
    if runner.failures:
        failed[name] = "".join(report)
print(json.dumps([attempted, failed]))
"""


def test_every_example_in_a_docstring_gives_what_it_says(run_python):
    attempted, failed = json.loads(run_python(EXAMPLES, *MODULES))
    assert failed == {}
    assert attempted >= 15
