"""Secrets that the name beside them tells: ``password = "…"``, ``{"api_key": "…"}``, ``?sig=…``.

Found in code, JSON, HTML tables, logs, command lines and URLs. Without quotes a value counts only
where no expression of code can stand: ``password = getpass()`` is none.
"""

import re
import string
from collections.abc import Iterator

from nbmlops.redaction.names import Said, said_by
from nbmlops.redaction.values import (
    classes_of,
    is_expression,
    is_secret_text,
    is_secret_value,
    is_stand_in,
    looks_like_password,
)

# Parts of names that may say secret. Most texts cost no more than looking for these.
_PARTS = (
    "pass", "pwd", "secret", "token", "key", "credential", "auth", "cookie", "bearer", "jwt",
    "sessionid", "mnemonic", "kennwort", "senha", "contrase", "wachtwoord", "pw", "sig",
    "pat", "sas", "webhook",
)  # fmt: skip
_SHORT_PARTS = frozenset(("pw", "sig", "pat", "sas"))  # only where a word begins
_NAME_SIGNS = frozenset(string.ascii_letters + string.digits + "_-")
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_NAME_AFTER = re.compile(r"[A-Za-z0-9_\-]*")
_MAY_COME_NEXT = frozenset("=:\"'\\ \t]&<!,\x1b")
_COLOUR = r"(?:\x1b\[[\d;]*m)*"
_QUOTE = r"\\{0,3}[\"']|&quot;|&\#x27;|&\#39;"
# What stands between a name and its value: the end of its quotes and brackets, a sign or words.
_BETWEEN = re.compile(
    rf"{_COLOUR}(?:{_QUOTE})?\s?\]?{_COLOUR}"
    r"(?:\s*(?::\s*(?:str|SecretStr|bytes|(?:str\s*\|\s*None)|Optional\[str\])\s*=(?!=)"
    r"|==|!=|:=|=>|=(?!=)|:(?!:))(?:\s|\\\n)*(?P<open>[(\[](?:\s|\\\n)*)?"
    rf"|(?P<cell></t[hd]>\s*<td[^>]*>)|(?P<next>\s*,\s*)|(?P<space>[ \t]+))"
    rf"{_COLOUR}"
)
_QUOTED = re.compile(
    rf"(?:[rbfuRBFU]{{1,2}}|SecretStr\(|Secret\()?(?P<quote>\"{{3}}|'{{3}}|{_QUOTE})"
    r"(?P<value>(?:(?!(?P=quote))(?:\\.|[^\\\n])){1,4000})(?P=quote)"
)
_NEXT_ITEM = re.compile(r"\s*,?\s*")
_PLAIN = re.compile(r"[^\s\"'`<>|\\\x1b]{1,2000}")
_CALLED_WITH_NAME = re.compile(
    r"(?:setdefault|getenv|setenv|putenv|environ\.get|set_key|set_secret|add_header|set_cookie"
    r"|set_password|\.get|\.set)\(\s*[rb]?[\"']\Z"
)
_LOGIN = re.compile(r"login\s+\S+\s+\Z|-{1,2}\Z")
_PAIR = re.compile(
    r"(?:auth\s*=\s*\(|BasicAuth\(|basic_auth\()\s*[\"'][^\"'\n]{1,200}[\"']\s*,\s*"
    r"(?P<quote>[\"'])(?P<value>[^\"'\n]{3,400})(?P=quote)"
)
_USER = re.compile(r"(?:\s-u|--user|--proxy-user)[ =][\"']?[\w.@\-]+:(?P<value>[^\s\"']{4,})")
# Passwords that programs take behind options of one letter.
_OPTION = re.compile(
    r"(?:\bmysql(?:dump|admin|import|show|check)?\b[^\n;|&]{0,300}?\s-p|\bsshpass\s+-p\s?"
    r"|\bredis-cli\b[^\n;|&]{0,300}?\s-a\s+)(?P<quote>[\"']?)(?P<value>[^\s\"'$]{4,})(?P=quote)"
)
_BESIDE = (
    (_PAIR, ("uth",)),
    (_USER, ("-u",)),
    (_OPTION, ("mysql", "sshpass", "redis-cli")),
)
_COMMAND = re.compile(r"[^\S\n]*(?:[!%#]|export\s|set\s|ENV\s|curl\s|\$\s)")
_QUOTES = re.compile(r"\\.?|[\"']")
_LONGEST_BEFORE = 200  # signs before a name that tell whether a value follows behind a space


def assigned_in(text: str, *, is_code: bool = False) -> Iterator[tuple[int, int, str]]:
    """Give begin, end and kind of every value whose name says that it is a secret.

    Parameters
    ----------
    text : str
    is_code : bool
        Whether it is source code, where what is not in quotes is an expression.
    """
    done, lines = 0, _Lines(text)
    for name_begin, name_end in _names_in(text):
        if name_begin < done or text[name_end : name_end + 1] not in _MAY_COME_NEXT:
            continue
        said = said_by(text[name_begin:name_end].strip("-"))
        if said is None:
            continue
        for begin, end in _values_of(lines, name_begin, name_end, said, is_code=is_code):
            yield begin, end, said.kind
            done = end
    for pattern, anchors in _BESIDE:
        for pair in pattern.finditer(text) if any(map(text.__contains__, anchors)) else ():
            if not is_stand_in(pair["value"]):
                yield (*pair.span("value"), "password")


