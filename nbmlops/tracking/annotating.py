"""Writing on runs that are stored: what `nbmlops.annotate` does, for every face."""

from collections.abc import Mapping, Sequence
from typing import get_args

from nbmlops import config
from nbmlops.records import Annotation, RunId, Verdict
from nbmlops.store.base import Store
from nbmlops.store.places import home_of
from nbmlops.tracking import current
from nbmlops.tracking.active import ActiveRun
from nbmlops.tracking.allowed import allowed_in
from nbmlops.tracking.checked_names import checked_name, checked_run_name
from nbmlops.tracking.choosing import certain
from nbmlops.tracking.clocks import after
from nbmlops.tracking.details import RunPage
from nbmlops.tracking.looking import check_choice, show
from nbmlops.tracking.opening import Where, opened
from nbmlops.tracking.redacting import Redacting


def annotate(
    run: str,
    *,
    name: str | None = None,
    note: str | None = None,
    hypothesis: str | None = None,
    verdict: Verdict | None = None,
    tags: Sequence[str] = (),
    store: Where = None,
) -> RunPage:
    """Set the name, note, hypothesis, verdict or tags (``word`` or ``key=value``) of any run.

    Raises
    ------
    RunNotFound, RunAmbiguous
        ``run`` is no run, or a name of several.
    InvalidChoice
        ``verdict`` is not ``confirmed``, ``refuted`` or ``inconclusive``.
    """
    given = {"name": name, "note": note, "hypothesis": hypothesis, "verdict": verdict}
    pairs = [tag.partition("=") for tag in tags]
    changes: dict[str, str | None] = {
        f"tags.{checked_name(key, 'tag')}": value for key, _, value in pairs
    }
    changes |= {field: value for field, value in given.items() if value is not None}
    return show(write_on(run, changes, store=store), store=store)


def write_on(
    run: str, changes: Mapping[str, str | None], *, by: str | None = None, store: Where = None
) -> RunId:
    """Write on any run, and return its id.

    Parameters
    ----------
    run : str
        What `show` takes.
    changes : mapping
        By an `AnnotationField` or ``tags.NAME`` what it becomes; None takes it away.
    by : str, optional
        Who writes it; by default the user of this process.

    Raises
    ------
    RunNotFound, RunAmbiguous
        ``run`` is no run, or a name of several.
    InvalidChoice
        A verdict is not ``confirmed``, ``refuted`` or ``inconclusive``.
    """
    check_choice("verdict", changes.get("verdict"), get_args(Verdict.__value__))
    if changes.get("name") is not None:
        checked_run_name(changes["name"])
    with opened(store) as (found, settings):
        [run_id] = certain(found, [run], settings, only_names=True)
        known = found.run_tallies([run_id])[run_id].written
        at = after(max((at for _, at, _ in known), default=0.0))
        who = by or current.user_name()
        redact = _redacting(found, settings)
        notes = (Annotation(run_id, field, text, at, who) for field, text in changes.items())
        found.save([redact(note) for note in notes])
        fields = {name: text for name, text in changes.items() if not name.startswith("tags.")}
        if fields and (open_run := _open_here(run_id)):
            open_run.change(**fields)  # what is held in memory must say the same
    return run_id


def _redacting(store: Store, settings: config.Settings) -> Redacting:
    running = current.tracker()
    if running is not None:
        return running.redacting
    allowed = (*settings.allow_secrets, *allowed_in(home_of(store.url)))
    return Redacting.outside_of_sessions(allowed)


def _open_here(run_id: RunId) -> ActiveRun | None:
    running = current.tracker()
    return next((run for run in running.runs.stack if run.id == run_id), None) if running else None
