"""What belongs to a run beside its metrics: parameters, models, files and tags."""

from dataclasses import dataclass
from typing import Any, Literal

from nbmlops.canonical import Encoded, decode, encode, number
from nbmlops.records.ids import Digest, ExecutionId, RunId

type ParamSource = Literal["cell", "logged", "estimator", "given"]


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a run, with its type kept (see `nbmlops.canonical.encode`)."""

    run_id: RunId
    name: str
    type: str
    json: str
    source: ParamSource = "logged"

    @classmethod
    def of(cls, run_id: RunId, name: str, value: object, source: ParamSource) -> "Param":
        """Make the record of a parameter from its value."""
        written: Encoded = encode(value)
        return cls(run_id, name, written.type, written.json, source)

    @property
    def value(self) -> Any:
        """The value, or an `Opaque` where it was not kept."""
        return decode(self.type, self.json)

    @property
    def number(self) -> float | None:
        """The value as a number to sort by, None where it is none."""
        return number(self.value)


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted model of a run: its class and all its hyperparameters, on request itself.

    ``params`` is canonical JSON of ``{name: [type, json]}``. ``blob`` is the model itself in
    ``format``, None where only its description was recorded.
    """

    run_id: RunId
    name: str
    class_name: str
    params: str
    execution_id: ExecutionId | None = None
    blob: Digest | None = None
    format: str | None = None
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file that a run keeps, as a blob."""

    run_id: RunId
    name: str
    blob: Digest
    size_bytes: int
    mime: str
    execution_id: ExecutionId | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A word or a ``key=value`` pair that a user put on a run."""

    run_id: RunId
    name: str
    value: str = ""
