import time

import pytest

from tests.capture.watching import Watched

PREPARED = """
import warnings
warnings.simplefilter("ignore")
import json, pathlib, numpy as np, pandas as pd, polars as pl, pyarrow as pa, fsspec
import pyarrow.csv, pyarrow.dataset, pyarrow.feather, pyarrow.ipc, pyarrow.json, pyarrow.orc
import pyarrow.parquet as pq, lightgbm, xgboost, os
from pathlib import Path
frame, table = pl.DataFrame({"a": [1, 2], "b": [3, 4]}), pa.table({"a": [1, 2], "b": [3, 4]})
data = frame.to_pandas()
rows = np.random.default_rng(0).random((60, 3)); labels = (rows[:, 0] > 0.5).astype(int)
booster = xgboost.train({"verbosity": 0}, xgboost.DMatrix(rows, labels), 1)
light = lightgbm.train({"verbosity": -1}, lightgbm.Dataset(rows, labels), 1)
def arrow_file(path):
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)
def arrow_stream(path):
    with pa.ipc.new_stream(path, table.schema) as writer:
        writer.write_table(table)
"""


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    with Watched(tmp_path_factory.mktemp("start")) as started:
        assert started.cell(PREPARED) == []
        yield started


@pytest.fixture
def watched(process, tmp_path):
    process.unwatched(f"os.chdir({str(tmp_path)!r})")
    process.folder = tmp_path
    return process


