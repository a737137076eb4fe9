"""What runs, metrics, parameters and tags may be called."""

from nbmlops.errors import InvalidMetric, InvalidName, InvalidRunName

LONGEST_NAME = 250
_MEANINGS = (("@", "a run by its place"), ("best:", "the best run"))


def checked_name(name: object, what: str = "metric") -> str:
    """Return a name of a ``what``: ``metric``, ``parameter``, ``tag``, ``artifact`` or ``model``.

    Raises
    ------
    InvalidMetric, InvalidName
        It is no text, blank, or longer than 250 characters.
    """
    kind = InvalidMetric if what == "metric" else InvalidName
    if not isinstance(name, str) or not name.strip():
        raise kind(name, "a name is a text that is not empty.", what)
    if len(name) > LONGEST_NAME:
        raise kind(name[:40] + "…", f"a name has at most {LONGEST_NAME} characters.", what)
    return name


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
