"""How ids, values and changes of them are written, wherever they are shown."""

import math
from collections.abc import Sequence
from posixpath import commonprefix

from nbmlops.canonical import Opaque
from nbmlops.drawing.page import Span, Tone
from nbmlops.drawing.words import minute, shortened, when
from nbmlops.measures import Direction

SHORT_ID = 8  # characters of an id that are shown
_BEFORE_DIFFERENCE = 8  # characters shown of what long texts begin with alike


def short(identifier: str) -> str:
    """Return the beginning of an id, as it is shown."""
    return identifier[:SHORT_ID]


def ago(moment: float, now: float) -> Span:
    """Return how long ago a moment is, in a file when it was."""
    return Span(when(moment, now), lasting=minute(moment))


def shown(value: object, longest: int = 40) -> str:
    """Write a parameter's value on one line: floats short, texts without quotes if not blank."""
    if isinstance(value, float):
        return f"{value:.6g}"
    return shortened(
        value
        if isinstance(value, str) and value.strip()
        else str(value)
        if isinstance(value, Opaque)
        else repr(value),
        longest,
    )


def apart(texts: Sequence[str], longest: int = 60) -> list[str]:
    """Return different texts on one line each, in which they are different.

    Examples
    --------
    >>> apart(["a" * 50 + "b", "a" * 50 + "c"], longest=20)
    ['…aaaaaaaab', '…aaaaaaaac']
    """
    cut = [shortened(text, longest) for text in texts]
    if len(set(cut)) >= len(set(texts)):
        return cut
    first = max(0, len(commonprefix(texts)) - _BEFORE_DIFFERENCE)
    return [f"…{shortened(text[first:], longest)}" for text in texts]


def changed(before: object, after: object) -> tuple[str, str]:
    """Return how a value is written and the one that it became: not the same twice."""
    was, now = shown(before), shown(after)
    if was == now:
        was, now = apart([repr(before), repr(after)], 40)
    return was, now


def arrow(before: float, after: float, better: Direction) -> tuple[str, Tone, str]:
    """Return the sign of a change, its tone and what it means in words."""
    if before == after or (math.isnan(before) and math.isnan(after)):
        return "=", "muted", "the same"
    if math.isnan(before) or math.isnan(after):
        return "≠", "muted", "not comparable"
    up = after > before
    sign = "▲" if up else "▼"
    if better == "unknown":
        return sign, "plain", "higher" if up else "lower"
    is_better = up == (better == "higher")
    return sign, "good" if is_better else "bad", "better" if is_better else "worse"
