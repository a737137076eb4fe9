"""Secrets whose name says so and whose text hides it: few digits, blanks, detours in the code.

With look-alikes: words of language models, pins of boards, labels and prompts. As in `planted`,
none of the secrets stands in this file.
"""

import string
from collections.abc import Iterator

from tests.redaction.planted import Maker, Planted

_WORDS = "harbour violet tractor ember pickle saddle quartz meadow lantern ferret walnut".split()

_OF_TOKENS_IN_CODE = (
    'token = "{}"',
    'hf_token="{}"',
    'd={"token": "{}"}',
    'f(token="{}")',
    'os.getenv("NOPE_TOKEN","{}")',
    'headers = {"X-Auth-Token": "{}"}',
)
_OF_TOKENS_IN_TEXT = ('{"token": "{}"}', "Token: {}", "login with token={}", "X_TOKEN={}")
_OF_PHRASES_IN_CODE = (
    "password = '{}'",
    'db_password = "{}"',
    'dict(user="u", password="{}")',
    'cfg = {"db": {"passwd": "{}"}}',
    'SMTP_PASSWORD = """{}"""',
    'client_secret: str = "{}"',
    'connect("h", api_key="{}")',
)
_OF_PHRASES_IN_TEXT = ("{'password': '{}'}", '{"secret": "{}"}', "Config(password='{}')")
_DETOURS = (
    'config = "user=bob\\npassword={}\\n"',
    'config = "user=bob\\tpw={}"',
    'headers = {"Authorization": "Token {}"}',
    'headers = {"Authorization": "Bearer {}"}',
    "headers['Authorization'] = f'ApiKey {}'",
    'os.getenv("DB_PASSWORD", default="{}")',
    'os.getenv("DB_PASSWORD") or "{}"',
    'os.environ["DB_PASSWORD"] or "{}"',
    'config.get("db", "password", fallback="{}")',
    'parser.add_argument("--db-password", default="{}")',
    'password: str = Field("{}", repr=False)',
    'password = base64.b64decode("{}")',
    'password = "".join(["{}"])',
    'password = "{}"[::-1]',
    'api_key = undefined("{}")',
    'def db_password(): return "{}"',
    'def get_password():\n    if x:\n        return "{}"\n    return None',
    'db_password = lambda: "{}"',
    'match password:\n    case "other" | "{}": pass',
    'cred = "{}"',
    'creds = {"bob": "{}"}',
    'creds = ("bob", "{}")',
    'tok = "{}"',
    'AUTH = "{}"',
    'MY_PIN = "{}"',
    'dbPin = "{}"',
    'contraseña = "{}"',
    'la_contraseña_vieja = 1; contraseña: str = "{}"',
    'mot_de_passe = "{}"',
    "!docker login -u bob -p {} registry.example.org",
    "!az acr login -n x -p={}",
    'password_postgres = "{}"',
    'secret_of_the_service = "{}q4"',
    'token_openai = "{}kd84"',
    'api_key_openai = "{}x62"',
    'connect(password_mysql="{}")',
    'rootpw = "{}"',
    'pswd = "{}"',
    'пароль = "{}"',
)
_DETOURS_IN_TEXT = (
    "AUTH={}",
    "{'Authorization': 'Token {}'}",
    "{&#x27;Authorization&#x27;: &#x27;Bearer {}&#x27;}",
    '{"text": "user=bob\\npassword={}\\n"}',
    "contraseña: {}",
    "PASSWORD_POSTGRES={}",
    '{"password_mysql": "{}"}',
    "tool --password-mysql {}",
    'line 1\n    password = "{}\n               ^\nSyntaxError: unterminated string literal',
    "- name: DB_PASSWORD\n  value: {}\n",
    'variable "db_password" {\n  type = string\n  default = "{}"\n}',
    "db.example:5432:sales:ann:{}",
    "jdbc:oracle:thin:scott/{}@h:1521/x",
    "WIFI:S:net;T:WPA;P:{};;",
    "password：{}",
)
_TABLES = (
    "user,password\nbob,{}\n",
    '"user";"password";"n"\n"bob";"{}";3\n"eve";"none";4',
    "user\tapi_key\tn\r\nbob\t{}\t3\r\n",
    ",user,password\n0,ada,x\n1,bob,{}\n",
    "  user       password\n0  bob  {}\n1  eve          None",
    "user   password     n\n----   --------     -\nbob    {}  3\n",
    "     password  user\nid                \n1   {}   bob",
    "| user | password |\n|---|---|\n| eve | |\n| bob | {} |",
    "|    | user   | `api_key`   |\n|---:|:-------|:------------|\n|  0 | bob    | {} |",
    "┌──────┬─────────────┐\n│ user ┆ password    │\n│ ---  ┆ ---         │\n"
    "│ str  ┆ str         │\n╞══════╪═════════════╡\n│ bob  ┆ {} │\n└──────┴─────────────┘",
    "+------+-------------+\n| user | password    |\n+------+-------------+\n| bob  | {} |",
    '<table border="1" class="dataframe">\n  <thead>\n    <tr style="text-align: right;">\n'
    "      <th></th>\n      <th>user</th>\n      <th>password</th>\n    </tr>\n  </thead>\n"
    "  <tbody>\n    <tr>\n      <th>0</th>\n      <td>bob</td>\n      <td>{}</td>\n    </tr>\n"
    "  </tbody>\n</table>",
    "<table><tr><td>n</td><th>secret</th></tr><tr><td>3</td><td>none</td></tr>"
    "<tr><td>4</td><td>{}</td></tr></table>",
)


