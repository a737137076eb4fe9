"""The verbs that bring stores together."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

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
    """Copy what another store lacks of runs, whole; of what was written on a run the later stays.

    What is there already is not copied again; where it was interrupted, ask again.
    """
    from nbmlops.tracking import exchanging

    with _progress() as say:
        return Answer(exchanging.push(url, *runs, dry_run=dry_run, store=store, say=say))


@verb("""\
  nbmlops pull /data/team
  nbmlops pull /data/team "started > '7 days ago'"
  nbmlops pull /data/team --json""")
@_url
@_chosen
@_dry_run
def pull(url: str, runs: Sequence[str], dry_run: bool, store: str | None) -> Answer:
    """Copy what this store lacks of another's runs; RUN and FILTER are of the other store."""
    from nbmlops.tracking import exchanging

    with _progress() as say:
        return Answer(exchanging.pull(url, *runs, dry_run=dry_run, store=store, say=say))


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Give what draws how far it is, on stderr, where that is a terminal."""
    bar = None

    def say(done: int, total: int) -> None:
        nonlocal bar
        if not sys.stderr.isatty():
            return
        if bar is None:
            bar = click.progressbar(length=total, label="runs", file=sys.stderr)
        bar.update(done - bar.pos)

    try:
        yield say
    finally:
        if bar is not None:
            bar.render_finish()
