"""Which texts can be forgotten, and in which forms: never what records are written in."""

import functools
from typing import TypeAliasType, get_args

from nbmlops import records
from nbmlops.errors import TextTooCommon
from nbmlops.redaction.forms import forms_in_any_case
from nbmlops.store import tables

_SHORTEST = 4
_IN_DOCUMENTS = (
    "true false null modules git packages python platform patch commit branch is_dirty variables "
    "locale time_zone version implementation system release machine cpus class type value opaque "
    "columns name nulls distinct index semantic unordered scheme items items_used items_changed "
    "defined used touched deleted float int str bool list dict tuple set bytes NoneType frame "
    "series array file table exact sampled blake3 text/plain text/html image/png application/json"
)


def check_forgettable(text: str) -> None:
    """Raise `TextTooCommon` where forgetting a text would destroy what has nothing to do with it.

    That is one that is short, only a number, or among the words that records are written in.
    """
    if len(text.strip()) < _SHORTEST:
        raise TextTooCommon(f"it has less than {_SHORTEST} characters")
    if _is_number(text):
        raise TextTooCommon("it is a number, which may be part of others")
    if "\0" in text:
        raise TextTooCommon("it has a character NUL, which no record has")
    if any(text in word for word in _our_words()):
        raise TextTooCommon("records are written with it")


@functools.cache
def _our_words() -> frozenset[str]:
    """Return the words that tables, columns, codes and the keys of documents are written in."""
    words = {*_IN_DOCUMENTS.split(), *tables.metadata.tables}
    words |= {column.name for table in tables.metadata.sorted_tables for column in table.c}
    aliases = (kind for kind in vars(records).values() if isinstance(kind, TypeAliasType))
    codes = (code for alias in aliases for code in get_args(alias.__value__))
    return frozenset(words | {code for code in codes if isinstance(code, str)})


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def forms_to_forget(text: str) -> list[str]:
    """Return the forms of a text that are forgotten with it: in capitals, too, as bytes, in base64.

    But for those that are part of the words that records are written in.
    """
    words = _our_words()
    return [form for form in forms_in_any_case(text) if not any(form in word for word in words)]
