"""``%nbmlops`` in a real kernel: verbs and their displays, the session at hand, completion."""

import json
import shutil

import nbformat
import pytest

from nbmlops.magics import answer_line
from nbmlops.wording import short
from tests.kernels import Kernel, metrics_of
from tests.recorded import record_three_runs


@pytest.fixture(scope="module")
def one_kernel(tmp_path_factory):
    """A kernel, and in its folder three runs of an earlier session and a notebook."""
    folder = tmp_path_factory.mktemp("magics") / "project"
    record_three_runs(folder)
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell("auc = 0.75")]
    nbformat.write(notebook, folder / "small.ipynb")
    with Kernel(folder) as started:
        assert started.run("%load_ext nbmlops").status == "ok"
        yield started


@pytest.fixture
def kernel(one_kernel, tmp_path):
    """The kernel, recording to a copy of the test's own."""
    shutil.copytree(one_kernel.folder / ".nbmlops" / "blobs", tmp_path / "blobs")
    shutil.copy(one_kernel.folder / ".nbmlops" / "store.db", tmp_path / "store.db")
    one_kernel.begin(tmp_path / "store.db")
    return one_kernel


@pytest.fixture
def said(kernel):
    """Run a line of the magic; return what it displays as a result."""

    def displayed(line):
        reply = kernel.run(f"%nbmlops {line}")
        assert reply.status == "ok", reply.stderr
        [result] = reply.of("execute_result")
        return result["data"]

    return displayed


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        pytest.param("runs", ["wide", "baseline", "broken", "finished"], id="runs"),
        pytest.param("runs --experiment churn --limit 1", ["1 run of 2", "wide"], id="options"),
        pytest.param("show wide", ["Metrics", "auc", "0.9", "Parameters"], id="show"),
        pytest.param("show best:auc", ["wide"], id="best"),
        pytest.param("why wide auc", ["auc 0.9", "1 of 1 execution made it"], id="why"),
        pytest.param("compare baseline wide", ["lr 0.1 → 0.2", "0.9 ▲ +0.1"], id="compare"),
        pytest.param("data", ["no data yet"], id="data"),
        pytest.param("doctor", ["the store is in order"], id="doctor"),
        pytest.param("status", ["recorded", "none open"], id="status"),
        pytest.param("", ["recorded", "none open"], id="nothing is status"),
        pytest.param("annotate wide --note 'two words'", ["two words"], id="quoted"),
    ],
)  # fmt: skip
def test_answer_is_shown_as_html_and_as_text(said, line, pieces):
    data = said(line)
    assert {*data} == {"text/html", "text/plain"}
    assert data["text/html"].startswith('<div class="jp-nbmlops">')
    assert "<script" not in data["text/html"]
    for piece in pieces:
        assert piece in data["text/plain"]
        assert piece in data["text/html"]


def test_answer_is_all_that_is_displayed(kernel):
    reply = kernel.run("%nbmlops runs")
    assert [kind for kind, _ in reply.visible] == ["execute_result"]


def test_answer_can_be_kept_in_a_variable(kernel):
    reply = kernel.run("table = %nbmlops runs\nprint(len(table), table[0].run.name)")
    assert reply.stdout == "3 broken\n"


def test_json_is_printed_as_one_document(kernel):
    reply = kernel.run("%nbmlops runs --json")
    assert json.loads(reply.stdout)["total"] == 3
    assert reply.of("execute_result") == []


def test_markup_in_names_and_reasons_is_shown_not_rendered(said):
    html = said("show broken")["text/html"]
    assert "bad &lt;data&gt;" in html
    assert "<data>" not in html


def test_help_is_printed(kernel):
    reply = kernel.run("%nbmlops --help")
    assert (reply.status, reply.of("execute_result")) == ("ok", [])
    for verb in ("runs", "status", "metric", "quiet"):
        assert f"\n  {verb} " in reply.stdout
    assert "Usage: %nbmlops runs" in kernel.run("%nbmlops runs --help").stdout


