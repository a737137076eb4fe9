"""Secrets inside of written values (`nbmlops.canonical`) that the names beside them tell."""

from collections.abc import Callable
from typing import Any

from nbmlops.redaction.names import said_by

_TAG = "$type"
_NAMES, _VALUES = ("name", "key", "k"), ("value", "v")  # of a setting that is written as a dict
_CONTAINERS = frozenset(("tuple", "set", "frozenset"))
_LEAST_DIGITS = 4


def written_without(tree: Any, name: str, value: Callable[[str, str], str]) -> Any:
    """Return a written value as ``value`` leaves each text whose name may say secret.

    Parameters
    ----------
    tree : JSON
        As `nbmlops.canonical.encode` writes it.
    name : str
        Of the whole. The items of a list have the name of the list, or of the option before them:
        ``["--password", "…"]``.
    value : callable
        Returns what a name holds without its secrets.
    """
    if isinstance(tree, list):
        return _in_list(tree, name, value)
    if isinstance(tree, dict):
        return _in_dict(tree, name, value)
    said = said_by(name)
    if said is None or isinstance(tree, bool):
        return tree
    if isinstance(tree, str):
        return value(name, tree)
    if isinstance(tree, int) and len(str(tree)) >= _LEAST_DIGITS:
        return _or_same(tree, str(tree), name, value)
    return tree


def _in_list(tree: list[Any], name: str, value: Callable[[str, str], str]) -> list[Any]:
    found, option = [], None
    for item in tree:
        is_option = isinstance(item, str) and item.startswith("-")
        found.append(written_without(item, name if is_option else option or name, value))
        option = item.lstrip("-") if is_option and said_by(item.lstrip("-")) else None
    return found


def _in_dict(tree: dict[str, Any], name: str, value: Callable[[str, str], str]) -> Any:
    kind, held = tree.get(_TAG), tree.get("value")
    if kind is None:
        named = next((tree[key] for key in _NAMES if isinstance(tree.get(key), str)), "")
        names = dict.fromkeys(_VALUES, named) if said_by(named) else {}
        return {
            key: written_without(item, names.get(key, key), value) for key, item in tree.items()
        }
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
