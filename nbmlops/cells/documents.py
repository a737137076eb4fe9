"""Notebooks as plain documents, as nbformat 4.5 has them, of cells that were not executed."""

from collections.abc import Sequence

from nbmlops.canonical import Json

METADATA: dict[str, Json] = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
}


def notebook_of(cells: Sequence[Json]) -> dict[str, Json]:
    """Return the notebook of some cells."""
    return {"cells": [*cells], "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}


def code_cell(
    cell_id: str, source: str, tags: Sequence[str] = (), prompt: int | None = None
) -> dict[str, Json]:
    """Return a cell of code; where nbmlops executes it, it can have a ``prompt`` of its own."""
    metadata: dict[str, Json] = {"tags": list(tags)} if tags else {}
    if prompt is not None:
        metadata["nbmlops"] = {"prompt": prompt}
    return {
        "cell_type": "code",
        "id": cell_id,
        "metadata": metadata,
        "source": source,
        "execution_count": None,
        "outputs": [],
    }
