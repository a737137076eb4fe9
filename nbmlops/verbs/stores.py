"""The verbs that look after a store as a whole."""

import click

from nbmlops.verbs.base import Answer, verb


@verb("""\
  nbmlops doctor
  nbmlops doctor --store /data/team/.nbmlops""")
def doctor(store: str | None) -> Answer:
    """Look the store over: schema, pages, references, blobs, living sessions, faults."""
    from nbmlops.answers import Findings
    from nbmlops.tracking import looking

    findings = Findings(tuple(looking.doctor(store=store)))
    return Answer(findings, exit_code=0 if findings.is_good else 1)


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
