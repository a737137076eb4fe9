"""The verb that executes a run again and says whether it comes out the same."""

from typing import Any

import click

from nbmlops.completions import complete_metric, complete_run
from nbmlops.drawing.notices import say
from nbmlops.verbs.base import Answer, verb


@verb("""\
  nbmlops replay                     all results of the latest run
  nbmlops replay @1 roc_auc
  nbmlops replay best:rmse --rtol 1e-9
  nbmlops replay 3k9f --timeout 600 --output again.ipynb
  nbmlops replay @1 --json && echo the same""")
@click.argument("run", metavar="[RUN]", default="@1", shell_complete=complete_run)
@click.argument("metric", metavar="[METRIC]", required=False, shell_complete=complete_metric)
@click.option(
    "--rtol",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="X",
    help="Let a metric be off by this share of what was recorded; by default by nothing.",
)
@click.option(
    "--timeout",
    "timeout_seconds",
    type=click.IntRange(1),
    metavar="SECONDS",
    help="Give up on a cell after so long.",
)
@click.option(
    "--cwd",
    type=click.Path(exists=True, file_okay=False),
    help="Execute in this folder; by default where the run's session worked.",
)
@click.option(
    "-o",
    "--output",
    metavar="OUTPUT.ipynb",
    type=click.Path(path_type=str),
    help="Keep the executed notebook under this path.",
)
def replay(run: str, metric: str | None, **options: Any) -> Answer:
    """Execute a run again, verify it, and name the first difference and its cause.

    What its results depend on is executed in a fresh kernel; files that the cells write are put
    back afterwards. Exit codes: 0 identical, equal or within tolerance, 3 different or not
    comparable, 1 not run, 2 wrong usage, 130 interrupted.
    """
    from nbmlops.replaying import replay as replaying

    found = replaying.replay(run, metric, say=say, **options)
    return Answer(found, exit_code=found.exit_code)
