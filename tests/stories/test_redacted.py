"""What somebody sees of redaction: a line below the cell, the run's page, a restored notebook."""

import json

import pytest

from tests.kernels import Kernel

WORD = "tr0ub4dor&3"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("redacted")
    (folder / ".nbmlops").mkdir()
    with Kernel(folder) as started:
        assert started.run("%load_ext nbmlops").status == "ok"
        yield started


def shown_by(answer):
    return answer.of("execute_result")[0]["data"]["text/plain"]


def test_redaction_is_told_shown_restored_and_allowed(kernel):
    told = kernel.run(f'db_password = "{WORD}"\nprint(db_password)')
    assert told.lines == ["redacted in the record: password [1]  ·  no secret? %nbmlops allow 1"]
    assert told.stdout == f"{WORD}\n"
    again = kernel.run("auc = len(db_password) / 20\nprint(db_password)")
    assert not any("redacted" in line for line in again.lines)

    shown = shown_by(kernel.run("%nbmlops show @1"))
    assert "redacted" in shown
    assert "password in [2], [3]" in shown

    restored = kernel.run("%nbmlops restore auc -o restored.ipynb")
    assert restored.status == "ok"
    notebook = json.loads((kernel.folder / "restored.ipynb").read_text())
    about = "".join(notebook["cells"][0]["source"])
    assert "**Before running this**: Secrets were taken out" in about
    assert 'cell 1, line 1: password, `os.environ["DB_PASSWORD"]`' in about
    assert "Secrets were taken out" in restored.of("execute_result")[0]["data"]["text/plain"]

    assert "[1] password, 11 characters" in shown_by(kernel.run("%nbmlops allow"))
    refused = kernel.run("%nbmlops allow 99")
    assert refused.status == "error"
    assert "there is: 1" in refused.content["evalue"]
    allowed = kernel.run("%nbmlops allow 1")
    assert 'allow_secrets = ["blake2:' in shown_by(allowed)
    kernel.run("print(db_password)")
    assert kernel.executions()[-1].outputs[0].contents[0].text == f"{WORD}\n"
    file = kernel.folder / ".nbmlops" / "allowed_secrets"
    assert file.stat().st_mode & 0o077 == 0
    assert WORD not in file.read_text()


def test_a_text_is_allowed_without_being_shown(kernel):
    kernel.run('api_key = "x9!kk2zz"\nprint(api_key)')
    assert kernel.executions()[-1].outputs[0].contents[0].text == "[redacted: API key]\n"
    allowed = kernel.run("%nbmlops allow --text", answers=["x9!kk2zz"])
    assert "is kept from now on" in shown_by(allowed)
    assert "x9!kk2zz" not in shown_by(allowed)
    kernel.run("print(api_key)")
    assert kernel.executions()[-1].outputs[0].contents[0].text == "x9!kk2zz\n"


def test_what_is_typed_as_a_password_is_known_whatever_its_variable_is_called(kernel):
    kernel.run(
        "import getpass\nx = getpass.getpass()\nname = input()\nprint(x, x.upper(), name)",
        answers=["qw3rty-typed", "bob-the-3rd"],
    )
    text = kernel.executions()[-1].outputs[0].contents[0].text
    assert text.endswith("[redacted: password] [redacted: password] bob-the-3rd\n")
