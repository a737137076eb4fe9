"""The verbs that say which runs stay."""

from collections.abc import Callable, Sequence

import click

from nbmlops.completions import complete_run, complete_trashed
from nbmlops.query.parsing import EVERY_RUN
from nbmlops.verbs.base import Answer, verb

_runs = click.argument(
    "runs", nargs=-1, required=True, metavar="RUN...", shell_complete=complete_run
)
_all = click.option("--all", "takes_all", is_flag=True, help="All of them, with no RUN or FILTER.")


def _chosen(
    complete: Callable[[click.Context, click.Parameter, str], list[str]],
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    return click.argument("runs", nargs=-1, metavar="[RUN...|FILTER]", shell_complete=complete)


def _or_all(runs: Sequence[str], takes_all: bool, which: str) -> Sequence[str]:
    """Return the runs that are named, or the filter that finds all."""
    if takes_all == bool(runs):
        raise click.UsageError(f"give runs or a filter; to take {which}: --all")
    return [EVERY_RUN] if takes_all else runs


@verb("""\
  nbmlops delete @1
  nbmlops delete 3k9f "depth 2"
  nbmlops delete "status = 'failed' and started < '30 days ago'"
  nbmlops runs --trash           what is in the trash
  nbmlops undelete 3k9f          take it out again""")
@_chosen(complete_run)
@_all
def delete(runs: Sequence[str], takes_all: bool, store: str | None) -> Answer:
    """Put runs into the trash, with those inside them; `undelete` takes them out again."""
    from nbmlops.tracking import keeping

    chosen = _or_all(runs, takes_all, "all there are")
    return Answer(keeping.delete(*chosen, store=store))


@verb("""\
  nbmlops undelete @1            the latest run in the trash
  nbmlops undelete 3k9f
  nbmlops undelete "trashed > '1 hour ago'"
  nbmlops undelete --all""")
@_chosen(complete_trashed)
@_all
def undelete(runs: Sequence[str], takes_all: bool, store: str | None) -> Answer:
    """Take runs out of the trash, with those inside them that were deleted with them."""
    from nbmlops.tracking import keeping

    chosen = _or_all(runs, takes_all, "all in the trash")
    return Answer(keeping.undelete(*chosen, store=store))


@verb("""\
  nbmlops pin best:auc
  nbmlops runs "pinned = true"   which are pinned""")
@_runs
def pin(runs: Sequence[str], store: str | None) -> Answer:
    """Pin runs: they cannot be deleted, and nothing they need goes when space is made."""
    from nbmlops.tracking import keeping

    return Answer(keeping.pin(*runs, store=store))


@verb("""\
  nbmlops unpin best:auc
  nbmlops unpin 3k9f @2""")
@_runs
def unpin(runs: Sequence[str], store: str | None) -> Answer:
    """Let runs be deleted again."""
    from nbmlops.tracking import keeping

    return Answer(keeping.unpin(*runs, store=store))
