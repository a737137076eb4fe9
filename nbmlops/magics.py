"""``%load_ext nbmlops``, ``%nbmlops VERB`` and the headers ``%%nbmlops params|step|scratch``.

The magic takes the verbs of the command line and these, which concern the session at hand:
``run NAME``, ``end``, ``metric NAME…``, ``tag``, ``note``, ``hypothesis``, ``verdict``, ``on``,
``off``, ``quiet``, ``status``. Its ``why NAME`` and ``restore NAME`` also take the
variables of the notebook.
"""

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click
from click.shell_completion import ShellComplete
from IPython.core.error import UsageError

from nbmlops.cells.headers import KINDS, without_header
from nbmlops.completions import complete_metric, complete_name, complete_run
from nbmlops.drawing.notices import Voice, hush, say, speak_by
from nbmlops.drawing.page import Drawn, Span, bring_to_life
from nbmlops.drawing.progress import Line, show_progress_by
from nbmlops.errors import NbmlopsError
from nbmlops.records import Run
from nbmlops.tracking import current
from nbmlops.tracking.results import as_scalar
from nbmlops.tracking.tracker import Tracker
from nbmlops.verbs import group as verbs
from nbmlops.verbs.base import Answer, Verbs, verb
from nbmlops.verbs.runs import VERDICTS
from nbmlops.verbs.slices import (
    cell_option,
    output_option,
    overwrite_option,
    slice_option,
    smallest_option,
    timeout_option,
    variable_option,
)

_PROSE = ("note", "hypothesis")  # verbs whose text may hold any quote


def load(shell: Any) -> None:
    """Start recording, or go on with it, and make the magic known."""
    try:
        tracker = current.start(shell)
    except NbmlopsError as problem:
        reason = f"nbmlops does not record: {problem}"
        shell.register_magic_function(_refusing(reason), "line_cell", "nbmlops")
        raise UsageError(reason) from None
    shell.register_magic_function(magic_function(), "line_cell", "nbmlops")
    if without_header not in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.append(without_header)
    shell.set_hook("complete_command", complete, str_key="%nbmlops")
    bring_to_life(lambda drawn: _alive(drawn, shell))
    show_progress_by(lambda what, unit: _line(what, unit, shell))
    speak_by(_voice(shell, tracker))
    if not tracker.quiet:
        tracker.say(tuple(current.say_where(tracker)))


def _alive(drawn: Drawn, shell: Any) -> Mapping[str, object]:
    from nbmlops.widgets.living import alive  # with all the pages, which recording can do without

    return alive(drawn, shell)


def _line(what: str, unit: str, shell: Any) -> Line | None:
    from nbmlops.widgets.living import is_watched
    from nbmlops.widgets.progress import NotebookLine

    return NotebookLine(shell, what, unit) if is_watched(shell) else None


def _voice(shell: Any, tracker: Tracker) -> Voice:
    def tell(text: str) -> None:
        tracker.say((Span(text, "warn"),))

    if not hasattr(shell, "kernel"):
        return Voice(tell)
    from nbmlops.widgets.progress import notebook_voice

    return notebook_voice(shell, tell)


def unload(shell: Any) -> None:
    """Stop recording; what was recorded stays, and loading again goes on in the same session."""
    recorder = current.recorder()
    if recorder is not None:
        recorder.stop()
    show_progress_by(None)
    speak_by(None)
    if without_header in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.remove(without_header)


def magic_function() -> Callable[..., Any]:
    """Return the function behind ``%nbmlops`` and ``%%nbmlops``."""

    def nbmlops(line: str, cell: str | None = None) -> Any:
        if cell is not None:  # a known header was taken off before the cell ran
            raise UsageError(
                f"%%nbmlops {line}: a cell can be headed %%nbmlops {', '.join(KINDS)}."
            )
        return answer_line(line)

    nbmlops.__doc__ = "Ask nbmlops something: %nbmlops runs, %nbmlops --help."
    return nbmlops


def _refusing(reason: str) -> Callable[..., Any]:
    """Return a magic that repeats why loading failed, until loading succeeds."""

    def nbmlops(line: str, cell: str | None = None) -> Any:  # noqa: ARG001, IPython's signature
        raise UsageError(reason)

    return nbmlops


def words_of(line: str) -> list[str]:
    """Split a magic's line as a shell does; after a verb that takes prose the rest is one word.

    Examples
    --------
    >>> words_of("note it's fine"), words_of("show 'two words'")
    (['note', '--', "it's fine"], ['show', 'two words'])
    """
    verb, _, rest = line.strip().partition(" ")
    text = rest.strip()
    if verb not in _PROSE or text in ("", "-h", "--help"):
        return shlex.split(line)
    is_quoted = (
        len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" and text.count(text[0]) == 2
    )
    return [verb, "--", text[1:-1] if is_quoted else text]


