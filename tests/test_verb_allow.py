"""Allowing what is no secret where no session is: by kind, digest or text."""

import io
import json
import sys

import pytest

from nbmlops import cli
from nbmlops.completions import complete_kind
from nbmlops.redaction.redactor import digest_of
from nbmlops.tracking.allowed import allowed_in

WORD = "tr0ub4dor&3"


@pytest.fixture
def typed(monkeypatch):
    def give(text):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text + "\n"))
        monkeypatch.delitem(sys.modules, "ipykernel", raising=False)

    return give


def answer(capsys, *arguments):
    assert cli.run(["allow", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def home(project):
    (project / ".nbmlops").mkdir()
    return project / ".nbmlops"


def test_kinds_digests_and_texts_are_allowed_without_a_session(home, typed, capsys):
    assert answer(capsys, "AWS", "key")["added"] == "AWS key"
    assert answer(capsys, "*token")["added"] == "*token"
    assert answer(capsys, digest_of("other"))["added"] == digest_of("other")
    typed(WORD)
    assert answer(capsys, "--text")["added"] == digest_of(WORD)
    entries = ["AWS key", "*token", digest_of("other"), digest_of(WORD)]
    assert allowed_in(home) == entries
    assert answer(capsys) == {"added": None, "allowed": entries, "redacted": None}
    assert WORD not in (home / "allowed_secrets").read_text()
    assert (home / "allowed_secrets").stat().st_mode & 0o077 == 0


def test_what_was_allowed_before_is_written_once(home, capsys):
    for _ in range(2):
        assert answer(capsys, "AWS key")["allowed"] == ["AWS key"]
    assert allowed_in(home) == ["AWS key"]


def test_another_store_has_its_own(home, tmp_path, capsys):
    answer(capsys, "AWS key", "--store", str(tmp_path / "other"))
    assert allowed_in(tmp_path / "other" / ".nbmlops") == ["AWS key"]
    assert allowed_in(home) == []


def test_settings_of_the_project_are_listed(home, capsys):
    (home.parent / "pyproject.toml").write_text('[tool.nbmlops]\nallow_secrets = ["cookie"]\n')
    assert answer(capsys)["allowed"] == ["cookie"]
    assert cli.run(["allow"]) == 0
    assert capsys.readouterr().out == "allowed: cookie\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["1"], "A number belongs to the session that said it"),
        (["AWS keys"], "Did you mean AWS key"),
        (["--text", "AWS key"], "give --text alone"),
    ],
    ids=["number", "no kind", "text and kind"],
)
def test_what_cannot_be_allowed_is_told_and_changes_nothing(home, capsys, arguments, told):
    assert cli.run(["allow", *arguments]) == 2
    assert told in capsys.readouterr().err
    assert allowed_in(home) == []


def test_kinds_are_completed():
    assert complete_kind(None, None, "AWS") == ["AWS Bedrock key", "AWS key", "AWS secret key"]
