"""The head of a live file: room taken when there was some, to tell later what found none.

Where a disk is full nothing more can be appended, not even that something is missing. The head is
written over in place, which needs no room.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Self

from nbmlops.records import Execution, Points, Record, Run

HEAD_BYTES = 256
_BEGINNING = b'{"lost": '
_LONGEST_REASON = 60


@dataclass(frozen=True, slots=True)
class Loss:
    """How much of a session is in its process's memory alone, or was lost with it.

    Executions count when they end, runs when they open; ``others`` are records of any other kind.
    """

    measurements: int = 0
    executions: int = 0
    runs: int = 0
    others: int = 0
    reason: str = ""

    @classmethod
    def of(cls, record: Record) -> Self:
        """Return what it is to lose one record."""
        match record:
            case Points():
                return cls(measurements=record.count)
            case Execution() if record.outcome != "running":
                return cls(executions=1)
            case Run() if record.status == "running":
                return cls(runs=1)
        return cls(others=1)

    @property
    def total(self) -> int:
        """How many records and measurements it is."""
        return self.measurements + self.executions + self.runs + self.others

    def __bool__(self) -> bool:
        return self.total > 0

    def __add__(self, other: "Loss") -> "Loss":
        return self._combined(other, 1)

    def __sub__(self, other: "Loss") -> "Loss":
        return self._combined(other, -1)

    def _combined(self, other: "Loss", sign: int) -> "Loss":
        return Loss(
            self.measurements + sign * other.measurements,
            self.executions + sign * other.executions,
            self.runs + sign * other.runs,
            self.others + sign * other.others,
            self.reason or other.reason,
        )

    @property
    def words(self) -> str:
        """How much it is: ``8,000 measurements, 1 execution, 12 other records``."""
        counts = {"measurement": self.measurements, "execution": self.executions,
                  "run": self.runs, "other record": self.others}  # fmt: skip
        told = (f"{n:,} {what}{'s' * (n != 1)}" for what, n in counts.items() if n)
        return ", ".join(told)

    @property
    def told(self) -> str:
        """What is said of it where it was lost: how much, and why."""
        verb = "was" if self.total == 1 else "were"
        return f"{self.words} of its session {verb} lost ({self.reason or 'no room on disk'})"


def head(loss: Loss | None = None) -> bytes:
    """Return the head of a live file, a line that is always of the same length."""
    if not loss:
        return b" " * (HEAD_BYTES - 1) + b"\n"
    told = asdict(loss) | {"reason": loss.reason[:_LONGEST_REASON]}
    line = _line(told)
    if len(line) >= HEAD_BYTES:  # a reason in letters that take six bytes each
        line = _line(told | {"reason": ""})
    return line.ljust(HEAD_BYTES - 1) + b"\n"


def loss_in(content: bytes) -> Loss | None:
    """Return what the head of a live file says is lost, None where it says nothing."""
    if not content.startswith(_BEGINNING):
        return None
    try:
        told = json.loads(content[:HEAD_BYTES])["lost"]
        return Loss(**{field.name: told[field.name] for field in fields(Loss)})
    except (ValueError, KeyError, TypeError):  # damaged
        return None


def lines_in(content: bytes) -> Iterator[bytes]:
    """Give the lines of a live file that may be records; earlier versions wrote no head."""
    for line in content.split(b"\n"):
        written = line.strip(b"\0 ")  # zeros are what a power cut leaves of blocks never written
        if written and not written.startswith(_BEGINNING):
            yield written


def _line(told: dict[str, int | str]) -> bytes:
    return json.dumps({"lost": told}).encode()
