"""Which names say that what they hold is a secret: ``db_password``, never ``num_memory_tokens``."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")

# What a name ends in, and what the placeholder calls it.
_ENDINGS = {
    "password": "password", "passwords": "password", "passwort": "password",
    "kennwort": "password", "passord": "password", "senha": "password", "contrasena": "password",
    "wachtwoord": "password", "motdepasse": "password", "passe": "password", "passwd": "password",
    "pwd": "password", "pass": "password", "passphrase": "passphrase", "passcode": "password",
    "pw": "password", "mnemonic": "passphrase", "secret": "secret", "secrets": "secret",
    "apikey": "API key", "apikeys": "API key", "authkey": "API key", "credential": "credential",
    "credentials": "credential", "cred": "credential", "creds": "credential", "apitoken": "token",
    "authtoken": "token", "accesstoken": "token", "secretkey": "secret", "accesskey": "key",
    "accountkey": "key", "privatekey": "private key", "sharedaccesskey": "key",
    "privkey": "private key",
    "clientsecret": "secret", "tok": "token", "pat": "token", "sas": "token", "jwt": "token",
    "bearer": "token", "token": "token", "authorization": "token", "sig": "signature",
    "signature": "signature", "cookie": "cookie", "sessionid": "cookie", "auth": "credential",
    "webhook": "webhook", "pin": "PIN", "passw": "password", "pswd": "password",
    "psw": "password",
}  # fmt: skip
# Passwords in scripts that have no Latin form.
PASSWORDS_IN_OTHER_SCRIPTS = frozenset(
    ("пароль", "密码", "密碼", "口令", "パスワード", "비밀번호", "סיסמה")
)
_ONE_WORD = re.compile(r"(\w+?)(?:password|passwd|passwort)|(?:root|admin|db|user)pw")
# Of these there are harmless ones: what they hold must look like a secret, too.
_WEAK = frozenset(
    "pass pw pat sas jwt bearer token authorization sig signature cookie sessionid auth webhook "
    "credential credentials cred creds secrets key keys pin tok".split()
)
# Of these, what follows says whose they are, not what is said about them.
_OF_PEOPLE = frozenset(("pw", "auth", "credentials", "creds"))
# `key` says something only behind one of these.
_OF_KEYS = {
    "api": "API key", "access": "key", "secret": "secret", "private": "private key",
    "priv": "private key",
    "auth": "API key", "account": "key", "encryption": "key", "signing": "key", "master": "key",
    "service": "key", "client": "key", "ssh": "private key", "subscription": "key",
    "storage": "key", "shared": "key", "fernet": "key", "license": "key", "deploy": "key",
    "hmac": "key", "webhook": "key", "session": "key", "admin": "key", "openai": "API key",
    "anthropic": "API key", "aws": "key", "azure": "key", "stripe": "API key", "wandb": "API key",
    "consumer": "key", "rsa": "private key", "decryption": "key", "crypto": "key",
    "hf": "API key", "serial": "key",
}  # fmt: skip
_OF_SURE_KEYS = frozenset(("api", "secret", "private", "priv", "encryption", "master"))
# Of functions, before the name of what they return.
_VERB = re.compile(r"(?:get|load|read|fetch|make|default)_*(?=.)")
KINDS_OF_NAMES = frozenset((*_ENDINGS.values(), *_OF_KEYS.values()))
# What tokens of a language model, of parsers and the like are called.
_OTHER_TOKENS = frozenset(
    "pad eos bos unk mask cls sep special start end next first last prev previous stop image new "
    "max min num memory total word sub char text input output prompt completion generated context "
    "per each every current target source label class decoder encoder additional audio video "
    "cancellation continuation page sync cached space".split()
)
_OF_TOKENS_THAT_COUNT = frozenset("page next sync continuation".split())
# A name that begins with these is a question or a count about a secret.
_ABOUT = frozenset(
    "n num number has is use uses no needs need show hide min max len length count total missing "
    "forgot reset check validate verify get make with without require requires hashed hash "
    "public ignore wrong invalid".split()
)
# Words that may follow: it is a secret all the same.
_MAY_FOLLOW = frozenset(
    "prod production dev development test testing staging live main primary secondary old new "
    "default value val str string text raw plain b64 base64 encoded bytes env id_ 2fa "
    "root admin user db eu us here hex master list array arr series tuple upper lower decoded "
    "plaintext copy tmp part".split()
)
# Words that may not: behind these stands what is said about a secret, or made of many tokens.
_SAYS_ABOUT = frozenset(
    "address age alg algorithm at attention box bucket budget buffer by cache callback change "
    "changed changes check checked checker class cls col cols column columns cost count "
    "counts created date day days decoder df dict digest dim dims dir dist distribution "
    "dropout embedding embeddings encoder encoding endpoint error errors ex example examples "
    "expiration expired expires expiry factory feature features field fields file filename "
    "files flow fn folder form format frame freq frequencies frequency func function gen "
    "generator handler has hash hashed hasher hint host id ids idx index indices input "
    "invalid is kind kinds label labels len length lexer limit limits link list lists logit "
    "logits lookup loss manager map mapping mask masks mean message method mode model models "
    "msg n name names num number output parser path paths pattern per policies policy pos "
    "position positions price prob probability probs prompt protocol provider question rate "
    "ratio re regex required reset resets row rows rule rules salt schema scheme score seq "
    "sequence sequences set shape size source span spans state stats status store strategy "
    "stream strength sum table template text texts time title tokenizer total type types "
    "updated uri url usage valid validation validator vault vector vectors version vocab "
    "warning widget word words".split()
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a name says: which kind of secret, whether it always is one, and whether of many."""

    kind: str
    is_sure: bool
    is_of_many: bool = False


