"""How one text may be written down: in JSON, ``repr``, HTML, URLs, hexadecimal, base64, as bytes.

Bytes are of UTF-8, of Latin-1 where it has all signs, and of UTF-16 in hexadecimal.

What is to be found wherever it turns up, a secret or a text to forget, is looked for in all these
forms.
"""

import html
import json
from base64 import b64encode
from urllib.parse import quote, quote_plus

from nbmlops.redaction.values import can_be_found_again

_LEAST_BYTES = 8  # of what is looked for in base64: of less too few signs are its own
# Signs of base64 that are not of a text's own: by how many bytes stand before it in its three,
# and by how many it ends in.
_SHARED_BEFORE = (0, 2, 3)
_SHARED_BEHIND = (0, 3, 2)


def forms_of(text: str) -> list[str]:
    r"""Return every form in which a text may be written down, itself included, the longest first.

    Escapes within escapes are followed twice: parameters of models are JSON within JSON.

    Examples
    --------
    >>> [form for form in forms_of('a"b') if len(form) < 5]
    ['a\\"b', 'a"b']
    """
    data = as_bytes(text)
    written = {text, ascii(text)[1:-1], repr(data)[2:-1]}
    written |= {repr(other)[2:-1] for other in _in_one_byte_each(text)}
    for _ in range(2):
        written |= {escaped for form in written for escaped in _escaped(form)}
    written |= {*base64_of(text)}
    written |= {html.escape(text), html.escape(text, quote=False), *_in_numbers(text)}
    for given in (data, *_in_one_byte_each(text)):
        written |= {given.hex(), quote(given), quote(given, safe=""), quote_plus(given)}
    for order in ("utf-16-le", "utf-16-be"):
        written.add(text.encode(order, "surrogatepass").hex())
    return sorted(written, key=lambda form: (-len(form), form))


def forms_in_any_case(text: str) -> list[str]:
    """Return every form of a text, also in capitals and small letters, where it is no common word.

    >>> "ZEBRA-77" in forms_in_any_case("Zebra-77"), "anna" in forms_in_any_case("Anna")
    (True, False)
    """
    forms = {*forms_of(text)}
    for other in (text.lower(), text.upper()):
        if can_be_found_again(other.lower()):
            forms |= {*forms_of(other)}
    return sorted(forms, key=lambda form: (-len(form), form))


def base64_of(text: str) -> list[str]:
    """Return what a text is in base64, by itself and in the midst of other bytes.

    >>> base64_of("tr0ub4dor")
    ['dHIwdWI0ZG9y', 'RyMHViNGRvc', '0cjB1YjRkb3']
    """
    data = as_bytes(text)
    if len(data) < _LEAST_BYTES:
        return []
    alone = b64encode(data).decode()
    found = [alone, alone.rstrip("=")]
    for before in range(3):
        written = b64encode(bytes(before) + data).decode()
        end = len(written) - _SHARED_BEHIND[(before + len(data)) % 3]
        found.append(written[_SHARED_BEFORE[before] : end])
    found += [form.replace("+", "-").replace("/", "_") for form in found]
    return [*dict.fromkeys(found)]


def as_bytes(form: str) -> bytes:
    r"""Return the bytes of a form, of halves of surrogate pairs too: names of files may have them.

    >>> as_bytes("a\udcff")
    b'a\xed\xb3\xbf'
    """
    return form.encode("utf-8", "surrogatepass")


def _escaped(form: str) -> tuple[str, str, str]:
    return (
        json.dumps(form)[1:-1],
        json.dumps(form, ensure_ascii=False)[1:-1],
        repr(form)[1:-1],
    )


def _in_one_byte_each(text: str) -> list[bytes]:
    """Return the bytes of a text in Latin-1, none where it has other signs or they are the same."""
    try:
        return [] if text.isascii() else [text.encode("latin-1")]
    except UnicodeEncodeError:
        return []


def _in_numbers(text: str) -> set[str]:
    """Return a text as HTML has it with numbers for signs: for all, or for those beyond ASCII."""
    written = set()
    for number in ("&#{};", "&#x{:x};", "&#x{:X};"):
        in_numbers = [number.format(ord(sign)) for sign in text]
        written.add("".join(in_numbers))
        for plain in (str, html.escape):
            pairs = zip(text, in_numbers, strict=True)
            written.add("".join(plain(sign) if sign.isascii() else it for sign, it in pairs))
    return written
