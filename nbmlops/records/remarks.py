"""What somebody did to a run that is stored: wrote on it, pinned it, threw it away."""

from dataclasses import dataclass
from typing import Literal

from nbmlops.records.ids import RunId

type AnnotationField = Literal["name", "note", "hypothesis", "verdict"]

type MarkField = Literal["trashed", "pinned"]


@dataclass(frozen=True, slots=True)
class Annotation:
    """What somebody wrote on a run, whoever has it open: the run's field becomes ``value``.

    ``field`` is an `AnnotationField`, or ``tags.NAME``; None takes away what it holds. ``by`` is
    who wrote it, ``at`` when; 0 where that is not known. Saving one for a run that is not there, or
    that was written before what is there, changes nothing.
    """

    run_id: RunId
    field: str
    value: str | None
    at: float = 0.0
    by: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """That a run was put into the trash or pinned, or neither any more; as an `Annotation` is."""

    run_id: RunId
    field: MarkField
    is_on: bool
    at: float
    by: str = ""
