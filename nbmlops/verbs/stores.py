"""The verbs that look after a store as a whole."""

from collections.abc import Sequence

import click

from nbmlops.completions import complete_run
from nbmlops.drawing.notices import say
from nbmlops.verbs.base import Answer, asked_text, verb


@verb("""\
  nbmlops doctor
  nbmlops doctor --store /data/team/.nbmlops
  nbmlops doctor --fix           repair what can be, after making a copy
  nbmlops doctor --absent        is a text, read from the keyboard or stdin, nowhere in it?""")
@click.option("--absent", is_flag=True, help="Ask for a text, and look for it in every file.")
@click.option("--fix", is_flag=True, help="Repair what can be; a copy of the store is made first.")
@click.option(
    "--drop-lost",
    "drops_lost",
    is_flag=True,
    help="With --fix on a server: also take away what names blobs that nobody has any more.",
)
def doctor(absent: bool, fix: bool, drops_lost: bool, store: str | None) -> Answer:
    """Check that the store is whole, and say what takes how much room.

    Looked at are schema, pages, references, blobs, living sessions, faults and permissions. Exit
    codes: 0 in order, 1 something is wrong, 2 it cannot be looked into.
    """
    from nbmlops.answers import Findings
    from nbmlops.tracking import doctoring, forgetting

    if drops_lost and not fix:
        raise click.UsageError("--drop-lost is for --fix.")
    if absent:
        found = [forgetting.absent(asked_text("look for"), store=store)]
    else:
        found = doctoring.doctor(fix=fix, drops_lost=drops_lost, store=store)
    findings = Findings(tuple(found))
    return Answer(findings, exit_code=0 if findings.is_good else 1)


@verb("""\
  nbmlops forget 3k9f            with all that only it uses, for good
  nbmlops forget --text          asks for the text, so that no shell keeps it
  nbmlops forget --text < leaked.txt
  nbmlops forget --text --dry-run    what would change, and which names
  nbmlops doctor --absent        is it gone?""")
@click.argument("runs", nargs=-1, metavar="[RUN...]", shell_complete=complete_run)
@click.option("--text", "is_text", is_flag=True, help="Forget a text, wherever it occurs.")
@click.option("--dry-run", is_flag=True, help="Only say what would go or change.")
def forget(runs: Sequence[str], is_text: bool, dry_run: bool, store: str | None) -> Answer:
    """Remove runs or a text for good, from records, blobs, and copies of the store.

    Stars take the place of a text, which is read from the keyboard or stdin.
    """
    from nbmlops.tracking import forgetting

    if is_text == bool(runs):
        raise click.UsageError("name runs, or give --text alone.")
    if is_text:
        text = asked_text("forget")
        done = forgetting.forget_text(
            text, dry_run=dry_run, store=store, begins=_say_what_takes_long
        )
    else:
        done = forgetting.forget(*runs, dry_run=dry_run, store=store, begins=_say_what_takes_long)
    return Answer(done, exit_code=0 if done.is_whole else 1)


def _say_what_takes_long() -> None:
    say("removing it, and writing the database anew without it …")


@verb("""\
  nbmlops gc                     say what can go, and how many bytes that is
  nbmlops gc --apply
  nbmlops gc --all --apply       empty the trash
  nbmlops gc --outputs-older-than 90""")
@click.option("--apply", is_flag=True, help="Remove it; without, nothing changes.")
@click.option(
    "--older-than",
    type=click.FloatRange(0),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="Runs that have been in the trash so long.",
)
@click.option("--all", "is_all", is_flag=True, help="All runs in the trash.")
@click.option(
    "--outputs-older-than",
    type=click.FloatRange(0),
    metavar="DAYS",
    help="Also outputs of cells that were executed so long ago.",
)
def gc(
    apply: bool,
    older_than: float,
    is_all: bool,
    outputs_older_than: float | None,
    store: str | None,
) -> Answer:
    """Say what can go, or remove it: old trash, old outputs, blobs that nothing names.

    Nothing goes of sessions that have not ended, nor what pinned runs need, nor blobs that were
    written within a day.
    """
    from nbmlops.tracking import space

    days = 0.0 if is_all else older_than
    made = space.gc(
        apply=apply, older_than=days, outputs_older_than=outputs_older_than, store=store
    )
    return Answer(made)
