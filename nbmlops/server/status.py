"""What is looked into, over HTTP; answers also where there is no store or it cannot be read."""

from importlib.metadata import version

from nbmlops.canonical import Json
from nbmlops.errors import NbmlopsError, StoreMissing, StoreTooNew, StoreUnavailable, StoreUpgrading
from nbmlops.server.asked import Asked
from nbmlops.store.probing import SCHEMA_NUMBER

# The first that fits.
_STATES: tuple[tuple[type[NbmlopsError], str], ...] = (
    (StoreMissing, "missing"),
    (StoreUpgrading, "upgrading"),
    (StoreUnavailable, "away"),
    (StoreTooNew, "too_new"),
    (NbmlopsError, "unusable"),
)


def shown(asked: Asked) -> Json:
    """Return which store is looked into, and whether it can be."""
    state, said, change = "ready", None, None
    try:
        change = asked.stores.change(asked.project)
    except NbmlopsError as problem:
        state = next(state for kind, state in _STATES if isinstance(problem, kind))
        said = str(problem)
    return {
        "version": version("nbmlops"),
        "schema": f"{SCHEMA_NUMBER:04}",
        "state": state,
        "problem": said,
        "store": asked.project.shown,
        "project": str(asked.project.folder),
        "user": asked.user,
        "change": change,
    }
