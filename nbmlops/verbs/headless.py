"""The verb that executes a notebook without a front end."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from nbmlops.errors import ParameterMismatch, RunNotFound, StoreError
from nbmlops.verbs.base import Answer, name_option, verb


def _parameter(
    _context: click.Context, _option: click.Parameter, pairs: Sequence[tuple[str, str]]
) -> dict[str, str]:
    return dict(pairs)


@verb("""\
  nbmlops run train.ipynb
  nbmlops run train.ipynb out.ipynb -p lr 0.1 -p model forest
  nbmlops run train.ipynb -f params.yaml --json
  nbmlops run train.ipynb --help-notebook""")
@click.argument("notebook", type=click.Path(path_type=str), metavar="NOTEBOOK")
@click.argument("output", required=False, type=click.Path(path_type=str), metavar="[OUTPUT]")
@click.option(
    "-p",
    "--parameters",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    callback=_parameter,
    help="Set a parameter, read as the type the notebook has.",
)
@click.option(
    "-r",
    "--parameters-raw",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    callback=_parameter,
    help="Set a parameter to this very text.",
)
@click.option(
    "-f",
    "--parameters-file",
    multiple=True,
    type=click.Path(),
    metavar="FILE",
    help="Set the parameters of a YAML or JSON file.",
)
@click.option(
    "-y",
    "--parameters-yaml",
    multiple=True,
    metavar="YAML",
    help="Set the parameters of a YAML text.",
)
@name_option
@click.option("--experiment", help="Put the run into this experiment; by default the notebook's.")
@click.option("-k", "--kernel", "kernel_name", help="Execute with this kernel.")
@click.option(
    "--cwd",
    type=click.Path(exists=True, file_okay=False),
    help="Execute in this folder; by default the present one.",
)
@click.option(
    "--execution-timeout",
    type=click.IntRange(1),
    metavar="SECONDS",
    help="Give up on a cell after so long.",
)
@click.option(
    "--start-timeout",
    type=click.IntRange(1),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="Give up on the kernel's start after so long.",
)
@click.option(
    "--progress-bar/--no-progress-bar",
    default=None,
    help="Show progress on stderr; by default where that is a terminal.",
)
@click.option("--log-output/--no-log-output", default=False, help="Log what the cells print.")
@click.option("--report-mode/--no-report-mode", default=False, help="Hide the code in OUTPUT.")
@click.option("--prepare-only", is_flag=True, help="Write OUTPUT with its parameters and stop.")
@click.option("--help-notebook", is_flag=True, help="List the notebook's parameters and stop.")
def run(
    notebook: str,
    output: str | None,
    parameters: dict[str, str],
    parameters_raw: dict[str, str],
    parameters_file: Sequence[str],
    parameters_yaml: Sequence[str],
    help_notebook: bool,
    progress_bar: bool | None,
    store: str | None,
    **options: Any,
) -> Answer:
    """Execute a notebook headlessly, as a tracked run; print the run's id.

    Takes papermill's flags. Exit codes: 0 ok, 1 a cell failed, 2 wrong usage or parameter,
    124 timeout, 130 interrupted, 137 out of memory, 138 the kernel died.
    """
    import sys

    from nbmlops.answers import Declarations, Prepared, Report
    from nbmlops.cells.parameters import Text as Typed
    from nbmlops.pipelines import execute
    from nbmlops.tracking import looking

    if help_notebook:
        return Answer(Declarations(notebook, tuple(execute.inspect_notebook(notebook))))
    if options["prepare_only"] and output is None:
        raise click.UsageError("--prepare-only needs OUTPUT, where the notebook is written.")
    given: dict[str, object] = {}
    for file in parameters_file:
        given |= _from_yaml(_read(file), file)
    for text in parameters_yaml:
        given |= _from_yaml(text, "-y")
    given |= {name: Typed(value) for name, value in parameters.items()}
    given |= parameters_raw
    if progress_bar is None:
        progress_bar = sys.stderr.isatty()
    try:
        done = execute.run_notebook(
            notebook, output, given, store=store, progress_bar=progress_bar, **options
        )
    except ParameterMismatch as problem:
        if problem.name in parameters_raw:
            problem.message += " -r gives a text as it stands; -p is read as the notebook's type."
        raise
    if options["prepare_only"]:
        return Answer(Prepared(output or ""))
    try:
        report = Report(looking.show(done.run_id, store=done.url).detail.summary, done, done.said)
    except (RunNotFound, StoreError) as problem:  # the notebook's exit code counts all the same
        report = Report(None, done, f"{done.said}\n{problem}")
    return Answer(report, exit_code=done.exit_code, headline=done.run_id)


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise click.UsageError(f"cannot read {file}: {problem}") from None


def _from_yaml(text: str, where: str) -> dict[str, object]:
    import yaml

    try:
        values = yaml.safe_load(text) or {}
    except yaml.YAMLError as problem:
        raise click.UsageError(f"{where} is not YAML: {problem}") from None
    if not isinstance(values, dict):
        raise click.UsageError(f"{where} must hold names with values, not {values!r}.")
    return {str(name): value for name, value in values.items()}