@pytest.mark.parametrize(
    ("line", "says"),
    [
        pytest.param("nope", "No such command 'nope'", id="no verb"),
        pytest.param("show nothing", "there is no run 'nothing'", id="no run"),
        pytest.param("data nothing", "there is no data 'nothing'", id="no data"),
        pytest.param("why nothing", "'nothing' is no variable", id="nothing to explain"),
        pytest.param("why wide acu", "has no metric 'acu'. Did you mean auc?", id="no metric"),
        pytest.param("runs --limit many", "'many' is not a valid integer", id="no number"),
        pytest.param("show 'open quote", "No closing quotation", id="quote"),
        pytest.param("end", "no run is open to close", id="end"),
        pytest.param("tag a", "no run is open to tag", id="tag"),
        pytest.param("note a", "no run is open to write a note to", id="note"),
        pytest.param("hypothesis a", "no run is open to give a hypothesis", id="hypothesis"),
        pytest.param("verdict confirmed", "no run is open to judge", id="verdict"),
        pytest.param("verdict maybe", "'maybe' is not one of", id="no verdict"),
        pytest.param("metric missing", "there is no variable 'missing'", id="no variable"),
        pytest.param("metric words", "'words' is a list, not one number", id="no number there"),
        pytest.param("metric", "Missing argument 'NAME...'", id="no name"),
        pytest.param("run missing.ipynb", "there is no notebook missing.ipynb", id="notebook"),
        pytest.param("run @1", "a run cannot be named '@1'", id="name"),
        pytest.param("run small.ipynb no/out.ipynb", "output folder no doesn't exist", id="output"),
    ],
)
def test_mistake_is_a_usage_error_on_one_line(kernel, line, says):
    kernel.run("words = ['a']")
    reply = kernel.run(f"%nbmlops {line}")
    assert reply.error == "UsageError"
    [told] = reply.stderr.splitlines()
    assert says in told
    assert reply.of("error") == []


def test_metric_makes_results_of_variables(kernel):
    kernel.run("import numpy as np\nprofit, lift = 3, np.float32(0.5)")
    reply = kernel.run("%nbmlops metric profit lift")
    assert reply.lines[0].endswith("profit 3 · lift 0.5")
    run = kernel.runs()[-1]
    assert metrics_of(run) == {"profit": 3.0, "lift": 0.5}
    assert {metric.source for metric in run.summary.metrics} == {"magic"}
    assert len(run.executions) == 2


def test_metric_takes_all_of_its_names_or_none(kernel):
    kernel.run("profit = 3")
    assert kernel.run("%nbmlops metric profit missing").error == "UsageError"
    assert len(kernel.runs()) == 3


def test_run_opens_one_by_a_name_of_several_words_and_end_closes_it(kernel, said):
    opened = said("run first try --experiment churn --hypothesis 'it helps'")
    run = kernel.runs()[-1].run
    assert (run.name, run.experiment, run.status) == ("first try", "churn", "running")
    assert run.hypothesis == "it helps"
    assert f"run first try {short(run.id)} is open" in opened["text/plain"]
    assert "none open" in said("end")["text/plain"]
    assert kernel.runs()[-1].run.status == "finished"


def test_open_run_is_tagged_noted_and_judged(kernel, said):
    kernel.run("%nbmlops run")
    for line, answered in (
        ("tag candidate team=red=ish", "tags of {}: candidate, team=red=ish"),
        ("note one", "note of {}: one"),
        ("note 'in quotes'", "note of {}: in quotes"),
        ('note it\'s "fine" -- or not', 'note of {}: it\'s "fine" -- or not'),
        ("hypothesis wide isn't better", "hypothesis of {}: wide isn't better"),
        ("verdict refuted", "verdict of {}: refuted"),
    ):
        text = said(line)["text/plain"]
        assert text == answered.format(short(kernel.runs()[-1].run.id))
    run = kernel.runs()[-1]
    assert {tag.name: tag.value for tag in run.summary.tags} == {
        "candidate": "", "team": "red=ish",
    }  # fmt: skip
    assert (run.run.note, run.run.hypothesis) == (
        "it's \"fine\" -- or not", "wide isn't better",
    )  # fmt: skip
    assert run.run.verdict == "refuted"


def test_off_stops_recording_after_its_cell_until_on(kernel, said):
    kernel.run("'before'")
    assert "not recorded" in said("off")["text/plain"]
    kernel.run("auc = 0.9")
    assert "cells are recorded" in said("on")["text/plain"]
    kernel.run("'after'")
    sources = [execution.source for execution in kernel.executions()]
    assert sources == ["'before'", "%nbmlops off", "%nbmlops on", "'after'"]
    assert len(kernel.runs()) == 3


@pytest.mark.parametrize("verb", ["on", "off", "run again", "end"])
def test_what_switches_the_recording_or_runs_answers_with_the_status(kernel, verb):
    kernel.run("%nbmlops run first")
    tell = "import json; print(json.dumps(nbm.to_json()))"
    answered, asked = (
        json.loads(kernel.run(f"nbm = %nbmlops {line}\n{tell}").stdout) for line in (verb, "status")
    )
    kernel.run("%nbmlops on")
    assert answered.keys() == asked.keys()
    for name in ("recording", "run_id", "session_id", "store"):
        assert answered[name] == asked[name]
    assert answered["recording"] is (verb != "off")


