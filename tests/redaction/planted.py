"""Secrets to plant, made up when a test asks for them: none stands in this file.

They look like those of the services and open nothing: their signs are drawn from a seeded
generator, and what would make them known to a scanner is put together from parts.
"""

import base64
import json
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

type Place = Literal["code", "text"]

_ALPHANUMERIC = string.ascii_letters + string.digits
_HEX = "0123456789abcdef"
_UPPER = string.ascii_uppercase + string.digits
_URL = _ALPHANUMERIC + "-_"


@dataclass(frozen=True)
class Planted:
    """A secret (`text`), the text around it, and whether that is code or anything else."""

    id: str
    secret: str
    around: str = "{}"
    place: Place = "text"

    @property
    def text(self) -> str:
        return self.around.replace("{}", self.secret)


class Maker:
    """Draws signs: the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)

    def of(self, signs: str, size: int) -> str:
        drawn = "".join(self.draw.choice(signs) for _ in range(size - 2))
        return drawn[:4] + self.draw.choice("23456789") + drawn[4:] + "7"

    def alnum(self, size: int) -> str:
        return self.of(_ALPHANUMERIC, size)

    def hex(self, size: int) -> str:
        return self.of(_HEX, size)

    def url(self, size: int) -> str:
        return "a" + self.of(_URL, size - 2) + "b"

    def letters(self, size: int) -> str:
        """Small letters at random, which are no word."""
        return "".join(self.draw.choice("qxzjkvwpbgfd") for _ in range(size))

    def digits(self, size: int) -> str:
        return "".join(self.draw.choice("3456789") for _ in range(size))

    def word(self) -> str:
        """A password as people have it."""
        return (
            self.of(string.ascii_lowercase, 9) + self.draw.choice("!#+") + self.of(_ALPHANUMERIC, 4)
        )


def tokens(seed: int = 1) -> Iterator[Planted]:
    """Give a token of every service that is known, alone in its text."""
    m = Maker(seed)
    alnum, hexa, url = m.alnum, m.hex, m.url
    made = {
        "aws": "AK" + "IA" + m.of(_UPPER, 16),
        "aws temporary": "AS" + "IA" + m.of(_UPPER, 16),
        "google api": "AI" + "za" + url(35),
        "google oauth": "GOC" + "SPX-" + url(28),
        "google access": "ya2" + "9." + url(60),
        "github classic": "gh" + "p_" + alnum(36),
        "github server": "gh" + "s_" + alnum(36),
        "github fine": "github_" + "pat_" + alnum(22) + "_" + alnum(59),
        "gitlab": "gl" + "pat-" + url(20),
        "gitlab runner": "gl" + "rt-" + url(20),
        "bitbucket": "AT" + "BB" + alnum(32),
        "atlassian": "ATA" + "TT3" + url(180),
        "slack bot": "xo" + "xb-" + f"{10**11 + 7}-{10**11 + 9}-" + alnum(24),
        "slack user": "xo" + "xp-" + f"{10**11 + 7}-{10**11 + 9}-" + hexa(32),
        "slack app": "xa" + "pp-1-A0" + m.of(_UPPER, 9) + "-123456789012-" + hexa(64),
        "stripe live": "sk_" + "live_" + alnum(24),
        "stripe restricted": "rk_" + "live_" + alnum(24),
        "stripe test": "sk_" + "test_" + alnum(24),
        "stripe hook": "wh" + "sec_" + alnum(32),
        "square": "sq0" + "csp-" + url(43),
        "anthropic": "sk-" + "ant-api03-" + url(93),
        "openai project": "sk-" + "proj-" + url(120),
        "openai old": "sk-" + alnum(20) + "T3Blbk" + "FJ" + alnum(20),
        "openai service": "sk-" + "svcacct-" + url(60),
        "deepseek": "sk-" + hexa(32),
        "openrouter": "sk-" + "or-v1-" + hexa(64),
        "hugging face": "h" + "f_" + m.of(string.ascii_letters, 34).replace("7", "q"),
        "replicate": "r" + "8_" + alnum(37),
        "groq": "gs" + "k_" + alnum(52),
        "xai": "xa" + "i-" + alnum(80),
        "perplexity": "pp" + "lx-" + alnum(48),
        "tavily": "tv" + "ly-" + alnum(32),
        "langsmith": "lsv2" + "_pt_" + hexa(32) + "_" + hexa(10),
        "pinecone": "pc" + "sk_" + alnum(60),
        "npm": "np" + "m_" + alnum(36),
        "pypi": "pyp" + "i-AgEIcHlwaS5vcmc" + url(120),
        "rubygems": "ruby" + "gems_" + hexa(48),
        "docker": "dckr" + "_pat_" + url(27),
        "sendgrid": "S" + "G." + url(22) + "." + url(43),
        "twilio": "S" + "K" + hexa(32),
        "twilio account": "A" + "C" + hexa(32),
        "mailgun": "ke" + "y-" + hexa(32),
        "mailchimp": hexa(32) + "-u" + "s12",
        "telegram": "123456789" + ":A" + "A" + url(33),
        "databricks": "dap" + "i" + hexa(32),
        "digitalocean": "dop" + "_v1_" + hexa(64),
        "shopify": "shp" + "at_" + hexa(32),
        "vault": "hv" + "s." + url(90),
        "terraform": alnum(14) + ".atlas" + "v1." + url(67),
        "grafana": "gl" + "sa_" + alnum(32) + "_" + hexa(8),
        "new relic": "NR" + "AK-" + m.of(_UPPER, 27),
        "sentry": "sntr" + "ys_" + alnum(60),
        "linear": "lin_" + "api_" + alnum(40),
        "notion": "nt" + "n_" + alnum(46),
        "figma": "fi" + "gd_" + url(40),
        "airtable": "pa" + "t" + alnum(14) + "." + hexa(64),
        "postman": "PM" + "AK-" + hexa(24) + "-" + hexa(34),
        "planetscale": "psc" + "ale_tkn_" + url(43),
        "supabase": "sb" + "p_" + hexa(40),
        "prefect": "pn" + "u_" + alnum(36),
        "azure client": alnum(3) + "8" + "Q" + "~" + alnum(34),
        "jwt": _jwt(m),
        "age": "AGE-SECRET-" + "KEY-1" + m.of(_UPPER, 58),
        "discord": "M" + alnum(23) + "." + alnum(6) + "." + alnum(27),
        "dbt": "db" + "tc_" + url(40),
        "kaggle": "KG" + "AT_" + hexa(32),
        "wandb": "wandb" + "_v1_" + alnum(60),
    }  # fmt: skip
    for name, secret in made.items():
        yield Planted(name, secret)


def beside(seed: int = 2) -> Iterator[Planted]:
    """Give secrets that something beside them tells: a name, a URL, a header, a format."""
    m = Maker(seed)
    key = "".join(f"{m.of(_ALPHANUMERIC + '+/', 64)}\n" for _ in range(12))
    for kind in ("", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "):
        begin, end = (
            f"-----BEGIN {kind}PRIV" + "ATE KEY-----\n",
            f"-----END {kind}PRIV" + "ATE KEY-----",
        )
        yield Planted(f"pem {kind}", m.alnum(9) + key, begin + "{}" + end)
    account = {"type": "service_account", "private_key_id": m.hex(40), "client_email": "a@b.c"}
    pem = "-----BEGIN PRIV" + "ATE KEY-----\n{}\n-----END PRIV" + "ATE KEY-----\n"
    yield Planted("service account", m.alnum(64), json.dumps(account | {"private_" + "key": pem}))
    yield Planted("aws secret", m.of(_ALPHANUMERIC + "/+", 40), "aws_secret_" + "access_key = {}")
    yield Planted("aws secret json", m.of(_ALPHANUMERIC, 40), '{"SecretAccess' + 'Key": "{}"}')
    yield Planted(
        "azure storage",
        m.of(_ALPHANUMERIC + "+/", 86) + "==",
        "DefaultEndpointsProtocol=https;AccountName=a;Account" + "Key={};EndpointSuffix=x",
    )
    yield Planted(
        "azure sas", m.alnum(44), "https://a.blob.core.windows.net/c/b?sv=2024&si" + "g={}&se=2"
    )
    yield Planted(
        "service bus",
        m.of(_ALPHANUMERIC + "+/", 43) + "=",
        "Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccess" + "Key={}",
    )
    yield Planted(
        "s3 presigned",
        m.hex(64),
        "https://b.s3.amazonaws.com/k?X-Amz-Expires=9&X-Amz-Signat" + "ure={}",
    )
    yield Planted(
        "slack hook",
        "T" + m.of(_UPPER, 9) + "/B" + m.of(_UPPER, 9) + "/" + m.alnum(24),
        "https://hooks.sl" + "ack.com/services/{}",
    )
    yield Planted(
        "discord hook", "1234567890/" + m.url(68), "https://discord.com/api/web" + "hooks/{}"
    )
    yield Planted("bearer", m.alnum(40), "Authorization: Bea" + "rer {}")
    yield Planted("bearer json", m.alnum(40), '{"Authorization": "Bea' + 'rer {}"}')
    yield Planted(
        "basic",
        base64.b64encode(f"bob:{m.word()}".encode()).decode().rstrip("="),
        "Authorization: Ba" + "sic {}",
    )
    for scheme in (
        "postgresql",
        "mysql+pymysql",
        "mongodb+srv",
        "redis",
        "amqp",
        "https",
        "ftp",
        "s3",
    ):
        yield Planted(f"url {scheme}", m.word(), scheme + "://bob:{}@db.example.org/x")
    yield Planted("url with @", "p@" + m.word(), "postgresql://bob:{}@db.example.org:5432/x")
    yield Planted("git url", m.alnum(30), "https://{}@git.example.org/a/b.git")
    yield Planted("netrc", m.word(), "machine example.org login bob pass" + "word {}")
    yield Planted(
        "ado", m.word(), "Server=tcp:x,1433;Database=d;User ID=u;Pass" + "word={};Encrypt=yes"
    )
    yield Planted("odbc", m.word(), "DRIVER={SQL Server};SERVER=x;UID=u;PW" + "D={}")
    yield Planted("libpq", m.word(), 'connect("host=h user=u pass' + 'word={} dbname=x")', "code")
    for name in (
        "password",
        "db_password",
        "DB_PASSWD",
        "smtpPass" + "word",
        "api_key",
        "API_KEY",
        "openai_api_key",
        "client_secret",
        "secret_key",
        "SECRET",
        "access_token",
        "auth_token",
        "refresh_token",
        "private_key",
        "encryption_key",
        "passphrase",
        "mysql_pwd",
    ):
        yield Planted(f"assigned {name}", m.word().replace("!", "x"), name + ' = "{}"', "code")
        yield Planted(f"json {name}", m.word(), json.dumps({name: "{}"}))
        yield Planted(f"printed {name}", m.word().replace("#", "x"), name + ": {}")
    yield Planted("keyword", m.word(), "connect(user='bob', pass" + "word='{}')", "code")
    yield Planted("compared", m.word(), "if pass" + 'word == "{}":', "code")
    yield Planted("item", m.word(), 'os.environ["API_' + 'KEY"] = "{}"', "code")
    yield Planted("default", m.word(), 'os.environ.setdefault("API_' + 'KEY", "{}")', "code")
    yield Planted("environment magic", m.word(), "%env API_" + "KEY={}", "code")
    yield Planted("export", m.word(), "!export API_" + "KEY={} && run", "code")
    yield Planted("curl", m.word(), "!curl -u bob:{} https://example.org", "code")
    yield Planted("flag", m.word(), "!login --user bob --pass" + "word={}", "code")
    yield Planted("comment", m.word(), "# pass" + "word: {}", "code")
    yield Planted("pair", m.word(), "get(url, au" + 'th=("bob", "{}"))', "code")
    yield Planted("annotated", m.word(), "pass" + 'word: str = "{}"', "code")
    yield Planted("bytes", m.word(), "pass" + "word = b'{}'", "code")
    yield Planted("random", m.of(_ALPHANUMERIC, 44), 'client = Client("{}")', "code")
    yield Planted("html", m.word(), "<tr><th>pass" + "word</th><td>{}</td></tr>")
    yield Planted("yaml", m.word().replace("#", "x"), "db:\n  pass" + "word: {}\n")
    yield Planted("dict", m.word(), "{'user': 'bob', 'pass" + "word': '{}'}")
    yield Planted("repr of json", m.word(), '"{\\"api_' + 'key\\": \\"{}\\"}"')
    yield Planted("html of dict", m.word(), "{&#x27;pass" + "word&#x27;: &#x27;{}&#x27;}")


def written(seed: int = 3) -> Iterator[Planted]:
    """Give passwords in the forms in which people write them into code, over lines too."""
    m = Maker(seed)
    forms = {
        "brackets": 'db_password = (\n    "{}"\n)',
        "next line": 'password = \\\n    "{}"',
        "three quotes": 'api_key = """{}"""',
        "two pieces": 'password = ("ab3x-"\n    "{}")',
        "added": 'password = "ab3x-" + "{}"',
        "else": 'password = "hunter2x" if x else "{}"',
        "or": 'password = given or "{}"',
        "list": 'connect(passwords=["ab3xhk7", "{}"])',
        "dictionary of lists": 'log_params({"passwords": ["ab3xhk7", "{}"]})',
        "tuple of names": 'user, password = "bob", "{}"',
        "default": 'def connect(user, password="{}"): ...',
        "keyword only": 'def connect(*, user=None, password="{}"): ...',
        "named": 'if (password := "{}"): pass',
        "encoded": 'password = "{}".encode()',
        "wrapped": 'password = SecretStr("{}")',
        "f-string": 'password = f"{}{x}"',
        "attribute": 'self.db.password = "{}"',
        "item": 'config["db"]["password"] = (\n"{}")',
        "behind a magic": '%matplotlib inline\npassword = (\n"{}")',
        "in a timed cell": '%%time\npassword = (\n"{}")',
        "with a listing": 'files = !ls\npassword = (\n"{}")',
        "behind letters of two bytes": 'größe = "ä"; password = (\n"é" "{}")',
        "in what cannot be parsed": 'password = (\n    "{}"\n)\nif:',
        "list in what cannot be parsed": 'passwords = ["ab3xhk7",\n "{}"\n]\nif:',
        "credentials": 'credentials = ("bob", "{}")',
        "another language": 'passwort = "{}"',
        "one word": "!PGPASSWORD={} psql",
        "mysql": "!mysql -u root -p{}",
        "sshpass": "!sshpass -p {} ssh bob@host",
        "redis": "!redis-cli -h host -a {} ping",
    }
    for name, around in forms.items():
        secret = m.word().replace("!", "x").replace("#", "x")
        yield Planted(f"written {name}", secret, around, "code")
    yield Planted("url with /", "pa/" + m.alnum(6), 'engine("postgresql://u:{}@host/db")', "code")
    yield Planted("words", "correct horse battery", 'DB_PASSWORD = "{}"', "code")
    yield Planted("short pw", m.alnum(8), 'pw = "{}"', "code")
    yield Planted("short pass", m.alnum(8), 'my_pass = "{}"', "code")
    yield Planted("json pw", m.alnum(9), '{"db":{"pw":"{}"}}')
    yield Planted("json list", m.alnum(9), '{"passwords": ["ab3xhk7", "{}"]}')
    for number, secret in enumerate(
        ("add-9fK2xQ7!z", "set-Kd82jf!x0Lq", "use_Kd82jfx0Lq", "my-S3cr3t-password",
         "your_9fK2xQ7zz", "go9fK2.here", "abcdef1", "$ecret9xK2!", "xxx9fK2xQ7z", "%fK29x7")
    ):  # fmt: skip
        yield Planted(f"like a stand-in {number}", secret, 'password = "{}"', "code")


def everything() -> list[Planted]:
    """Return all of them."""
    return [*tokens(), *beside(), *written()]


def _jwt(m: Maker) -> str:
    def part(content: dict[str, str]) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")

    return ".".join((part({"alg": "HS256"}), part({"sub": m.alnum(12)}), m.url(43)))
