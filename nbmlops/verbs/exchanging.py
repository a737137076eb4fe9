"""The verbs that bring stores together."""

from collections.abc import Sequence

import click

from nbmlops.completions import complete_run
from nbmlops.verbs.base import Answer, verb

_url = click.argument("url", metavar="URL|FOLDER")
_chosen = click.argument("runs", nargs=-1, metavar="[RUN...|FILTER]", shell_complete=complete_run)
_dry_run = click.option("--dry-run", is_flag=True, help="Only say which runs would be copied.")


@verb("""\
  nbmlops push /data/team                       all runs
  nbmlops push /data/team @1 best:auc
  nbmlops push /data/team "experiment = 'churn' and tags.kept is not null"
  nbmlops push /data/team --dry-run             what would be copied
  nbmlops push /data/team --json""")
@_url
@_chosen
@_dry_run
def push(url: str, runs: Sequence[str], dry_run: bool, store: str | None) -> Answer:
    """Copy what another store lacks of this one's runs, with their data and files.

    A store is made where there is none. Of notes, tags and names that both stores have the later
    stays. What is there already is not copied again; where it was interrupted, ask again.
    """
    from nbmlops.tracking import exchanging

    return Answer(exchanging.push(url, *runs, dry_run=dry_run, store=store))


@verb("""\
  nbmlops pull /data/team
  nbmlops pull /data/team "started > '7 days ago'"
  nbmlops pull /data/team --json""")
@_url
@_chosen
@_dry_run
def pull(url: str, runs: Sequence[str], dry_run: bool, store: str | None) -> Answer:
    """Copy what this store lacks of another's runs.

    RUN and FILTER are of the other store. What is there already is not copied again.
    """
    from nbmlops.tracking import exchanging

    return Answer(exchanging.pull(url, *runs, dry_run=dry_run, store=store))
