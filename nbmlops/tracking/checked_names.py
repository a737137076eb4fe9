"""What runs, metrics, parameters and tags may be called."""

from hashlib import blake2b

from nbmlops.drawing.notices import Notice, say, tell
from nbmlops.errors import InvalidMetric, InvalidName, InvalidRunName
from nbmlops.errors.base import listed

LONGEST_NAME = 250
_DIGEST_BYTES = 4
_MEANINGS = (("@", "a run by its place"), ("best:", "the best run"))


def checked_name(name: object, what: str = "metric") -> str:
    """Return a name of a ``what``: ``metric``, ``parameter``, ``tag``, ``artifact`` or ``model``.

    Raises
    ------
    InvalidMetric, InvalidName
        It is no text, blank, or longer than 250 characters, which a tag may be: it is shortened,
        and ends in letters of a digest, so that another that begins alike is another.
    """
    kind = InvalidMetric if what == "metric" else InvalidName
    if not isinstance(name, str) or not name.strip():
        raise kind(name, "a name is a text that is not empty.", what)
    if what == "tag":
        return _fitting(name, "tag", _ending_of_tag(name))
    if len(name) > LONGEST_NAME:
        raise kind(name[:40] + "…", f"a name has at most {LONGEST_NAME} characters.", what)
    return name


def fitting_run_name(name: object) -> str:
    """Return a name for a run that code gives it: one that is too long costs no results.

    It is shortened, which is told; else as `checked_run_name`.
    """
    return checked_run_name(_fitting(name, "run's name") if isinstance(name, str) else name)


def _fitting(name: str, what: str, ending: str = "…") -> str:
    """Return a text that is no longer than names may be, and tell where it was."""
    if len(name) <= LONGEST_NAME:
        return name
    kept = LONGEST_NAME - len(ending)
    text = (
        f"the {what} {listed([name])!r} has {len(name):,} characters: its first {kept} are kept. "
        "What is longer belongs into a note, or a parameter's value."
    )
    try:
        tell(text)
    except Notice:  # warnings are errors here, but a name costs no run
        say(f"nbmlops: {text}")
    return f"{name[:kept]}{ending}"


def _ending_of_tag(name: str) -> str:
    """Return what a long tag ends with, so that two that begin alike stay two."""
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES)
    return f"-{digest.hexdigest()}…"


def checked_run_name(name: object) -> str:
    """Return a name for a run; raise `InvalidRunName` where a RUN could not be found by it."""
    if not isinstance(name, str) or not name.strip():
        raise InvalidRunName(str(name), "a name is a text that is not empty.")
    for beginning, meaning in _MEANINGS:
        if name.startswith(beginning):
            raise InvalidRunName(name, f"{beginning} is how one asks for {meaning}.")
    if len(name) > LONGEST_NAME:
        raise InvalidRunName(name, f"a name has at most {LONGEST_NAME} characters.")
    return name