def named(seed: int = 6) -> Iterator[Planted]:
    """Give tokens of few digits, passwords of several words, and what code hides, in all forms."""
    m = Maker(seed)
    for digits in (0, 1):
        for size in (12, 16, 20, 24, 40):
            for around in _OF_TOKENS_IN_CODE:
                secret = _token(m, size, digits)
                yield Planted(f"{digits} of {size} {around}", secret, around, "code")
            for around in _OF_TOKENS_IN_TEXT:
                yield Planted(f"{digits} of {size} {around}", _token(m, size, digits), around)
    for phrase, around in ((n, around) for n in range(6) for around in _OF_PHRASES_IN_CODE):
        yield Planted(f"phrase {phrase} {around}", _phrase(m, phrase), around, "code")
    for phrase, around in ((n, around) for n in range(6) for around in _OF_PHRASES_IN_TEXT):
        yield Planted(f"phrase {phrase} {around}", _phrase(m, phrase), around)
    for around in _DETOURS:
        yield Planted(f"detour {around}", m.alnum(11), around, "code")
    for around in _DETOURS_IN_TEXT:
        yield Planted(f"detour {around}", m.alnum(11), around)
    for around in _TABLES:
        yield Planted(f"table {around}", m.alnum(11), around)
    csv = 'frame = read_csv(StringIO("""user,password\nbob,{}\n"""))'
    yield Planted("table in code", m.alnum(11), csv, "code")
    yield Planted("token by itself", m.alnum(24), "Token {}")
    yield Planted("nvidia", "nvapi" + "-" + m.alnum(64), "got {}")
    yield Planted("kubeconfig", m.alnum(80), "client-key-data: {}")
    hexadecimal = f"{m.draw.getrandbits(128) | 1 << 127:032x}"
    yield Planted("kaggle", hexadecimal, '{"username":"ann","key":"{}"}')
    yield Planted("doppler", "dp" + ".pt." + m.alnum(43), "got {}")


def _token(m: Maker, size: int, digits: int) -> str:
    """Draw letters of both cases, with none or one digit among them."""
    letters = [m.draw.choice(string.ascii_letters) for _ in range(size - 2)]
    if digits:
        letters[m.draw.randrange(size - 2)] = m.draw.choice(string.digits)
    return "q" + "".join(letters) + "Z"


def _phrase(m: Maker, number: int) -> str:
    """Return several words as people make passwords of them."""
    first, second, third = m.draw.sample(_WORDS, 3)
    year, few = m.draw.randrange(1950, 2030), m.draw.randrange(3, 10)
    return (
        f"My {first} {second.title()} {year}!",
        f"{first.title()} {second.title()}, {few} miles",
        f"{m.word().replace('#', 'x')} & {few} {first}s",
        " ".join(m.letters(4) for _ in range(4)),
        f"{first} {second} {third}",
        f"{m.alnum(5)} {m.alnum(6)}",
    )[number]


