"""A figure that says how wrong it may be, or why there is none."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure; the exact one lies within ``value`` ± ``error``.

    Both are None where it is not defined, which is never the same as 0: ``reason`` says why.
    """

    value: float | None
    error: float | None = None
    reason: str | None = None
