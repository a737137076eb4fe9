from base64 import b64encode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nbmlops.redaction.placeholders import could_be, kinds_in
from nbmlops.redaction.redactor import Redactor, digest_of
from tests.redaction import planted_named
from tests.redaction.look_alikes import IN_CODE, IN_TEXT
from tests.redaction.planted import Planted, beside, everything, tokens
from tests.redaction.planted_named import named
from tests.redaction.planted_told import HARMLESS_CODE, HARMLESS_TEXT, told

_MOST_TAKEN_FOR_SECRETS = 0.02


@pytest.mark.parametrize(
    "planted", [*everything(), *told(), *named()], ids=lambda planted: planted.id
)
def test_takes_out_what_looks_or_is_named_like_a_secret(planted: Planted) -> None:
    redacted = Redactor()(planted.text, is_code=planted.place == "code")
    assert planted.secret not in redacted
    assert kinds_in(redacted)


@pytest.mark.parametrize("planted", [*tokens()], ids=lambda planted: planted.id)
@pytest.mark.parametrize(
    "around",
    [
        "client = Client('{}')",
        '{"a": "b\\n{}"}',
        "\x1b[32m{}\x1b[0m",
        "<td>{}</td>",
        "see ({}).",
        "a={}&b=1",
    ],
    ids=["code", "escaped", "coloured", "html", "sentence", "query"],
)
def test_tokens_are_found_whatever_stands_around_them(planted: Planted, around: str) -> None:
    assert planted.secret not in Redactor()(around.replace("{}", planted.secret))


@pytest.mark.parametrize(
    ("code", "texts", "least"),
    [
        (IN_CODE, IN_TEXT, 150),
        (HARMLESS_CODE, HARMLESS_TEXT, 80),
        (planted_named.HARMLESS_CODE, planted_named.HARMLESS_TEXT, 60),
    ],
    ids=["by themselves", "by what tells of secrets", "by their names"],
)
def test_of_look_alikes_hardly_any_is_taken_for_a_secret(
    code: list[str], texts: list[str], least: int
) -> None:
    taken = [text for text in code if Redactor()(text, is_code=True) is not text]
    taken += [text for text in texts if Redactor()(text) is not text]
    assert len(code) + len(texts) >= least
    assert len(taken) <= _MOST_TAKEN_FOR_SECRETS * (len(code) + len(texts)), taken


def test_a_sketch_that_holds_the_beginning_of_a_token_stays_whole() -> None:
    sketch = '{"sketch":"CgEHCgAIAAK+mQHQ1ZR5QAAAQQEAEQ' + "ATBB" + "AADEwAAAAAQ" * 20 + '"}'
    assert Redactor()(sketch) is sketch


def test_secrets_are_planted_in_enough_forms_some_of_them_over_lines() -> None:
    forms = {planted.around for planted in everything()} - {"{}"}
    assert len({planted.secret for planted in everything()}) >= 150
    assert len(forms) >= 120
    assert sum("\n" in form.strip() for form in forms) >= 15


@pytest.mark.parametrize(
    "code", ['password = "{}', "password = '{}\nx = 1", 'pw = """{}\nx = 1', 'db_password = f"{}']
)
def test_code_that_does_not_end_gives_no_secret_away(code: str) -> None:
    secret = "sy" + "Iq4ZlhQ3bia"
    assert Redactor()(code.format(secret), is_code=True) == code.format("[redacted: password]")


@pytest.mark.parametrize(
    "later",
    ["it is {} now", "{}", "'{}'", "<b>{}</b>", "x={};"],
    ids=["words", "alone", "quoted", "html", "form"],
)
def test_what_was_a_secret_once_is_one_later(later: str) -> None:
    redact = Redactor()
    redact('db_password = "tr0ub4dor&3"', is_code=True)
    assert redact(later.replace("{}", "tr0ub4dor&3")) == later.replace("{}", "[redacted: password]")


@pytest.mark.parametrize(
    "written",
    ['"a\\"b\\\\c9-ö!"', "a%22b%5Cc9-%C3%B6%21", "a&quot;b\\c9-ö!", r"""b'a"b\\c9-\xc3\xb6!'""",
     b64encode('a"b\\c9-ö!'.encode()).decode(), b64encode('u:a"b\\c9-ö!'.encode()).decode()],
    ids=["json", "url", "html", "bytes", "base64", "base64 of more"],
)  # fmt: skip
def test_known_secrets_are_found_escaped(written: str) -> None:
    redact = Redactor()
    redact.learn('a"b\\c9-ö!', "password")
    assert kinds_in(redact(f"<{written}>")) == ["password"]


