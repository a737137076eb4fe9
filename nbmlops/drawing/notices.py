"""What is said beside the answer: in passing what goes on, and what somebody should know.

What goes on, such as what is executed and where, is said on stderr, also of scripts. What to know,
such as a name that several runs have, is a Python warning. A face that has a better place for
either gives its `Voice`. What went wrong is an error instead; how far something is, `progress`.
"""

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_OWN = str(Path(__file__).parent.parent)


class Notice(UserWarning):
    """Something that somebody should know, and nothing that stops them."""


def _warn(text: str) -> None:
    warnings.warn(text, Notice, skip_file_prefixes=(_OWN,))


def _on_stderr(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@dataclass(frozen=True, slots=True)
class Voice:
    """How a face says it.

    Attributes
    ----------
    tell : callable
        Tells what somebody should know.
    say : callable
        Says what goes on.
    hush : callable
        Takes away what ``say`` said last, once the answer is there.
    """

    tell: Callable[[str], None] = _warn
    say: Callable[[str], None] = _on_stderr
    hush: Callable[[], None] = lambda: None


_voices: list[Voice] = []


def speak_by(voice: Voice | None) -> None:
    """Let all be said by this voice; None ends it."""
    _voices[:] = [voice] if voice else []


def tell(text: str) -> None:
    """Tell what somebody should know."""
    _voice().tell(text)


def say(text: str) -> None:
    """Say in words what goes on."""
    _voice().say(text)


def hush() -> None:
    """Take away what was said in passing."""
    _voice().hush()


def _voice() -> Voice:
    return _voices[0] if _voices else Voice()
