"""Numbers, durations, times and sizes as people read them."""

import math
import unicodedata
from collections.abc import Sequence
from datetime import datetime

_THOUSAND_FROM = 10_000
_UNSEEN = ("Cc", "Cs", "Zl", "Zp")  # controls, halves of characters, other ends of lines
# Marks that turn the text behind them around, so that it reads as what it is not.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def number(value: float) -> str:
    """Write a number with four significant digits, whole numbers whole.

    Examples
    --------
    >>> number(0.912345), number(336776), number(1234567.8), number(1e-7), number(float("nan"))
    ('0.9123', '336,776', '1,234,568', '1e-07', 'NaN')
    """
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= _THOUSAND_FROM else str(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"
    if abs(value) >= 1e15:
        return f"{value:.4g}"
    if value.is_integer():
        return number(int(value))
    if abs(value) >= 1000:
        return f"{value:,.0f}" if abs(value) >= _THOUSAND_FROM else f"{value:.1f}"
    return f"{value:.4g}"


def signed(difference: float) -> str:
    """Write a difference with its sign; ``±0`` where there is none.

    Examples
    --------
    >>> signed(0.0134), signed(-2.0), signed(0.0)
    ('+0.0134', '−2', '±0')
    """
    if difference == 0:
        return "±0"
    return ("+" if difference > 0 else "−") + number(abs(difference)) if _known(difference) else "?"


def duration(seconds: float | None) -> str:
    """Write a duration; an empty text where it is not known.

    Examples
    --------
    >>> duration(0.0123), duration(3.21), duration(125), duration(7300), duration(None)
    ('12 ms', '3.2 s', '2 min 5 s', '2 h 1 min', '')
    """
    if seconds is None:
        return ""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def when(moment: float, now: float) -> str:
    """Write a moment relative to now, in local time.

    Examples
    --------
    >>> when(1000.0, 1030.0), when(1000.0, 1000.0 + 600)
    ('30 s ago', '10 min ago')
    """
    ago = max(now - moment, 0)
    if ago < 90:
        return f"{ago:.0f} s ago"
    if ago < 3600:
        return f"{ago / 60:.0f} min ago"
    then, today = datetime.fromtimestamp(moment), datetime.fromtimestamp(now)
    if then.date() == today.date():
        return f"today {then:%H:%M}"
    return f"{then:%d %b %H:%M}" if then.year == today.year else f"{then:%d %b %Y}"


def minute(seconds: float) -> str:
    """Write a moment in local time, to the minute."""
    return f"{datetime.fromtimestamp(seconds):%Y-%m-%d %H:%M}"


def moment(seconds: float) -> str:
    """Write a moment in local time, to the second, with its zone."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")


def iso(seconds: float | None) -> str | None:
    """Write a moment for programs: ISO 8601 in UTC."""
    if seconds is None:
        return None
    from datetime import UTC

    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def size(count: int) -> str:
    """Write a number of bytes.

    Examples
    --------
    >>> size(512), size(20_480), size(5_300_000)
    ('512 B', '20 kB', '5.3 MB')
    """
    if count < 1000:
        return f"{count} B"
    amount = float(count)
    for unit in ("kB", "MB", "GB"):
        amount /= 1000
        if amount < 1000:
            return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:.0f} {unit}"
    return f"{amount / 1000:.1f} TB"


def shortened(text: str, longest: int = 60) -> str:
    r"""Return a text on one line, cut with an ellipsis, its control characters made visible.

    Examples
    --------
    >>> shortened("a\nb"), shortened("abcdef", 4)
    ('a⏎b', 'abc…')
    """
    line = visible(text[: longest * 4].replace("\r\n", "\n").replace("\n", "⏎"))
    return line if len(line) <= longest else line[: longest - 1] + "…"


def visible(text: str) -> str:
    """Return a text in which nothing acts: escape is shown as ␛, marks of direction as �."""
    if text.isprintable() or text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(
        chr(0x2400 + ord(char))
        if ord(char) < 32 and char not in "\n\t"
        else "�"
        if char in _TURNING or (unicodedata.category(char) in _UNSEEN and char not in "\n\t")
        else char
        for char in text
    )


def count(amount: int, noun: str) -> str:
    """Write how many there are: ``1 run``, ``3 runs``."""
    return f"{amount:,} {noun}" if amount == 1 else f"{amount:,} {noun}s"


def first_of(texts: Sequence[str], most: int, between: str = ", ") -> str:
    """Write the first of several texts, and how many there are beyond those.

    Examples
    --------
    >>> first_of(["a", "b", "c"], 2), first_of(["a", "b"], 2)
    ('a, b + 1', 'a, b')
    """
    shown = between.join(texts[:most])
    return f"{shown} + {len(texts) - most:,}" if len(texts) > most else shown


def _known(value: float) -> bool:
    return not math.isnan(value)
