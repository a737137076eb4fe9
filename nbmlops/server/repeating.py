"""Taking a run up again, over HTTP: its cells into a notebook, or executed with others' values."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbmlops.canonical import Json
from nbmlops.cells.parameters import Text, checked
from nbmlops.errors import InvalidArgument, OutputFolderMissing
from nbmlops.restoring.cells_back import NotebookCell, cells_back
from nbmlops.restoring.restore import drafted
from nbmlops.server.asked import Asked
from nbmlops.server.reruns import Again, Rerun
from nbmlops.server.roots import inside
from nbmlops.server.run_parts import run_id_of, summary_of
from nbmlops.tracking.why import why

_MOST_CELLS = 5_000
_MOST_PARAMETERS = 1_000
_LONGEST_VALUE = 10_000
_SUFFIX = ".ipynb"


def compared_with_notebook(asked: Asked) -> Json:
    """Return what would change in a notebook if the cells of a run were put back into it."""
    cells = _cells(asked.document().get("cells"))
    found = asked.store.executions(run_id_of(asked), with_outputs=False)
    return cells_back([execution for execution, _ in found], cells).to_json()


def _cells(given: Any) -> list[NotebookCell]:
    if not isinstance(given, list) or len(given) > _MOST_CELLS:
        raise InvalidArgument("cells", f"it is a list of at most {_MOST_CELLS:,} cells.")
    cells = []
    for cell in given:
        match cell:
            case {"id": str(cell_id), "source": str(source)}:
                cells.append(NotebookCell(cell_id, source))
            case _:
                raise InvalidArgument("cells", "each has an id and a source, which are texts.")
    return cells


def begun(asked: Asked) -> Json:
    """Begin to execute again what a run's results depend on."""
    document = asked.document()
    parameters = _parameters(document.get("parameters"))
    summary = summary_of(asked)
    answer, notebook = drafted(why(summary.run.id, store=asked.where), store=asked.where)
    _check_values(parameters, notebook)
    beside = _folder_of_notebook(asked, summary.run.notebook)
    path = _output(asked, document.get("output"), beside / answer.path)
    again = Again(
        summary.run.id,
        summary.run.experiment,
        notebook,
        parameters,
        path,
        path.relative_to(asked.root.resolve()).as_posix(),
        beside,
        asked.project.url,
    )
    return asked.reruns.begin(lambda: Rerun(again)).to_json()


def shown(asked: Asked) -> Json:
    """Return how far an execution has come."""
    return asked.reruns.find(Rerun, asked.names[0]).to_json()


def stopped(asked: Asked) -> Json:
    """Interrupt an execution."""
    found = asked.reruns.find(Rerun, asked.names[0])
    found.stop()
    return found.to_json()


def _parameters(given: Any) -> dict[str, str]:
    if not isinstance(given, dict) or len(given) > _MOST_PARAMETERS:
        raise InvalidArgument("parameters", f"an object with at most {_MOST_PARAMETERS:,} names.")
    for name, value in given.items():
        if not isinstance(value, str) or len(value) > _LONGEST_VALUE or "\0" in name + value:
            raise InvalidArgument("parameters", f"{name[:40]!r} is no text that can be read.")
    return given


def _check_values(given: Mapping[str, str], notebook: dict[str, Any]) -> None:
    """Raise `ParameterError` where a value cannot be given, before anything has begun."""
    from nbformat import from_dict

    from nbmlops.pipelines.notebooks import parameter_cells, parameters_of  # loads nbformat

    read = from_dict(notebook)
    values: dict[str, object] = {name: Text(value) for name, value in given.items()}
    checked(values, parameters_of(read), has_cell=bool(parameter_cells(read)))


def _folder_of_notebook(asked: Asked, notebook: str | None) -> Path:
    """Return the folder that a run's notebook is in; the project's where it is not in the root."""
    folder = Path(notebook).parent if notebook else None
    here = asked.root.resolve()
    if folder is not None and folder.is_dir() and folder.resolve().is_relative_to(here):
        return folder.resolve()
    project = asked.project.folder.resolve()
    return project if project.is_relative_to(here) else here


def _output(asked: Asked, given: Any, usual: Path) -> Path:
    """Return where the notebook is written, by default where nothing is yet."""
    if given is None:
        tried = (usual.with_stem(f"{usual.stem}-{number}") for number in range(1, 10_000))
        return next(path for path in tried if not path.exists())
    if not isinstance(given, str) or not given.endswith(_SUFFIX):
        raise InvalidArgument("output", f"it is a path that ends in {_SUFFIX}.")
    if any(part.startswith(".") for part in Path(given).parts if part != ".."):
        raise InvalidArgument("output", "it is no hidden file, and in no hidden folder.")
    path = inside(asked.root, given)
    if not path.parent.is_dir():
        raise OutputFolderMissing(str(Path(given).parent))
    return path
