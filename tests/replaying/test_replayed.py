"""What a replay answers: how it is drawn, and what a command ends with."""

import json

import pytest

from nbmlops.drawing.html import html
from nbmlops.records import Execution
from nbmlops.replaying.causes import Cause
from nbmlops.replaying.inputs import InputFile
from nbmlops.replaying.replayed import FirstDifference, Replay, Replayed
from nbmlops.replaying.surroundings import Differing
from nbmlops.replaying.verdicts import Compared

READ = Execution(
    "e1", "s", 1, "# the data\ndf = read(path)", 0.0, "c", execution_count=4, duration_seconds=0.5
)
DF = Compared("df", "different", "df 3×1", "df 2×1", "1 fewer row")
DIFFERENT = Replay(
    "3k9f",
    "run 3k9f",
    "different",
    results=(
        Compared("auc", "different", "0.9", "0.8"),
        Compared("loss", "identical", "0.1", "0.1"),
    ),
    first_difference=FirstDifference(
        READ, DF, Cause("data changed", "d.csv, read by [4], is new"), (Cause("time", "it asks"),)
    ),
    executions=(
        Replayed(
            READ,
            "different",
            (DF, Compared("t", "different", is_needed=False), Compared("m", "not comparable")),
            0.25,
        ),
        Replayed(READ, None),
    ),
    inputs=(InputFile("d.csv", "changed", 1, "is new"), InputFile("e.csv", "same", 1)),
    environment=(Differing("package", "numpy", "2.4", "2.5"),),
    notes=("a note",),
    folder="/work",
    output="again.ipynb",
    seconds=2.5,
)


def test_it_reads_from_the_verdict_to_the_cause():
    lines = [line.strip() for line in str(DIFFERENT).splitlines() if line.strip()]
    said = [" ".join(line.split()) for line in lines]
    assert said[0] == "different: auc 0.9 → 0.8, loss 0.1 · run 3k9f, 1 execution in 2.5 s"
    assert said[1:6] == [
        "First difference",
        "in [4] #1 df = read(path)",
        "what `df`: df 3×1 → df 2×1; 1 fewer row",
        "cause data changed: d.csv, read by [4], is new",
        "or time: it asks",
    ]
    assert "different df different; m not comparable; unneeded" in " ".join(said)
    assert said[-6:] == [
        "not as then numpy 2.4 → 2.5",
        "files d.csv is new",
        "as then 1 input file",
        "executed in /work",
        "kept as again.ipynb",
        "a note",
    ]


def test_it_is_json_and_html_too():
    assert json.loads(json.dumps(DIFFERENT.to_json()))["first_difference"]["name"] == "df"
    assert "First difference" in html(DIFFERENT.page())
    assert repr(DIFFERENT) == "<Replay of run 3k9f: different>"


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        ("identical", 0),
        ("equal", 0),
        ("within tolerance", 0),
        ("different", 3),
        ("not comparable", 3),
        ("not run", 1),
    ],
)
def test_a_command_ends_with_what_a_gate_needs(verdict, code):
    assert Replay("r", "run r", verdict).exit_code == code
