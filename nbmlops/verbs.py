"""What can be asked of nbmlops: each verb once, its arguments parsed, its answer an object.

The command line (`nbmlops.cli`) and the magic (`nbmlops.magics`) run the same commands and draw
the same answers; nothing is printed here.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import click

from nbmlops.canonical import Json
from nbmlops.completions import (
    complete_cell,
    complete_data,
    complete_filter,
    complete_metric,
    complete_run,
    complete_variable,
)
from nbmlops.drawing.page import Page
from nbmlops.errors import (
    InvalidRunName,
    ParameterMismatch,
    RunNotFound,
    StoreError,
)

STATUSES = ("running", "finished", "failed", "interrupted")
VERDICTS = ("confirmed", "refuted", "inconclusive")


_LONGEST_NAME = 250


class Answering(Protocol):
    """What a verb returns: something that can be drawn and written as JSON."""

    def page(self) -> Page:
        """Return what is to be drawn."""

    def to_json(self) -> Json:
        """Return plain JSON with stable keys."""


@dataclass(frozen=True)
class Answer:
    """An answer and how it is wanted. ``headline`` is what a script wants to catch from stdout."""

    value: Answering
    as_json: bool = False
    exit_code: int = 0
    headline: str | None = None


class Verbs(click.Group):
    """Lists its commands in the order they were written, not by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, click's signature
        """Return the names of the commands."""
        return list(self.commands)


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="RUN is an id, its unique beginning, a name, @1 (the latest), @2, … or best:METRIC.",
)
@click.version_option(package_name="nbmlops", message="%(package)s %(version)s")
def group() -> None:
    """Notebook cells become tracked, comparable, repeatable runs, without logging code."""


def checked_run_name(name: str) -> str:
    """Return a name for a run; raise `InvalidRunName` where a RUN could not be found by it."""
    for beginning, meaning in (("@", "a run by its place"), ("best:", "the best run")):
        if name.startswith(beginning):
            raise InvalidRunName(name, f"{beginning} is how one asks for {meaning}.")
    if len(name) > _LONGEST_NAME:
        raise InvalidRunName(name, f"a name has at most {_LONGEST_NAME} characters.")
    return name


def _run_name(_context: click.Context, _option: click.Parameter, name: str | None) -> str | None:
    return None if name is None else checked_run_name(name)


name_option = click.option("--name", callback=_run_name, help="Name the run.")


def verb(
    examples: str = "", *, to: click.Group = group
) -> Callable[[Callable[..., Answer]], click.Command]:
    """Make a command of a function that answers; adds ``--store``, ``--json`` and examples."""

    def decorate(function: Callable[..., Answer]) -> click.Command:
        @functools.wraps(function)
        def answered(*args: Any, as_json: bool, **kwargs: Any) -> Answer:
            return replace(function(*args, **kwargs), as_json=as_json)

        text = f"\b\nExamples:\n{examples}" if examples else ""
        command = to.command(epilog=text)(answered)
        command.params += [
            click.Option(["--store"], metavar="URL", help="Look into this store, a URL or path."),
            click.Option(
                ["--json", "as_json"], is_flag=True, help="Answer with one JSON document."
            ),
        ]
        return command

    return decorate


run_argument = click.argument("run", metavar="RUN", shell_complete=complete_run)


@verb("""\
  nbmlops runs
  nbmlops runs "metrics.auc > 0.9 and params.lr < 0.1"
  nbmlops runs "status = 'failed' and started > '2 days ago'"
  nbmlops runs --order-by "metrics.auc DESC" --limit 5
  nbmlops runs --experiment churn --status failed --json""")
@click.argument(
    "filter", required=False, default="", metavar="[FILTER]", shell_complete=complete_filter
)
@click.option("--experiment", help="Only runs of this experiment.")
@click.option("--status", type=click.Choice(STATUSES), help="Only runs in this state.")
@click.option(
    "--order-by",
    default="opened DESC",
    show_default=True,
    shell_complete=complete_filter,
    help="Anything that FILTER can name, such as metrics.NAME, params.NAME, duration, name, with "
    "ASC or DESC; several, by commas.",
)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most.")
@click.option("--after", metavar="NEXT", help="Go on behind a page, by the `next` of its JSON.")
def runs(**options: Any) -> Answer:
    """List runs, the latest first, or search them.

    FILTER compares metrics.NAME, params.NAME, tags.NAME, status, experiment, started, duration,
    cell.source, data.NAME.rows, package.NAME, git.commit, … by =, <, like, ~, in, between and is
    null, joined by and, or, not. Filters of MLflow mean what they mean there.
    """
    from nbmlops.tracking import looking

    return Answer(looking.runs(**options))


