"""The last resort: long texts in code that look drawn at random, and are named as nothing else.

Only texts in quotes, in code and in parameters: what cells show is full of digests, ids and images.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from nbmlops.redaction.values import entropy_bits, is_stand_in

_QUOTED = re.compile(r"(?P<quote>[\"'])(?P<value>[A-Za-z0-9+/_\-~.]{24,128}={0,2})(?P=quote)")
_NAME = re.compile(r"[\w.\-\]\"']*\s*[=:,(]?\s*[rbu]?\Z")
_LONGEST_NAME = 60
# What is long and random and no secret says so.
_NAMED_OTHERWISE = re.compile(
    r"(?i)sha|hash|md5|digest|checksum|integrity|etag|commit|revision|uuid|guid|fingerprint|hex"
    r"|(?:^|[^a-z])(?:id|ids|rev|ref|doi|model|arch|image|img|png|icon|logo|seed|data|path|file"
    r"|url|uri|name|version|run|public|cell|column|col|src|href|smiles|sequence|seq|dna)(?:$|[^a-z])"
)
_HEX = re.compile(r"(?i)(?:0x)?[0-9a-f\-]+\Z")
_WORDLIKE = re.compile(r"[A-Za-z][a-z]{3,}|[A-Z]{4,}")
_PREFIXED = re.compile(r"(?i)(?:sha\d+|md5|data|blake\w*|urn)[-:]|10\.\d{4,}/")
_NAME_PARTS = re.compile(
    r"(?:(?:[A-Z]?[a-z]+|[A-Z]+)\d*|\d+)(?:_(?:(?:[A-Z]?[a-z]+|[A-Z]+)\d*|\d+)){3,}\Z"
)
_LEAST_BITS = 4.1
RANDOM_TEXT = "random text"


def random_texts_in(code: str) -> Iterator[tuple[int, int, str]]:
    """Give begin, end and kind of every quoted text of code that looks like a key."""
    for found in _QUOTED.finditer(code):
        named = _NAME.search(code[max(found.start() - _LONGEST_NAME, 0) : found.start()])
        is_other = named is not None and _NAMED_OTHERWISE.search(named[0]) is not None
        if not is_other and looks_random(found["value"]):
            yield (*found.span("value"), RANDOM_TEXT)


def looks_random(value: str) -> bool:
    """Tell whether a text looks like a key: three kinds of signs, mixed, and no words.

    >>> looks_random("q8Zr3vT1mXw9Lk2Jf7Hd5Sg4Ba6Nc0Pe"), looks_random("bert-large-uncased-whole")
    (True, False)
    """
    plain = value.rstrip("=")
    letters = sum(sign.isalpha() for sign in plain)
    digits = sum(sign.isdigit() for sign in plain)
    has_both = any(sign.islower() for sign in plain) and any(sign.isupper() for sign in plain)
    if _HEX.match(plain) or digits < 3 or not has_both or letters < 6:
        return False
    if (
        _PREFIXED.match(value)
        or _NAME_PARTS.match(value)
        or "/" in plain[:1]
        or "." in plain
        or is_stand_in(value)
    ):
        return False
    words = sum(len(word) for word in _WORDLIKE.findall(plain))
    changes = sum(_kind(a) != _kind(b) for a, b in pairwise(plain))
    return (
        words < 0.4 * len(plain)
        and changes > 0.4 * len(plain)
        and entropy_bits(plain) > _LEAST_BITS
    )


def _kind(sign: str) -> int:
    return 0 if sign.islower() else 1 if sign.isupper() else 2 if sign.isdigit() else 3
