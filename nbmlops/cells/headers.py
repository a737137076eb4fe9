"""The first line ``%%nbmlops …`` of a cell, which says how the cell is to be recorded.

The line is taken off before the cell runs, so that the cell runs as if it were not there:
``await``, the last expression's display and line numbers in tracebacks included.
"""

from dataclasses import dataclass

PREFIX = "%%nbmlops"
KINDS = ("params", "step", "scratch")


@dataclass(frozen=True, slots=True)
class Header:
    """What a cell's first line asks: ``kind`` is one of `KINDS`, ``argument`` what follows it."""

    kind: str
    argument: str

    @property
    def tags(self) -> tuple[str, ...]:
        """The cell tags that say the same."""
        if self.kind == "params":
            return ("parameters",)
        return (f"step:{self.argument}",) if self.kind == "step" else ()


def header_of(source: str) -> Header | None:
    r"""Return the header of a cell, None where it has none that is known.

    Examples
    --------
    >>> header_of("%%nbmlops step train\nx = 1")
    Header(kind='step', argument='train')
    """
    first, _, _ = source.lstrip().partition("\n")
    prefix, _, rest = first.strip().partition(" ")
    if prefix != PREFIX:
        return None
    kind, _, argument = rest.strip().partition(" ")
    return Header(kind, argument.strip()) if kind in KINDS else None


def without_header(lines: list[str]) -> list[str]:
    """Return a cell's lines with a known header turned into a comment; an input transformation."""
    if lines and header_of(lines[0]) is not None:
        return ["#" + lines[0], *lines[1:]]
    return lines


def plain_code(source: str) -> str:
    r"""Return a cell's source with its known header turned into a comment.

    Examples
    --------
    >>> plain_code("%%nbmlops params\nx = 1")
    '#%%nbmlops params\nx = 1'
    """
    return "".join(without_header(source.lstrip().splitlines(keepends=True)))
