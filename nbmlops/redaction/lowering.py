"""A text in small letters, in which every sign stands where it stood."""

import string

_LETTERS = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def lowered(text: str) -> str:
    """Return a text in small letters, of the same length.

    >>> lowered("API Key"), len(lowered("\u0130"))
    ('api key', 1)
    """
    small = text.lower()
    if len(small) != len(text):  # a few letters become two
        return text.translate(_LETTERS)
    return small
