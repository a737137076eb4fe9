"""The verbs that say what results depend on, take them out, and tell what is stale."""

from typing import Any

import click

from nbmlops.completions import complete_cell, complete_metric, complete_run, complete_variable
from nbmlops.drawing.notices import say
from nbmlops.verbs.base import Answer, verb

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
    """Show which cells, data and parameters made a result, and why each is needed.

    Of the run's parameters those that these cells used; the others are named as not used.
    """
    from nbmlops.tracking import why as explaining

    return Answer(explaining.why(run, metric, **options))


slice_option = click.option(
    "--slice",
    "is_slice",
    is_flag=True,
    default=True,
    help="Write only the cells that the result depends on; that is the default.",
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

    return Answer(restoring.restore(run, metric, say=say, **options))


@verb("""\
  nbmlops status                 of the session that began last
  nbmlops status @2              of the session of a run
  nbmlops status --json""")
@click.argument("session", metavar="[RUN|SESSION]", required=False, shell_complete=complete_run)
def status(session: str | None, store: str | None) -> Answer:
    """Say which cells do not show any more what holds now, why, and what to run again."""
    from nbmlops.tracking import status as asking

    return Answer(asking.status(session, store=store))
