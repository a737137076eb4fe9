"""Which functions open files by themselves, so that Python raises no audit event for it.

Found by trying with polars 2.1, pyarrow 26, pandas 3.1 (whose Parquet functions call pyarrow's),
xgboost 3.4, LightGBM 4.7, fsspec 2026.9, h5py 3 and safetensors; PyTorch's from its source. Not
among them: file names in the SQL that DuckDB is given, ``pyarrow.fs`` file systems used directly,
fsspec's ``get``, ``put``, ``cat`` and ``pipe``, OpenCV and others written in C throughout.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

type NativeRole = Literal["read", "written", "by mode"]


@dataclass(frozen=True, slots=True)
class NativeFunction:
    """A function, method or class that opens what one of its arguments names.

    ``name`` is the way to it from the module, ``position`` that of the argument where Python cannot
    tell (classes written in C). ``by mode`` is for those with an argument ``mode`` like `open`'s.
    """

    module: str
    name: str
    argument: str
    role: NativeRole
    position: int = 0


def _rows(
    module: str, names: str, argument: str, role: NativeRole, position: int = 0
) -> Iterator[NativeFunction]:
    for name in names.split():
        yield NativeFunction(module, name, argument, role, position)


NATIVE_FUNCTIONS: tuple[NativeFunction, ...] = (
    *_rows(
        "polars",
        "read_avro read_csv read_delta read_excel read_ipc read_ipc_schema read_ipc_stream "
        "read_json read_lines read_ndjson read_ods read_parquet read_parquet_metadata "
        "read_parquet_schema scan_csv scan_delta scan_ipc scan_lines scan_ndjson scan_parquet "
        "DataFrame.deserialize LazyFrame.deserialize",
        "source",
        "read",
    ),
    *_rows(
        "polars",
        "DataFrame.serialize DataFrame.write_avro DataFrame.write_csv DataFrame.write_ipc "
        "DataFrame.write_ipc_stream DataFrame.write_json DataFrame.write_ndjson "
        "DataFrame.write_parquet LazyFrame.serialize",
        "file",
        "written",
    ),
    *_rows(
        "polars",
        "LazyFrame.sink_csv LazyFrame.sink_ipc LazyFrame.sink_ndjson LazyFrame.sink_parquet",
        "path",
        "written",
    ),
    *_rows(
        "polars",
        "LazyFrame.collect LazyFrame.collect_async LazyFrame.collect_batches "
        "LazyFrame.sink_batches",
        "self",
        "read",
    ),
    *_rows("polars", "collect_all collect_all_async", "lazy_frames", "read"),
    *_rows("polars", "DataFrame.write_delta LazyFrame.sink_delta", "target", "written"),
    *_rows("pyarrow", "memory_map OSFile", "path", "by mode"),
    *_rows("pyarrow", "input_stream", "source", "read"),
    *_rows("pyarrow", "output_stream", "source", "written"),
    *_rows("pyarrow", "create_memory_map", "path", "written"),
    *_rows("pyarrow.csv", "read_csv open_csv", "input_file", "read"),
    *_rows("pyarrow.csv", "write_csv", "output_file", "written"),
    *_rows("pyarrow.csv", "CSVWriter", "sink", "written"),
    *_rows("pyarrow.json", "read_json open_json", "input_file", "read"),
    *_rows("pyarrow.feather", "read_table read_feather", "source", "read"),
    *_rows("pyarrow.feather", "write_feather", "dest", "written"),
    *_rows(
        "pyarrow.ipc",
        "RecordBatchFileReader.__init__ RecordBatchStreamReader.__init__",
        "source",
        "read",
    ),
    *_rows(
        "pyarrow.ipc",
        "RecordBatchFileWriter.__init__ RecordBatchStreamWriter.__init__",
        "sink",
        "written",
    ),
    *_rows("pyarrow.orc", "ORCFile.__init__ read_table", "source", "read"),
    *_rows("pyarrow.orc", "ORCWriter.__init__", "where", "written"),
    *_rows("pyarrow.dataset", "dataset", "source", "read"),
    *_rows("pyarrow.dataset", "parquet_dataset", "metadata_path", "read"),
    *_rows("pyarrow.dataset", "write_dataset", "base_dir", "written"),
    *_rows("pyarrow.parquet.core", "ParquetFile.__init__", "source", "read"),
    *_rows("pyarrow.parquet.core", "read_metadata read_schema", "where", "read"),
    *_rows("pyarrow.parquet.core", "ParquetDataset.__init__", "path_or_paths", "read"),
    *_rows("pyarrow.parquet.core", "ParquetWriter.__init__", "where", "written"),
    *_rows("fsspec.spec", "AbstractFileSystem.open", "path", "by mode"),
    *_rows("xgboost", "Booster.__init__", "model_file", "read"),
    *_rows("xgboost", "Booster.load_model", "fname", "read"),
    *_rows("xgboost", "Booster.save_model DMatrix.save_binary", "fname", "written"),
    *_rows("xgboost", "DMatrix.__init__", "data", "read"),
    *_rows("lightgbm", "Booster.__init__", "model_file", "read"),
    *_rows("lightgbm", "Booster.predict Dataset.__init__", "data", "read"),
    *_rows("lightgbm", "Booster.save_model Dataset.save_binary", "filename", "written"),
    *_rows("h5py", "File.__init__", "name", "by mode"),
    *_rows("safetensors.numpy", "save_file", "filename", "written"),
    *_rows("safetensors.numpy", "load_file", "filename", "read"),
    *_rows("safetensors.torch", "save_file", "filename", "written"),
    *_rows("safetensors.torch", "load_file", "filename", "read"),
    *_rows("torch.serialization", "save", "f", "written"),
)
