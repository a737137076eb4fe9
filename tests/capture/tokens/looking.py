"""What the tests of tokens ask: a token with room for everything."""

from nbmlops.capture.tokens.base import Budget, Token
from nbmlops.capture.tokens.taking import token_of


def token(value: object) -> Token:
    found = token_of(value, budget=Budget(10**9, 10**12, 10**9, 10**12))
    assert found is not None
    return found


def is_seen(value: object, change: object) -> bool:
    """Tell whether a change shows, and that it is the change which does."""
    before = token(value)
    assert token(value) == before
    change(value)
    return token(value).is_same_as(before) is False
