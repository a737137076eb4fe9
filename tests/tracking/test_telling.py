"""What is written down and told of faults: never a secret, each once."""

import importlib.util

import pytest

from nbmlops.redaction.redactor import Redactor
from nbmlops.store.live_head import Loss
from nbmlops.tracking.telling import Telling, full_words

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


@pytest.mark.parametrize(
    ("loss", "kept", "lost"),
    [
        (Loss(executions=1), "1 execution is in the memory", "1 execution was lost"),
        (Loss(2, 1), "2 measurements, 1 execution are in the memory", "1 execution were lost"),
    ],
)
def test_what_is_in_memory_alone_is_told_by_its_number(tmp_path, capsys, loss, kept, lost):
    assert kept in full_words(OSError(28, "No space"), loss, tmp_path)
    Telling(tmp_path / "faults.log").tell_loss(loss)
    assert lost in capsys.readouterr().err
