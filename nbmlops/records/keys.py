"""All kinds of records that a store keeps: what identifies one, and which come first."""

from collections.abc import Iterable
from typing import Any

from nbmlops.records.data import FileUse, Profile, Use, Value
from nbmlops.records.executions import Execution
from nbmlops.records.metrics import Metric, Points
from nbmlops.records.notebooks import Outline
from nbmlops.records.remarks import Annotation, Mark
from nbmlops.records.results import Artifact, Model, Param, Tag
from nbmlops.records.runs import Run, Stretch
from nbmlops.records.sessions import Environment, Session

type Record = (
    Session
    | Execution
    | Run
    | Stretch
    | Param
    | Points
    | Metric
    | Model
    | Artifact
    | Tag
    | Outline
    | Annotation
    | Mark
    | Environment
    | Value
    | Profile
    | Use
    | FileUse
)

_KEYS: dict[type[Record], tuple[str, ...]] = {
    Session: ("id",),
    Execution: ("id",),
    Run: ("id",),
    Stretch: ("run_id", "first", "last", "gave_result"),
    Param: ("run_id", "name"),
    Points: ("run_id", "name", "part"),
    Metric: ("run_id", "name"),
    Model: ("run_id", "name"),
    Artifact: ("run_id", "name"),
    Tag: ("run_id", "name"),
    Outline: ("run_id",),
    Annotation: ("run_id", "field"),
    Mark: ("run_id", "field"),
    Environment: ("digest",),
    Value: ("digest",),
    Profile: ("digest",),
    Use: ("execution_id", "name", "role"),
    FileUse: ("execution_id", "path", "role"),
}


def in_order(records: Iterable[Record]) -> list[Record]:
    """Return records so that each comes behind those it refers to."""
    places = {kind: place for place, kind in enumerate((Environment, *_KEYS))}
    return sorted(records, key=lambda record: places[type(record)])


def key_of(record: Record) -> tuple[Any, ...]:
    """Return what identifies a record among those of its kind."""
    return tuple(getattr(record, name) for name in _KEYS[type(record)])
