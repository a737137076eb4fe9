import html
import json
from urllib.parse import quote_plus

import pytest

from nbmlops.redaction.forms import as_bytes, forms_of
from nbmlops.redaction.redactor import Redactor

_TEXT = "a\"b\\c é&9 'x"


@pytest.mark.parametrize(
    "written",
    [
        _TEXT,
        json.dumps(_TEXT),
        json.dumps(json.dumps({"": _TEXT})),
        json.dumps({"": json.dumps(_TEXT, ensure_ascii=False)}),
        repr(_TEXT),
        repr(repr(_TEXT)),
        html.escape(_TEXT),
        quote_plus(_TEXT),
        _TEXT.encode().hex(),
        ascii(_TEXT),
        json.dumps(ascii(_TEXT)),
        repr(_TEXT.encode("latin-1"))[1:],
        _TEXT.encode("latin-1").hex(),
        quote_plus(_TEXT, encoding="latin-1"),
        _TEXT.encode("utf-16-le").hex(),
        _TEXT.encode("utf-16-be").hex(),
        _TEXT.encode("ascii", "xmlcharrefreplace").decode(),
        html.escape(_TEXT).encode("ascii", "xmlcharrefreplace").decode(),
        "".join(f"&#{ord(sign)};" for sign in _TEXT),
        "".join(f"&#x{ord(sign):x};" for sign in _TEXT),
    ],
    ids=[
        "plain",
        "json",
        "json in json",
        "utf-8",
        "repr",
        "repr of repr",
        "html",
        "form",
        "hex",
        "ascii",
        "ascii in json",
        "latin-1",
        "hex of latin-1",
        "form of latin-1",
        "utf-16 in hex",
        "utf-16, greater first, in hex",
        "numbers beyond ascii",
        "numbers in html",
        "numbers",
        "numbers in hex",
    ],
)
def test_a_text_is_found_however_it_is_written(written: str) -> None:
    assert any(form in written for form in forms_of(_TEXT))
    left = written
    for form in forms_of(_TEXT):
        left = left.replace(form, "")
    assert set(left) <= set("\\\"'{}: ")


def test_the_longest_form_comes_first() -> None:
    sizes = [len(form) for form in forms_of(_TEXT)]
    assert sizes == sorted(sizes, reverse=True)


def test_a_text_with_half_a_surrogate_pair_has_forms_like_any_other() -> None:
    assert as_bytes("hunter2\udcff9x") in {as_bytes(form) for form in forms_of("hunter2\udcff9x")}
    redact = Redactor()
    assert redact.learn_named("A_PASSWORD", "hunter2\udcff9x")
    assert redact("it is hunter2\udcff9x now") == "it is [redacted: password] now"
    assert redact("as hunter2%ED%B3%BF9x") == "as [redacted: password]"