def answer_line(line: str) -> Any:
    """Run a magic's line and return what it answers, to be displayed."""
    try:
        words = words_of(line)
    except ValueError as problem:
        raise UsageError(f"%nbmlops {line}: {problem}") from None
    try:
        answer = session_verbs.main(words or ["status"], "%nbmlops", standalone_mode=False)
    except click.ClickException as problem:
        raise UsageError(problem.format_message()) from None
    except (NbmlopsError, OSError) as problem:  # of a file or folder that cannot be used
        raise UsageError(str(problem)) from None
    except click.Abort:
        raise KeyboardInterrupt from None  # the cell is interrupted, not failed
    finally:
        hush()
    if not isinstance(answer, Answer):
        return None
    if answer.as_json:
        click.echo(json.dumps(answer.value.to_json(), ensure_ascii=False, indent=2))
        return None
    if not answer.is_drawn:
        click.echo(answer.headline)
        return None
    return answer.value


def complete(_: Any, event: Any) -> list[str]:
    """Complete the verb after ``%nbmlops``, and what the verb takes as a shell would."""
    words = event.line.split()
    if len(words) < 2 or (len(words) == 2 and not event.line.endswith(" ")):
        return list(session_verbs.list_commands(click.Context(session_verbs)))
    begun = "" if event.line.endswith(" ") else words.pop()
    asked = ShellComplete(session_verbs, {}, "%nbmlops", "")
    return [item.value for item in asked.get_completions(words[1:], begun)]


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
def session_verbs() -> None:
    """Ask nbmlops about the runs of the project, or tell it about the one at hand."""


def session_verb[**P](function: Callable[P, Answer | None]) -> click.Command:
    """Make a command of the magic alone."""
    return session_verbs.command()(function)


@verb(
    """\
  %nbmlops status               of this session
  %nbmlops status @2            of the session of a run""",
    to=session_verbs,
)
@click.argument("session", metavar="[RUN|SESSION]", required=False, shell_complete=complete_run)
def status(session: str | None, store: str | None) -> Answer:
    """Say what is recorded, which cells are stale and why, and what to run again."""
    return _status(session, store)


def _status(session: str | None = None, store: str | None = None) -> Answer:
    from nbmlops.tracking import status as asking  # only who asks needs it

    return Answer(asking.status(session, store=store))


@session_verb
@click.argument("words", nargs=-1, metavar="[NAME]")
@click.option("--experiment", help="Put the run into this experiment.")
@click.option("--hypothesis", help="Say what the run is to find out.")
def run(words: Sequence[str], experiment: str | None, hypothesis: str | None) -> Answer | None:
    """Open a run by name; or execute a notebook, where the name ends in .ipynb."""
    if words and words[0].endswith(".ipynb"):
        answer = verbs.main(["run", *words], "%nbmlops", standalone_mode=False)
        return answer if isinstance(answer, Answer) else None
    current.ensure().runs.open(
        " ".join(words) or None, experiment=experiment, hypothesis=hypothesis
    )
    return _status()


@session_verb
def end() -> Answer:
    """Close the open run."""
    current.ensure().runs.require("close").finish()
    return _status()


@session_verb
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
def metric(names: Sequence[str]) -> None:
    """Make metrics of variables that hold one number."""
    from IPython.core.getipython import get_ipython

    namespace = get_ipython().user_ns
    values = {}
    for name in names:
        if name not in namespace:
            raise click.UsageError(f"there is no variable {name!r}.")
        value = as_scalar(namespace[name])
        if value is None:
            kind = type(namespace[name]).__name__
            raise click.UsageError(f"{name!r} is a {kind}, not one number.")
        values[name] = value
    current.ensure().runs.want_metrics(values)