HARMLESS_CODE = [
    # what models of language and parsers call tokens
    'token = "the quick brown"',
    'token = "hello"',
    'token = "McDonald"',
    'token = "internationalization"',
    'token = "GPT2TokenizerFast"',
    'token = "Ġinternational"',
    'token = "##ization"',
    'token = "state-of-the-art"',
    'tok = "unbelievable"',
    'tok = nltk.word_tokenize("Good muffins cost $3.88")[0]',
    'tokens = ["the", "quick", "brown", "StatsModels", "New-York-based"]',
    'tokens = "the quick brown fox".split()',
    "num_tokens = 12345678",
    'pad_token = "[PAD]"',
    'eos_token="<|endoftext|>"',
    'bos_token, mask_token = "<s>", "<mask>"',
    'additional_special_tokens = ["<|im_start|>", "<|im_end|>"]',
    'token = doc[3].text',
    'token_type = "IDENTIFIER"',
    'if token == "NEWLINE_OR_COMMENT": pass',
    'assert next_token == "LPAREN_EXPECTED"',
    # pins, passes and the like
    "pin = 7",
    "PIN_LED, PIN_BUTTON = 17, 22",
    'pin = "GPIO17"',
    "pin_memory=True",
    "creds=None",
    'cred = load_credentials()',
    'auth="basic"',
    'auth = "kerberos"',
    'auth = "SCRAM-SHA-256"',
    'auth_type = "AWS4-HMAC-SHA256"',
    'authorization = "role-based"',
    # prompts, labels, help texts, templates
    'password = "Enter your password"',
    'password = input("Password of bob: ")',
    'password = getpass("What is the password?")',
    'labels = {"password": "Choose a strong password", "user": "Your name"}',
    'help_texts = {"api_key": "The key of the service, see the settings"}',
    'password = "Type it again, please"',
    'errors = {"password": "Must have at least 8 characters"}',
    'password = "not given"',
    'secret = "the quick brown fox"',
    'columns = {"password": "hashed with bcrypt", "secret": "of the client"}',
    'password = f"{first} and {second}"',
    'password = "%s of %s" % (a, b)',
    'state = {"password": "changed 3 days ago"}',
    'query = {"password": "SELECT * FROM users"}',
    'secret_santa = "Alice gives to Bob"',
    'password_hint = "name of the first pet"',
    'cookie = "chocolate chip"',
    'signature = "(x: int) -> str"',
    'signature = "Yours sincerely, Ada"',
    'first_pass = "layer 12 of 3"',
    'second_pass = "with dropout"',
    # what is asked for, or made of something else
    'password = keyring.get_password("system2", "user42x")',
    'password = vault.read("secret/data/db2x")["password"]',
    'password = client.get_secret_value(SecretId="Prod-Db2xPassword")',
    'api_key = dbutils.secrets.get(scope="Jobs-2024x", key="openai")',
    'password = load_secret("prod/Db2-main")',
    'password = os.getenv("DB2_PASSWORD_V2x")',
    'password = hash_of("utf-8")',
    'def get_token(): return "NEWLINE"',
    'def password(): return self.password',
    'def check_password(): return "too short: 8 characters"',
    'def get_token_count():\n    return "a12b34c56"',
    'match token:\n    case "PLUS" | "MINUS": pass\n    case "number2": pass',
    'token = stream.next() or "EOF"',
    'parser.add_argument("--token", default="hello")',
    'parser.add_argument("--password", default=None, help="of the user bob-42x")',
    'key = lambda row: row["Name2x9K"]',
    'accredited = "Yes2024xK"; sacred = "Qm27xkPz94vR"',
    'toktok = ToktokTokenizer(); stock = "Qm27xkPz94vR"',
    'headers = {"Authorization": f"Bearer {token}"}',
    'headers = {"Authorization": "Bearer YOUR_TOKEN_HERE"}',
    'headers = {"Authorization": "Bearer " + token}',
    'passe_partout = "Jean-Passepartout1"',
    "!docker login -u bob -p $PASSWORD",
    "!docker run -p 8080:80 login",
]  # fmt: skip
HARMLESS_TEXT = [
    "Token: internationalization",
    '{"token": "StatsModels", "pos": "NOUN"}',
    "token=<|endoftext|>",
    "{'token': 'New-York-based', 'count': 3}",
    "{'password': 'Enter your password'}",
    '{"password": "must not be empty"}',
    "Password: 'required'",
    "Secret: 'the client secret of the app'",
    "{'auth': 'SCRAM-SHA-256', 'user': 'bob'}",
    "PIN 7 is an output",
    "pin_memory=True, pin=13",
    "authorization: role-based",
    "Empty DataFrame\nColumns: [user, password]\nIndex: []",
    "user,password\nbob,required\neve,none\n",
    "token,count\nthe,12\ninternational,3\nStatsModels,4\nNew-York-based,2\n",
    "| token | id |\n|---|---|\n| McDonald | 4711x2 |",
    "password,hash\nnone,5f4dcc3b5aa765d61d8327deb882cf99\n",
    "  user  password_length\n0  bob       12 letters",
    "  token         pos\n0 StatsModels  NOUN\n1 covid-19     NOUN",
    "<tr><th>token</th><th>id</th></tr><tr><td>StatsModels</td><td>a1b2c3d4e5f6</td></tr>",
    "<table><thead><tr><th>password</th></tr></thead><tbody></tbody></table>",
    "| password |\n|---|\n",
    "    password                 user\ncount      3                    3",
    "Enter user, password\nthen connect, a1b2c3",
    "Authorization: Bearer <token>",
    "Authorization: Token required",
    "Token authentication failed",
    "Token 4711 of 9000",
    "!pip install tok; incredible Qm27xkPz94vR",
    "token accepted by tokenizer bert-base-uncased",
]
