"""Which texts can be a secret, and which only stand where one would."""

import math
import re
from collections import Counter

from nbmlops.redaction.names import Said, said_by
from nbmlops.redaction.phrases import is_pass_phrase, is_strong_phrase
from nbmlops.redaction.words import looks_drawn, reads_like_no_name

SHORTEST_FOUND_AGAIN = 6
SHORTEST_FOUND_IN_QUOTES = 8
_SHORTEST_TOKEN = 8
# What people write where a secret is to be put in, and words that are none.
_STAND_INS = frozenset(
    "none null nil true false undefined password passwd passphrase secret token key apikey "
    "changeme change_me example test testing demo dummy placeholder todo fixme default required "
    "optional hidden masked string str text int bool bytes any object value values unknown empty "
    "invalid valid missing username user email name login admin root guest anonymous foo bar baz "
    "basic bearer oauth oauth2 digest credentials credential secretstr column feature label target "
    "yes no on off auto env environ redacted nan inf na object float float64 int64 category bool_ "
    "datetime64 public private session cookie header query body json xml utf-8 ascii text".split()
)
# Behind and before what asks for a secret stand words only: `set-Kd82jf!x0Lq` is no stand-in.
_WORDS = r"(?:[\W_]{1,3}(?-i:[A-Z]?[a-z]{1,14}|[A-Z]{1,14})){1,9}[\W_]{0,3}"
_STAND_IN_FORMS = re.compile(
    rf"""(?ix)
    (?:your?|my|insert|replace|change|enter|choose|use|set|put|add|see|todo|fill){_WORDS}
    | [a-z]{{1,14}} (?:[\W_][a-z]{{1,14}}){{0,9}} [\W_]here
    | <.*> | \$\{{\w+\}}.* | \$(?-i:[A-Z_][A-Z0-9_]*|[a-z_]+)
    | \{{\{{?.*\}}\}}? | %(?:\(\w*\))?[sdr] | %\w+% | @\w+@
    | [x*.•\-_?\#=+]{{2,}} | (.)\1{{5,}} | (?:xxx|\*\*\*)[x*\-_.\ ]*\w{{0,4}} | \[redacted.* | …
    | (?:os\.)?(?:environ|getenv)(?:[.\[(].*)? | 12345678?9?0? | abc(?:123|def(?:ghi?)?|xyz)?
    | https?://[^:@]*$ | sk-\.{{2,}}.*
    """
)
_DOTTED = re.compile(r"[A-Za-z_][a-z0-9_]*(?:\.(?:[a-z_][a-z0-9_]*|[A-Z_][A-Z0-9_]*))+\Z")
_NAME_ONLY = re.compile(r"[A-Za-z_\-]+\Z")
_PATH = re.compile(r"~?(?:/[\w.\-]+){2,}/?\Z|[A-Z]:\\")
_NUMBERED = re.compile(r"(?i)(?:[a-z]+[_\-. ])*[a-z]+[_\-.]?v?\d{1,3}\Z|v?\d[\d.]*[a-z%]{0,2}\Z")
_TOKEN = re.compile(r"[^\s()\[\]{}\\,\"'<>|]+\Z")  # no pattern of a regular expression
_PIN = re.compile(r"\d{4,8}\Z")
_KINDS_OF_TOKENS = frozenset(("token", "credential", "PIN"))
_SCHEME = re.compile(
    r"(?i)\s*(?:token|bearer|basic|bot|api-?key|splunk|genie-?key|ssws)\s+(?=\S+\s*\Z)"
)
_PLACE = re.compile(r"[A-Z_]+\Z")  # of a value, in the usage of a program
# What is no secret whatever it looks like: UUIDs, and methods of signing and encrypting.
_OTHERS = re.compile(
    r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z"
    r"|(?:[a-z]{2,9}\d{0,2}[\-_+/])*(?:sha|aes|rsa|md|hs|rs|es|ps)[\-_]?\d{1,3}(?:[\-_/][a-z]{2,9})*\Z"
)


def is_stand_in(value: str) -> bool:
    """Tell whether a text only stands where a secret would: a placeholder, or an ordinary word."""
    plain = value.strip()
    return plain.lower() in _STAND_INS or _STAND_IN_FORMS.fullmatch(plain) is not None or not plain


def classes_of(value: str) -> int:
    """Return how many of lower case, upper case, digits and other signs a text has."""
    found = (
        any(sign.islower() for sign in value),
        any(sign.isupper() for sign in value),
        any(sign.isdigit() for sign in value),
        any(not sign.isalnum() for sign in value),
    )
    return sum(found)


def looks_secret(value: str) -> bool:
    """Tell whether a text may be a secret where a name says so only perhaps: long, and no word.

    >>> looks_secret("zq81mfpa0dk2x7"), looks_secret("th0FEwxhowSqrKHf")
    (True, True)
    >>> looks_secret("the"), looks_secret("next_page_token"), looks_secret("HMAC-SHA-256")
    (False, False, False)
    """
    if len(value) < 12 or not _TOKEN.match(value) or _OTHERS.match(value):
        return False
    digits = sum(sign.isdigit() for sign in value)
    if digits >= 2 and classes_of(value) >= 2 and entropy_bits(value) > 2.9:
        return True
    return reads_like_no_name(value) and not is_stand_in(value)


