"""Secrets that a fixed form tells rather than a name and a sign between: ``auth=("bob", "…")``.

Options of one letter, headers, pairs of a user and a password, fields of forms, elements of XML,
the files of PostgreSQL's and Kaggle's clients.
"""

import re
from collections.abc import Iterator

from nbmlops.redaction.names import Said, said_by
from nbmlops.redaction.values import (
    is_expression,
    is_secret_text,
    is_stand_in,
    looks_like_token,
    looks_secret,
)

_PAIR = re.compile(
    r"(?:auth\s*=\s*\(|BasicAuth\(|basic_auth\()\s*[\"'][^\"'\n]{1,200}[\"']\s*,\s*"
    r"(?P<quote>[\"'])(?P<value>[^\"'\n]{3,400})(?P=quote)"
)
_USER = re.compile(r"(?:\s-u|--user|--proxy-user)[ =][\"']?[\w.@\-]+:(?P<value>[^\s\"']{4,})")
# Passwords that programs take behind options of one letter.
_OPTION = re.compile(
    r"(?:\bmysql(?:dump|admin|import|show|check)?\b[^\n;|&]{0,300}?\s-p|\bsshpass\s+-p\s?"
    r"|\bredis-cli\b[^\n;|&]{0,300}?\s-a\s+"
    r"|\b(?:docker|podman|buildah|skopeo|crane|helm|oc|az|cf|nerdctl)\b[^\n;|&]{0,100}?"
    r"\blogin\b[^\n;|&]{0,300}?\s-p[ =]\s*)(?P<quote>[\"']?)(?P<value>[^\s\"'$]{4,})(?P=quote)"
)
_WIDGET = re.compile(
    r"\bPassword\([^)\n]{0,200}?\bvalue=(?P<quote>[\"'])(?P<value>[^\"'\n]{4,400})"
)
_KAGGLE = re.compile(
    r"username\\{0,3}[\"']\s*:\s*\\{0,3}[\"'][\w.\-@]{1,80}\\{0,3}[\"']\s*,\s*\\{0,3}[\"']key"
    r"\\{0,3}[\"']\s*:\s*\\{0,3}[\"'](?P<value>[0-9a-f]{32})"
)
_ORACLE = re.compile(
    r"(?:jdbc:oracle:\w+:|\bsqlplus\s+)[\w.$#]{1,60}/(?P<value>[^\s\"'@/]{3,100})@"
)
_PGPASS = re.compile(
    r"(?m)^[\w.*\-]{1,100}:(?:\*|\d{4,5}):[\w.*\-]{1,64}:[\w.*\-]{1,64}:(?P<value>[^\s:]{4,200})$"
)
_WIFI = re.compile(r"WIFI:[^\n]{0,200}?;P:(?P<value>[^;\n]{4,63});")
# Short ones, too: the scheme says what follows it.
_HEADER = re.compile(
    r"(?i:authorization)(?:\\{0,3}[\"']|&quot;|&\#x27;|&\#39;)?\s*\]?\s*[:=,]\s*"
    r"[rbfu]?(?:\\{0,3}[\"']|&quot;|&\#x27;|&\#39;)?"
    r"(?i:token|bearer|basic|bot|api-?key|splunk|genie-?key|ssws)\s+"
    r"(?P<value>[\w.\-~+/:]{8,4000}={0,2})"
)
_FORMS = (
    (_PAIR, ("uth",)),
    (_USER, ("-u",)),
    (_OPTION, ("mysql", "sshpass", "redis-cli", " login ")),
    (_WIDGET, ("Password(",)),
    (_KAGGLE, ("username",)),
    (_ORACLE, ("jdbc:oracle:", "sqlplus ")),
    (_PGPASS, (":5432:", ":5433:", ":6432:", ":*:")),
    (_WIFI, ("WIFI:",)),
)
_FIELD = re.compile(r"<(?P<element>[A-Za-z][\w.:\-]{0,100})\s[^<>]{0,1000}>")
_VALUES = ("<input", "value=", "Value=", "VALUE=")
_ATTRIBUTE = re.compile(
    r"(?P<name>[\w\-]+)\s*=\s*(?:\\?(?P<quote>[\"'])(?P<quoted>[^\"'\\]*)\\?(?P=quote)"
    r"|(?P<plain>[^\s\"'<>\\]+))"
)
_PASSWORD = Said("password", is_sure=True)


def beside_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Give begin, end and kind of every secret that one of these forms tells."""
    for pattern, anchors in _FORMS:
        for found in pattern.finditer(text) if any(map(text.__contains__, anchors)) else ():
            if not is_stand_in(found["value"]):
                yield (*found.span("value"), "password")
    if "uthorization" in text or "UTHORIZATION" in text:
        for found in _HEADER.finditer(text):
            if looks_like_token(found["value"]) or looks_secret(found["value"]):
                yield (*found.span("value"), "token")
    if "<" in text and any(map(text.__contains__, _VALUES)):
        for field in _FIELD.finditer(text):
            yield from _in_field(text, *field.span(), said_by(field["element"]))


def _in_field(text: str, begin: int, end: int, said: Said | None) -> Iterator[tuple[int, int, str]]:
    """Give the value of an element, where it is for passwords or is named like one."""
    value = None
    for attribute in _ATTRIBUTE.finditer(text, begin, end):
        group = "plain" if attribute["quoted"] is None else "quoted"
        name, content = attribute["name"].lower(), attribute[group]
        if name == "value":
            value = attribute.span(group)
        elif name == "type" and content.lower() == "password":
            said = _PASSWORD
        elif name in ("name", "id", "key"):
            said = said or said_by(content)
    if said is None or value is None:
        return
    held = text[value[0] : value[1]]
    if is_secret_text(held, said) and not is_expression(held):
        yield (*value, said.kind)
