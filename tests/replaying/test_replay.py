"""Runs of real kernels, executed again after something has changed, or nothing."""

from pathlib import Path

import pytest

from nbmlops.replaying.attempt import Wish
from nbmlops.replaying.replay import replayed
from nbmlops.tracking.why import why

CSV = "import pandas as pd\ndf = pd.read_csv('d.csv')"
MEAN = "accuracy = float(df.x.mean())"


def written(name, text):
    return lambda monkeypatch: Path(name).write_text(text)


def variable(name, text):
    return lambda monkeypatch: monkeypatch.setenv(name, text)


def nothing(monkeypatch):
    """Leave all as it is."""


@pytest.mark.parametrize(
    ("cells", "meddle", "verdict", "first", "cause"),
    [
        pytest.param(
            ["import random\nrandom.seed(3)", "x = [random.random() for _ in range(5)]",
             "z = 1", "accuracy = sum(x) / 5\nauc = min(x)"],
            nothing, "identical", None, None, id="seeded, two metrics",
        ),
        pytest.param(
            [CSV, MEAN], written("d.csv", "x\n1\n4\n9\n"), "different", (1, "df"), "data changed",
            id="data changed",
        ),
        pytest.param(
            [CSV, MEAN], written("d.csv", "x\n1\n4\n"), "identical", (1, "df"), "data changed",
            id="data changed, result the same",
        ),
        pytest.param(
            ["import own_rates", "accuracy = own_rates.rate()"],
            written("own_rates.py", "def rate():\n    return 0.75\n"),
            "different", (2, "accuracy"), "code changed", id="local module changed",
        ),
        pytest.param(
            ["import random", "x = random.random()", "accuracy = x / 2"],
            nothing, "different", (2, "x"), "unseeded randomness", id="unseeded",
        ),
        pytest.param(
            ["import numpy as np\nrng = np.random.default_rng()", "accuracy = rng.random()"],
            nothing, "different", (1, "rng"), "unseeded randomness", id="generator without seed",
        ),
        pytest.param(
            ["import time", "accuracy = time.time() % 1"],
            nothing, "different", (2, "accuracy"), "time", id="time",
        ),
        pytest.param(
            ["import os", "accuracy = float(os.environ.get('REPLAYED_RATE', '0.5'))"],
            variable("REPLAYED_RATE", "0.25"), "different", (2, "accuracy"),
            "environment variable", id="environment variable",
        ),
        pytest.param(
            ["x = [1]", "def change():\n    x.append(len(x))", "change()", "change()",
             "accuracy = sum(x) / 10", "x.clear()"],
            nothing, "identical", None, None, id="out of order and in place",
        ),
        pytest.param(
            ["rate = 1", "def scaled(n):\n    return n * rate", "z = scaled(1)", "rate = 2",
             "accuracy = scaled(0.25)"],
            nothing, "identical", None, None, id="a function older than what it names",
        ),
        pytest.param(
            ["z = 1", "40 + 2", "z = 2", "accuracy = _2 / 100 + Out[2] / 1000"],
            nothing, "identical", None, None, id="outputs taken by number",
        ),
        pytest.param(
            [CSV, "df['aside'] = df.x * 7", "df['y'] = df.x + 1", "df['aside'] += 1",
             "accuracy = float(df.y.mean())"],
            nothing, "identical", None, None, id="columns that no result needs",
        ),
        pytest.param(
            [CSV, "df['aside'] = df.x * 7", "df['y'] = df.x + 1", "accuracy = float(df.y.mean())"],
            written("d.csv", "x\n1\n4\n9\n"), "different", (1, "df"), "data changed",
            id="columns that no result needs, and others",
        ),
        pytest.param(
            ["x = 4", "y = x + nowhere", "y = x", "try:\n    1 / 0\nfinally:\n    x = 5",
             "accuracy = x / y"],
            nothing, "identical", None, None, id="cells that failed then, too",
        ),
    ],
)  # fmt: skip
def test_the_verdict_and_the_first_difference(
    folder, executed, replay, monkeypatch, cells, meddle, verdict, first, cause
):
    Path("d.csv").write_text("x\n2\n3\n")
    Path("own_rates.py").write_text("def rate():\n    return 0.5\n")
    executed(*cells)
    meddle(monkeypatch)
    found = replay()
    assert (found.verdict, found.problem) == (verdict, "")
    said = found.first_difference
    assert (said and (said.execution.sequence, said.what.name)) == first
    assert (said and said.cause.kind) == cause


def test_a_metric_alone_is_within_a_tolerance_that_is_given(executed, replay, monkeypatch):
    executed(
        "import os",
        "accuracy = 1 / 3 + float(os.environ.get('REPLAYED_NOISE', '0'))\nloss = accuracy / 2",
        "auc = 0.5",
    )
    monkeypatch.setenv("REPLAYED_NOISE", "1e-9")
    found = replay("@1", "loss", rtol=1e-6)
    assert (found.verdict, found.exit_code, found.target) == ("within tolerance", 0, "metric loss")
    assert [row.execution.sequence for row in found.executions] == [1, 2]
    [result] = found.results
    assert result.before != result.after


