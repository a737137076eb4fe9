"""Executing notebooks: papermill's functions with strict parameters, each execution a run."""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

from nbmlops.cells.parameters import Declared, checked, computed_from
from nbmlops.errors import NotebookInvalid, OutputFolderMissing, PathNotFilled
from nbmlops.errors.base import listed
from nbmlops.pipelines import notebooks
from nbmlops.pipelines.plan import CELL_FAILED, INTERRUPTED, KERNEL_DIED, TIMEOUT, Plan
from nbmlops.records import RunId

log = logging.getLogger("nbmlops")

_NODE = "the notebook given"  # what messages call one that is no file


@dataclass(frozen=True)
class Headless:
    """What became of a headless execution.

    Attributes
    ----------
    run_id : str
    exit_code : int
        As DESIGN.md §7 says: 0 ok, 1 a cell failed, 124 timeout, 130 interrupted, 137 out of
        memory, 138 kernel died.
    url : str
        The store that has the run.
    output : str or None
        Where the executed notebook was written.
    problem : exception or None
        What papermill's function would have raised.
    said : str
        The same in words, without the secrets in it; empty where nothing went wrong.
    """

    run_id: RunId
    exit_code: int
    url: str
    output: str | None
    problem: BaseException | None = None
    said: str = ""


def execute_notebook(
    input_path: Any,
    output_path: str | PathLike[str] | None = None,
    parameters: Mapping[str, object] | None = None,
    **options: Any,
) -> Any:
    """Execute a notebook, tracked: papermill's ``execute_notebook`` with strict parameters.

    Takes papermill's arguments (``input_path`` is a path or a `NotebookNode`), and ``store``,
    ``experiment`` and ``name`` of the run; returns the executed notebook. Its
    ``metadata.nbmlops.run_id`` names the run.

    Raises
    ------
    NotebookMissing, NotebookInvalid
        The file cannot be run.
    OutputFolderMissing, PathNotFilled
        A path cannot be used.
    ParameterUnknown, ParameterMismatch
        A parameter is not the notebook's, or not of its type.
    papermill.exceptions.PapermillExecutionError
        A cell failed; the output notebook is written all the same.
    """
    prepared = _prepare(input_path, output_path, dict(parameters or {}), options)
    _execute(prepared)
    return prepared.notebook


def run_notebook(
    input_path: Any,
    output_path: str | None = None,
    parameters: Mapping[str, object] | None = None,
    **options: Any,
) -> Headless:
    """Execute a notebook and say how it went; a notebook that fails raises nothing.

    Takes and raises otherwise what `execute_notebook` does, and beside that what `Plan` has:
    ``metrics`` and ``thorough``.
    """
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    prepared = _prepare(input_path, output_path, dict(parameters or {}), options)
    done = Headless(prepared.plan.run_id, 0, prepared.plan.url, prepared.output)
    failed: BaseException
    try:
        _execute(prepared)
    except PapermillExecutionError as problem:
        failed, exit_code = problem, CELL_FAILED
    except CellTimeoutError as problem:
        failed, exit_code = problem, TIMEOUT
    except DeadKernelError as problem:
        failed, exit_code = problem, _exit_of_death(prepared)
    except KeyboardInterrupt as problem:
        failed, exit_code = problem, INTERRUPTED
    else:
        return done
    hidden = prepared.plan.output_notebook(prepared.source, prepared.output, prepared.notebook)
    return replace(done, exit_code=exit_code, problem=failed, said=hidden.text(str(failed)))


def inspect_notebook(path: str | PathLike[str]) -> list[Declared]:
    """Return the parameters that a notebook declares, in order, by reading its syntax tree.

    Raises
    ------
    NotebookMissing, NotebookInvalid
        The file cannot be read.
    """
    notebook = notebooks.read_notebook(str(path))
    _warn_of_more_cells(notebook)
    return notebooks.parameters_of(notebook)


@dataclass(frozen=True)
class _Prepared:
    notebook: Any
    plan: Plan
    source: str | None
    output: str | None
    kernel_name: str
    cwd: str | None
    options: dict[str, Any]


def _prepare(
    given: Any,
    output: str | PathLike[str] | None,
    parameters: dict[str, object],
    options: dict[str, Any],
) -> _Prepared:
    from papermill.parameterize import add_builtin_parameters

    names = add_builtin_parameters(parameters)
    is_node = isinstance(given, dict)  # a NotebookNode, which has no path
    source = None if is_node else _filled(str(given), names)
    target = _filled(str(output), names) if output is not None else None
    _check_folder(target)
    if source is None:
        notebook = notebooks.parsed_notebook(json.dumps(given), _NODE)
    else:
        notebook = notebooks.read_notebook(source)
    kernel_name = options.pop("kernel_name", None) or notebooks.kernel_name_of(notebook)
    _check_kernel(kernel_name, source or _NODE)
    language = options.pop("language", None) or notebooks.language_of(notebook)
    notebook.metadata.setdefault("kernelspec", {"name": kernel_name, "display_name": kernel_name})
    if language == "python":
        _warn_of_more_cells(notebook)
        declared = notebooks.parameters_of(notebook)
        has_cell = bool(notebooks.parameter_cells(notebook))
        values = checked(parameters, declared, has_cell=has_cell)
        _warn_of_computed(declared, values)
        if values:
            notebook = notebooks.with_parameters(notebook, values)
    elif parameters:
        from papermill.parameterize import parameterize_notebook

        notebook = parameterize_notebook(
            notebook, parameters, kernel_name=kernel_name, language=language
        )
    plan = Plan.make(
        source,
        store=options.pop("store", None),
        experiment=options.pop("experiment", None),
        name=options.pop("name", None),
        metrics=tuple(options.pop("metrics", ())),
        thorough=options.pop("thorough", False),
    )
    cwd = options.pop("cwd", None)
    return _Prepared(notebook, plan, source, target, kernel_name, cwd, options)


