"""The verbs that find runs and data, show them, and write on them."""

from collections.abc import Sequence
from typing import Any

import click

from nbmlops.completions import complete_data, complete_filter, complete_run
from nbmlops.drawing.notices import tell
from nbmlops.verbs.base import Answer, name_option, run_argument, verb

STATUSES = ("running", "finished", "failed", "interrupted")
VERDICTS = ("confirmed", "refuted", "inconclusive")


def _in_one_text(context: click.Context, _argument: click.Parameter, words: tuple[str, ...]) -> str:
    """Return a filter, which is one text.

    Raises
    ------
    click.UsageError
        It was written without quotes, so that there are several.
    """
    if len(words) > 1:
        raise click.UsageError(
            f'a filter is one text: {context.info_name} "{" ".join(words)}", and texts within it '
            "stand in single quotes."
        )
    return words[0] if words else ""


@verb("""\
  nbmlops runs
  nbmlops runs "metrics.auc > 0.9 and params.lr < 0.1"
  nbmlops runs "status = 'failed' and started > '2 days ago'"
  nbmlops runs --order-by "metrics.auc DESC" --limit 5
  nbmlops runs --experiment churn --status failed --json
  nbmlops runs --trash""")
@click.argument(
    "filter", nargs=-1, metavar="[FILTER]", shell_complete=complete_filter, callback=_in_one_text
)
@click.option("--experiment", help="Only runs of this experiment.")
@click.option("--status", type=click.Choice(STATUSES), help="Only runs in this state.")
@click.option(
    "--order-by",
    default="opened DESC",
    show_default=True,
    shell_complete=complete_filter,
    help="Anything that FILTER can name, such as metrics.NAME, params.NAME, duration, name; with "
    "DESC behind it the greatest first. Several, separated by commas.",
)
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many runs."
)
@click.option(
    "--after", metavar="NEXT", help="The next page: give the `next` of the last page's JSON."
)
@click.option("--trash", "trashed", is_flag=True, help="List the deleted runs instead.")
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
  nbmlops sql                the views and columns there are""")
@click.argument("statement", required=False, metavar="[SELECT]")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV and nothing else.")
@click.option(
    "--limit", type=click.IntRange(1), default=1000, show_default=True, help="At most so many rows."
)
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
    found = looking.sql(statement, limit=limit, timeout=timeout, store=store)
    if not as_csv:
        return Answer(Rows(found))
    if found.is_cut:
        tell(f"there are more rows than these {limit:,}: see --limit")
    return Answer(Rows(found), headline=Rows(found).csv(), is_drawn=False)


@verb("""\
  nbmlops show @1
  nbmlops show best:auc
  nbmlops show 3k9f --json""")
@click.argument("run", metavar="[RUN]", default="@1", shell_complete=complete_run)
def show(run: str, store: str | None) -> Answer:
    """Show everything about one run, by default the latest.

    RUN is an id, its unique beginning, a name, @1 (the latest), @2, … or best:METRIC.
    """
    from nbmlops.tracking import looking

    return Answer(looking.show(run, store=store))


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
  nbmlops artifact @1 report.html
  nbmlops artifact best:auc report.html -o /tmp/best.html --overwrite""")
@run_argument
@click.argument("name", metavar="NAME")
@click.option("-o", "--output", metavar="PATH", help="The file or folder to write to.")
@click.option("--overwrite", is_flag=True, help="Replace a file that is there.")
def artifact(run: str, name: str, **options: Any) -> Answer:
    """Write an artifact of a run to a file, by default of its name in this folder."""
    from nbmlops.tracking import artifacts

    return Answer(artifacts.save_artifact(run, name, **options))


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
    """Name a run, tag it, note something, or judge its hypothesis; show it then.

    A name that several runs have is refused: give an id.
    """
    from nbmlops.tracking import annotating

    return Answer(annotating.annotate(run, **options))
