import random
import string

import pytest

from nbmlops.redaction.assignments import assigned_in, names_in
from nbmlops.redaction.columns import columns_in
from nbmlops.redaction.known import MOST_KNOWN, KnownSecrets
from nbmlops.redaction.redactor import Redactor
from tests.redaction.counting import CountedBytes, CountedText


@pytest.mark.parametrize(
    ("piece", "is_code"),
    [
        ("the token is a ", False),
        ("api_key: v1, ", True),
        ("'api_key: v1', ", True),
        ("password: [redacted: password] ", False),
    ],
    ids=["words", "code", "quoted", "placeholders"],
)
def test_a_line_twice_as_long_is_twice_the_work(piece: str, is_code: bool) -> None:
    def signs_read(times: int) -> int:
        text = CountedText(piece * times)
        assert len([*assigned_in(text, names_in(text), is_code=is_code)]) in (0, times)
        return text.signs

    assert signs_read(4_000) < 2.1 * signs_read(2_000)


@pytest.mark.parametrize(
    "piece",
    ["password, ", "  password", "a password\n", "user,password\n", "<th>password</th>"],
    ids=["one line", "one wide line", "lines", "headings", "cells"],
)
def test_headings_are_looked_for_in_time_that_grows_with_the_text(piece: str) -> None:
    def signs_read(times: int) -> int:
        text = CountedText(piece * times + "\nbob</tr>")
        assert not [*columns_in(text, names_in(text))]
        return text.signs

    assert signs_read(4_000) < 2.1 * signs_read(2_000)


def test_binary_data_is_not_copied_for_each_token_in_it() -> None:
    tokens = [b"gh" + b"p_" + secret.encode() for secret in _secrets(200)]
    data = CountedBytes(b"\0" + b"\0".join(token + b"\0" * 400 for token in tokens))
    masked = Redactor().data(data)
    assert len(masked) == len(data)
    assert not any(token in masked for token in tokens)
    assert data.cut < 8192 + 2 * sum(map(len, tokens))


def test_ordinary_texts_cost_the_same_whatever_number_of_secrets_is_known() -> None:
    known = KnownSecrets()
    for secret in _secrets(MOST_KNOWN):
        known.add(secret, "token")
    text = CountedText("some ordinary text of a cell " * 30)
    assert not [*known.found_in(text)]
    assert text.searches == 0
    assert text.signs < 20 * len(text)


def test_each_of_many_known_secrets_is_found() -> None:
    known = KnownSecrets()
    secrets = _secrets(1_000)
    for secret in secrets:
        known.add(secret, "token")
    text = " ".join(f"a {secret}," for secret in secrets)
    assert {value for *_, value in known.found_in(text)} == set(secrets)
    assert known.masked(text.encode()) == text.translate(_AS_STARS).encode()
    known.drop(secrets[7])
    assert {*secrets} - {value for *_, value in known.found_in(text)} == {secrets[7]}


def test_so_many_secrets_are_remembered_and_the_first_of_each_kind() -> None:
    redact = Redactor()
    for secret in _secrets(MOST_KNOWN + 50):
        redact.learn(secret, "token")
    assert redact.value_of("password", "tr0ub4dor&3") == "[redacted: password]"
    assert redact.value_of("password", "tr0ub4dor&4") == "[redacted: password]"
    kinds = [found.kind for found in redact.found]
    assert kinds == ["token"] * MOST_KNOWN + ["password"]


def _secrets(number: int) -> list[str]:
    draw = random.Random(5)
    return [
        "Z" + "".join(draw.choices(string.ascii_uppercase + string.digits, k=34)) + "7"
        for _ in range(number)
    ]


_AS_STARS = {ord(sign): "*" for sign in string.ascii_uppercase + string.digits}
