"""How what notes native files is put in place and taken away, unnoticed."""

import pytest

WATCHED = """
import sys, warnings
warnings.simplefilter("error")
from nbmlops.capture.files import TouchedFiles
watcher = TouchedFiles()
def touched():
    return [f"{touch.role} {touch.path.rpartition('/')[2]}" for touch in watcher.ended()]
"""
FILE = 'import pathlib; pathlib.Path("x.csv").write_text("a\\n1\\n")\n'


WARNING_LIBRARY = """
import warnings
class File:
    def __init__(self, name, mode="r"):
        warnings.warn("think again", DeprecationWarning, stacklevel=2)
"""


@pytest.fixture
def run(run_python, project):
    """Run a script in an empty folder, with a watcher in it, and return what it prints."""

    def ran(script):
        return run_python(WATCHED + FILE + script)

    return ran


def test_a_library_is_watched_from_its_first_use_on(run):
    assert (
        run("""
watcher.started()
import polars
from polars import read_csv
read_csv("x.csv")
print(touched())
""")
        == "['read x.csv']"
    )


def test_names_imported_before_watching_are_watched(run):
    assert (
        run("""
from polars import read_csv
from pyarrow.parquet import ParquetWriter
import pyarrow
watcher.started()
read_csv("x.csv")
table = pyarrow.table({"a": [1]})
with ParquetWriter("y.parquet", table.schema) as writer:
    writer.write_table(table)
print(touched())
""")
        == "['read x.csv', 'written y.parquet']"
    )


def test_nothing_is_imported_that_the_user_did_not_import(run):
    assert (
        run("""
watcher.started(); touched()
print({"polars", "pyarrow", "pandas", "fsspec", "xgboost", "lightgbm"} & set(sys.modules))
""")
        == "set()"
    )


def test_a_library_imported_while_no_cell_runs_is_watched(run):
    assert (
        run("""
watcher.started(); touched()
import pyarrow.csv
watcher.started()
pyarrow.csv.read_csv("x.csv")
print(touched())
""")
        == "['read x.csv']"
    )


def test_a_library_whose_import_went_past_us_is_watched_from_the_next_cell_on(run):
    assert (
        run("""
watcher.started()
finders, sys.meta_path[:] = list(sys.meta_path), sys.meta_path[1:]
import pyarrow.csv
sys.meta_path[:] = finders
touched()
watcher.started()
pyarrow.csv.read_csv("x.csv")
print(touched())
""")
        == "['read x.csv']"
    )


def test_a_module_loaded_anew_is_watched(run):
    assert (
        run("""
watcher.started()
import importlib, pyarrow.feather, pyarrow.csv
importlib.reload(pyarrow.csv)
pyarrow.csv.read_csv("x.csv")
print(touched())
""")
        == "['read x.csv']"
    )


def test_two_watchers_do_not_hinder_each_other(run):
    script = """
other = TouchedFiles()
other.started(); other.ended()
watcher.started()
import polars, pyarrow.csv
polars.read_csv("x.csv"); pyarrow.csv.read_csv("x.csv")
print(touched())
other.close()
for _ in range(2):
    watcher.started()
    polars.read_csv("x.csv"); pyarrow.csv.read_csv("x.csv")
    print(touched())
watcher.close()
polars.read_csv("x.csv"); pyarrow.csv.read_csv("x.csv")
"""
    assert run(script).splitlines() == ["['read x.csv']"] * 3


def test_functions_written_in_python_are_not_touched(run):
    assert run("""
import polars
from pyarrow.parquet import ParquetFile
before = polars.read_csv, polars.DataFrame.write_csv, ParquetFile.__init__
codes = [function.__code__ for function in before]
watcher.started(); touched()
after = polars.read_csv, polars.DataFrame.write_csv, ParquetFile.__init__
print(all(map(lambda a, b: a is b, before, after)))
print(all(map(lambda f, code: f.__code__ is code, after, codes)))
""").split() == ["True", "True"]


STAND_INS = """
import copy, inspect, pickle
import pyarrow, pyarrow.csv, pyarrow.lib
read, file = pyarrow.csv.read_csv, pyarrow.OSFile
def looks(one):
    return [one.__doc__, one.__name__, one.__qualname__, one.__module__]
before, signature = looks(read), inspect.signature(read)
of_class = looks(file)
mapped = pyarrow.memory_map
watcher.started(); touched()
"""


def test_a_stand_in_has_the_looks_of_the_original(run):
    assert run(
        STAND_INS
        + """
now = pyarrow.csv.read_csv
assert now is not read
print(looks(now) == before, inspect.signature(now) == signature)
now = pyarrow.OSFile
assert now is not file
print(looks(now) == of_class)
"""
    ).split() == ["True", "True", "True"]


def test_a_stand_in_is_pickled_as_the_original(run):
    assert (
        run(
            STAND_INS
            + """
dumped = [pickle.dumps(one) for one in (pyarrow.csv.read_csv, pyarrow.OSFile, pyarrow.memory_map)]
assert [pickle.loads(one) for one in dumped][0] is pyarrow.csv.read_csv
assert copy.deepcopy(pyarrow.csv.read_csv) is pyarrow.csv.read_csv
watcher.close()
print([pickle.loads(one) for one in dumped] == [read, file, mapped])
"""
        )
        == "True"
    )


