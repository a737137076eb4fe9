"""The line below a cell: each secret that was taken out is told once."""

from nbmlops.redaction.redactor import Redactor
from nbmlops.tracking.secrets_told import ToldSecrets


def said(told):
    line = told.line()
    return None if line is None else "".join(span.text for span in line)


def test_each_secret_is_told_once_those_of_a_kind_together():
    redact = Redactor()
    told = ToldSecrets(redact)
    assert said(told) is None
    redact.learn("never-taken-0ut", "token")
    assert said(told) is None
    redact("password: tr0ub4dor&3")
    assert said(told) == ("redacted in the record: password [2]  ·  no secret? %nbmlops allow 2")
    redact("again tr0ub4dor&3")
    assert said(told) is None
    redact("password: tr0ub4dor&4 api_key: x9!kk2zz password: tr0ub4dor&5")
    assert said(told) == (
        "redacted in the record: password [3] and 1 more, API key [4]"
        "  ·  no secret? %nbmlops allow 3"
    )
