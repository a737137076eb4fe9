"""What stands behind a name that says secret: where its value is, if it is one.

Behind a sign (``=``, ``:``), in the next cell of a table, as the next item of a list of arguments,
in the words of a sentence. Without quotes a value counts only where no expression of code can
stand: ``password = getpass()`` is none.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from nbmlops.redaction.names import Said
from nbmlops.redaction.values import (
    classes_of,
    is_expression,
    is_place_of_value,
    is_secret_text,
    is_secret_value,
    is_told_text,
    looks_like_password,
    looks_secret,
)

# Behind a sign, in the next cell of a table, as the next argument of a call or of a program, behind
# an option, in a URL; `told` is where something else may be meant: in sentences and tables of text,
# in an `element` of XML, and more so `near`, as the next word, or the other of a `pair`.
type _Way = Literal["sign", "cell", "next", "option", "url", "told", "element", "near", "pair"]

_MAY_COME_NEXT = frozenset("=:\"'\\ \t\n]&<>!,\x1b|*`：")
_COLOUR = r"(?:\x1b\[[\d;]*m)*"
_QUOTE = r"\\{0,3}[\"']|&quot;|&\#x27;|&\#39;"
# What stands between a name and its value: the end of its quotes and brackets, a sign or words.
_BETWEEN = re.compile(
    rf"{_COLOUR}(?:{_QUOTE})?\s?\]?{_COLOUR}"
    r"(?:\s*(?::\s*(?:str|SecretStr|bytes|(?:str\s*\|\s*None)|Optional\[str\])\s*=(?!=)"
    r"|==|!=|:=|=>|=(?!=)|:(?!:)|：)(?:\s|\\\n)*(?P<open>(?:[\w.]{1,30}\()?[(\[](?:\s|\\\n)*)?"
    rf"|\s*,\s*(?:{_QUOTE})(?:value|v)(?:{_QUOTE})\s*:\s*"  # {{"name": "password", "value": "…"}}
    # The value of what has the name, in YAML; the default of what does, in Terraform.
    r"|(?P<below>(?:(?<=\n)|[ \t]*\r?\n)[ \t]*)value\s*:[ \t]*"
    r"|\s*\{\s*\n(?:[^\n{}]{0,200}\n){0,6}?[ \t]*default\s*=[ \t]*"
    r"|(?P<element>>\s*)(?=[^<>\n]{4,400}</)"
    r"|(?P<cell></t[hd]>\s*<td[^>]*>)|(?P<next>\s*,\s*)|(?P<bar>[*`]{0,3}\s*\|\s*[*`]{0,3})"
    r"|(?P<words>[ \t]+(?:(?:for|of|to|on)[ \t][^\n.|:;]{1,40}?[ \t])?(?:is|was)[ \t]*:?[ \t]+`?)"
    rf"|(?P<space>[ \t]+))"
    rf"{_COLOUR}"
)
_QUOTED = re.compile(
    rf"(?:[rbfuRBFU]{{1,2}}|SecretStr\(|Secret\()?(?P<quote>\"{{3}}|'{{3}}|{_QUOTE})"
    r"(?P<value>(?:(?!(?P=quote))(?:\\.|[^\\\n])){1,4000})(?P=quote)"
)
# Of code that does not end: a line, or what a traceback shows of one.
_UNCLOSED = re.compile(
    r"(?:[rbfuRBFU]{1,2})?(?:\"{3}|'{3}|[\"'])(?P<value>[^\"'\\\n\x1b]{4,400})(?=\x1b|\n|\Z)"
)
_NEXT_ITEM = re.compile(r"\s*,?\s*")
_PLAIN = re.compile(r"[^\s\"'`<>|\\\x1b]{1,2000}")
_CALLED_WITH_NAME = re.compile(
    r"(?:setdefault|getenv|setenv|putenv|environ\.get|set_key|set_secret|add_header|set_cookie"
    r"|set_password|\.get|\.set)\(\s*[rb]?[\"']\Z"
)
# An option in a list of arguments, and one in the declaration of a program's.
_LISTED = re.compile(rf"(?:^|\W)[rbfuRBFU]{{0,2}}(?:{_QUOTE})\Z")
_DECLARED = re.compile(rf"(?:option|argument)\(\s*(?:{_QUOTE})\Z")
_NAMED = re.compile(r"\bname\s*:\s*[\"']?\Z")
_PAIRED = re.compile(rf"[(\[,]\s*[(\[]\s*[rb]?(?:{_QUOTE})\Z")
_ELEMENT = re.compile(rf"(?:<(?:[\w\-]{{1,40}}:)?|\s(?:name|key|id)\s*=\s*(?:{_QUOTE})[\w.]*)\Z")
_LOGIN = re.compile(r"login\s+\S+\s+\Z")
_SETTING = frozenset(("%env", "%set_env", "machine"))
_BEGIN_OF_ROW = re.compile(r"[ \t]*\d*[ \t]*\Z")
_KINDS_OF_OPTIONS = frozenset(("token", "key"))  # that are sure where they are options
_LONGEST_ALONE = 16  # so long a value needs no signs of two kinds
_LEAST_PLAIN = 6
_LONG_NEAR = 10
_WITH_DIGIT = re.compile(r"\S{0,60}?\d")
_CLASSES_NEAR = 3  # of small letters, capitals, digits and other signs
_COMMAND = re.compile(r"[^\S\n]*(?:[!%#]|export\s|set\s|ENV\s|curl\s|\$\s)")
_QUOTES = re.compile(r"\\.?|[\"'#]")
_QUOTE_SIGNS = frozenset("\"'")
_LONGEST_BEFORE = 200  # signs before a name that tell whether a value follows behind a space


def may_be_given(text: str, name_end: int) -> bool:
    """Tell, at little cost, whether a name that ends here may be given a value."""
    return text[name_end : name_end + 1] in _MAY_COME_NEXT


def values_of(
    lines: "Lines", name_begin: int, name_end: int, said: Said
) -> Iterator[tuple[int, int]]:
    """Give where the secrets behind a name stand: one, or those of a list.

    Names must be asked for in order.
    """
    between = _BETWEEN.match(lines.text, name_end)
    if between is None or (_is_line_end(lines.text, name_end) and between.lastgroup != "below"):
        return
    if between["open"] is not None:
        yield from _items_of(lines.text, between.end(), said)
        return
    is_option = lines.text.startswith("-", name_begin)
    if is_option and said.kind in _KINDS_OF_OPTIONS and not said.is_of_many:
        said = replace(said, is_sure=True)
    way = _way_of(lines, name_begin, between, is_option=is_option)
    if way is None:
        return
    quoted = _QUOTED.match(lines.text, between.end())
    if quoted is not None:
        if _is_secret_in_quotes(quoted["value"], said, way):
            yield quoted.span("value")
    elif (unclosed := _UNCLOSED.match(lines.text, between.end())) is not None:
        if way == "sign" and _is_secret_in_quotes(unclosed["value"].strip(), said, way):
            yield unclosed.span("value")
    elif way not in ("next", "pair"):
        yield from _plain_at(lines, name_begin, between.end(), said, way)


def _is_line_end(text: str, at: int) -> bool:
    return text.startswith(("\n", "\r\n"), at)


def _way_of(
    lines: "Lines", name_begin: int, between: re.Match[str], *, is_option: bool
) -> _Way | None:
    """Return in which way a name is given what follows, None where it is given nothing."""
    ahead = lines.text[max(name_begin - _LONGEST_BEFORE, 0) : name_begin]
    match between.lastgroup:
        case "cell":
            return "cell"
        case "below":
            return "sign" if _NAMED.search(ahead) else None
        case "bar" | "words":
            return "told"
        case "next" if is_option:
            is_given = _LISTED.search(ahead) and not _DECLARED.search(ahead)
            return "next" if is_given else None
        case "next" if _CALLED_WITH_NAME.search(ahead):
            return "next"
        case "next":
            return "pair" if _PAIRED.search(ahead) else None
        case "element":
            return "element" if _ELEMENT.search(ahead) else None
        case "space" if is_option:
            return "option" if lines.is_command(name_begin) else "sign"
        case "space":
            near: _Way | None = "near" if _WITH_DIGIT.match(lines.text, between.end()) else None
            line = ahead.rpartition("\n")[2]
            if line.strip() in _SETTING or _LOGIN.search(line):
                return "sign"
            is_wide = between.end() - between.start() > 1
            return "told" if is_wide and _BEGIN_OF_ROW.match(line) else near
    if ahead.endswith(("?", "&", ";")):
        return "url"
    if "\n" in between[0]:  # perhaps the line of code behind an `if`
        return "told"
    return "option" if is_option else "sign"


def _items_of(text: str, at: int, said: Said) -> Iterator[tuple[int, int]]:
    """Give where the texts of a list stand that are passwords rather than rules for them."""
    while (item := _QUOTED.match(text, at)) is not None:
        if is_secret_value(item["value"], said) and looks_like_password(item["value"]):
            yield item.span("value")
        at = _NEXT_ITEM.match(text, item.end()).end()  # type: ignore[union-attr]


def _is_secret_in_quotes(value: str, said: Said, way: _Way) -> bool:
    if way == "next" and (value.startswith("-") or is_place_of_value(value)):
        return False
    if way == "near":
        return said.is_sure and is_told_text(value, said)
    if way == "pair":
        return _is_meant(value, said)
    return is_secret_text(value, said)


def _is_meant(value: str, said: Said) -> bool:
    """Tell whether the word behind a name can only be a secret: ``with password Crocus21z``."""
    is_long = len(value) >= _LONG_NEAR and sum(sign.isdigit() for sign in value) >= 2
    is_mixed = is_long or classes_of(value) >= _CLASSES_NEAR
    is_sure = said.is_sure or (said.kind == "token" and is_long and looks_secret(value))
    return is_sure and is_mixed and is_told_text(value, said)


def _plain_at(
    lines: "Lines", name_begin: int, begin: int, said: Said, way: _Way
) -> Iterator[tuple[int, int]]:
    """Give where a secret without quotes stands, nothing where there is none."""
    plain = _PLAIN.match(lines.text, begin)
    if plain is None:
        return
    value = plain[0]
    if way == "url":
        value = value.partition("&")[0]
    if way not in ("cell", "element"):
        value = value.partition(";")[0]
    value = value.rstrip(",;)]}.*" if way != "url" else ",;)]}.#")
    may_be_expression = lines.is_code and way not in ("url", "element") and not value.isdigit()
    is_name_quoted = lines.text[name_begin - 1 : name_begin] in _QUOTE_SIGNS  # a key of a dict
    if may_be_expression and not lines.is_no_expression(name_begin - is_name_quoted):
        return
    if _is_secret_alone(value, said, way) and (way == "cell" or not is_expression(value)):
        yield begin, begin + len(value)


def _is_secret_alone(value: str, said: Said, way: _Way) -> bool:
    """Tell whether a value without quotes is a secret, and neither a word nor a count."""
    if way == "near":
        return _is_meant(value, said)
    if way in ("told", "element"):
        return is_told_text(value, said)
    if not is_secret_text(value, said):
        return False
    if way in ("cell", "url") or said.kind == "PIN":
        return True
    if len(value) < _LEAST_PLAIN or (way == "option" and is_place_of_value(value)):
        return False
    has_form = classes_of(value) >= 2 or len(value) >= _LONGEST_ALONE or value.isdigit()
    return has_form or way == "option"


class Lines:
    """The lines of a text, read once from its beginning to its end."""

    def __init__(self, text: str, *, is_code: bool) -> None:
        self.text, self.is_code = text, is_code
        self._is_whole_command = is_code and text.startswith(("%%", "!"))
        self._begin = self._read = 0
        self._quotes = {'"': 0, "'": 0}
        self._is_comment = False

    def is_no_expression(self, at: int) -> bool:
        """Tell whether a place in code is in a text, a comment or a command.

        Places must be asked for in order.
        """
        return self.is_command(at) or self._is_comment or self._is_in_text()

    def is_command(self, at: int) -> bool:
        """Tell whether a place in code is in a command of the shell or of IPython."""
        self._go_to(at)
        if not self.is_code:
            return False
        return self._is_whole_command or _COMMAND.match(self.text, self._begin) is not None

    def _go_to(self, at: int) -> None:
        begin = self.text.rfind("\n", self._read, at) + 1
        if begin > 0:
            self._begin = self._read = begin
            self._quotes = {'"': 0, "'": 0}
            self._is_comment = False
        for sign in _QUOTES.findall(self.text, self._read, at):
            if sign in self._quotes:
                self._quotes[sign] += 1
            elif sign == "#" and not self._is_in_text():
                self._is_comment = True
        self._read = at

    def _is_in_text(self) -> bool:
        return any(number % 2 == 1 for number in self._quotes.values())