# What writes a file or folder `x`, and what reads it.
PAIRS = {
    "pandas csv": ("data.to_csv('x')", ["pd.read_csv('x')", "pd.read_csv('x', engine='pyarrow')"]),
    "pandas parquet": ("data.to_parquet('x')", ["pd.read_parquet('x')"]),
    "pandas parquet, in parts": (
        "data.to_parquet('x', partition_cols=['b'])",
        ["pd.read_parquet('x')", "pq.read_table('x')", "pl.read_parquet('x')"],
    ),
    "pandas feather": ("data.to_feather('x')", ["pd.read_feather('x')"]),
    "pandas orc": ("data.to_orc('x')", ["pd.read_orc('x')"]),
    "pandas json": (
        "data.to_json('x', orient='records', lines=True)",
        ["pd.read_json('x', lines=True)", "pd.read_json('x', lines=True, engine='pyarrow')"],
    ),
    "pandas pickle": ("data.to_pickle('x')", ["pd.read_pickle('x')"]),
    "numpy": ("np.save(open('x', 'wb'), rows)", ["np.load('x')", "np.load('x', mmap_mode='r')"]),
    "polars csv": (
        "frame.write_csv('x')",
        ["pl.read_csv('x')", "pl.scan_csv('x').collect()", "pl.read_csv(source=Path('x'))"],
    ),
    "polars lazy csv": ("frame.lazy().sink_csv('x')", ["pl.scan_csv(['x']).collect()"]),
    "polars parquet": (
        "frame.write_parquet('x')",
        [
            "pl.read_parquet('x')",
            "pl.scan_parquet('x').collect()",
            "pl.read_parquet('x', use_pyarrow=True)",
            "pl.read_parquet_schema('x')",
            "pl.read_parquet_metadata('x')",
        ],
    ),
    "polars lazy parquet": ("frame.lazy().sink_parquet(path='x')", ["pl.read_parquet('x')"]),
    "polars ipc": (
        "frame.write_ipc('x')",
        ["pl.read_ipc('x')", "pl.scan_ipc('x').collect()", "pl.read_ipc_schema('x')"],
    ),
    "polars lazy ipc": ("frame.lazy().sink_ipc('x')", ["pl.read_ipc('x')"]),
    "polars ipc stream": ("frame.write_ipc_stream('x')", ["pl.read_ipc_stream('x')"]),
    "polars ndjson": (
        "frame.write_ndjson('x')",
        ["pl.read_ndjson('x')", "pl.scan_ndjson('x').collect()", "pl.read_lines('x')"],
    ),
    "polars lazy ndjson": ("frame.lazy().sink_ndjson('x')", ["pl.read_ndjson('x')"]),
    "polars json": ("frame.write_json('x')", ["pl.read_json('x')"]),
    "polars avro": ("frame.write_avro('x')", ["pl.read_avro('x')"]),
    "polars serialized": ("frame.serialize('x')", ["pl.DataFrame.deserialize('x')"]),
    "polars plan": ("frame.lazy().serialize('x')", ["pl.LazyFrame.deserialize('x')"]),
    "pyarrow parquet": (
        "pq.write_table(table, 'x')",
        [
            "pq.read_table('x')",
            "pq.read_pandas('x')",
            "pq.ParquetFile('x')",
            "pq.ParquetDataset('x')",
            "pq.read_metadata('x')",
            "pq.read_schema('x')",
            "pa.dataset.dataset('x')",
            "pq.read_table('x', filesystem=__import__('pyarrow.fs').fs.LocalFileSystem())",
        ],
    ),
    "pyarrow parquet by the writer": (
        "with pq.ParquetWriter('x', table.schema) as writer: writer.write_table(table)",
        ["pq.read_table('x')"],
    ),
    "pyarrow data set": ("pq.write_to_dataset(table, 'x')", ["pa.dataset.dataset('x').to_table()"]),
    "pyarrow data set of its own": (
        "pa.dataset.write_dataset(table, 'x', format='parquet')",
        ["pl.read_parquet('x')"],
    ),
    "pyarrow csv": (
        "pa.csv.write_csv(table, 'x')",
        ["pa.csv.read_csv('x')", "pa.csv.open_csv('x')", "pa.csv.read_csv(input_file='x')"],
    ),
    "pyarrow csv by the writer": (
        "with pa.csv.CSVWriter('x', table.schema) as writer: writer.write_table(table)",
        ["pa.csv.read_csv('x')"],
    ),
    "pyarrow json": (
        "Path('x').write_text('{\"a\": 1}\\n')",
        ["pa.json.read_json('x')", "pa.json.open_json('x')"],
    ),
    "pyarrow feather": (
        "pa.feather.write_feather(table, 'x')",
        ["pa.feather.read_table('x')", "pa.feather.read_feather('x')"],
    ),
    "pyarrow orc": (
        "pa.orc.write_table(table, 'x')",
        ["pa.orc.read_table('x')", "pa.orc.ORCFile('x')"],
    ),
    "pyarrow ipc": (
        "arrow_file('x')",
        ["pa.ipc.open_file('x').read_all()", "pa.ipc.RecordBatchFileReader('x')"],
    ),
    "pyarrow ipc stream": ("arrow_stream('x')", ["pa.ipc.open_stream('x').read_all()"]),
    "pyarrow files": (
        "pa.OSFile('x', 'w').close()",
        ["pa.OSFile('x').close()", "pa.OSFile('x', mode='rb').close()", "pa.input_stream('x')"],
    ),
    "pyarrow output stream": ("pa.output_stream('x').close()", ["pa.OSFile('x')"]),
    "pyarrow memory map": (
        "pa.create_memory_map('x', 100).close()",
        ["pa.memory_map('x')", "pa.memory_map('x', 'r')"],
    ),
    "xgboost model": (
        "booster.save_model('x')",
        ["xgboost.Booster().load_model('x')", "xgboost.Booster(model_file='x')"],
    ),
    "xgboost model of scikit-learn": (
        "xgboost.XGBClassifier(n_estimators=1).fit(rows, labels).save_model('x')",
        ["xgboost.XGBClassifier().load_model('x')"],
    ),
    "xgboost data": ("xgboost.DMatrix(rows).save_binary('x')", ["xgboost.DMatrix('x')"]),
    "lightgbm model": ("light.save_model('x')", ["lightgbm.Booster(model_file='x')"]),
    "lightgbm data": (
        "np.savetxt('x', np.c_[labels, rows], delimiter=',')",
        [
            "lightgbm.Dataset('x', params={'verbosity': -1}).construct()",
            "light.predict('x', predict_disable_shape_check=True)",
        ],
    ),
}


@pytest.mark.parametrize(("write", "reads"), PAIRS.values(), ids=PAIRS)
def test_files_that_libraries_write_and_read(watched, write, reads):
    assert watched.cell(write) == ["written x"]
    for read in reads:
        assert watched.cell(read) == ["read x"], read


def test_a_map_for_writing_reads_and_writes(watched):
    watched.unwatched("pa.create_memory_map('x', 100).close()")
    time.sleep(0.05)
    assert watched.cell("pa.memory_map('x', 'r+').close()") == ["read x"]
    source = "m = pa.memory_map('x', 'r+'); m.write(b'abc'); m.close()"
    assert watched.cell(source) == ["read x", "written x"]


def test_a_pattern_stands_for_the_files_that_it_matches(watched):
    watched.unwatched("for n in (1, 2): frame.write_csv(f'{n}.csv')\nPath('other').touch()")
    for source in ("pl.read_csv('*.csv')", "pl.scan_csv('?.csv').collect()"):
        assert sorted(watched.cell(source)) == ["listed .", "read 1.csv", "read 2.csv"]


