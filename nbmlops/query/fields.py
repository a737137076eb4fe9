"""What of a run can be named in a filter or an order, under which names, and of what kind it is."""

from dataclasses import dataclass
from typing import Literal

type Scope = Literal[
    "run", "metric", "param", "tag", "tags", "cell", "data", "dataset", "model", "package",
    "environment",
]  # fmt: skip
type Kind = Literal[
    "text", "choice", "status", "number", "moment", "milliseconds", "duration", "flag", "hash",
    "class", "version", "param", "id", "path",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """Something of a run that can be compared.

    ``name`` is a column of the run, or the name of a metric, parameter, tag, data set or package.
    ``part`` says what of it: ``minimum`` of a metric, ``row_count`` of data. A run may have
    several values for a field of a ``has_many`` scope.
    """

    scope: Scope
    name: str
    kind: Kind
    part: str = ""

    @property
    def has_many(self) -> bool:
        """Whether a run may have several values for it."""
        return self.scope in ("tags", "cell", "data", "dataset", "model")


# Names of MLflow's come with its meaning: its times are in milliseconds.
_RUN: dict[str, tuple[str, Kind]] = {
    "id": ("id", "id"), "run_id": ("id", "text"),
    "name": ("name", "text"), "run_name": ("name", "text"), "run name": ("name", "text"),
    "Run name": ("name", "text"), "Run Name": ("name", "text"),
    "status": ("status", "status"),
    "experiment": ("experiment", "text"), "notebook": ("notebook", "path"),
    "user": ("user", "text"), "user_id": ("user", "text"),
    "verdict": ("verdict", "choice"), "hypothesis": ("hypothesis", "text"),
    "note": ("note", "text"), "reason": ("reason", "text"),
    "started": ("opened", "moment"), "opened": ("opened", "moment"),
    "start_time": ("opened", "milliseconds"), "created": ("opened", "milliseconds"),
    "Created": ("opened", "milliseconds"),
    "pinned": ("pinned", "moment"), "trashed": ("trashed", "moment"),
    "ended": ("closed", "moment"), "closed": ("closed", "moment"),
    "end_time": ("closed", "milliseconds"),
    "duration": ("duration", "duration"), "automatic": ("automatic", "flag"),
    "parent": ("parent_id", "id"), "session": ("session_id", "id"),
    "artifact_uri": ("artifact_uri", "text"),
}  # fmt: skip
RUN_FIELDS = {name: Field("run", column, kind) for name, (column, kind) in _RUN.items()}

FIXED: dict[str, Field] = {
    "tags": Field("tags", "", "text", "name"),
    "cell.source": Field("cell", "", "text", "source"),
    "cell.tag": Field("cell", "", "text", "tag"),
    "cell.id": Field("cell", "", "text", "cell_id"),
    "dataset.name": Field("dataset", "", "text", "name"),
    "dataset.digest": Field("dataset", "", "hash", "digest"),
    "dataset.context": Field("dataset", "", "text", "context"),
    "model.class": Field("model", "", "class", "class_name"),
    "model.name": Field("model", "", "text", "name"),
    "git.commit": Field("environment", "git.commit", "hash"),
    "git.branch": Field("environment", "git.branch", "text"),
    "git.dirty": Field("environment", "git.is_dirty", "flag"),
    "python": Field("environment", "python.version", "version"),
}

# What may stand before the first dot, and what it is called here.
SCOPES: dict[str, str] = {
    "metrics": "metrics", "metric": "metrics",
    "params": "params", "param": "params", "parameters": "params", "parameter": "params",
    "tags": "tags", "tag": "tags",
    "attributes": "run", "attribute": "run", "attr": "run", "run": "run",
    "dataset": "dataset", "datasets": "dataset",
    "cell": "cell", "cells": "cell", "data": "data", "model": "model", "models": "model",
    "package": "package", "packages": "package", "git": "git",
}  # fmt: skip

METRIC_PARTS = {"last": "last", "min": "minimum", "max": "maximum", "count": "count"}
BEST = "best"
DATA_PARTS: dict[str, tuple[str, Kind]] = {
    "digest": ("digest", "hash"), "rows": ("row_count", "number"),
    "columns": ("column_count", "number"), "kind": ("kind", "text"),
    "size": ("size_bytes", "number"),
}  # fmt: skip

# Offered when a name is wrong, and completed: one spelling of each.
OFFERED = (
    *"status experiment name notebook user started ended duration verdict hypothesis note".split(),
    *"id tags automatic parent session python pinned".split(),
    *(name for name in FIXED if "." in name and not name.startswith("dataset")),
)
SCOPES_OFFERED = tuple("metrics. params. tags. data. package.".split())