@lru_cache(maxsize=20_000)
def said_by(name: str) -> Said | None:
    """Return what a name says of what it holds, None where that is no secret.

    Examples
    --------
    >>> said_by("DB_PASSWORD").kind, said_by("openaiApiKey").kind, said_by("token").is_sure
    ('password', 'API key', False)
    >>> said_by("num_memory_tokens"), said_by("password_length"), said_by("tokenizer")
    (None, None, None)
    """
    if len(name) > 120:
        return None
    if not name.isascii() and name.strip("_").casefold() in PASSWORDS_IN_OTHER_SCRIPTS:
        return Said("password", is_sure=True)
    words = [word.lower() for word in _WORDS.findall(_plain(name))]
    while len(words) > 1 and _may_follow(words[-1]):
        words.pop()
    if not words or (len(words) > 1 and words[0] in _ABOUT):
        return None
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last in ("key", "keys", "id", "token", "tokens"):
        return _of_two(last, before, words) or _of_something(words)
    if before == "pass" and last in ("phrase", "word", "code"):
        return Said("passphrase" if last == "phrase" else "password", is_sure=True)
    if last == "passe" and before != "de":  # mot_de_passe
        return None
    if before == "connection" and last == "string":
        return None  # its parts tell
    kind = _ENDINGS.get(last) or _in_one_word(last)
    if kind is None:
        return _of_something(words)
    if last in ("cookie", "pass", "pat", "auth", "sig") and _is_other(before):
        return None
    return Said(kind, last not in _WEAK)


def without_verb(name: str) -> str:
    """Return the name of what a function returns: ``get_password`` gives a password.

    >>> without_verb("get_password"), without_verb("db_password")
    ('password', 'db_password')
    """
    return _VERB.sub("", name, count=1)


def _plain(name: str) -> str:
    """Return a name without accents: ``contraseña``."""
    if name.isascii():
        return name
    apart = unicodedata.normalize("NFKD", name)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _may_follow(word: str) -> bool:
    return word.isdigit() or len(word) == 1 or word in _MAY_FOLLOW


def _of_two(last: str, before: str, words: list[str]) -> Said | None:
    if last in ("token", "tokens"):
        is_sure = before in ("access", "auth", "api", "refresh", "bearer", "secret", "bot")
        is_of_many = last == "tokens"
        return None if before in _OTHER_TOKENS else Said("token", is_sure, is_of_many)
    if last == "id":  # aws_secret_access_key_id is none, aws_access_key_id goes with one
        return Said("key", is_sure=False) if words[-3:] == ["access", "key", "id"] else None
    kind = _OF_KEYS.get(before)
    if kind is None:
        return None
    return Said(kind, is_sure=before in _OF_SURE_KEYS)


def _of_something(words: list[str]) -> Said | None:
    """Return what a name says that ends in what its secret is of: ``password_postgres``.

    It is never sure, and one of tokens must be long: ``token_openai``.
    """
    for at, word in enumerate(words[:-1]):
        if word in ("token", "key"):
            before = words[at - 1] if at else ""
            is_one = before not in _OTHER_TOKENS if word == "token" else before in _OF_KEYS
            kind = _OF_KEYS.get(before, "token") if is_one else None
        else:
            kind = None if word in _WEAK - _OF_PEOPLE else _ENDINGS.get(word) or _in_one_word(word)
        if kind is not None and _SAYS_ABOUT.isdisjoint(words[at + 1 :]):
            return Said(kind, is_sure=False, is_of_many=kind != "password")
    return None


def _in_one_word(word: str) -> str | None:
    """Return what a word says that has another before it: ``PGPASSWORD``."""
    found = _ONE_WORD.fullmatch(word)
    return None if found is None or found[1] in _ABOUT else "password"


def _is_other(before: str) -> bool:
    return before in (
        "second", "first", "forward", "backward", "low", "high", "band", "one", "two",
        "multi", "single", "final", "third", "render", "depth", "train", "training", "inference",
        "all", "pre", "post", "per", "test", "tests",
    )  # fmt: skip
