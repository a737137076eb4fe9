"""Tokens: whether a value is still what it was when it was looked at last, in this process."""
