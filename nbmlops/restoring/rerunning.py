"""A notebook executed in a kernel and a store of its own, and what its target came to there.

Nothing here touches the store that the user records into.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbmlops.cells.documents import code_cell
from nbmlops.cells.extraction import Extracted
from nbmlops.drawing.words import shortened
from nbmlops.replaying.apart import Manner, executed_apart
from nbmlops.store.base import Order, RunQuery, Store

_LONGEST = 200
_PROBE_ID = "nbmlops-probe"
# Keys of outputs that are the same result when they differ.
_PASSING = frozenset(("execution_count", "metadata", "traceback"))


@dataclass(frozen=True, slots=True)
class Probe:
    """What a variable held: ``number`` is written out, None where it is not one number."""

    digest: str
    strength: str
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked at: metrics and variables by name, or what the target's cells showed."""

    metrics: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    outputs: bool = False


@dataclass(frozen=True)
class Evidence:
    """What came out of executing a notebook.

    Attributes
    ----------
    metrics : mapping of str to tuple of str
        All values of each metric, written out in full.
    variables : mapping of str to Probe
    outputs : tuple
        Of the target's cells.
    problem : str
        Why it did not come to its end; else empty.
    """

    metrics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    variables: Mapping[str, Probe] = field(default_factory=dict)
    outputs: tuple[Any, ...] = ()
    problem: str = ""


def rerun(
    notebook: dict[str, Any],
    extracted: Extracted,
    question: Question,
    *,
    folder: Path,
    timeout_seconds: int | None = None,
) -> Evidence:
    """Execute a notebook in a folder and return what its target came to.

    Parameters
    ----------
    notebook : dict
        The document; it is left as it is.
    extracted : Extracted
        What it was made of.
    question : Question
    folder : Path
        The kernel's working folder. What the cells write they write there.
    timeout_seconds : int, optional
        Give up when one cell takes longer.
    """
    manner = Manner(folder, "restored", timeout_seconds)
    with executed_apart(_with_probe(notebook, question), manner) as executed:
        if executed.done.exit_code:
            return Evidence(problem=shortened(executed.problem, _LONGEST))
        cells = executed.notebook["cells"]
        targets = {cell.id for cell in extracted.cells if cell.step and cell.step.is_target}
        return Evidence(
            _metrics(executed.store, question.metrics),
            _probes(cells[-1]),
            tuple(_plain(cell["outputs"]) for cell in cells if cell["id"] in targets)
            if question.outputs
            else (),
        )


def first_difference(before: Evidence, after: Evidence, question: Question) -> str:
    """Return in words the first thing that came out differently; empty where all is the same.

    What cannot be compared, or is not there, is not the same.
    """
    if before.problem or after.problem:
        return before.problem or after.problem
    for name in question.metrics:
        one, other = before.metrics.get(name, ()), after.metrics.get(name, ())
        if one != other:
            return f"{name} was {_listed(other)} instead of {_listed(one)}"
        if not one and (said := _variable_difference(name, before, after)):
            return said
    for name in question.variables:
        if said := _variable_difference(name, before, after):
            return said
    if before.outputs != after.outputs:
        return "the output was another"
    return ""


def _variable_difference(name: str, before: Evidence, after: Evidence) -> str:
    one, other = before.variables.get(name), after.variables.get(name)
    if one is None or other is None:
        return f"{name} was not there"
    if "opaque" in (one.strength, other.strength):
        return f"{name} cannot be looked into, so that nobody can say whether it is the same"
    if one.digest != other.digest:
        if one.number is not None and other.number is not None:
            return f"{name} was {other.number} instead of {one.number}"
        return f"{name} was another value"
    return ""


def _listed(values: Sequence[str]) -> str:
    return shortened(", ".join(values), _LONGEST) if values else "not measured"


def _with_probe(notebook: dict[str, Any], question: Question) -> dict[str, Any]:
    names = [*question.metrics, *question.variables]
    call = "__import__('nbmlops.restoring.probing', fromlist=['probed']).probed"
    probe = code_cell(_PROBE_ID, f"print({call}({names!r}))")
    return {**notebook, "cells": [*notebook["cells"], probe]}


def _probes(cell: Any) -> dict[str, Probe]:
    texts = [
        output["text"]
        for output in cell["outputs"]
        if output["output_type"] == "stream" and output["name"] == "stdout"
    ]
    said = "".join("".join(text) for text in texts).strip().splitlines()
    found = json.loads(said[-1]) if said else {}
    return {name: Probe(**probe) for name, probe in found.items()}


def _metrics(store: Store, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return all values of metrics, whichever runs the cells opened."""
    runs = store.runs(RunQuery(order=Order("opened", descending=False)))
    return {
        name: tuple(
            repr(point.value)
            for summary in runs
            if any(metric.name == name for metric in summary.metrics)
            for point in store.points(summary.run.id, name)
        )
        for name in names
    }


def _plain(outputs: Sequence[Any]) -> list[dict[str, Any]]:
    """Return outputs without what is of their moment, pieces of one stream put together."""
    found: list[dict[str, Any]] = []
    for output in outputs:
        kept = {key: value for key, value in output.items() if key not in _PASSING}
        if "text" in kept:
            kept["text"] = "".join(kept["text"])
            if found and found[-1].get("name") == kept["name"]:
                found[-1]["text"] += kept["text"]
                continue
        found.append(kept)
    return found
