"""What `nbmlops.restore` answers: where the notebook was written and what is known of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from nbmlops.canonical import Json, jsonable
from nbmlops.drawing.page import Block, Drawn, Facts, Page, Span, Text, Tone
from nbmlops.drawing.words import count, first_of, shortened

_MOST_LISTED = 12
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Note:
    """What there is to know of a restored notebook before it is run, without any markup.

    Attributes
    ----------
    text : str
    kind : {"to_know", "to_change"}
        Whether the notebook does not run as it stands.
    """

    text: str
    kind: Literal["to_know", "to_change"]

    def to_json(self) -> Json:
        """Return it as plain JSON with stable keys."""
        return {"text": self.text, "kind": self.kind}


@dataclass(frozen=True)
class Restored(Drawn):
    """A notebook that was written for a result; draws itself, or becomes JSON.

    Attributes
    ----------
    path : str
    target : str
        The result in words.
    executions : tuple of int
        The numbers, in their session, of the executions that it holds.
    parameters : mapping
        What its tagged cell sets.
    missing : tuple of str
        Variables that it needs and that nothing recorded had written.
    files : tuple of str
        What it reads, by path, and does not write itself.
    cell_count, line_count : int
        How much code it has; empty lines do not count.
    whole_line_count : int
        How much it would have with whole cells.
    is_smallest : bool
        Whether statements that the result does not need were left out.
    is_verified : bool or None
        Whether executing it gave what was recorded; None where that was not tried.
    verification : str
        In words, what executing it showed.
    notes : tuple of Note
        What else there is to know before it is run.
    """

    path: str
    target: str
    executions: tuple[int, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    cell_count: int = 0
    line_count: int = 0
    whole_line_count: int = 0
    is_smallest: bool = False
    is_verified: bool | None = None
    verification: str = ""
    notes: tuple[Note, ...] = ()

    def __repr__(self) -> str:
        return f"<Restored {self.path}: {self.target}, {count(len(self.executions), 'execution')}>"

    def to_json(self) -> Json:
        """Return it as plain JSON with stable keys."""
        return {
            "path": self.path,
            "target": self.target,
            "executions": list(self.executions),
            "parameters": {name: jsonable(value) for name, value in self.parameters.items()},
            "missing": list(self.missing),
            "files": list(self.files),
            "cells": self.cell_count,
            "lines": self.line_count,
            "whole_lines": self.whole_line_count,
            "is_smallest": self.is_smallest,
            "is_verified": self.is_verified,
            "verification": self.verification,
            "notes": [note.to_json() for note in self.notes],
        }

    def page(self) -> Page:
        """Return what is to be drawn."""
        made = f"{count(self.cell_count, 'cell')}, {count(self.line_count, 'line')}"
        title = (
            Span(self.path, "strong"),
            Span(f": {made} from {count(len(self.executions), 'execution')} make "),
            Span(shortened(self.target, 2 * _LONGEST_NAME)),
        )
        return Page(title, [*self._warnings(), *self._facts()])

    def _warnings(self) -> Iterator[Block]:
        if self.missing:
            quoted = [f"`{shortened(name, _LONGEST_NAME)}`" for name in self.missing]
            names = first_of(quoted, _MOST_LISTED)
            yield Text((Span(f"what made {names} was not recorded: it is missing", "warn"),))
        for note in self.notes:
            yield Text((Span(note.text, "warn"),))

    def _facts(self) -> Iterator[Block]:
        rows = []
        if self.parameters:
            texts = [
                f"{shortened(name, _LONGEST_NAME)} {shortened(repr(value), _LONGEST_NAME)}"
                for name, value in self.parameters.items()
            ]
            rows.append(("parameters", Span(first_of(texts, _MOST_LISTED, " · "))))
        if self.files:
            rows.append(("reads", Span(first_of(list(self.files), _MOST_LISTED))))
        if self.verification:
            tone: Tone = "good" if self.is_verified else "warn"
            rows.append(("executed", Span(self.verification, tone)))
        if rows:
            yield Facts(rows)
