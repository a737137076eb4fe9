"""Passwords in URLs: ``postgresql://user:password@host/db``; tokens in the place of a user.

Parts of other connection strings (``Password=…;``) are told by their names, in `assignments`.
"""

import re
from collections.abc import Iterator

from nbmlops.redaction.values import is_stand_in, looks_secret

# A password may hold @ and even /, if it was not quoted: it ends before what has a port, or at the
# last @ before the path.
_USER_INFO = re.compile(
    r"(?<=://)(?P<user>[^\s:/?#\"'<>@\\]*)"
    r"(?::(?P<password>[^\s\"'<>\\]{1,200}(?=@[\w.\-]+:\d+(?:[/?\s\"',)]|\Z))|[^\s\"'<>/\\]{1,200}(?=@)"
    r"|(?!\d+[/?])[^\s\"'<>\\]{1,200}?(?=@[\w.\-]+(?:[/?:\s\"',)]|\Z))))?"
    r"@(?=[\w\[.\-%{])"
)


def passwords_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Give begin, end and kind of every secret before the host of a URL."""
    if "://" not in text or "@" not in text:
        return
    for found in _USER_INFO.finditer(text):
        password = found["password"]
        if password is not None:
            if not is_stand_in(password):
                yield (*found.span("password"), "password")
        elif looks_secret(found["user"]):
            yield (*found.span("user"), "token")
