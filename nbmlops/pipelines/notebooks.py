"""Notebook files: read with clear errors, given cell ids that last, parameters injected."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat.reader import NotJSONError, reads

from nbmlops.canonical import jsonable
from nbmlops.cells.headers import header_of
from nbmlops.cells.parameters import Declared, declared_in
from nbmlops.errors import NotebookInvalid, NotebookMissing, ParameterMismatch

DECLARING, INJECTED = "parameters", "injected-parameters"  # papermill's tags

_STRUCTURE_IS_WRONG = (
    nbformat.NBFormatError,
    nbformat.ValidationError,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
)


def read_notebook(path: str) -> Any:
    """Return the notebook in a file, as nbformat 4.5.

    Cells of older notebooks, which have no ids, get one from their position and source, so that
    the same cell has the same id in every execution.

    Raises
    ------
    NotebookMissing
        There is no such file.
    NotebookInvalid
        It is not JSON, or not a notebook.
    """
    if "://" in path:
        from papermill.iorw import load_notebook_node

        return with_places(load_notebook_node(path))
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotebookMissing(path) from None
    except IsADirectoryError:
        raise NotebookInvalid(path, "it is a folder.") from None
    except UnicodeDecodeError:
        raise NotebookInvalid(path, "it is not text.") from None
    return parsed_notebook(text, path)


def parsed_notebook(text: str, path: str) -> Any:
    """Return the notebook that a text holds; see `read_notebook`."""
    try:
        raw = reads(text)
    except NotJSONError:
        raise NotebookInvalid(path, "it is not JSON.") from None
    except _STRUCTURE_IS_WRONG as problem:
        raise NotebookInvalid(path, f"its structure is wrong: {_first_line(problem)}.") from None
    if "nbformat" not in raw or not isinstance(raw.get("cells", raw.get("worksheets")), list):
        raise NotebookInvalid(path, "it is JSON, but has no cells.")
    is_old = (raw["nbformat"], raw.get("nbformat_minor", 0)) < (4, 5)
    try:
        notebook = nbformat.convert(raw, 4)
        _give_lasting_ids(notebook, is_old=is_old)
        nbformat.validate(notebook)
    except _STRUCTURE_IS_WRONG as problem:
        raise NotebookInvalid(path, f"its structure is wrong: {_first_line(problem)}.") from None
    return with_places(notebook)


def with_places(notebook: Any) -> Any:
    """Return the notebook with the places in its metadata that papermill writes into."""
    for part in (notebook, *notebook.cells):
        if not isinstance(part.metadata.get("papermill"), dict):
            part.metadata["papermill"] = nbformat.from_dict({})
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
    return notebook


def language_of(notebook: Any) -> str:
    """Return the notebook's language; Python where it names none."""
    metadata = notebook.metadata
    named = metadata.get("kernelspec", {}).get("language")
    return str(named or metadata.get("language_info", {}).get("name") or "python").lower()


def kernel_name_of(notebook: Any) -> str:
    """Return the name of the notebook's kernel; ``python3`` where it names none."""
    return str(notebook.metadata.get("kernelspec", {}).get("name") or "python3")


def parameter_cells(notebook: Any) -> list[int]:
    """Return where the cells stand that hold parameters, of which the first counts.

    They are tagged ``parameters``, or headed ``%%nbmlops params``, or both.
    """
    return [
        index
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and DECLARING in (*_tags(cell), *_tags_of_header(cell))
    ]


def parameters_of(notebook: Any) -> list[Declared]:
    """Return what the first cell of parameters declares."""
    places = parameter_cells(notebook)
    return declared_in(notebook.cells[places[0]].source) if places else []


def with_parameters(notebook: Any, values: dict[str, object]) -> Any:
    """Return the notebook with a cell that sets parameters, behind the one with their defaults.

    An earlier injected cell is replaced. Values are written as Python literals, so that they
    arrive with their types.

    Raises
    ------
    ParameterMismatch
        A value has no literal.
    """
    lines = [
        "# Parameters",
        *(f"{name} = {literal(name, value)}" for name, value in values.items()),
    ]
    cell = nbformat.v4.new_code_cell(source="\n".join(lines), id=INJECTED)
    cell.metadata["tags"] = [INJECTED]
    old = _injected(notebook)
    if old is not None:
        notebook.cells[old] = cell
        put_behind_defaults(notebook)
    else:
        places = parameter_cells(notebook)
        notebook.cells.insert(places[0] + 1 if places else 0, cell)
    notebook.metadata.papermill["parameters"] = {
        name: jsonable(value) for name, value in values.items()
    }
    return notebook


def put_behind_defaults(notebook: Any) -> None:
    """Put an injected cell that stands above the defaults, which would undo it, behind them.

    Papermill puts it first where no cell is tagged: headers are ours.
    """
    injected, places = _injected(notebook), parameter_cells(notebook)
    if injected is not None and places and injected < places[0]:
        notebook.cells.insert(places[0], notebook.cells.pop(injected))


def literal(name: str, value: object) -> str:
    """Return the Python source of a value; floats that have none are written as calls.

    Examples
    --------
    >>> literal("x", (1, 2.5)), literal("x", float("nan"))
    ('(1, 2.5)', "float('nan')")
    """
    kind = type(value)
    if kind is float and (value != value or value in (float("inf"), float("-inf"))):
        return f"float({str(value)!r})"
    if kind is complex:  # the repr of one with NaN, infinity or −0 is another number or none
        return f"complex({str(value)!r})"
    if value is None or kind in (bool, int, float, str, bytes):
        return repr(value)
    if kind in (list, tuple, set, frozenset):
        items = [literal(name, item) for item in value]  # type: ignore[attr-defined]
        inside = ", ".join(items)
        if kind is list:
            return f"[{inside}]"
        if kind is tuple:
            return f"({inside},)" if len(items) == 1 else f"({inside})"
        return f"{{{inside}}}" if items and kind is set else f"{kind.__name__}([{inside}])"
    if kind is dict:
        pairs = value.items()  # type: ignore[attr-defined]
        inside = ", ".join(f"{literal(name, key)}: {literal(name, item)}" for key, item in pairs)
        return f"{{{inside}}}"
    raise ParameterMismatch(name, value, "a value that can be written as Python", "a literal")


def _injected(notebook: Any) -> int | None:
    """Return where the first injected cell stands."""
    cells = enumerate(notebook.cells)
    return next((index for index, cell in cells if INJECTED in _tags(cell)), None)


def _tags(cell: Any) -> Sequence[str]:
    return cell.metadata.get("tags", ())  # type: ignore[no-any-return]


def _tags_of_header(cell: Any) -> Sequence[str]:
    header = header_of(cell.source)
    return header.tags if header else ()


def _give_lasting_ids(notebook: Any, *, is_old: bool) -> None:
    """Give ids to all cells of an old notebook, to those without one or with a taken one else."""
    notebook["nbformat_minor"] = max(notebook["nbformat_minor"], 5)
    taken: set[str] = set()
    for index, cell in enumerate(notebook["cells"]):
        if is_old or cell.get("id", "") in ("", *taken):
            source = cell.get("source", "").encode("utf-8", "replace")
            cell["id"] = f"{index}-{hashlib.blake2b(source, digest_size=4).hexdigest()}"
        taken.add(cell["id"])


def _first_line(problem: Exception) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0].rstrip(".")
