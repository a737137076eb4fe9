"""The verbs that say which runs stay."""

from collections.abc import Sequence

import click

from nbmlops.completions import complete_run, complete_trashed
from nbmlops.verbs.base import Answer, verb

_runs = click.argument(
    "runs", nargs=-1, required=True, metavar="RUN...", shell_complete=complete_run
)
_chosen = click.argument(
    "runs", nargs=-1, required=True, metavar="RUN...|FILTER", shell_complete=complete_run
)


@verb("""\
  nbmlops delete @1
  nbmlops delete 3k9f "depth 2"
  nbmlops delete "status = 'failed' and started < '30 days ago'"
  nbmlops runs --trash           what is in the trash
  nbmlops undelete 3k9f          take it out again""")
@_chosen
def delete(runs: Sequence[str], store: str | None) -> Answer:
    """Put runs into the trash, with those inside them; `undelete` takes them out again."""
    from nbmlops.tracking import keeping

    return Answer(keeping.delete(*runs, store=store))


@verb("""\
  nbmlops undelete @1            the latest run in the trash
  nbmlops undelete 3k9f""")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...", shell_complete=complete_trashed)
def undelete(runs: Sequence[str], store: str | None) -> Answer:
    """Take runs out of the trash."""
    from nbmlops.tracking import keeping

    return Answer(keeping.undelete(*runs, store=store))


@verb("""\
  nbmlops pin best:auc
  nbmlops runs "pinned is not null"   which are pinned""")
@_runs
def pin(runs: Sequence[str], store: str | None) -> Answer:
    """Pin runs: they cannot be deleted, and nothing they need goes when space is made."""
    from nbmlops.tracking import keeping

    return Answer(keeping.pin(*runs, store=store))


@verb()
@_runs
def unpin(runs: Sequence[str], store: str | None) -> Answer:
    """Let runs be deleted again."""
    from nbmlops.tracking import keeping

    return Answer(keeping.unpin(*runs, store=store))
