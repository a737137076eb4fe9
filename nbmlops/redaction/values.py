"""Which texts can be a secret, and which only stand where one would."""

import math
import re
from collections import Counter

SHORTEST_FOUND_AGAIN = 6
# What people write where a secret is to be put in, and words that are none.
_STAND_INS = frozenset(
    "none null nil true false undefined password passwd passphrase secret token key apikey "
    "changeme change_me example test testing demo dummy placeholder todo fixme default required "
    "optional hidden masked string str text int bool bytes any object value values unknown empty "
    "invalid valid missing username user email name login admin root guest anonymous foo bar baz "
    "basic bearer oauth oauth2 digest credentials credential secretstr column feature label target "
    "yes no on off auto env environ redacted nan inf na object float float64 int64 category bool_ "
    "datetime64 public private session cookie header query body json xml utf-8 ascii".split()
)
_STAND_IN_FORMS = re.compile(
    r"""(?ix)
    your?[\W_].* | my[\W_].*(?:here|key|token|password|secret) | .*[\W_]here | insert[\W_].*
    | <.*> | \$\{?\w+\}? .* | \{\{?.*\}\}? | %\(?\w*\)?[sdr]? | %\w+% | @\w+@
    | [x*.•\-_?#=+]{2,} | (.)\1{5,} | (?:x{3,}|\*{3,}).* | \[redacted.* | \.\.\. | …
    | (?:os\.)?(?:environ|getenv).* | 12345678?9?0? | abc(?:123|def)?\w{0,3} | https?://[^:@]*$
    | (?:replace|change|enter|choose|use|set|put|add|see|todo|fill)[-_ ].* | sk-\.{2,}.*
    """
)
_DOTTED = re.compile(r"[A-Za-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)+\Z")
_UUID = re.compile(r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z")


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

    >>> looks_secret("zq81mfpa0dk2x7"), looks_secret("the"), looks_secret("next_page")
    (True, False, False)
    """
    if len(value) < 12 or any(sign.isspace() for sign in value) or _UUID.match(value):
        return False
    digits = sum(sign.isdigit() for sign in value)
    return digits >= 2 and classes_of(value) >= 2 and entropy_bits(value) > 2.9


def is_expression(value: str) -> bool:
    """Tell whether a text without quotes is rather code than a value: a call, ``settings.key``."""
    return _DOTTED.match(value) is not None or any(sign in value for sign in "()[]{}")


def can_be_found_again(value: str) -> bool:
    """Tell whether a secret is looked for elsewhere: a short or common text would hit others.

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
    return classes_of(plain) >= 2 or len(plain) >= 12


def entropy_bits(value: str) -> float:
    """Return the Shannon entropy of a text in bits per sign."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values()) if size else 0.0
