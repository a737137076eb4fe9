"""Texts of several words beside a name that says secret: a pass phrase, or prose about one.

The rule: a prompt, a label, a sentence or a template is known by its words and signs (`is_prose`);
whatever else stands there is what it is called.
"""

import re

from nbmlops.redaction.names import said_by

_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_LAST_OF_PROMPTS = (":", "?", "…", "...")
_OF_TEMPLATES = re.compile(r"[{}<>\[\]|=\\]|%[sdr(]|\$\w|://")
_MOST_WORDS = 12
# One of these is enough: they ask for a secret, tell its state, or are about it.
_ABOUT_SECRETS = frozenset(
    "enter type choose select insert provide supply specify put paste set use please confirm "
    "repeat retype forgot forgotten change reset show hide see read ask given must should shall "
    "can cannot could not no none never missing required optional invalid incorrect wrong empty "
    "valid expired expires until ago default example sample dummy placeholder redacted hidden "
    "stored kept encrypted hashed hash plain plaintext clear characters chars letters digits "
    "minimum maximum least length long short strong weak login log sign signin user username "
    "email account authentication authorization database server vault keyring environment "
    "variable config settings field column string value file bytes text name here your you "
    "bitte eingeben ihr saisissez votre introduzca ingrese tu su".split()
)
# Sentences have these; a pass phrase of letters alone has none, one with digits one at most.
_OF_SENTENCES = frozenset(
    "a an the my is are be to of in on at with without and or if that this it its has have was "
    "were does do did will for from by as we our they he she i when where which".split()
)
_MIXED = re.compile(r"(?=\S*\d)(?=\S*[^\W\d_])\S{5,}")
_NUMBERED = re.compile(
    r"(?i)[a-z]+[_\-.]?\d{1,3}[a-z%]?\Z|v?\d[\d.,:]*[a-z%]{0,3}\Z|\d{4}-\d\d-\d\d"
)


def is_pass_phrase(value: str) -> bool:
    """Tell whether a text of several words is a secret where its name says so for sure.

    >>> is_pass_phrase("correct horse battery"), is_pass_phrase("My dog Rex 2019!")
    (True, True)
    >>> is_pass_phrase("Enter your password"), is_pass_phrase("changed 3 days ago")
    (False, False)
    """
    words = value.split()
    return 1 < len(words) <= _MOST_WORDS and "\n" not in value and not is_prose(value)


def is_strong_phrase(value: str) -> bool:
    """Tell whether a phrase is one also where its name is less sure: with a word no prose has.

    >>> is_strong_phrase("tr0ub4dor & 3 zebras"), is_strong_phrase("layer 12 of 3")
    (True, False)
    """
    if not is_pass_phrase(value):
        return False
    mixed = (word.strip(".,;:!?()\"'") for word in value.split() if _MIXED.match(word))
    return any(not _NUMBERED.match(word) for word in mixed)


def is_prose(value: str) -> bool:
    """Tell whether several words are a prompt, a label, a sentence or a template, and no secret."""
    plain = value.strip()
    if plain.endswith(_LAST_OF_PROMPTS) or _OF_TEMPLATES.search(plain):
        return True
    words = _WORD.findall(plain.lower())
    if any(word in _ABOUT_SECRETS or said_by(word) is not None for word in words):
        return True
    has_digits = any(sign.isdigit() for sign in plain)
    of_sentences = sum(word in _OF_SENTENCES for word in words)
    return of_sentences > (1 if has_digits else 0)
