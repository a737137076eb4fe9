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


def test_redaction_is_told_shown_restored_and_allowed(kernel):
    told = kernel.run(f'db_password = "{WORD}"\nprint(db_password)')
    assert told.lines == ["redacted in the record: password [1]  ·  no secret? %nbmlops allow 1"]
    assert told.stdout == f"{WORD}\n"
    again = kernel.run("auc = len(db_password) / 20\nprint(db_password)")
    assert not any("redacted" in line for line in again.lines)

    shown = kernel.run("%nbmlops show @1").of("execute_result")[0]["data"]["text/plain"]
    assert "redacted" in shown
    assert "password in [2], [3]" in shown

    restored = kernel.run("%nbmlops restore auc -o restored.ipynb")
    assert restored.status == "ok"
    notebook = json.loads((kernel.folder / "restored.ipynb").read_text())
    about = "".join(notebook["cells"][0]["source"])
    assert 'cell 1, line 1: password, `os.environ["DB_PASSWORD"]`' in about
    assert "Redacted" in restored.of("execute_result")[0]["data"]["text/plain"]

    assert "password, 11 characters" in kernel.run("%nbmlops allow").stdout
    refused = kernel.run("%nbmlops allow 99")
    assert refused.status == "error"
    assert "there is: 1" in refused.content["evalue"]
    allowed = kernel.run("%nbmlops allow 1")
    assert 'allow_secrets = ["blake2:' in allowed.stdout
    kernel.run("print(db_password)")
    assert kernel.executions()[-1].outputs[0].contents[0].text == f"{WORD}\n"
    file = kernel.folder / ".nbmlops" / "allowed_secrets"
    assert file.stat().st_mode & 0o077 == 0
    assert WORD not in file.read_text()


def test_what_is_typed_as_a_password_is_known_whatever_its_variable_is_called(kernel):
    kernel.run(
        "import getpass\nx = getpass.getpass()\nname = input()\nprint(x, x.upper(), name)",
        answers=["qw3rty-typed", "bob-the-3rd"],
    )
    text = kernel.executions()[-1].outputs[0].contents[0].text
    assert text.endswith("[redacted: password] [redacted: password] bob-the-3rd\n")