@verb(
    """\
  %nbmlops why                  all results of this session's latest run
  %nbmlops why df               a variable as it is now
  %nbmlops why roc_auc
  %nbmlops why @2 roc_auc       a metric of an earlier run
  %nbmlops why --cell 7         the output of the 7th execution of this session""",
    to=session_verbs,
)
@click.argument("run", metavar="[NAME|RUN]", required=False, shell_complete=complete_name)
@click.argument("metric", metavar="[METRIC]", required=False, shell_complete=complete_metric)
@variable_option
@cell_option
def why(
    run: str | None,
    metric: str | None,
    variable: str | None,
    cell: int | None,
    store: str | None,
) -> Answer:
    """Show which cells, data and parameters made something, and why each is needed.

    NAME is a variable as it is now, else a metric of this session's latest run, else a run. Of the
    run's parameters those are shown that these cells used; the others are named as not used.
    """
    from nbmlops.tracking import why as explaining  # only who asks needs it

    asks_here = metric is None and store is None
    if asks_here and (run is None or (variable is None and cell is None)):
        return Answer(explaining.why_here(run, variable=variable, cell=cell))
    asked = explaining.why(run or "@1", metric, variable=variable, cell=cell, store=store)
    return Answer(asked)


@verb(
    """\
  %nbmlops restore              all results of this session's latest run
  %nbmlops restore roc_auc      a metric of it, or a variable as it is now
  %nbmlops restore @2 roc_auc --smallest -o smaller.ipynb""",
    to=session_verbs,
)
@click.argument("run", metavar="[NAME|RUN]", required=False, shell_complete=complete_name)
@click.argument("metric", metavar="[METRIC]", required=False, shell_complete=complete_metric)
@variable_option
@cell_option
@slice_option
@output_option
@smallest_option
@overwrite_option
@timeout_option
def restore(
    run: str | None,
    metric: str | None,
    variable: str | None,
    cell: int | None,
    store: str | None,
    is_slice: bool,  # noqa: ARG001, so far there is nothing else
    **options: Any,
) -> Answer:
    """Write the notebook that makes a result and nothing else: only the cells that it needs.

    NAME is a variable as it is now, else a metric of this session's latest run, else a run.
    """
    from nbmlops.restoring import restore as restoring  # only who asks needs it

    options["say"] = say
    asks_here = metric is None and store is None
    if asks_here and (run is None or (variable is None and cell is None)):
        writing = restoring.Writing(**options)
        return Answer(restoring.restore_here(run, writing, variable=variable, cell=cell))
    options |= {"variable": variable, "cell": cell, "store": store}
    return Answer(restoring.restore(run or "@1", metric, **options))


@session_verb
@click.argument("tags", nargs=-1, required=True, metavar="WORD|KEY=VALUE...")
def tag(tags: Sequence[str]) -> Answer:
    """Put tags on the open run."""
    open_run = current.ensure().runs.require("tag")
    for text in tags:
        key, is_pair, value = text.partition("=")
        if is_pair:
            open_run.set_tags(**{key: value})
        else:
            open_run.set_tags(key)
    return _kept(open_run.record, "tags", ", ".join(tags))


@session_verb
@click.argument("words", nargs=-1, required=True, metavar="TEXT")
def note(words: Sequence[str]) -> Answer:
    """Write a note to the open run."""
    return _annotated("write a note to", "note", " ".join(words))


@session_verb
@click.argument("words", nargs=-1, required=True, metavar="TEXT")
def hypothesis(words: Sequence[str]) -> Answer:
    """Say what the open run is to find out."""
    return _annotated("give a hypothesis", "hypothesis", " ".join(words))


@session_verb
@click.argument("verdict", type=click.Choice(VERDICTS))
def verdict(verdict: str) -> Answer:
    """Say what became of the open run's hypothesis."""
    return _annotated("judge", "verdict", verdict)


def _annotated(wanted: str, kind: str, text: str) -> Answer:
    open_run = current.ensure().runs.require(wanted)
    open_run.annotate(**{kind: text})  # type: ignore[arg-type]
    return _kept(open_run.record, kind, text)


def _kept(run: Run, kind: str, text: str) -> Answer:
    from nbmlops.answers import Kept  # with all the pages, which recording can do without

    return Answer(Kept(run, kind, text))


@session_verb
def off() -> Answer:
    """Stop recording cells until ``%nbmlops on``."""
    recorder = current.recorder()
    if recorder is not None:
        recorder.stop()
    return _status()


@session_verb
def on() -> Answer:
    """Record cells again; where the store was deleted or moved, as a new session."""
    recorder, tracker = current.recorder(), current.tracker()
    if tracker is not None and tracker.is_lost:
        load(current.running_shell())
    elif recorder is not None:
        recorder.start()
    return _status()


@session_verb
@click.argument("switch", type=click.Choice(("on", "off")), default="on")
def quiet(switch: str) -> None:
    """Leave out the lines below cells; ``quiet off`` brings them back."""
    current.ensure().quiet = switch == "on"


for _name, _command in verbs.commands.items():
    if _name not in session_verbs.commands and _name != "completion":
        session_verbs.add_command(_command)
