"""What every verb is made of: an answer, the group it is a command of, and shared options."""

import functools
import getpass
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import click

from nbmlops.canonical import Json
from nbmlops.completions import complete_run
from nbmlops.drawing.page import Page
from nbmlops.tracking.checked_names import checked_run_name


class Answering(Protocol):
    """What a verb returns: something that can be drawn and written as JSON."""

    def page(self) -> Page:
        """Return what is to be drawn."""

    def to_json(self) -> Json:
        """Return plain JSON with stable keys."""


@dataclass(frozen=True)
class Answer:
    """An answer and how it is wanted.

    ``headline`` is what a script wants to catch from stdout; not ``is_drawn`` where that is all.
    """

    value: Answering
    as_json: bool = False
    exit_code: int = 0
    headline: str | None = None
    is_drawn: bool = True


class Verbs(click.Group):
    """Lists its commands in the order they were written, not by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, click's signature
        """Return the names of the commands."""
        return list(self.commands)


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="RUN is an id, its unique beginning, a name, @1 (the latest), @2, … or best:METRIC.",
)
@click.version_option(package_name="nbmlops", message="%(package)s %(version)s")
def group() -> None:
    """Notebook cells become tracked, comparable, repeatable runs, without logging code."""


def _run_name(_context: click.Context, _option: click.Parameter, name: str | None) -> str | None:
    return None if name is None else checked_run_name(name)


name_option = click.option("--name", callback=_run_name, help="Name the run.")


def verb(
    examples: str = "", *, to: click.Group = group
) -> Callable[[Callable[..., Answer]], click.Command]:
    """Make a command of a function that answers; adds ``--store``, ``--json`` and examples."""

    def decorate(function: Callable[..., Answer]) -> click.Command:
        @functools.wraps(function)
        def answered(*args: Any, as_json: bool, **kwargs: Any) -> Answer:
            return replace(function(*args, **kwargs), as_json=as_json)

        text = f"\b\nExamples:\n{examples}" if examples else ""
        command = to.command(epilog=text)(answered)
        command.params += [
            click.Option(
                ["--store"],
                metavar="URL",
                help="Use this store, a URL or path; by default the project's.",
            ),
            click.Option(
                ["--json", "as_json"],
                is_flag=True,
                help="Answer with one JSON document; errors too.",
            ),
        ]
        return command

    return decorate


run_argument = click.argument("run", metavar="RUN", shell_complete=complete_run)


def asked_text(what_for: str) -> str:
    """Read a text that shall stand in no history: from the keyboard unseen, else from stdin."""
    if "ipykernel" in sys.modules or sys.stdin.isatty():
        return getpass.getpass(f"text to {what_for}: ")
    return sys.stdin.read().removesuffix("\n")