def test_a_cell_that_fails_ends_it(folder, executed, replay):
    Path("n.txt").write_text("1")
    executed("n = int(open('n.txt').read())", "x = 6 / n", "accuracy = x / 10")
    Path("n.txt").write_text("0")
    said = []
    found = replay(say=said.append)
    assert (found.verdict, found.exit_code) == ("not run", 1)
    assert found.problem == "[2] failed this time: ZeroDivisionError: division by zero"
    assert [row.verdict for row in found.executions] == ["different", "not run", "not run"]
    assert found.first_difference.cause.kind == "data changed"
    assert said[0].endswith("n.txt holds something else than then")


def test_a_cell_that_takes_too_long_ends_it(folder, executed, replay):
    Path("n.txt").write_text("0")
    executed("import time\nn = int(open('n.txt').read())", "time.sleep(n)\naccuracy = 0.5")
    Path("n.txt").write_text("600")
    found = replay(timeout_seconds=1)
    assert found.verdict == "not run"
    assert found.problem == "[2] failed this time: it took longer than it was given"


def test_files_are_put_back_and_nothing_is_recorded(kernel, folder, executed, replay):
    Path("a.txt").write_text("1")
    executed(
        "from pathlib import Path\na = int(Path('a.txt').read_text())",
        "Path('b.txt').write_text(str(a + 1))",
        "open('log.txt', 'a').write('1')",
        "lines = len(open('log.txt').read())",
        "accuracy = int(Path('b.txt').read_text()) / 10 * lines\nPath('c.txt').write_text('c')",
    )
    Path("b.txt").write_text("since then")
    Path("log.txt").write_text("since then")
    Path("c.txt").unlink()
    before = len(kernel.executions()), len(kernel.runs())
    found = replay(output="kept.ipynb")
    assert (found.verdict, found.first_difference) == ("identical", None)
    names = {each.name for row in found.executions for each in row.compared}
    assert any(name.endswith("b.txt") for name in names)
    assert Path("b.txt").read_text() == Path("log.txt").read_text() == "since then"
    assert not Path("c.txt").exists()
    assert Path("kept.ipynb").is_file()
    assert (len(kernel.executions()), len(kernel.runs())) == before


def test_what_was_made_a_metric_by_hand_is_one_again(kernel, folder, executed, replay):
    executed("good = 0.5", "%nbmlops metric good", "good = good + 0.25", "fine_score = good")
    found = replay("@1")
    assert {each.name for each in found.results} == {"good", "fine_score"}
    assert found.verdict == "identical"


def test_the_folder_is_the_one_in_which_paths_are_what_was_read(kernel, folder, executed, replay):
    (folder / "deep").mkdir()
    Path("d.txt").write_text("3")
    executed(
        "%cd -q deep",
        "x = int(open('../d.txt').read())",
        "%cd -q ..",
        "accuracy = x / 10 + int(open('d.txt').read())",
    )
    found = replay(cwd=None)
    assert (found.verdict, found.folder) == ("identical", str(folder))


# What is told at once, without executing anything


def refused(found, problem):
    assert (found.verdict, found.exit_code) == ("not run", 1)
    assert problem in found.problem
    assert {row.verdict for row in found.executions} <= {"not run"}
    assert all(row.duration_seconds is None for row in found.executions)


def test_a_file_that_is_gone_is_told_at_once(folder, executed, replay):
    Path("d.txt").write_text("3")
    executed("x = int(open('d.txt').read())", "accuracy = x / 10")
    Path("d.txt").unlink()
    found = replay()
    refused(found, "d.txt is not there any more")
    first = found.first_difference
    assert (first.execution.sequence, first.cause.kind) == (1, "data changed")


def test_code_without_its_secret_is_not_executed(executed, replay):
    executed("password = 'ni7Paechoo9i'\nn = len(password)", "accuracy = n / 100")
    refused(replay(), "a secret was taken out of the code of [")


def test_a_cell_that_was_interrupted_is_not_executed(kernel, replay):
    kernel.run("x = 0")
    kernel.run_and_interrupt("import time\nx = 1\nprint('ready', flush=True)\ntime.sleep(600)")
    kernel.run("accuracy = x / 2")
    refused(replay(), "was interrupted, and where it stopped cannot be repeated")


def test_what_no_execution_is_known_to_have_made_is_not_run(kernel, replay):
    kernel.run("%nbmlops run nothing")
    refused(replay("nothing"), "no recorded execution is known to have made it")


def test_what_nobody_can_look_into_is_not_comparable(kernel, executed, folder):
    executed("steps = (step for step in [1])", "accuracy = 1")
    kernel.store().close()
    page = why("@1", variable="steps", store=kernel.url)
    found = replayed(page, Wish(cwd=str(folder)), store=kernel.url)
    assert (found.verdict, found.exit_code) == ("not comparable", 3)
    assert found.problem.startswith("`steps`: ")