@verb("""\
  nbmlops sql "select experiment, count(*) from runs group by experiment"
  nbmlops sql "select id, value from params join runs on id = run_id where params.name = 'lr'"
  nbmlops sql "select * from metrics" --csv > metrics.csv
  nbmlops sql                what can be selected from""")
@click.argument("statement", required=False, metavar="[SELECT]")
@click.option("--csv", "as_csv", is_flag=True, help="Answer with CSV.")
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True, help="At most.")
@click.option(
    "--timeout",
    type=click.IntRange(1),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="Give up after so long.",
)
def sql(statement: str | None, as_csv: bool, limit: int, timeout: int, store: str | None) -> Answer:
    """Ask the store in SQL, reading only: runs, params, metrics, points, executions, tags, data."""
    from nbmlops.answers import Rows, Views
    from nbmlops.tracking import looking

    if statement is None:
        return Answer(Views())
    rows = Rows(looking.sql(statement, limit=limit, timeout=timeout, store=store))
    return Answer(rows, headline=rows.csv()) if as_csv else Answer(rows)


@verb("""\
  nbmlops show @1
  nbmlops show best:auc
  nbmlops show 3k9f --json""")
@click.argument("run", metavar="[RUN]", default="@1", shell_complete=complete_run)
def show(run: str, store: str | None) -> Answer:
    """Show everything about one run, by default the latest."""
    from nbmlops.tracking import looking

    return Answer(looking.show(run, store=store))


variable_option = click.option(
    "--variable",
    metavar="NAME",
    shell_complete=complete_variable,
    help="A variable, as it was until the next run of the session began.",
)
cell_option = click.option(
    "--cell",
    type=click.IntRange(1),
    metavar="N",
    shell_complete=complete_cell,
    help="The output of the N-th execution of the session.",
)


@verb("""\
  nbmlops why                    all results of the latest run
  nbmlops why @1 roc_auc
  nbmlops why best:rmse rmse --json
  nbmlops why 3k9f --variable df
  nbmlops why @1 --cell 7        the output of the 7th execution of its session""")
@click.argument("run", metavar="[RUN]", default="@1", shell_complete=complete_run)
@click.argument("metric", metavar="[METRIC]", required=False, shell_complete=complete_metric)
@variable_option
@cell_option
def why(run: str, metric: str | None, **options: Any) -> Answer:
    """Show which cells, data and parameters made a result, and why each is needed."""
    from nbmlops.tracking import why as explaining

    return Answer(explaining.why(run, metric, **options))


slice_option = click.option(
    "--slice",
    "is_slice",
    is_flag=True,
    default=True,
    help="Write only the cells that the result depends on; the default, and so far all there is.",
)
output_option = click.option(
    "-o",
    "--output",
    metavar="OUTPUT.ipynb",
    type=click.Path(path_type=str),
    help="Write to this path; by default NOTEBOOK-RESULT.ipynb in the present folder.",
)
smallest_option = click.option(
    "--smallest",
    is_flag=True,
    help="Also leave out statements inside of cells, if executing both forms, in the notebook's "
    "folder, shows that the result is the same. Files that the cells write are written again.",
)
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace a file that is there.")
timeout_option = click.option(
    "--timeout",
    "timeout_seconds",
    type=click.IntRange(1),
    metavar="SECONDS",
    help="When executing for --smallest, give up on a cell after so long.",
)


def to_stderr(text: str) -> None:
    """Say what goes on, beside the answer."""
    click.echo(text, err=True)


@verb("""\
  nbmlops restore                    all results of the latest run
  nbmlops restore @1 roc_auc
  nbmlops restore best:rmse rmse --smallest -o rmse.ipynb
  nbmlops restore 3k9f --variable df --overwrite""")
