"""Secrets planted all over a real session, none of which is in any file of the store."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

import pytest

from tests.kernels import Kernel
from tests.redaction.planted import Planted, beside, tokens
from tests.redaction.planted_named import named
from tests.redaction.planted_told import told

_VARIABLES = (
    "PLANTED_API_KEY",
    "PLANTED_PASSWORD",
    "DATABASE_URL",
    "PLANTED_TOKEN",
    "MAIL_PASSWORD",
)
_TRACKER = "__import__('nbmlops.tracking.current').tracking.current.tracker()"


def _hidden(secret: str) -> str:
    """Return Python that makes a secret without having it in its source."""
    return f"{secret[::-1]!r}[::-1]"


def _cells(given: list[Planted]) -> Iterator[str]:
    """Give cells that show the same secrets in every way that a notebook has."""
    thirds = [given[index::3] for index in range(3)]
    for planted in given:
        if planted.place == "code":
            yield (
                f"if 0:\n    pass\n{planted.text}"
                if planted.text[0] not in "!%"
                else f"# {planted.text}"
            )
    yield "\n".join(f"v{n} = {p.text!r}" for n, p in enumerate(thirds[0]))
    yield "\n".join(f"print({_hidden(p.text)})" for p in thirds[1])
    yield "import sys\n" + "\n".join(
        f"print({_hidden(p.text)}, file=sys.stderr)" for p in thirds[2]
    )
    yield "[" + ", ".join(_hidden(p.text) for p in thirds[0]) + "]"
    for planted in thirds[1][:12]:
        yield f"raise ValueError({_hidden(planted.text)})"
    yield (
        "import nbmlops\nnbmlops.log_params({"
        + ", ".join(f"'p{n}': {_hidden(p.text)}" for n, p in enumerate(thirds[2]))
        + "})\nauc = 0.5"
    )
    yield "from IPython.display import HTML, JSON, display\nimport html\n" + "\n".join(
        f"display(HTML('<pre>' + html.escape({_hidden(p.text)}) + '</pre>'))" for p in thirds[0]
    )
    yield "display(JSON({'rows': [" + ", ".join(_hidden(p.text) for p in thirds[1]) + "]}))"
    yield (
        "import pandas as pd\npd.set_option('display.max_colwidth', None)\npd.DataFrame({'text': ["
        + (", ".join(_hidden(p.text) for p in thirds[2]))
        + "]})"
    )
    yield (
        "pd.set_option('display.max_colwidth', 50)\npd.DataFrame({'text': ["
        + (", ".join(_hidden(p.secret) for p in given if len(p.secret) > 60))
        + "]})"
    )
    yield (
        "accounts = pd.DataFrame({'user': range(9), 'pass"
        + "word': [f'Corr{n}ct#horse' for n in range(9)]})\naccounts"
    )
    yield (
        "for sign in "
        + _hidden("\n".join(p.text for p in thirds[0]))
        + ":\n    print(sign, end='')"
    )


def _bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# What is said to be secret by its name, in every kind of record; W4 stands for the fourth word.
_NAMED = (
    "import os, settings, nbmlops\ndict(os.environ)",
    "os.environ['PLANTED_API_KEY']",
    "print(os.environ['PLANTED_TOKEN'])\nos.environ['MAIL_PASSWORD']",
    "nbmlops.log_params({'t': os.environ['PLANTED_TOKEN'], 'm': os.environ['MAIL_PASSWORD']})",
    "password = W3\nconfig = {'api_key': W4}",
    "print(password)\nconfig",
    "class Settings: pass\nsettings = Settings()\nsettings.client_secret = W5",
    "print(settings.__dict__)\nlen(config['api_key'])\nraise ValueError(password)",
    "with nbmlops.start_run(\n"
    "    'r ' + password, hypothesis=config['api_key'],\n"
    "    tags={'note': settings.client_secret, 'password': W6},\n"
    "    params={'auth_token': W7, 'nested': {'password': W8}},\n"
    ") as run:\n"
    "    run.log_metric('auc', 1.0)\n    run.annotate(note=f'used {password}')\n",
    "from sklearn.dummy import DummyClassifier\n"
    "model = DummyClassifier(constant=W9).fit([[1]], [W9])\n"
    "model.password = W9\nmy_password = W9\naccuracy = 0.5",
    "nbmlops.log_model(model)",
    "db_password = W10\nopen(f'out_{db_password}.txt', 'w').write('x')",
    "import numpy as np\npasswords = np.array([W12, 'x' + W13])\nprint(passwords, [*passwords])",
    "import pandas as pd\nsecret_f = f'{len(passwords)}-{W14}'\nprint(secret_f)\n"
    "pd.Series([W15, W15], name='password')",
    "api_key = '\\n'.join([W16, W17])\nprint(api_key.upper())\n[api_key]",
    "pd.DataFrame({'k': ['user', 'password'], 'v': ['bob', W18]})",
    "from types import SimpleNamespace\n"
    "config = SimpleNamespace(db={'login': {'password': W19}})\nconfig",
    "nbmlops.log_params({'args': ['--password', W20], 'env': [{'name': 'API_KEY', 'value': W21}]})",
    "long_password = W11\n"
    "print('x' * 49_994 + long_password + 'y' * 99_999 + long_password + 'z' * 49_994)",
)
_WORDS = [f"Tr0ub{number}dor&x" for number in range(22)]
_TOKEN, _PHRASE = "aBcDeFgHiJkL5mNoPqRs", "violet Tractor & 3 ferrets"


def _told() -> list[Planted]:
    """Return what is told in other ways, but no PINs: four digits are in every file."""
    return [each for each in told(13) if not each.secret.isdigit()]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Planted]]:
    """Return the folder of a session that met all secrets, and these."""
    folder = tmp_path_factory.mktemp("planted")
    given = [*tokens(11), *beside(12), *_told(), *named(14)]
    _make_repository(folder, given)
    url = f"postgresql://bob:{_WORDS[2]}@db/x"
    environment = dict(zip(_VARIABLES, (_WORDS[0], _WORDS[1], url, _TOKEN, _PHRASE), strict=True))
    with Kernel(folder, **environment) as kernel:
        kernel.run("%load_ext nbmlops")
        for cell in (*map(_with_words, _NAMED), *_cells(given)):
            kernel.run(cell)
        kernel.run("nbmlops.log_artifact('report.txt')")
        kernel.run("%nbmlops run next")  # closes the run, and has its environment taken
        kernel.run("auc = 0.7")
        kernel.ask(f"{_TRACKER}._surroundings.look()")
        kernel.executions()
        living = _bytes_of(folder / ".nbmlops")
    _write_as_one(folder, living, _bytes_of(folder / ".nbmlops"))
    said = [Planted(f"word {number}", word) for number, word in enumerate(_WORDS)]
    said += [Planted("one digit", _TOKEN), Planted("of several words", _PHRASE)]
    said += [Planted(f"word {number} in capitals", _WORDS[number].upper()) for number in (16, 17)]
    shown = [Planted(f"row {number}", f"Corr{number}ct#horse") for number in range(9)]
    return folder, [*given, *said, *shown]


def _with_words(cell: str) -> str:
    return re.sub(r"W(\d+)", lambda found: _hidden(_WORDS[int(found[1])]), cell)


def _make_repository(folder: Path, given: list[Planted]) -> None:
    """Make a project with a module that was changed since its commit, and a report."""
    (folder / ".nbmlops").mkdir()
    module, texts = folder / "settings.py", "\n".join(planted.text for planted in given)
    in_code = [
        each for each in [*_told(), *named(14)] if each.place == "code" and each.text[0] != "!"
    ]
    doc = "\n".join(each.text for each in given if each not in in_code)
    code = indent("\n".join(each.text for each in in_code), "    ")
    module.write_text("value = 0\n")
    for command in (["init", "-q"], ["add", "settings.py"], ["commit", "-qm", "x"]):
        by = ["-c", "user.name=n", "-c", "user.email=e"]
        subprocess.run(["git", *by, *command], cwd=folder, check=True)
    module.write_text(f"'''{doc}'''\nvalue = 1\nif 0:\n{code}\n")
    (folder / "report.txt").write_text(texts)


def _write_as_one(folder: Path, *states: dict[str, bytes]) -> None:
    whole = b"\n".join(
        name.encode() + b"\n" + data for files in states for name, data in files.items()
    )
    (folder / "everything").write_bytes(whole)


def test_no_planted_secret_is_in_any_file_of_the_store(session: tuple[Path, list[Planted]]) -> None:
    folder, planted = session
    everything = (folder / "everything").read_bytes()
    assert len(planted) >= 150
    assert b"[redacted: password]" in everything
    assert b"nbmlops.log_params" in everything
    found = {each.id for each in planted if each.secret.encode() in everything}
    # A long one must not be there in part either: cut off, wrapped or escaped.
    found |= {
        f"part of {each.id}"
        for each in planted
        if len(each.secret) >= 40 and each.secret[12:30].encode() in everything
    }
    assert found == set()


def test_nothing_of_ours_failed_over_it(session: tuple[Path, list[Planted]]) -> None:
    folder, _ = session
    assert not (folder / ".nbmlops" / "faults.log").exists()
    assert b"could not be looked through" not in (folder / "everything").read_bytes()


def test_only_the_owner_can_read_the_files_of_the_store(
    session: tuple[Path, list[Planted]],
) -> None:
    folder, _ = session
    files = [path for path in (folder / ".nbmlops").rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o077 for path in files} == {0}
