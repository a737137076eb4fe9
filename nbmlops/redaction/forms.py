"""How one text may be written down: in JSON, ``repr``, HTML, URLs, hexadecimal, or as bytes.

What is to be found wherever it turns up, a secret or a text to forget, is looked for in all these
forms.
"""

import html
import json
from urllib.parse import quote, quote_plus


def forms_of(text: str) -> list[str]:
    r"""Return every form in which a text may be written down, itself included, the longest first.

    Escapes within escapes are followed twice: parameters of models are JSON within JSON.

    Examples
    --------
    >>> [form for form in forms_of('a"b') if len(form) < 5]
    ['a\\"b', 'a"b']
    """
    written = {text}
    for _ in range(2):
        written |= {escaped for form in written for escaped in _escaped(form)}
    data = as_bytes(text)
    written |= {html.escape(text), html.escape(text, quote=False), data.hex()}
    written |= {quote(data), quote(data, safe=""), quote_plus(data)}
    return sorted(written, key=lambda form: (-len(form), form))


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