def test_a_known_secret_that_is_cut_off_is_found_by_its_beginning() -> None:
    redact = Redactor()
    redact.learn("correct-horse-battery-staple-9", "passphrase")
    assert redact("correct-horse-batt...") == "[redacted: passphrase]..."


@pytest.mark.parametrize(
    ("secret", "later", "kept"),
    [
        ("tr0ub4dor&3", "TR0UB4DOR&3, Tr0ub4dor&3", "{}, {}"),
        ("qxzvkjpwbd", "qxzvkjpwbd, QXZVKJPWBD", "{}, {}"),
        ("Summer", "Summer, summer, SUMMER", "{}, summer, SUMMER"),
        ("opensesame", "opensesame, 'opensesame', &quot;opensesame&quot;",
         "opensesame, '{}', &quot;{}&quot;"),
        ("Pässwort", '"P\\u00e4sswort", pässwort', '"{}", pässwort'),
        ("hunter2x", r"'a\nhunter2x\n', ahunter2x", r"'a\n{}\n', ahunter2x"),
        ("ab3xhk7x\nq9!zz k\nq9zzk1x\n", r"q9zzk1x 'ab3xhk7x\nq9!zz k\nq9zzk1x\n'",
         r"{} '{}\nq9!zz k\n{}\n'"),
    ],
    ids=["capitals", "random letters", "a word in capitals", "a word", "escaped", "behind a line",
         "lines"],
)  # fmt: skip
def test_a_known_secret_is_found_in_other_letters_and_lines(
    secret: str, later: str, kept: str
) -> None:
    redact = Redactor()
    redact.learn(secret, "password")
    assert redact(later) == kept.replace("{}", "[redacted: password]")


def test_functions_of_earlier_cells_tell_which_arguments_are_secrets() -> None:
    redact = Redactor()
    call = 'connect("db", "sesame")'
    assert redact(call, is_code=True) is call
    redact("def connect(host, password): ...", is_code=True)
    assert redact(call, is_code=True) == 'connect("db", "[redacted: password]")'
    redact("def connect(host, port): ...", is_code=True)
    other = 'connect("db", "orange")'
    assert redact(other, is_code=True) is other


def test_a_short_or_common_word_is_not_hunted_elsewhere() -> None:
    redact = Redactor()
    redact('password = "sesame"; secret = "1234"', is_code=True)
    assert redact("open sesame 1234") == "open sesame 1234"


def test_a_known_secret_is_not_taken_out_of_longer_words() -> None:
    redact = Redactor()
    redact.learn("zq12rt", "password")
    assert redact("zq12rt4 xzq12rt zq12rt") == "zq12rt4 xzq12rt [redacted: password]"


@pytest.mark.parametrize(
    "allowed", ["AWS key", "*key", digest_of("AK" + "IA" + "Q3EG7HJK5LMN2PQR")]
)
def test_what_is_allowed_is_kept(allowed: str) -> None:
    text = "id = AK" + "IA" + "Q3EG7HJK5LMN2PQR"
    assert Redactor([allowed])(text) is text


def test_allowing_by_number_keeps_that_secret_from_then_on() -> None:
    redact = Redactor()
    text = 'password = "tr0ub4dor&3"'
    redact(text)
    assert redact.allow(redact.found[0].number) == digest_of("tr0ub4dor&3")
    assert redact(text) is text
    assert redact.allow(99) is None


def test_what_lies_across_a_cut_is_taken_out_whole() -> None:
    secret = next(each.secret for each in tokens() if each.id == "anthropic")
    text = "a" * 50 + " " + secret + " " + "b" * 50
    for at in range(50, 50 + len(secret) + 4):
        kept = Redactor().until(text, at) + Redactor().since(text, at)
        assert secret[8:24] not in kept
        assert secret[-16:] not in kept
        assert kept.startswith("a" * 50)
        assert kept.endswith("b" * 50)