def test_status_tells_the_open_run_as_json_too(kernel):
    kernel.run("%nbmlops run here")
    reply = kernel.run("nbm = %nbmlops status\nimport json; print(json.dumps(nbm.to_json()))")
    status = json.loads(reply.stdout)
    assert (status["recording"], status["store"]) == (True, kernel.url)
    assert status["run_id"] == kernel.runs()[-1].run.id


def test_of_a_name_that_several_runs_have_it_is_told_once_which_is_explained(kernel):
    kernel.run("%nbmlops run wide")
    kernel.run("auc = 0.5")
    reply = kernel.run("%nbmlops why wide")
    latest = short(kernel.runs()[-1].run.id)
    [told] = [line for line in reply.lines if "are called" in line]
    assert told.startswith(f"2 runs are called 'wide': this is the latest, {latest}.")


def completions(kernel, typed):
    message = kernel.client.complete(typed, len(typed))
    while True:
        reply = kernel.client.get_shell_msg(timeout=60)
        if reply["parent_header"]["msg_id"] == message:
            return {found.strip() for found in reply["content"]["matches"]}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        pytest.param("%nbmlops ", {"runs", "show", "compare", "data", "status", "quiet"},
                     id="verbs"),
        pytest.param("%nbmlops sh", {"show"}, id="begun verb"),
        pytest.param("%nbmlops show ", {"wide", "baseline", "broken"}, id="runs"),
        pytest.param("%nbmlops show wi", {"wide"}, id="begun run"),
        pytest.param("%nbmlops compare wide ba", {"baseline"}, id="second run"),
        pytest.param("%nbmlops why ", {"wide", "made_here", "baseline"}, id="what to explain"),
        pytest.param("%nbmlops why wide ", {"auc", "loss"}, id="metric of a run"),
        pytest.param("%nbmlops why wide l", {"loss"}, id="begun metric of a run"),
        pytest.param("%nbmlops verdict con", {"confirmed"}, id="choice"),
        pytest.param("%nbmlops runs --st", {"--status", "--store"}, id="option"),
    ],
)  # fmt: skip
def test_tab_completes(kernel, typed, offered):
    kernel.run("made_here = 1")
    assert offered <= completions(kernel, typed)


def test_magic_that_executes_a_notebook_records_it_headlessly(kernel, said):
    assert "auc 0.75" in said("run small.ipynb")["text/plain"]
    store = kernel.runs()
    assert metrics_of(store[-1]) == {"auc": 0.75}
    assert store[-1].session.place == "headless"


def test_unloading_leaves_a_magic_that_says_nothing_is_recorded(kernel, said):
    kernel.run("%unload_ext nbmlops")
    try:
        assert "not recorded" in said("status")["text/plain"]
    finally:
        kernel.run("%load_ext nbmlops")


def test_once_unloaded_what_to_know_is_a_warning_as_in_python(kernel):
    kernel.run("import nbmlops\n%nbmlops run wide")
    kernel.run("%unload_ext nbmlops")
    try:
        reply = kernel.run("page = nbmlops.show('wide')")
    finally:
        kernel.run("%load_ext nbmlops")
    assert reply.lines == []
    assert "Notice: 2 runs are called 'wide'" in reply.stderr


def test_kernel_that_records_is_not_told_to_load_the_extension(one_kernel, tmp_path):
    one_kernel.begin(tmp_path / "empty.db")
    text = one_kernel.run("%nbmlops runs").of("execute_result")[0]["data"]["text/plain"]
    assert text == "no runs yet. This session records: the next result opens a run."


def test_extension_that_cannot_load_leaves_a_magic_that_says_why(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.nbmlops]\nquite = true\n")
    with Kernel(tmp_path) as kernel:
        for line in ("%load_ext nbmlops", "%nbmlops runs", "%nbmlops"):
            reply = kernel.run(line)
            assert reply.error == "UsageError"
            assert "does not record" in reply.stderr
            assert "is no setting. Did you mean quiet?" in reply.stderr
        (tmp_path / "pyproject.toml").unlink()
        assert kernel.run("%load_ext nbmlops").status == "ok"
        assert kernel.run("%nbmlops").status == "ok"


def test_a_verb_that_is_interrupted_interrupts_the_cell(monkeypatch: pytest.MonkeyPatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nbmlops.tracking.status.status", interrupted)
    with pytest.raises(KeyboardInterrupt):
        answer_line("status")
