"""The notebook file of a headless execution, as it is written: without secrets.

It is made by a machine and passed around: what the kernel showed, and the parameters that were
given, are redacted like the record. So is the code, unless the file takes the place of the notebook
that was executed: that is somebody's work. The notebook in memory stays as it is.
"""

from collections.abc import Mapping
from typing import Any

from nbmlops.pipelines.notebooks import INJECTED
from nbmlops.redaction.names import said_by
from nbmlops.redaction.placeholders import placeholder
from nbmlops.tracking.redacting import Redacting

_MOST_REMEMBERED = 2_000


class OutputNotebook:
    """Takes the secrets out of an executed notebook, each time it is written.

    Parameters
    ----------
    allowed : iterable of str
        What is kept all the same; see `nbmlops.config.Settings.allow_secrets`.
    parameters : mapping
        Those that were given.
    keeps_code : bool
        Whether the code of the notebook itself stays as it is.
    """

    def __init__(
        self, allowed: tuple[str, ...], parameters: Mapping[str, object], *, keeps_code: bool
    ) -> None:
        self._redacting = Redacting.outside_of_sessions(allowed)
        self._keeps_code = keeps_code
        self._unchanged: set[str] = set()  # long texts that were looked through
        self._redacting.values.look_at(parameters, parameters)

    def without_secrets(self, notebook: Any) -> Any:
        """Return the notebook to write, the same where it has no secrets."""
        self._redacting.values.look()
        cells = [self._cell(cell) for cell in notebook.cells]
        metadata = self._tree(notebook.metadata)
        changed = any(one is not other for one, other in zip(cells, notebook.cells, strict=True))
        if not changed and metadata is notebook.metadata:
            return notebook
        return type(notebook)({**notebook, "cells": cells, "metadata": metadata})

    def _cell(self, cell: Any) -> Any:
        changes = {}
        is_given = INJECTED in cell.metadata.get("tags", ())
        if cell.cell_type == "code" and (is_given or not self._keeps_code):
            source = self.text(cell.source, is_code=True)
            if source is not cell.source:
                changes["source"] = source
        if cell.get("outputs"):
            outputs = self._tree(cell.outputs)
            if outputs is not cell.outputs:
                changes["outputs"] = outputs
        return type(cell)({**cell, **changes}) if changes else cell

    def _tree(self, tree: Any, name: str = "") -> Any:
        """Return JSON without secrets, the same object where it has none; images stay."""
        if isinstance(tree, str):
            said = said_by(name) if name else None
            if said is not None and said.is_sure and self._redacting.value(name, tree) != tree:
                return placeholder(said.kind)
            return self.text(tree)
        if isinstance(tree, list):
            items = [self._tree(item, name) for item in tree]
            return items if _differ(items, tree) else tree
        if isinstance(tree, dict):
            parts = [
                part if key.startswith("image/") else self._tree(part, key)
                for key, part in tree.items()
            ]
            same = not _differ(parts, list(tree.values()))
            return tree if same else type(tree)(zip(tree, parts, strict=True))
        return tree

    def text(self, text: str, *, is_code: bool = False) -> str:
        """Return a text without secrets, the same where it has none."""
        if text in self._unchanged:
            return text
        found = self._redacting.text(text, is_code=is_code)
        if found is text and len(self._unchanged) < _MOST_REMEMBERED:
            self._unchanged.add(text)
        return found


def _differ(items: list[Any], others: list[Any]) -> bool:
    return any(one is not other for one, other in zip(items, others, strict=True))
