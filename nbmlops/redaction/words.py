"""Whether letters read like words, or like keys hit at random."""

import re
from itertools import pairwise

# The 200 pairs of letters that are the most frequent in the words, names of packages included, of
# the sources of pandas and scikit-learn and of what 300 distributions say of themselves. Of their
# words of eight letters and more 1 % has so few of these pairs, of letters drawn at random 90 %.
_USUAL_PAIRS = frozenset(
    "ab ac ad ag ai al am an ap ar as at au ay ba be bi bl bo br bu ca ce ch ci ck cl co cr "
    "ct cu da de di do ds du ea ec ed ee ef eg ei el em en ep er es et ev ew ex fa fe ff fi "
    "fo fr fu ga ge gh gi gr gu ha he hi ho ia ib ic id ie if ig il im in io ip ir is it iv "
    "iz ke ki ks la le li ll lo ls lt lu ly ma me mi mo mp mu na nc nd ne nf ng ni nn no ns "
    "nt nv oc od og ol om on oo op or os ot ou ov ow pa pe ph pi pl po pp pr ps pt pu py qu "
    "ra rc rd re rg ri rm rn ro rr rs rt ru ry sa sc se sh si so sp ss st su ta te th ti tl "
    "to tr ts tt tu ty ua ub uc ue ui ul um un up ur us ut va ve vi wa we wi yp ze".split()
)
_LEAST_SHARE = 0.55
_LEAST_LETTERS = 8
_LEAST_SIGNS = 12
_LEAST_PAIRS = 7  # to judge by
# Names put together from words are longer between two changes of case or to digits. By this and
# the pairs 0.4 % of the names and words of 12 signs and more in the sources of pandas, matplotlib,
# scikit-learn, botocore and mlflow seem random, and all but 0.3 % of letters and digits drawn do.
_SIGNS_BETWEEN_CHANGES = 3.2
_IN_TOKENS = re.compile(r"[A-Za-z0-9_\-+/]+={0,2}\Z")
_RUN = re.compile(r"[A-Za-z0-9]+")
_PIECE = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_LETTERS = re.compile(r"[A-Za-z]+")


def looks_drawn(value: str) -> bool:
    """Tell whether a text of letters alone, eight at least, reads like no word.

    >>> looks_drawn("qxzvkjpwbd"), looks_drawn("supersecret"), looks_drawn("international")
    (True, False, False)
    """
    if len(value) < _LEAST_LETTERS or not (value.isalpha() and value.isascii()):
        return False
    return _is_of_rare_pairs([value])


def reads_like_no_name(value: str) -> bool:
    """Tell whether twelve signs or more of a token are neither words nor a name made of words.

    Whatever number of digits there is among them.

    >>> reads_like_no_name("UaKRIrOaLuAqkiLm"), reads_like_no_name("GPT2TokenizerFast")
    (True, False)
    """
    if len(value) < _LEAST_SIGNS or not _IN_TOKENS.match(value):
        return False
    runs = _RUN.findall(value)
    changes = len(_PIECE.findall(value)) - len(runs)
    if sum(map(len, runs)) < _SIGNS_BETWEEN_CHANGES * (changes + 1):
        return True
    return _is_of_rare_pairs(_LETTERS.findall(value))


def _is_of_rare_pairs(runs: list[str]) -> bool:
    pairs = [first + second for run in runs for first, second in pairwise(run.lower())]
    usual = sum(pair in _USUAL_PAIRS for pair in pairs)
    return len(pairs) >= _LEAST_PAIRS and usual < _LEAST_SHARE * len(pairs)
