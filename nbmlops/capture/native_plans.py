"""Which files a lazy frame of polars reads when it is carried out, as its plan says."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# ``Csv SCAN [a.csv]``, ``Parquet SCAN [a.parquet, ... 6 other sources]``
_SCAN = re.compile(r"^ *\w+ SCAN \[(?P<paths>.*?)(?P<more>, \.\.\. \d+ other sources)?\]$", re.M)
_MOST_PATHS = 10_000


def files_of_plan(frame: Any) -> Iterator[str]:
    """Give the paths and URLs that a lazy frame scans; nothing for anything else.

    A plan names the first of many files only: then all of the same ending in its folder are given.
    Paths with ``, `` in them are not told apart from two.
    """
    polars = sys.modules.get("polars")
    if polars is None or not issubclass(type(frame), polars.LazyFrame):
        return
    for scan in _SCAN.finditer(polars.LazyFrame.explain(frame, optimized=False)):
        for path in scan["paths"].split(", "):
            yield from _beside(path) if scan["more"] else (path,)


def _beside(path: str) -> Iterator[str]:
    first = Path(path)
    if "://" in path or not first.parent.is_dir():
        yield path
        return
    names = sorted(one.name for one in first.parent.iterdir() if one.suffix == first.suffix)
    yield from (str(first.parent / name) for name in names[:_MOST_PATHS])