def test_a_stand_in_of_a_class_is_a_class(run):
    assert run(
        STAND_INS
        + """
made = pyarrow.OSFile("x.csv")
print(isinstance(made, pyarrow.OSFile), isinstance(made, file), type(made) is pyarrow.OSFile)
old = file("x.csv")
print(isinstance(old, pyarrow.OSFile), issubclass(file, pyarrow.OSFile))
print(issubclass(pyarrow.OSFile, pyarrow.NativeFile), issubclass(int, pyarrow.OSFile))
class Own(pyarrow.OSFile):
    def twice(self): return self.read() * 2
print(Own("x.csv").twice(), isinstance(old, Own), isinstance(Own("x.csv"), pyarrow.OSFile))
match old:
    case pyarrow.OSFile(): print("matched")
print(pyarrow.OSFile | None)
with pyarrow.OSFile("x.csv") as opened: print(opened.read())
"""
    ).splitlines() == [
        "True True True",
        "True True",
        "True False",
        "b'a\\n1\\na\\n1\\n' False True",
        "matched",
        "pyarrow.lib.OSFile | None",
        "b'a\\n1\\n'",
    ]


def test_closing_leaves_everything_as_it_was(run):
    assert run(
        STAND_INS
        + """
watcher.close()
print(pyarrow.csv.read_csv is read, pyarrow._csv.read_csv is read, pyarrow.OSFile is file)
print(pyarrow.lib.OSFile is file, pyarrow.memory_map is mapped)
print([sys.monitoring.get_tool(number) for number in range(6)])
import polars
watcher.started(); touched()
polars.read_csv("x.csv")
watcher.started(); polars.read_csv("x.csv"); print(touched())
watcher.close()
"""
    ).splitlines() == ["True True True", "True True", str([None] * 6), "['read x.csv']"]


def test_what_the_user_put_in_the_place_stays_there(run):
    assert (
        run(
            STAND_INS
            + """
def own(path): return path
pyarrow.csv.read_csv = own
watcher.close()
print(pyarrow.csv.read_csv is own, pyarrow._csv.read_csv is read)
"""
        )
        == "True True"
    )


def test_errors_and_results_pass_unchanged_and_without_our_frames(run):
    assert run("""
import traceback
watcher.started()
import polars, pyarrow.csv
for call in (lambda: polars.read_csv("nowhere"), lambda: polars.read_csv(7, no_such=1)):
    try: call()
    except Exception: print("nbmlops" in traceback.format_exc())
try: pyarrow.csv.read_csv("nowhere")
except FileNotFoundError as error: print(error.__context__, error.__cause__)
try: pyarrow.csv.read_csv()
except TypeError as error: print(error)
print(pyarrow.csv.read_csv("x.csv").num_rows)
touched()
""").splitlines() == [
        "False",
        "False",
        "None None",
        "read_csv() takes at least 1 positional argument (0 given)",
        "1",
    ]


def test_warnings_point_to_the_users_line(run, project):
    (project / "h5py.py").write_text(WARNING_LIBRARY)
    script = """
sys.path.insert(0, "")
watcher.started()
import h5py
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    h5py.File("x.csv")
print({warning.filename for warning in caught}, touched())
"""
    assert run(script) == "{'<string>'} ['read h5py.py', 'read x.csv']"


def test_without_a_free_tool_id_stand_ins_do_the_work(run):
    assert run("""
for number in range(6):
    sys.monitoring.use_tool_id(number, f"another {number}")
watcher.started()
import pickle, polars, inspect
polars.read_csv("x.csv").write_csv("y.csv")
polars.read_csv(source="x.csv").serialize("z.bin")
polars.DataFrame.deserialize("z.bin")
from pyarrow.parquet import write_table, ParquetFile
write_table(polars.read_csv("x.csv").to_arrow(), "w.parquet")
print(touched())
print(pickle.loads(pickle.dumps(polars.read_csv)) is polars.read_csv)
read = polars.read_csv
watcher.close()
print(polars.read_csv is not read, read.__wrapped__ is polars.read_csv)
read("x.csv")
""").splitlines() == [
        "['read x.csv', 'written y.csv', 'written z.bin', 'written w.parquet']",
        "True",
        "True True",
    ]


def test_other_tools_of_monitoring_go_on(run):
    assert run("""
import polars
seen = []
monitoring = sys.monitoring
monitoring.use_tool_id(1, "coverage")
def called(code, _): seen.append(code.co_name)
monitoring.register_callback(1, monitoring.events.PY_START, called)
monitoring.set_events(1, monitoring.events.PY_START)
watcher.started()
polars.read_csv("x.csv")
print(touched())
watcher.close()
seen.clear()
polars.read_csv("x.csv")
print("read_csv" in seen)
""").splitlines() == ["['read x.csv']", "True"]


def test_an_import_that_fails_fails_as_ever(run, project):
    (project / "lightgbm.py").write_text("import polars\nraise ImportError('broken')\n")
    assert run("""
sys.path.insert(0, "")
watcher.started()
try: import lightgbm
except ImportError as error: print(error, "lightgbm" in sys.modules)
import polars, importlib.util
print(type(polars.__loader__).__name__, "exec_module" in vars(polars.__loader__))
print(importlib.util.find_spec("nowhere_at_all"))
polars.read_csv("x.csv")
print(touched())
""").splitlines() == [
        "broken False",
        "SourceFileLoader False",
        "None",
        "['read lightgbm.py', 'read x.csv']",
    ]


def test_odd_modules_of_these_names_harm_nothing(run):
    assert (
        run("""
import types
class Odd(types.ModuleType):
    def __getattr__(self, name): raise RuntimeError(name)
sys.modules["polars"] = Odd("polars")
sys.modules["lightgbm"] = Odd("lightgbm")
del sys.modules["lightgbm"].__spec__, sys.modules["lightgbm"].__name__
sys.modules["h5py"] = None
sys.modules["torch.serialization"] = 7
sys.modules["xgboost"] = types.ModuleType("xgboost")
sys.modules["xgboost"].Booster = 3
watcher.started()
print(touched())
""")
        == "[]"
    )
