"""What goes wrong as an answer: which status, and the document of the contract's ``Problem``."""

from nbmlops.canonical import Json
from nbmlops.errors import (
    DataAmbiguous,
    InvalidArgument,
    NbmlopsError,
    NotAStore,
    OutsideRoot,
    ParameterError,
    QueryError,
    RunAmbiguous,
    RunPinned,
    StoreError,
    StoreMissing,
    StoreTooNew,
    StoreUnavailable,
    TooBusy,
    TookTooLong,
    TooManyReruns,
)

# The first that fits; `errors` says of most classes by a built-in parent what they are.
_STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (InvalidArgument, 400), (QueryError, 400), (ParameterError, 400),
    (OutsideRoot, 404), (StoreMissing, 404),
    (RunAmbiguous, 409), (DataAmbiguous, 409), (RunPinned, 409), (StoreTooNew, 409),
    (NotAStore, 409),
    (TooManyReruns, 409),
    (StoreUnavailable, 503), (TooBusy, 503), (TookTooLong, 504),
    (PermissionError, 403), (LookupError, 404), (FileNotFoundError, 404),
    (StoreError, 409), (ValueError, 400), (TypeError, 400),
)  # fmt: skip
_CODES = {400: "InvalidArgument", 401: "Forbidden", 403: "Forbidden", 404: "NothingThere",
          405: "NotAllowed", 413: "InvalidArgument"}  # fmt: skip
_HINTS: tuple[tuple[type[Exception], str], ...] = (
    (StoreMissing, "%load_ext nbmlops"),
    (StoreTooNew, "pip install --upgrade nbmlops"),
    (RunPinned, "Unpin it first."),
    (StoreUnavailable, "Try again in a moment."),
)
_MOST_POSSIBLE = 50
AGAIN_SECONDS = 2  # after which it is worth asking again


def status_of(problem: NbmlopsError) -> int:
    """Return the status that says what kind of problem it is."""
    return next((status for kind, status in _STATUSES if isinstance(problem, kind)), 400)


def problem_json(problem: NbmlopsError) -> dict[str, Json]:
    """Return a problem as plain JSON."""
    document: dict[str, Json] = {
        "code": type(problem).__name__,
        "message": str(problem),
        "hint": next((hint for kind, hint in _HINTS if isinstance(problem, kind)), None),
    }
    if isinstance(problem, QueryError):
        document["query"] = {
            "text": problem.text,
            "start": problem.start,
            "reason": problem.reason,
            "possible": list(problem.possible[:_MOST_POSSIBLE]),
        }
    return document


def plain_problem_json(status: int, message: str) -> dict[str, Json]:
    """Return what the server itself refuses, or a fault of ours, as plain JSON."""
    return {"code": _CODES.get(status, "Fault"), "message": message, "hint": None}
