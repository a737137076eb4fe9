"""Secrets inside of written values (`nbmlops.canonical`) that the names beside them tell."""

from collections.abc import Callable
from typing import Any

from nbmlops.redaction.names import said_by

_TAG = "$type"
_CONTAINERS = frozenset(("tuple", "set", "frozenset"))
_LEAST_DIGITS = 4


def written_without(tree: Any, name: str, value: Callable[[str, str], str]) -> Any:
    """Return a written value as ``value`` leaves each text whose name may say secret.

    Parameters
    ----------
    tree : JSON
        As `nbmlops.canonical.encode` writes it.
    name : str
        Of the whole. The items of a list have the name of the list.
    value : callable
        Returns what a name holds without its secrets.
    """
    if isinstance(tree, list):
        return [written_without(item, name, value) for item in tree]
    if isinstance(tree, dict):
        return _in_dict(tree, name, value)
    said = said_by(name)
    if said is None or isinstance(tree, bool):
        return tree
    if isinstance(tree, str):
        return value(name, tree)
    if isinstance(tree, int) and said.is_sure and len(str(tree)) >= _LEAST_DIGITS:
        return _or_same(tree, str(tree), name, value)
    return tree


def _in_dict(tree: dict[str, Any], name: str, value: Callable[[str, str], str]) -> Any:
    kind, held = tree.get(_TAG), tree.get("value")
    if kind is None:
        return {key: written_without(item, key, value) for key, item in tree.items()}
    if kind in _CONTAINERS:
        return {**tree, "value": written_without(held, name, value)}
    if kind == "dict" and held is not None:
        pairs = [
            [key, written_without(item, key if isinstance(key, str) else name, value)]
            for key, item in held
        ]
        return {**tree, "value": pairs}
    if kind == "bytes" and isinstance(held, str) and said_by(name) is not None:
        return _or_same(tree, bytes.fromhex(held).decode("utf-8", "replace"), name, value)
    return tree


def _or_same(tree: Any, text: str, name: str, value: Callable[[str, str], str]) -> Any:
    """Return what is left of a value that is no text by itself, the same where it is no secret."""
    found = value(name, text)
    return tree if found == text else found
