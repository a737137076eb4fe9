"""What every error has, and how names and texts read in a message."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

_LONGEST_LISTED = 40  # characters of each name in a list


class NbmlopsError(Exception):
    """Base of every error raised by nbmlops.

    The arguments are kept, so that an error survives pickling between processes.
    """

    message: str = ""

    def __str__(self) -> str:
        # KeyError would show the repr of its argument, quotes and all.
        return self.message or super().__str__()

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows of it: where the user called us, not our own frames."""
        import traceback  # nobody needs it where nothing goes wrong

        own = str(Path(__file__).parent.parent)
        frames = [
            frame
            for frame in traceback.extract_tb(self.__traceback__)
            if not frame.filename.startswith(own) and "IPython" not in Path(frame.filename).parts
        ]
        called = [line for text in traceback.format_list(frames) for line in text.splitlines()]
        return [*called, f"{type(self).__name__}: {self}"]


def sentence(reason: str) -> str:
    """Return a reason, which somebody else may have worded, with one full stop at its end."""
    ended = reason.rstrip()
    return ended if ended.endswith(("!", "?")) else f"{ended.rstrip('.')}."


def did_you_mean(word: str, possible: Sequence[str], what: str = "", *, lists: bool = True) -> str:
    """End of an error message: the nearest valid words, else all of them, else nothing.

    ``what`` they are is said where they are listed: "variables"; they are not unless ``lists``.
    """
    same = [name for name in possible if name.lower() == word.lower()]  # but for capitals
    near = same[:3] or get_close_matches(word, possible, n=3, cutoff=0.6)
    if near:
        return f" Did you mean {listed(near, ' or ')}?"
    if possible and lists:
        beginning = f"Known {what}" if what else "There is"
        return f" {beginning}: {listed(possible[:20])}{', …' if len(possible) > 20 else ''}."
    return ""


def listed(names: Sequence[str], between: str = ", ") -> str:
    """Join names, each cut to a length that leaves the sentence readable."""
    longest = _LONGEST_LISTED
    return between.join(
        name if len(name) <= longest else f"{name[: longest - 1]}…" for name in names
    )


def rebuild(kind: type[NbmlopsError], args: tuple[Any, ...], state: dict[str, Any]) -> Any:
    """Make an error anew from its parts, for pickle: constructors take keywords it cannot give."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error