def test_a_list_stands_for_its_files(watched):
    watched.unwatched("for n in (1, 2): frame.write_parquet(f'{n}')")
    expected = ["read 1", "read 2"]
    assert watched.cell("pl.scan_parquet(['1', Path('2')]).collect()") == expected
    assert watched.cell("pq.read_table(['1', '2'])") == expected
    assert watched.cell("pa.dataset.dataset(['1', '2']).to_table()") == expected


NOTHING = {
    "bytes": "pl.read_csv(b'a\\n1\\n')",
    "a file-like object": "import io; pl.read_csv(io.BytesIO(b'a\\n1\\n'))",
    "arrow bytes": "pa.csv.read_csv(pa.BufferReader(b'a\\n1\\n'))",
    "writing to text": "frame.write_csv()",
    "writing to a buffer": "import io; data.to_parquet(io.BytesIO())",
    "data": "xgboost.DMatrix(rows); lightgbm.Dataset(rows)",
    "no arguments": "try: pl.read_csv()\nexcept TypeError: pass",
}


@pytest.mark.parametrize("source", NOTHING.values(), ids=NOTHING)
def test_what_is_no_file(watched, source):
    assert watched.cell(source) == []


URLS = {
    "pandas csv": ("data.to_csv('memory://f/x')", "pd.read_csv('memory://f/x')"),
    "pandas parquet": ("data.to_parquet('memory://f/x')", "pd.read_parquet('memory://f/x')"),
    "fsspec": (
        "with fsspec.open('memory://f/x', 'w') as f: f.write('x')",
        "with fsspec.open('memory://f/x') as f: f.read()",
    ),
    "a file system of fsspec": (
        "fsspec.filesystem('memory').open('/f/x', 'wb').write(b'x')",
        "fsspec.filesystem('memory').open('f/x').read()",
    ),
}


@pytest.mark.parametrize(("write", "read"), URLS.values(), ids=URLS)
def test_urls(watched, write, read):
    assert watched.cell(write) == ["written memory:///f/x"]
    assert watched.cell(read) == ["read memory:///f/x"]


def test_a_password_in_a_url_is_left_out(watched):
    source = "pl.scan_parquet('s3://user:secret@bucket/x.parquet')"
    assert watched.cell(source) == ["read s3://bucket/x.parquet"]


def test_a_file_url_is_a_path(watched):
    watched.unwatched("data.to_parquet('x'); data.to_csv('y')")
    assert watched.cell("pl.read_parquet('file://' + os.path.abspath('x'))") == ["read x"]
    assert watched.cell("pd.read_parquet('file://' + os.path.abspath('x'))") == ["read x"]
    assert watched.cell("fsspec.open('file://' + os.path.abspath('y')).open().close()") == [
        "read y"
    ]


def test_the_file_of_an_archive_is_read(watched):
    watched.unwatched("import zipfile\nwith zipfile.ZipFile('z', 'w') as z: z.writestr('x', 'a')")
    source = "with fsspec.open('zip://x::file://' + os.path.abspath('z')) as f: f.read()"
    assert watched.cell(source) == ["read z"]


def test_a_write_that_fails_wrote_nothing(watched):
    source = "try: frame.write_parquet('nowhere/x')\nexcept Exception: pass"
    assert watched.cell(source) == []
    assert watched.cell("try: pl.read_csv('x')\nexcept FileNotFoundError: pass") == ["missed x"]


def test_a_plot_reads_no_fonts(watched):
    source = (
        "import matplotlib; matplotlib.use('agg'); import matplotlib.pyplot as plt\n"
        "plt.plot([1]); plt.savefig('x.png')"
    )
    assert watched.cell(source) == ["written x.png"]


def test_a_data_set_that_a_package_carries_is_data_and_its_code_is_not(watched):
    (touch,) = watched.cell("import sklearn.datasets; sklearn.datasets.load_iris()")
    assert touch.startswith("read ")
    assert touch.endswith("/sklearn/datasets/data/iris.csv")


def test_looking_at_the_code_of_modules_reads_none_of_its_files(watched):
    (watched.folder / "local_module.py").write_text("def fail():\n    1 / 0\n")
    watched.unwatched("import sys; sys.path.insert(0, ''); import local_module")
    source = (
        "import importlib.metadata, inspect, pkgutil, traceback\n"
        "inspect.getsource(local_module); list(importlib.metadata.entry_points())\n"
        "list(pkgutil.iter_modules(['.']))\n"
        "try: local_module.fail()\nexcept ZeroDivisionError: traceback.format_exc()"
    )
    assert watched.cell(source) == []
    assert watched.cell("exec(open('local_module.py').read())") == ["read local_module.py"]
    watched.unwatched("sys.path.pop(0)")
