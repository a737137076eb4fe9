"""The verb that says what is no secret."""

from collections.abc import Sequence

import click

from nbmlops.completions import complete_kind
from nbmlops.verbs.base import Answer, asked_text, verb


@verb("""\
  %nbmlops allow 2               the text with this number, in the session that redacted it
  nbmlops allow "AWS key"        a kind of secrets, * stands for any signs
  nbmlops allow --text           asks for the text, so that no shell keeps it
  nbmlops allow                  what is allowed, and what was redacted in this session""")
@click.argument("words", nargs=-1, metavar="[NUMBER|KIND]", shell_complete=complete_kind)
@click.option("--text", "is_text", is_flag=True, help="Ask for a text, and keep that one.")
def allow(words: Sequence[str], is_text: bool, store: str | None) -> Answer:
    """Keep what was redacted and is no secret, from now on in all sessions; alone, list it."""
    from nbmlops.tracking import allowing

    if is_text and words:
        raise click.UsageError("name a kind, or give --text alone.")
    text = asked_text("keep") if is_text else None
    return Answer(allowing.allow(" ".join(words), text=text, store=store))