def without_scheme(value: str, said: Said) -> str:
    """Return the token of a header without the word before it: ``Bearer …``."""
    return _SCHEME.sub("", value, count=1) if said.kind == "token" else value


def is_secret_value(value: str, said: Said) -> bool:
    """Tell whether what a name holds is a secret: no stand-in and no sentence."""
    if said.kind == "PIN":
        return _PIN.match(value) is not None
    if is_stand_in(value) or _PATH.match(value):
        return False
    if _NAME_ONLY.match(value) and said_by(value) is not None:
        return False
    if any(sign.isspace() for sign in value.strip()):
        return _is_secret_of_words(value, said)
    return len(value) >= 4 if said.is_sure else looks_secret(value)


def _is_secret_of_words(value: str, said: Said) -> bool:
    """Tell whether what has blanks in it is a secret: a block of lines, or a pass phrase."""
    if "\n" in value:
        return said.is_sure and _is_block(value)
    if said.kind == "passphrase":
        return True
    if said.is_sure and not said.is_of_many:
        return is_pass_phrase(value)
    return (said.is_sure or said.kind == "password") and is_strong_phrase(value)


def is_secret_text(value: str, said: Said) -> bool:
    """Tell whether a text is a secret; of a ``pw``, ``auth`` or ``token`` a short one may be, too.

    One among many (``tokens``) must be long: those of texts are words.
    """
    if is_secret_value(value, said):
        return True
    if said.is_sure:
        return False
    if said.kind in _KINDS_OF_TOKENS:
        is_perhaps_word = said.kind == "token" and said.is_of_many
        return not is_perhaps_word and looks_like_token(value)
    return said.kind == "password" and looks_like_password(value)


def is_told_text(value: str, said: Said) -> bool:
    """Tell whether a text is a secret where a sentence or a table may be about something else.

    >>> password = Said("password", is_sure=True)
    >>> is_told_text("hunter2x", password), is_told_text("required", password)
    (True, False)
    """
    if not is_secret_text(value, said):
        return False
    is_password = said.kind == "password" and looks_like_password(value)
    return is_password or said.kind == "PIN" or looks_like_token(value)


def is_place_of_value(value: str) -> bool:
    """Tell whether a text says where a value goes in the usage of a program: ``TOKEN``."""
    return _PLACE.match(value) is not None


def _is_block(value: str) -> bool:
    """Tell whether lines hold a secret: no words, and at least one that looks like it."""
    lines = [line.strip() for line in value.strip().splitlines()]
    has_words = any(sign.isspace() for line in lines for sign in line)
    return not has_words and any(map(looks_like_password, lines))


def looks_like_password(value: str) -> bool:
    """Tell whether a text has letters and digits mixed as passwords have, without spaces.

    >>> looks_like_password("hunter2x"), looks_like_password("layer_2"), looks_like_password("2024")
    (True, False, False)
    """
    if len(value) < SHORTEST_FOUND_AGAIN or any(sign.isspace() for sign in value):
        return False
    has_both = any(sign.isdigit() for sign in value) and any(sign.isalpha() for sign in value)
    is_other = is_stand_in(value) or _PATH.match(value) or _NUMBERED.match(value)
    return has_both and not is_other


def looks_like_token(value: str) -> bool:
    """Tell whether a text may be a token: eight signs or more, with digits, or letters at random.

    >>> looks_like_token("ab12cd34"), looks_like_token("qxzvkjpwbd")
    (True, True)
    >>> looks_like_token("international"), looks_like_token("covid-19")
    (False, False)
    """
    if len(value) < _SHORTEST_TOKEN or _OTHERS.match(value) or not _TOKEN.match(value):
        return False
    digits = sum(sign.isdigit() for sign in value)
    is_random = looks_drawn(value) or reads_like_no_name(value)
    return (digits >= 2 and looks_like_password(value)) or (is_random and not is_stand_in(value))


def is_expression(value: str) -> bool:
    """Tell whether a text without quotes is rather code than a value.

    >>> is_expression("settings.KEY"), is_expression("get(key)"), is_expression("password2")
    (True, True, True)
    >>> is_expression("nhvn8kRfPw7")
    False
    """
    if _DOTTED.match(value) or any(sign in value for sign in "()[]{}"):
        return True
    return value.isidentifier() and said_by(value) is not None and not looks_like_token(value)


def can_be_found_again(value: str) -> bool:
    """Tell whether a secret is looked for anywhere: a short or common text would hit others.

    >>> can_be_found_again("hunter2"), can_be_found_again("secure"), can_be_found_again("2024")
    (True, False, False)
    """
    if is_stand_in(value):
        return False
    plain = value.strip()
    if len(plain) < SHORTEST_FOUND_AGAIN or len(set(plain)) < 4:
        return False
    if plain.isdigit():
        return len(plain) >= 8
    return classes_of(plain) >= 2 or len(plain) >= 12 or looks_drawn(plain)


def can_be_found_in_quotes(value: str) -> bool:
    """Tell whether a secret is looked for where it stands in quotes by itself: also a word.

    >>> can_be_found_in_quotes("opensesame"), can_be_found_in_quotes("sesame")
    (True, False)
    """
    plain = value.strip()
    return len(plain) >= SHORTEST_FOUND_IN_QUOTES and not is_stand_in(plain)


def entropy_bits(value: str) -> float:
    """Return the Shannon entropy of a text in bits per sign."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values()) if size else 0.0
