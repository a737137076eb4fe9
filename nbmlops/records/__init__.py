"""The records that pass between the rooms: what was captured, what is stored, what is shown.

All are frozen. Times are seconds since 1970-01-01 00:00 UTC, durations seconds, sizes bytes.
Every record that a store keeps has a key (`key_of`); saving a record again replaces what the key
had, so that saving twice is saving once. Records know nothing of SQL, IPython or drawing.
"""

from nbmlops.records.data import (
    DATA_KINDS,
    DataRole,
    DataSet,
    DataUse,
    FileUse,
    Profile,
    Use,
    UseRole,
    Value,
)
from nbmlops.records.executions import (
    Content,
    Execution,
    Failure,
    Items,
    Names,
    Outcome,
    Output,
    OutputKind,
)
from nbmlops.records.ids import Digest, ExecutionId, RunId, SessionId
from nbmlops.records.keys import Record, in_order, key_of
from nbmlops.records.metrics import Metric, MetricSource, Point, Points
from nbmlops.records.notebooks import NotebookCell, Outline
from nbmlops.records.remarks import Annotation, AnnotationField, Mark, MarkField
from nbmlops.records.results import Artifact, Model, Param, ParamSource, Tag
from nbmlops.records.runs import (
    Run,
    RunExecution,
    RunStatus,
    Stretch,
    Verdict,
    joined,
    stretches_of,
)
from nbmlops.records.sessions import Environment, Place, Session
from nbmlops.records.summaries import RunDetail, RunSummary

__all__ = [
    "DATA_KINDS",
    "Annotation",
    "AnnotationField",
    "Artifact",
    "Content",
    "DataRole",
    "DataSet",
    "DataUse",
    "Digest",
    "Environment",
    "Execution",
    "ExecutionId",
    "Failure",
    "FileUse",
    "Items",
    "Mark",
    "MarkField",
    "Metric",
    "MetricSource",
    "Model",
    "Names",
    "NotebookCell",
    "Outcome",
    "Outline",
    "Output",
    "OutputKind",
    "Param",
    "ParamSource",
    "Place",
    "Point",
    "Points",
    "Profile",
    "Record",
    "Run",
    "RunDetail",
    "RunExecution",
    "RunId",
    "RunStatus",
    "RunSummary",
    "Session",
    "SessionId",
    "Stretch",
    "Tag",
    "Use",
    "UseRole",
    "Value",
    "Verdict",
    "in_order",
    "joined",
    "key_of",
    "stretches_of",
]
