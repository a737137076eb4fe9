"""What an execution showed, in the form in which two executions are compared."""

import base64
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What differs between two processes that did the same.
_FORMS = (
    (re.compile(r"\b0x[0-9a-fA-F]{4,}|(?<= at )[0-9a-f]{8,}\b"), "0x…"),
    (re.compile(r"(?<=\()(\d+\.py|<cell>)(?=, line)"), "<cell>"),  # in a SyntaxError
    # When something is thrown away depends on what is executed beside it.
    (
        re.compile(
            r"^.*RuntimeWarning: coroutine '.*' was never awaited\n(  .*\n|Runtime.*\n)*",
            re.MULTILINE,
        ),
        "",
    ),
    (re.compile(r"\S*ipykernel_\d+/\d+\.py|<ipython-input-[^>]*>"), "<cell>"),
    (re.compile(r"^(CPU times|Wall time): .*\n?", re.MULTILINE), ""),
    (re.compile(r"^[\d.]+ \S+ ± .* per loop .*\n?", re.MULTILINE), ""),  # %timeit
    (re.compile(r"^The nbmlops extension is already loaded.*\n.*\n?", re.MULTILINE), ""),
    (re.compile(r"^The slowest run took .*\n.*\n?", re.MULTILINE), ""),
    (re.compile(r"\[\d\d:\d\d(:\d\d)?[<,][^\]]*\]"), "[…]"),  # tqdm
    (re.compile(r"^[^\n]*\r(?!\n)", re.MULTILINE), ""),  # a line that was written over
    (re.compile(r"(Out|In) ?\[\d+\]"), r"\1[…]"),
)
_LONGEST_SHOWN = 60

type Data = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """All that an execution showed.

    ``error`` is the class and message of what it raised; ``displays`` are results and displays in
    order, each by MIME type, text and images only.
    """

    stdout: str = ""
    stderr: str = ""
    displays: tuple[Data, ...] = ()
    error: tuple[str, str] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to compare."""
        return self == Shown()


def shown_in(events: Iterable[Sequence[Any]], folder: Path) -> Shown:
    """Return what was shown, from what a shell or kernel told, in order.

    Events are ``("stdout", text)``, ``("stderr", text)``, ``("data", {mime: …})``,
    ``("error", class, message)`` and ``("clear",)``.
    """
    streams = {"stdout": "", "stderr": ""}
    displays: list[Data] = []
    error = None
    for kind, *content in events:
        if kind == "clear":
            streams, displays = {"stdout": "", "stderr": ""}, []
        elif kind == "error":
            error = (content[0], _plain(content[1], folder))
        elif kind == "data":
            displays.append(_compared(content[0], folder))
        else:
            streams[kind] += content[0]
    texts = {name: _plain(text, folder) for name, text in streams.items()}
    return Shown(texts["stdout"], texts["stderr"], tuple(displays), error)


def first_difference(expected: Shown, found: Shown) -> str | None:
    """Return the first thing in which two executions differ, in words; None where they do not."""
    if expected.error != found.error:
        return f"{_error_words(expected.error)} became {_error_words(found.error)}"
    for name, one, other in (
        ("stdout", expected.stdout, found.stdout),
        ("stderr", expected.stderr, found.stderr),
    ):
        if one != other:
            return f"{name} {_apart(one, other)}"
    if len(expected.displays) != len(found.displays):
        return f"{len(expected.displays)} displays became {len(found.displays)}"
    for one_data, other_data in zip(expected.displays, found.displays, strict=True):
        for mime in {**one_data, **other_data}:
            one, other = one_data.get(mime, ""), other_data.get(mime, "")
            if one == other:
                continue
            if not mime.startswith("image/"):
                return f"{mime} {_apart(one, other)}"
            if not _are_same_pixels(one, other):
                return f"another {mime}"
    return None


def _compared(data: Mapping[str, Any], folder: Path) -> Data:
    found = {}
    for mime, content in data.items():
        text = "".join(content) if isinstance(content, list) else str(content)
        if mime == "text/plain":
            found[mime] = _plain(text, folder)
        elif mime.startswith("image/"):
            found[mime] = text.strip()
    return found


def _plain(text: str, folder: Path) -> str:
    text = text.replace(str(folder), "<folder>")
    for pattern, replacement in _FORMS:
        text = pattern.sub(replacement, text)
    return text


def _are_same_pixels(one: str, other: str) -> bool:
    from PIL import Image

    try:
        images = [Image.open(io.BytesIO(base64.b64decode(each))) for each in (one, other)]
    except (ValueError, OSError):  # SVG, or nothing at all
        return False
    return images[0].size == images[1].size and images[0].tobytes() == images[1].tobytes()


def _error_words(error: tuple[str, str] | None) -> str:
    return f"{error[0]}: {_cut(error[1])}" if error else "no error"


def _apart(one: str, other: str) -> str:
    """Return the first lines that differ."""
    ones, others = one.splitlines() or [""], other.splitlines() or [""]
    pairs = zip(ones, others, strict=False)
    place = next((place for place, (a, b) in enumerate(pairs) if a != b), None)
    if place is None:
        return f"of {len(ones)} lines became {len(others)}"
    return f"{_cut(ones[place])!r} became {_cut(others[place])!r}"


def _cut(text: str) -> str:
    line = text.strip().partition("\n")[0]
    return line if len(line) <= _LONGEST_SHOWN else line[:_LONGEST_SHOWN] + "…"
