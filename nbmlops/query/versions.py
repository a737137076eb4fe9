"""Which of two versions is the later, without asking whether they are well-formed."""

import re
from itertools import takewhile

_PIECE = re.compile(r"[0-9]+|[a-z]+")
_BEFORE = ("dev", "a", "alpha", "b", "beta", "c", "rc", "pre", "preview")

type VersionKey = tuple[tuple[int, ...], tuple[tuple[int, int, str], ...]]

_END = (0, 0, "")  # behind what comes before a release, ahead of what comes behind it


def version_key(version: str) -> VersionKey:
    """Return what versions are sorted by: numbers by value, pre-releases before their release.

    Examples
    --------
    >>> sorted(["1.10", "1.9", "1.10.0rc1", "1.10.post1"], key=version_key)
    ['1.9', '1.10.0rc1', '1.10', '1.10.post1']
    >>> version_key("2") == version_key("2.0")
    True
    """
    public = version.lower().strip().removeprefix("v").partition("+")[0]
    pieces = _PIECE.findall(public)
    numbers = list(map(int, takewhile(str.isdigit, pieces)))
    rest = tuple(map(_piece, pieces[len(numbers) :]))
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers), (*rest, _END)


def _piece(piece: str) -> tuple[int, int, str]:
    if piece.isdigit():
        return (1, int(piece), "")
    return (-1, _BEFORE.index(piece), "") if piece in _BEFORE else (1, 0, piece)