def _filled(path: str, names: Mapping[str, object]) -> str:
    """Return a path with the values of parameters in place of their names in braces."""
    try:
        return path.format(**names)
    except KeyError as problem:
        raise PathNotFilled(path, f"no parameter {problem} is given") from None
    except (ValueError, IndexError, AttributeError, TypeError) as problem:
        raise PathNotFilled(path, str(problem).rstrip(".")) from None


def _check_folder(output: str | None) -> None:
    folder = Path(output).parent if output is not None and "://" not in output else Path()
    if not folder.is_dir():
        raise OutputFolderMissing(str(folder))


def _warn_of_more_cells(notebook: Any) -> None:
    """Say that only the first cell of parameters counts, where there are several."""
    cells = [f"cell {place + 1}" for place in notebooks.parameter_cells(notebook)]
    if len(cells) > 1:
        log.warning(
            "%d cells hold parameters: those of the first, %s, can be given; "
            "what stands in %s holds as it is.",
            len(cells), cells[0], listed(cells[1:], " and "),
        )  # fmt: skip


def _warn_of_computed(declared: list[Declared], given: Mapping[str, object]) -> None:
    sources = {parameter.name: parameter.default for parameter in declared}
    for name, cause in computed_from(declared, given).items():
        log.warning(
            "%s keeps the value computed from the notebook's own %s (%s = %s): give it too, "
            "or compute it in a cell below the parameters.",
            name, cause, name, sources[name],
        )  # fmt: skip


def _execute(prepared: _Prepared) -> None:
    from papermill.engines import papermill_engines
    from papermill.execute import (
        prepare_notebook_metadata,
        raise_for_execution_errors,
        remove_error_markers,
    )
    from papermill.iorw import write_ipynb

    options = dict(prepared.options)
    report_mode = options.pop("report_mode", False)
    save = options.pop("request_save_on_cell_execute", True)
    notebook = remove_error_markers(
        prepare_notebook_metadata(prepared.notebook, prepared.source, prepared.output, report_mode)
    )
    written = prepared.plan.output_notebook(prepared.source, prepared.output, notebook)
    if options.pop("prepare_only", False):
        write_ipynb(written.without_secrets(notebook), prepared.output)
        return
    if prepared.cwd is not None:  # the kernel's folder; this process stays where it is
        options["resources"] = {"metadata": {"path": str(prepared.cwd)}}
    papermill_engines.execute_notebook_with_engine(
        options.pop("engine_name", None) or "nbmlops",
        notebook,
        input_path=prepared.source,
        output_path=prepared.output if save else None,
        kernel_name=prepared.kernel_name,
        nbmlops_plan=prepared.plan,
        **options,
    )
    try:
        with _expected_errors_hidden(notebook):
            raise_for_execution_errors(notebook, None)  # which would write it as it is
    finally:
        write_ipynb(written.without_secrets(notebook), prepared.output)


@contextmanager
def _expected_errors_hidden(notebook: Any) -> Iterator[None]:
    """Hide the errors of cells tagged ``raises-exception``: papermill takes them for failures."""
    hidden = {
        index: cell.outputs
        for index, cell in enumerate(notebook.cells)
        if "raises-exception" in cell.metadata.get("tags", ()) and cell.cell_type == "code"
    }
    cells = list(notebook.cells)
    for index in hidden:
        cells[index].outputs = []
    try:
        yield
    finally:
        for index, outputs in hidden.items():
            cells[index].outputs = outputs


def _check_kernel(name: str, source: str) -> None:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    specs = KernelSpecManager()
    try:
        specs.get_kernel_spec(name)
    except NoSuchKernel:
        there_is = ", ".join(sorted(specs.find_kernel_specs())) or "none"
        raise NotebookInvalid(
            source, f"its kernel {name!r} is not installed. Choose with --kernel: {there_is}."
        ) from None


def _exit_of_death(prepared: _Prepared) -> int:
    """Return the exit code that the engine found, which its exception cannot carry."""
    found = prepared.notebook.metadata.get("nbmlops", {}).get("exit_code", KERNEL_DIED)
    return int(found)
