"""The contract of a store: what every implementation promises, and the records of asking it.

Implementations: `nbmlops.store.sql`. One suite, ``tests/store/test_contract.py``, runs over all.
"""

from nbmlops.store.base.asking import (
    DataQuery,
    Order,
    OrderField,
    RunQuery,
    RunSearch,
    SessionQuery,
)
from nbmlops.store.base.blobs import RENEWED_SECONDS, Blobs
from nbmlops.store.base.found import (
    ExperimentTally,
    Finding,
    Recorder,
    RunsFound,
    RunTally,
    SampledSeries,
    Selected,
    SessionTally,
    by_whom,
)
from nbmlops.store.base.space import Forgotten, Policy, Removed, RunSize
from nbmlops.store.base.store import Store

__all__ = [
    "RENEWED_SECONDS",
    "Blobs",
    "DataQuery",
    "ExperimentTally",
    "Finding",
    "Forgotten",
    "Order",
    "OrderField",
    "Policy",
    "Recorder",
    "Removed",
    "RunQuery",
    "RunSearch",
    "RunSize",
    "RunTally",
    "RunsFound",
    "SampledSeries",
    "Selected",
    "SessionQuery",
    "SessionTally",
    "Store",
    "by_whom",
]
