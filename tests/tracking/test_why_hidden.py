"""Why a result is what it is, where that depends on hidden inputs: cells in a real kernel."""

import json

import pytest

import nbmlops

NUMPY = "import numpy as np\nimport pandas as pd"
FRAME = "df = pd.DataFrame({'a': range(40)})"


@pytest.fixture
def why(kernel):
    """Execute cells, and ask from another process than the kernel's."""
    folder = kernel.ask("__import__('os').getcwd()")

    def ask(*cells, **kwargs):
        for cell in cells:
            assert kernel.run(cell).status == "ok"
        kernel.store().close()  # everything is there
        return nbmlops.why(store=kernel.url, **kwargs)

    yield ask
    kernel.quietly(
        "import logging\nlogging.getLogger('q9').handlers.clear()\n"
        "logging.getLogger('q9').setLevel(0)\nlogging.basicConfig(force=True)"
    )
    kernel.quietly(f"import os\nos.chdir({folder!r})\nos.environ.pop('NB_A', None)\n"
                   "import pandas as pd\npd.reset_option('display.max_rows')")  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "target", "expected"),
    [
        pytest.param(
            [NUMPY, "np.random.seed(0)", "a = np.random.rand()", "_ = np.random.rand()",
             "other = 1", "accuracy = a * np.random.rand()"],
            {"metric": "accuracy"}, (1, 2, 3, 4, 6), id="draws from a shared state"),
        pytest.param(
            [NUMPY, "rng = np.random.default_rng(0)", "np.random.seed(0)", "_ = np.random.rand()",
             "accuracy = rng.random()"],
            {"metric": "accuracy"}, (1, 2, 5), id="draws from an own generator"),
        pytest.param(
            [NUMPY, FRAME, "pd.set_option('display.max_rows', 6)", "accuracy = df.a.mean() / 40",
             "df"], {"cell": 5}, (1, 2, 3, 5), id="how a shown frame looks"),
        pytest.param(
            [NUMPY, FRAME, "pd.set_option('display.max_rows', 6)", "accuracy = df.a.mean() / 40"],
            {"metric": "accuracy"}, (1, 2, 4), id="a metric does not depend on how frames look"),
        pytest.param(
            ["import os, tempfile", "folder = tempfile.mkdtemp()\n"
             "with open(os.path.join(folder, 'n.txt'), 'w') as f:\n    _ = f.write('0.5')",
             "os.chdir(folder)", "x = 1", "accuracy = float(open('n.txt').read())"],
            {"metric": "accuracy"}, (1, 2, 3, 5), id="a relative path"),
        pytest.param(
            ["import os, tempfile", "folder = tempfile.mkdtemp()\n"
             "path = os.path.join(folder, 'n.txt')\nwith open(path, 'w') as f:\n"
             "    _ = f.write('0.5')", "os.chdir(folder)", "accuracy = float(open(path).read())"],
            {"metric": "accuracy"}, (1, 2, 4), id="an absolute path"),
        pytest.param(
            ["import os", "os.environ['NB_A'] = '0.5'", "os.environ['NB_B'] = '1'",
             "accuracy = float(os.environ['NB_A'])"],
            {"metric": "accuracy"}, (1, 2, 4), id="an environment variable"),
        pytest.param(
            ["import logging\nlg = logging.getLogger('q9')", "lg.setLevel('INFO')", "x = 1",
             "accuracy = lg.level / 100"],
            {"metric": "accuracy"}, (1, 2, 4), id="the level of a logger"),
        pytest.param(
            ["import io, logging\nsink = io.StringIO()",
             "logging.basicConfig(level='INFO', stream=sink, force=True)", "x = 1",
             "logging.info('x')", "accuracy = len(sink.getvalue())"],
            {"metric": "accuracy"}, (1, 2, 4, 5), id="messages that are kept"),
        pytest.param(
            ["import io, logging\nsink = io.StringIO()\nlg = logging.getLogger('q9')\n"
             "lg.addHandler(logging.StreamHandler(sink))", "lg.setLevel('INFO')", "x = 1",
             "lg.info('hey')", "accuracy = len(sink.getvalue())"],
            {"metric": "accuracy"}, (1, 2, 4, 5), id="messages that a level lets through"),
        pytest.param(
            ["import logging", "logging.getLogger().setLevel('INFO')", "accuracy = 1"],
            {"metric": "accuracy"}, (3,), id="no logging where it only shows"),
    ],
)  # fmt: skip
def test_slice(why, cells, target, expected):
    found = why(*cells, **target)
    assert (found.executions, found.found.missing) == (expected, ())


def test_page_and_json_say_what_nobody_set_and_who_advanced_what(why):
    found = why("import time, os\nimport numpy as np", "np.random.seed(1)",
                "a = np.random.rand()", "_ = os.system('true')\nt = time.time()",
                "accuracy = np.random.rand() + t * 0")  # fmt: skip
    text = str(found)
    assert "advances the random state of numpy, read by [5]" in " ".join(text.split())
    assert "sets the random state of numpy, read by [3]" in " ".join(text.split())
    assert "depends also on: subprocess ([4]), time ([4])" in text
    assert "<" not in text
    document = json.loads(json.dumps(found.to_json()))
    assert document["missing"] == []
    assert document["hidden"] == [
        {"name": "<subprocess>", "read_by": [4]}, {"name": "<time>", "read_by": [4]},
    ]  # fmt: skip
    kinds = {reason["kind"] for step in document["steps"] for reason in step["reasons"]}
    assert kinds == {"hidden", "variable"}


def test_hidden_inputs_are_no_variables(kernel, why):
    why("import random\n%nbmlops run", "accuracy = random.random()")
    [run] = kernel.runs()
    assert [param.name for param in run.summary.params] == []
    names = nbmlops.tracking.why.names_of_run("@1", store=kernel.url)[1]
    assert names == ["accuracy", "random"]