def test_bytes_keep_their_length_where_they_are_no_text() -> None:
    redact = Redactor()
    redact.learn("correct-horse-9", "passphrase")
    data = b"\x80\x05\0\x8c\x0fcorrect-horse-9\x94."
    assert redact.data(data) == b"\x80\x05\0\x8c\x0f" + b"*" * 15 + b"\x94."
    assert redact.data(b"as text: correct-horse-9") == b"as text: [redacted: passphrase]"


def test_a_redacted_text_could_be_the_one_it_was_made_of() -> None:
    text = 'login("bob", password="s3same-street")\nrun()'
    redacted = Redactor()(text, is_code=True)
    assert could_be(redacted, text)
    assert not could_be(redacted, text.replace("run", "stop"))


@pytest.mark.parametrize(
    "text",
    [
        "[redacted: password] bob-the-3rd",
        "| [redacted: API key] | abcd1234ef |",
        "[redacted: password], 'abcd1234ef'",
        "[redacted: password]\n[redacted: token]: abcd1234efgh",
    ],
)
def test_what_a_placeholder_says_is_no_name(text: str) -> None:
    assert Redactor()(text) is text


_PIECES = st.sampled_from(
    [
        "password",
        "token",
        "=",
        ":",
        '"',
        "'",
        " ",
        "\n",
        "\\",
        "://",
        "@",
        "api_key",
        "bob",
        "x9!kk2zz",
        "[redacted: password]",
        "[redacted: ",
        "]",
        "&",
        ";",
        "?",
        "sig",
        "Bearer ",
        "<td>",
        "</th>",
        ",",
        "(",
    ]
    + [planted.secret for planted in [*tokens()][:12]]
)
_TEXTS = st.lists(_PIECES | st.text(max_size=6), max_size=12).map("".join)


@given(_TEXTS, st.booleans())
@example('password="[redacted: password]"', True)
@example("://a:b@c:d@e", False)
def test_redacting_is_idempotent(text: str, is_code: bool) -> None:
    redact = Redactor()
    once = redact(text, is_code=is_code)
    assert redact(once, is_code=is_code) is once


_HARMLESS = st.sampled_from(
    [
        *("password = getpass()", "num_memory_tokens = 16", "print(password)", "token: the"),
        *("secret: None", '"password": null', "api_key = settings.api_key", "--password", "key"),
        *("# password: ***", "https://bob@example.org/x", "Bearer ...", "auth", "the", "x = 12"),
    ]
)
_BETWEEN_HARMLESS = st.sampled_from(["\n", "\n\n", ";\n", "\n    ", "\n# "])


@given(st.lists(st.tuples(_HARMLESS, _BETWEEN_HARMLESS), max_size=12), st.booleans())
def test_a_text_without_secrets_is_the_same_object(
    lines: list[tuple[str, str]], is_code: bool
) -> None:
    text = "".join(line + between for line, between in lines)
    assert Redactor()(text, is_code=is_code) is text


def test_what_is_redacted_in_code_is_still_code() -> None:
    code = 'password = ("ab3xhk7"  # "one"\n    \'x9!kk2zz\')\nkeys = ["a"]'
    redacted = Redactor()(code, is_code=True)
    assert redacted == (
        'password = ("[redacted: password]"  # "one"\n    \'[redacted: password]\')\nkeys = ["a"]'
    )


def test_what_pieces_of_a_text_come_to_is_known_as_well_as_each() -> None:
    redact = Redactor()
    redact('password = ("ab3xhk7" \'x9!kk"2zz\')', is_code=True)
    assert redact('ab3xhk7x9!kk"2zz') == "[redacted: password]"
    assert redact("  3     'x9!kk\"2zz')") == "  3     '[redacted: password]')"


def test_escapes_in_code_are_undone_to_know_a_secret(recwarn: pytest.WarningsRecorder) -> None:
    redact = Redactor()
    redact(r'password = ("hun\"ter\\2x\d")', is_code=True)
    assert redact(r'it is hun"ter\2x\d') == "it is [redacted: password]"
    assert not recwarn.list


@pytest.mark.parametrize(
    "planted",
    [each for each in beside() if "BEGIN" not in each.around],
    ids=lambda planted: planted.id,
)
def test_redacting_keeps_what_stands_around(planted: Planted) -> None:
    redacted = Redactor()(planted.text, is_code=planted.place == "code")
    before = planted.around.partition("{}")[0]
    assert redacted.startswith(before[:12])