def _parts_in(text: str) -> list[tuple[int, str]]:
    """Return the places of all parts of names that may say secret, in order."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters become two
        lowered = text.translate(_LOWER)
    found = []
    for part in _PARTS:
        at = lowered.find(part)
        while at >= 0:
            if part not in _SHORT_PARTS or not lowered[at - 1 : at].isalpha() or at == 0:
                found.append((at, part))
            at = lowered.find(part, at + 1)
    found.sort()
    return found


def _begin_of_name(text: str, at: int) -> int:
    while at > 0 and text[at - 1] in _NAME_SIGNS:
        at -= 1
    return at


def says_secret(code: str) -> bool:
    """Tell whether any name in code says that what it holds is a secret."""
    return any(said_by(code[begin:end].strip("-")) for begin, end in _names_in(code))


def _names_in(text: str) -> Iterator[tuple[int, int]]:
    """Give begin and end of every name that may say secret."""
    done = 0
    for at, part in _parts_in(text):
        if at >= done:
            begin = _begin_of_name(text, at)
            done = _NAME_AFTER.match(text, at + len(part)).end()  # type: ignore[union-attr]
            yield begin, done


def _values_of(
    lines: "_Lines", name_begin: int, name_end: int, said: Said, *, is_code: bool
) -> list[tuple[int, int]]:
    """Return where the values behind a name stand: one, or those of a list."""
    between = _BETWEEN.match(lines.text, name_end)
    if between is None:
        return []
    if between["open"] is not None:
        return [*_items_of(lines.text, between.end(), said)]
    value = _value_of(lines, name_begin, between, said, is_code=is_code)
    return [] if value is None else [value]


def _items_of(text: str, at: int, said: Said) -> Iterator[tuple[int, int]]:
    """Give where the texts of a list stand that are passwords rather than rules for them."""
    while (item := _QUOTED.match(text, at)) is not None:
        if is_secret_value(item["value"], said) and looks_like_password(item["value"]):
            yield item.span("value")
        at = _NEXT_ITEM.match(text, item.end()).end()  # type: ignore[union-attr]


def _value_of(
    lines: "_Lines", name_begin: int, between: re.Match[str], said: Said, *, is_code: bool
) -> tuple[int, int] | None:
    text = lines.text
    begin = between.end()
    quoted = _QUOTED.match(text, begin)
    if between["next"] is not None:  # a name and a value in the arguments of a call
        ahead = text[max(name_begin - 40, 0) : name_begin]
        if quoted is None or _CALLED_WITH_NAME.search(ahead) is None:
            return None
    elif between["space"] is not None:
        line = text[max(name_begin - _LONGEST_BEFORE, 0) : name_begin].rpartition("\n")[2]
        is_told = _LOGIN.search(line) or line.strip() in ("%env", "%set_env", "machine")
        if not is_told:
            return None
    if quoted is not None:
        value = quoted["value"]
        return quoted.span("value") if is_secret_text(value, said) else None
    return _plain_value(
        lines, name_begin, begin, said, is_code=is_code, in_cell=bool(between["cell"])
    )


def _plain_value(
    lines: "_Lines", name_begin: int, begin: int, said: Said, *, is_code: bool, in_cell: bool
) -> tuple[int, int] | None:
    text = lines.text
    plain = _PLAIN.match(text, begin)
    if plain is None:
        return None
    value = plain[0]
    is_in_url = text[name_begin - 1 : name_begin] in ("?", "&", ";") or text[
        max(name_begin - 5, 0) : name_begin
    ].endswith("&amp;")
    if is_in_url:
        value = value.partition("&")[0]
    if ";" in value and not in_cell:
        value = value.partition(";")[0]
    value = value.rstrip(",;)]}." if not is_in_url else ",;)]}.#")
    if is_code and not (is_in_url or lines.is_no_expression(name_begin)):
        return None
    end = begin + len(value)
    if not is_secret_value(value, said) or (is_expression(value) and not in_cell):
        return None
    if len(value) < 6 and not in_cell:
        return None
    has_form = classes_of(value) >= 2 or len(value) >= 16 or value.isdigit()
    return (begin, end) if has_form or in_cell or is_in_url else None


class _Lines:
    """The lines of a text, read once from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._is_command = text.startswith(("%%", "!"))
        self._begin = self._read = 0
        self._quotes = {'"': 0, "'": 0}

    def is_no_expression(self, at: int) -> bool:
        """Tell whether a place in code is in a text, a comment or a command.

        Places must be asked for in order.
        """
        begin = self.text.rfind("\n", self._read, at) + 1
        if begin > 0:
            self._begin = self._read = begin
            self._quotes = {'"': 0, "'": 0}
        for sign in _QUOTES.findall(self.text, self._read, at):
            if sign in self._quotes:
                self._quotes[sign] += 1
        self._read = at
        return (
            self._is_command
            or _COMMAND.match(self.text, self._begin) is not None
            or any(number % 2 == 1 for number in self._quotes.values())
        )
