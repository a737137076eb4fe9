"""The command ``nbmlops``: runs the verbs, draws their answers in a terminal or as JSON."""

import contextlib
import io
import json
import os
import signal
import sys
from types import FrameType
from typing import Any

import click

from nbmlops.drawing.notices import Voice, speak_by
from nbmlops.errors import NbmlopsError
from nbmlops.verbs import Answer, group

WRONG_USAGE, INTERRUPTED = 2, 130
# Without a terminal there is no width to fit; this one keeps tables of a few metrics on one line.
_FILE_WIDTH = 120


def main() -> None:
    """Run the command line and exit with its code."""
    signal.signal(signal.SIGTERM, _terminated)
    _leave_out_grammar()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # where the terminal lacks a sign, show its code
            stream.reconfigure(errors="backslashreplace")
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line, print what it answers, and return the exit code."""
    speak_by(Voice(tell=lambda text: click.echo(f"nbmlops: {text}", err=True)))
    try:
        return _answered(arguments)
    finally:
        speak_by(None)


def _answered(arguments: list[str]) -> int:
    try:
        answer = group.main(arguments, prog_name="nbmlops", standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        _print_error(arguments, type(problem).__name__, problem.format_message())
        return WRONG_USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        _print_error(arguments, "Interrupted", "interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        return 0
    except (NbmlopsError, OSError) as problem:  # of a file or folder that cannot be used
        click.echo(f"nbmlops: {problem}", err=True)
        _print_error(arguments, type(problem).__name__, str(problem))
        return WRONG_USAGE
    if not isinstance(answer, Answer):  # --help and --version have printed for themselves
        return int(answer or 0)
    try:
        _print(answer)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return answer.exit_code


def _print_error(arguments: list[str], kind: str, message: str) -> None:
    """Where JSON was asked for, say on stdout, too, what is wrong: who reads it finds a document.

    The words before ``--`` are looked through, as they may be what could not be parsed.
    """
    asked = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if "--json" not in asked:
        return
    with contextlib.suppress(BrokenPipeError):
        click.echo(json.dumps({"error": {"kind": kind, "message": message}}, ensure_ascii=False))


def _print(answer: Answer) -> None:
    if answer.as_json:
        click.echo(json.dumps(answer.value.to_json(), ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    from nbmlops.drawing.terminal import plain, rich

    if not answer.is_drawn:
        click.echo(answer.headline)
        return
    page = answer.value.page()
    to_stderr = answer.headline is not None
    stream: Any = sys.stderr if to_stderr else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else _FILE_WIDTH
    if page.title or page.blocks:
        console = Console(file=stream, width=width, highlight=False)
        if console.is_terminal:
            with console.capture() as drawn:  # rich itself exits with 1 where the reader has gone
                console.print(rich(page, console.width))
            stream.write(drawn.get())
        else:
            stream.write(plain(page, console.width) + "\n")
    if answer.headline is not None:
        click.echo(answer.headline)


def _leave_out_grammar() -> None:
    """Have jsonschema, which nbformat imports, do without a check that no notebook asks for.

    It would parse a grammar of 1 s at its import, to check texts that a schema declares to be
    international addresses; a notebook's schema declares none. jsonschema is made to work without.
    This process is the command's own, and kernels, being other processes, know nothing of it.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def _terminated(_number: int, _frame: FrameType | None) -> None:
    """Take SIGTERM as an interruption: kernels are shut down and the run is closed."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
