"""What stands in the place of a secret, and how it is recognised again."""

import re
from collections.abc import Iterator

_PLACEHOLDER = re.compile(r"\[redacted: ([^\]\n]{1,60})\]")
BEGINNING = "[redacted: "
_LONGEST = len(BEGINNING) + 60


def placeholder(kind: str) -> str:
    """Return what is written instead of a secret of a kind: ``[redacted: AWS key]``."""
    return f"{BEGINNING}{kind}]"


def kinds_in(text: str) -> list[str]:
    """Return the kind of every secret that was taken out of a text, in order."""
    return _PLACEHOLDER.findall(text) if BEGINNING in text else []


def lines_redacted(text: str) -> Iterator[tuple[int, str]]:
    """Give the number, from 1, and the kind of everything that was taken out of a text."""
    if BEGINNING in text:
        for number, line in enumerate(text.splitlines(), 1):
            for kind in kinds_in(line):
                yield number, kind


def places_of(text: str) -> list[tuple[int, int]]:
    """Return where placeholders stand in a text."""
    if BEGINNING not in text:
        return []
    return [found.span() for found in _PLACEHOLDER.finditer(text)]


def is_in_one(text: str, at: int) -> bool:
    """Tell whether a place of a text is inside of a placeholder."""
    begin = text.rfind(BEGINNING, max(at - _LONGEST, 0), at)
    return begin >= 0 and "]" not in text[begin:at]


def could_be(redacted: str, text: str) -> bool:
    """Tell whether a text is one that a redacted text was made of, as far as can be told.

    Examples
    --------
    >>> could_be("login('[redacted: password]')", "login('s3same')")
    True
    """
    if BEGINNING not in redacted:
        return redacted == text
    parts = _PLACEHOLDER.split(redacted)[::2]
    return re.fullmatch(".+?".join(map(re.escape, parts)), text, re.DOTALL) is not None