@click.argument("run", metavar="[RUN]", default="@1", shell_complete=complete_run)
@click.argument("metric", metavar="[METRIC]", required=False, shell_complete=complete_metric)
@variable_option
@cell_option
@slice_option
@output_option
@smallest_option
@overwrite_option
@timeout_option
def restore(run: str, metric: str | None, is_slice: bool, **options: Any) -> Answer:  # noqa: ARG001
    """Write the notebook that makes a result and nothing else: only the cells that it needs."""
    from nbmlops.restoring import restore as restoring

    return Answer(restoring.restore(run, metric, say=to_stderr, **options))


@verb("""\
  nbmlops status                 of the session that began last
  nbmlops status @2              of the session of a run
  nbmlops status --json""")
@click.argument("session", metavar="[RUN|SESSION]", required=False, shell_complete=complete_run)
def status(session: str | None, store: str | None) -> Answer:
    """Say which cells do not show any more what holds now, why, and what to run again."""
    from nbmlops.tracking import status as asking

    return Answer(asking.status(session, store=store))


@verb("""\
  nbmlops compare            the latest with the one before
  nbmlops compare @3 @1
  nbmlops compare baseline best:rmse @1""")
@click.argument("runs", nargs=-1, metavar="[RUN]...", shell_complete=complete_run)
def compare(runs: Sequence[str], store: str | None) -> Answer:
    """Show what differs between runs; the first is the baseline."""
    from nbmlops.tracking import looking

    return Answer(looking.compare(*runs, store=store))


@verb("""\
  nbmlops data               what data the runs used, the latest first
  nbmlops data flights       the latest that a variable of this name held
  nbmlops data 4f2a --json""")
@click.argument("reference", metavar="[NAME|DIGEST]", required=False, shell_complete=complete_data)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="At most so many data sets, or runs that used the one.",
)
def data(reference: str | None, limit: int, store: str | None) -> Answer:
    """List the data that executions used, or show one data set: columns, profile, runs, files."""
    from nbmlops.tracking import looking

    if reference is None:
        return Answer(looking.data(limit=limit, store=store))
    return Answer(looking.data(reference, limit=limit, store=store))


@verb("""\
  nbmlops annotate @1 --note "with the cleaned data" --tag candidate
  nbmlops annotate 3k9f --hypothesis "more trees help" --verdict refuted""")
@run_argument
@name_option
@click.option("--note", help="Write a note.")
@click.option("--hypothesis", help="Say what the run was to find out.")
@click.option("--verdict", type=click.Choice(VERDICTS), help="Say what became of the hypothesis.")
@click.option("--tag", "tags", multiple=True, metavar="WORD|KEY=VALUE", help="Put on a tag.")
def annotate(run: str, **options: Any) -> Answer:
    """Name a run, tag it, note something, or judge its hypothesis."""
    from nbmlops.tracking import looking

    return Answer(looking.annotate(run, **options))


@verb("""\
  nbmlops doctor
  nbmlops doctor --store /data/team/.nbmlops""")
def doctor(store: str | None) -> Answer:
    """Look the store over: schema, pages, references, blobs, living sessions, faults."""
    from nbmlops.answers import Findings
    from nbmlops.tracking import looking

    findings = Findings(tuple(looking.doctor(store=store)))
    return Answer(findings, exit_code=0 if findings.is_good else 1)


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
    said = str(done.problem or "") if done.exit_code else ""
    try:
        report = Report(looking.show(done.run_id, store=done.url).detail.summary, done, said)
    except (RunNotFound, StoreError) as problem:  # the notebook's exit code counts all the same
        report = Report(None, done, f"{said}\n{problem}")
    return Answer(report, exit_code=done.exit_code, headline=done.run_id)


@group.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> Answer:
    r"""Print the script that makes a shell complete nbmlops.

    \b
    Examples:
      eval "$(nbmlops completion bash)"      in ~/.bashrc
      nbmlops completion fish > ~/.config/fish/completions/nbmlops.fish
    """
    from click.shell_completion import get_completion_class

    from nbmlops.answers import Script

    found = get_completion_class(shell)
    assert found is not None
    script = found(group, {}, "nbmlops", "_NBMLOPS_COMPLETE").source()
    return Answer(Script(script), headline=script)


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
