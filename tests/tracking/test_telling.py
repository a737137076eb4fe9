"""What is written down and told of faults: never a secret, each once."""

import importlib.util

import pytest

from nbmlops.redaction.redactor import Redactor
from nbmlops.tracking.telling import Telling

WORD = "tr0ub4dor&3"


@pytest.fixture
def problem(tmp_path):
    """An error with a secret in its message and in the line that raises it."""
    file = tmp_path / "broken.py"
    file.write_text(f"def fails():\n    raise ValueError('password={WORD}')\n")
    spec = importlib.util.spec_from_file_location("broken", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with pytest.raises(ValueError, match="password") as raised:
        module.fails()
    return raised.value


def broken(_text):
    raise RecursionError(WORD)


@pytest.mark.parametrize("redact", [Redactor(), broken], ids=["redacted", "redaction fails"])
def test_a_fault_is_written_without_secrets_and_told_once(tmp_path, problem, redact, capsys):
    telling = Telling(tmp_path / "faults.log", redact)
    telling.fault("saving", problem)
    telling.fault("saving", problem)
    log = (tmp_path / "faults.log").read_text()
    assert WORD not in log
    assert "broken.py" in log
    assert log.count("ValueError") >= 2
    told = capsys.readouterr().err
    assert told.count("nbmlops had a fault") == 1
    assert WORD not in told
