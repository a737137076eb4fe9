"""Secrets that the name before them tells: ``password = "…"``, ``{"api_key": "…"}``, ``?sig=…``.

Here names are found, in code, JSON, tables, logs, command lines, URLs and sentences; what stands
behind them, `given` reads.
"""

import re
from collections.abc import Iterable, Iterator

from nbmlops.redaction.given import Lines, may_be_given, values_of
from nbmlops.redaction.lowering import lowered
from nbmlops.redaction.names import PASSWORDS_IN_OTHER_SCRIPTS, said_by, without_verb
from nbmlops.redaction.placeholders import BEGINNING, is_in_one

# Parts of names that may say secret. Most texts cost no more than looking for these.
_PARTS = (
    "pass", "pwd", "secret", "token", "key", "credential", "auth", "cookie", "bearer", "jwt",
    "sessionid", "mnemonic", "kennwort", "senha", "contrase", "wachtwoord", "pw", "sig",
    "pat", "sas", "webhook", "pin", "cred", "tok", "psw", "pswd",
    "rootpw", "adminpw", "dbpw", "userpw",
)  # fmt: skip
_PARTS_IN_OTHER_SCRIPTS = tuple(PASSWORDS_IN_OTHER_SCRIPTS)
_SHORT_PARTS = frozenset(
    ("pw", "sig", "pat", "sas", "pin", "cred", "tok", "psw", "pswd")
)  # only where a word begins
_NAME_AFTER = re.compile(r"[\w\-]*")
_ESCAPES = frozenset(("\\n", "\\r", "\\t"))  # of lines written into a text
# Of these the word before tells what they are: an API key, the primary key.
_SECOND_WORDS = frozenset(("key", "keys", "token", "phrase", "code"))
# Words before a name that are no part of it: "login with token=…".
_NOT_OF_NAMES = frozenset(
    "with by via and or use uses using get got set make need needs require requires".split()
)


def assigned_in(
    text: str, names: Iterable[tuple[int, int]], *, is_code: bool = False
) -> Iterator[tuple[int, int, str]]:
    """Give begin, end and kind of every value whose name says that it is a secret.

    Parameters
    ----------
    text : str
    names : iterable of pair of int
        What `names_in` finds in it.
    is_code : bool
        Whether it is source code, where what is not in quotes is an expression.
    """
    done, lines = 0, Lines(text, is_code=is_code)
    has_placeholders = BEGINNING in text
    for name_begin, name_end in names:
        if name_begin < done or not may_be_given(text, name_end):
            continue
        said = said_by(text[_begin_of_words(text, name_begin, name_end) : name_end].strip("-"))
        if said is None or (has_placeholders and is_in_one(text, name_begin)):
            continue
        for begin, end in values_of(lines, name_begin, name_end, said):
            yield begin, end, said.kind
            done = end


def _parts_in(text: str) -> list[tuple[int, str]]:
    """Return the places of all parts of names that may say secret, in order."""
    small = lowered(text)
    found = []
    for part in _PARTS if text.isascii() else _PARTS + _PARTS_IN_OTHER_SCRIPTS:
        at = small.find(part)
        while at >= 0:
            if part not in _SHORT_PARTS or _begins_word(text, at):
                found.append((at, part))
            at = small.find(part, at + 1)
    found.sort()
    return found


def _begins_word(text: str, at: int) -> bool:
    """Tell whether a word begins at a place: ``my_pin``, ``dbPin``, or behind an escape."""
    if at == 0 or not text[at - 1].isalpha() or text[max(at - 2, 0) : at] in _ESCAPES:
        return True
    return text[at].isupper() and text[at - 1].islower()


def _begin_of_name(text: str, at: int) -> int:
    end = at
    while at > 0 and (text[at - 1].isalnum() or text[at - 1] in "_-"):
        at -= 1
    is_escape = at < end and text[max(at - 1, 0) : at + 1] in _ESCAPES
    return at + is_escape


def _begin_of_words(text: str, begin: int, end: int) -> int:
    """Return where a name of two words begins: ``API key``."""
    if text[begin - 1 : begin] != " " or text[begin:end].lower() not in _SECOND_WORDS:
        return begin
    first = _begin_of_name(text, begin - 1)
    return begin if text[first : begin - 1].lower() in _NOT_OF_NAMES else first


def says_secret(code: str, names: Iterable[tuple[int, int]]) -> bool:
    """Tell whether any of the names in code says that what it holds or returns is a secret."""
    held = (code[begin:end].strip("-") for begin, end in names)
    return any(said_by(name) or said_by(without_verb(name)) for name in held)


def names_in(text: str) -> list[tuple[int, int]]:
    """Return begin and end of every name that may say secret."""
    found, done = [], 0
    for at, part in _parts_in(text):
        if at >= done:
            begin = _begin_of_name(text, at)
            done = _NAME_AFTER.match(text, at + len(part)).end()  # type: ignore[union-attr]
            found.append((begin, done))
    return found
