"""Patterns of texts: regular expressions, and SQL's % and _ in the forms that databases want."""

import re
import warnings
from functools import lru_cache

_GLOB_SIGNS = re.compile(r"[*?\[]")


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a regular expression, Python's, that is searched for anywhere in a text.

    Raises
    ------
    ValueError
        The text is none.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of signs that a later Python may read otherwise
            return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as problem:
        raise ValueError(str(problem)) from None


def like_expression(pattern: str, *, ignores_case: bool) -> re.Pattern[str]:
    """Return the regular expression of a LIKE pattern; it has to match a whole text."""
    parts = (".*" if sign == "%" else "." if sign == "_" else re.escape(sign) for sign in pattern)
    flags = re.DOTALL | (re.IGNORECASE if ignores_case else re.NOFLAG)
    return re.compile("".join(parts), flags)


def is_like(text: str, pattern: str, *, ignores_case: bool) -> bool:
    """Tell whether a whole text is like a pattern: % stands for any signs, _ for one.

    Examples
    --------
    >>> is_like("FINISHED", "fin%", ignores_case=True), is_like("FINISHED", "fin%",
    ...     ignores_case=False)
    (True, False)
    """
    expression = like_expression(pattern, ignores_case=ignores_case)
    return expression.fullmatch(text) is not None


def glob_of(pattern: str) -> str:
    """Return the GLOB pattern that matches what a LIKE pattern does, case included.

    Examples
    --------
    >>> glob_of("a_*%")
    'a?[*]*'
    """
    literal = _GLOB_SIGNS.sub(lambda sign: f"[{sign[0]}]", pattern)
    return literal.replace("_", "?").replace("%", "*")
