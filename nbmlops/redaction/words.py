"""Whether letters read like a word, or like keys hit at random."""

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


def looks_drawn(value: str) -> bool:
    """Tell whether a text of letters alone, eight at least, reads like no word.

    >>> looks_drawn("qxzvkjpwbd"), looks_drawn("supersecret"), looks_drawn("international")
    (True, False, False)
    """
    if len(value) < _LEAST_LETTERS or not (value.isalpha() and value.isascii()):
        return False
    letters = value.lower()
    usual = sum(first + second in _USUAL_PAIRS for first, second in pairwise(letters))
    return usual < _LEAST_SHARE * (len(letters) - 1)
