"""Every verb as an answer: on a store that is not there, on one run, on several."""

import json
import shutil
import sys

import click
import pytest
from click.shell_completion import ShellComplete

import nbmlops
from nbmlops import cli
from nbmlops.config import sqlite_url
from nbmlops.drawing.notices import Notice, Voice, speak_by
from nbmlops.drawing.terminal import plain
from nbmlops.errors import (
    InvalidRunName,
    NbmlopsError,
    QueryError,
    RunAmbiguous,
    RunNotFound,
    StoreMissing,
    TooFewRuns,
)
from nbmlops.records import Run, RunId, Session, SessionId
from nbmlops.store import open_store
from nbmlops.verbs import group

RUN_KEYS = (
    "id name experiment status reason opened closed duration_seconds notebook user parent_id "
    "session_id automatic hypothesis verdict note pinned trashed params metrics tags models "
    "artifacts"
).split()


def answer(*arguments):
    return group.main([*arguments], prog_name="nbmlops", standalone_mode=False)


def as_json(*arguments):
    """Return an answer's JSON as a program gets it."""
    return json.loads(json.dumps(answer(*arguments, "--json").value.to_json(), allow_nan=False))


def as_text(*arguments):
    return plain(answer(*arguments).value.page(), 120)


VERBS = [
    ["runs"], ["data"], ["show"], ["why"], ["compare"], ["annotate", "@1", "--note", "n"],
    ["doctor"],
]  # fmt: skip
KEEPING = [["delete", "@1"], ["undelete", "@1"], ["pin", "@1"], ["unpin", "@1"]]


@pytest.mark.parametrize("verb", [*VERBS[2:], *KEEPING], ids=lambda verb: verb[0])
def test_verb_in_a_folder_without_a_store_says_how_to_get_one_and_makes_none(project, verb):
    with pytest.raises(StoreMissing, match=r"%load_ext nbmlops.*nbmlops run.*--store"):
        answer(*verb)
    assert [*project.iterdir()] == []


def test_runs_in_a_folder_without_a_store_are_none_and_say_how_to_record_some(project):
    assert as_json("runs") == {"total": 0, "runs": [], "next": None, "notes": []}
    assert "%load_ext nbmlops" in as_text("runs")
    assert [*project.iterdir()] == []


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_verb_looks_into_the_store_it_is_given(recorded, project, verb):
    """By URL, by file, by folder; and writes nothing where it is called."""
    if verb[0] == "annotate":
        shutil.copytree(recorded, project.parent / "copy")
        recorded = project.parent / "copy"
    file = recorded / ".nbmlops" / "store.db"
    for store in (f"sqlite:///{file}", str(file), str(recorded), str(recorded / ".nbmlops")):
        assert answer(*verb, "--store", store).exit_code == 0
    assert [*project.iterdir()] == []


def test_runs_are_listed_latest_first_with_stable_keys(runs):
    found = as_json("runs")
    assert [*found] == ["total", "runs", "next", "notes"]
    assert found["total"] == 3
    assert [run["name"] for run in found["runs"]] == ["broken", "wide", "baseline"]
    assert [[*run] for run in found["runs"]] == [RUN_KEYS] * 3
    wide = found["runs"][1]
    assert wide["params"] == {"lr": 0.2, "depth": 3}
    assert wide["metrics"] == {"auc": 0.9, "loss": pytest.approx(0.6)}
    assert (wide["tags"], wide["artifacts"]) == ({"team": "red"}, ["report.txt"])
    assert found["runs"][0]["metrics"] == {"auc": "NaN"}


@pytest.mark.parametrize(
    ("options", "names"),
    [
        pytest.param(["--order-by", "metrics.auc"], ["baseline", "wide", "broken"], id="metric"),
        pytest.param(["--order-by", "metrics.loss ASC"], ["baseline", "wide", "broken"],
                     id="metric ascending, without a value last"),
        pytest.param(["--order-by", "params.lr desc"], ["broken", "wide", "baseline"], id="param"),
        pytest.param(["--order-by", "name"], ["baseline", "broken", "wide"], id="name"),
        pytest.param(["--order-by", "opened asc"], ["baseline", "wide", "broken"], id="opened"),
        pytest.param(["--experiment", "churn"], ["wide", "baseline"], id="experiment"),
        pytest.param(["--status", "failed"], ["broken"], id="status"),
        pytest.param(["--status", "running"], [], id="status of none"),
        pytest.param(["--limit", "1"], ["broken"], id="limit"),
    ],
)  # fmt: skip
def test_runs_are_filtered_and_ordered(runs, options, names):
    assert [run["name"] for run in as_json("runs", *options)["runs"]] == names


def test_table_says_how_many_runs_there_are_beyond_its_limit(runs):
    assert "2 runs of 3" in as_text("runs", "--limit", "2")


@pytest.mark.parametrize("order", ["size", "metrics.", "auc SIDEWAYS", ""])
def test_order_that_is_none_is_refused_and_pointed_at(runs, order):
    with pytest.raises(QueryError, match=r"\n *\^$"):
        answer("runs", "--order-by", order)


def test_show_has_everything_of_a_run_under_stable_keys(runs):
    found = as_json("show", "wide")
    parts = "metric_ranges executions unused_params order data files environment"
    assert [*found] == [*RUN_KEYS, *parts.split()]
    assert found["metric_ranges"]["loss"] == {
        "last": pytest.approx(0.6), "min": 0.4, "max": pytest.approx(0.6), "count": 3,
        "execution_id": found["executions"][0]["id"],
    }  # fmt: skip
    [execution] = found["executions"]
    assert "start_run" in execution["source"]
    assert found["environment"]["packages"].keys() >= {"nbmlops"}


def test_show_draws_parameters_metrics_artifacts_code_and_environment(runs):
    text = as_text("show", "wide")
    pieces = "wide churn finished Metrics 0.9 Parameters lr 0.2 team=red report.txt Code start_run"
    assert [piece for piece in pieces.split() if piece not in text] == []


def test_failed_run_shows_its_reason_without_acting_on_the_terminal(runs):
    text = as_text("show", "broken")
    assert "✗ failed" in text
    assert "ValueError: bad <data> ␛[31m" in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("@1", "broken"), ("@3", "baseline"), ("baseline", "baseline"), ("best:auc", "wide"),
        ("best:loss", "baseline"),
    ],
)  # fmt: skip
def test_run_is_found_by(runs, reference, name):
    assert as_json("show", reference)["name"] == name


def test_run_is_found_by_its_id_and_by_a_unique_beginning_of_it(runs):
    found = as_json("runs")["runs"][1]
    assert as_json("show", found["id"])["name"] == "wide"
    assert as_json("show", found["id"][:12].upper())["name"] == "wide"


@pytest.mark.parametrize(
    ("reference", "hint"),
    [
        pytest.param("baselin", "Did you mean baseline?", id="misspelt"),
        pytest.param("@9", "There is: @1 to @3.", id="beyond the last"),
        pytest.param("@0", "broken, wide|wide, broken|baseline", id="before the first"),
        pytest.param("best:acc", "best:auc", id="best by no metric"),
        pytest.param("", "There is", id="nothing"),
    ],
)
def test_run_that_is_not_there_is_answered_with_what_is(runs, reference, hint):
    with pytest.raises(RunNotFound, match=hint):
        answer("show", reference)


def test_beginning_of_several_ids_is_answered_with_them(runs):
    store = open_store(f"sqlite:///{runs}/.nbmlops/store.db")
    session = Session(SessionId("s"), 0.0, "script", "e", ended=1.0)
    store.save([session, *(Run(RunId(f"zzzz{n}"), session.id, "e", 0.0) for n in range(2))])
    store.close()
    with pytest.raises(RunAmbiguous, match="zzzz0, zzzz1"):
        answer("show", "zzzz")


WHY_KEYS = "executions target run steps params data files left_out missing hidden notes".split()


def test_why_explains_a_run_and_its_metrics_under_stable_keys(runs):
    ids = {run["name"]: run["id"] for run in as_json("runs")["runs"]}
    whole, one = as_json("why", "wide"), as_json("why", "wide", "auc")
    assert [*whole] == [*one] == WHY_KEYS
    assert (whole["target"], whole["run"]) == (f"run {ids['wide']}", ids["wide"])
    assert (one["target"], one["executions"], one["left_out"]) == ("metric auc", [1], 0)
    assert "start_run" in one["steps"][0]["source"]
    assert as_json("why")["run"] == ids["broken"]


def test_why_says_in_words_what_was_asked_for(runs):
    assert "auc 0.9 of wide run " in as_text("why", "best:auc", "auc")
    assert "1 of 1 execution made its results" in as_text("why", "wide")
    assert "output of [1]: 1 of 1 execution made it" in as_text("why", "wide", "--cell", "1")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["wide", "acu"], "has no metric 'acu'. Did you mean auc?", id="metric"),
        pytest.param(["auc"], "there is no run 'auc'. Did you mean @1 auc?", id="metric for run"),
        pytest.param(["wide", "--variable", "df"], "no recorded execution wrote a variable 'df'",
                     id="variable"),
        pytest.param(["wide", "--cell", "7"], "no execution 7. There is 1 to 1.", id="cell"),
        pytest.param(["wide", "auc", "--variable", "x"], "not a metric and a variable", id="both"),
        pytest.param(["--cell", "1", "--variable", "x"], "not a variable and a cell", id="options"),
    ],
)  # fmt: skip
def test_what_cannot_be_explained_says_what_can(runs, arguments, says):
    with pytest.raises(NbmlopsError) as caught:
        answer("why", *arguments)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "begun", "offered"),
    [
        (["why"], "w", ["wide"]),
        (["why", "wide"], "", ["auc", "loss"]),
        (["why", "wide"], "a", ["auc"]),
        (["why", "wide", "--cell"], "", ["1"]),
        (["why", "nope"], "", []),
    ],
    ids=str,
)
def test_shell_completes_what_can_be_explained(runs, typed, begun, offered):
    found = ShellComplete(group, {}, "nbmlops", "").get_completions(typed, begun)
    assert [item.value for item in found] == offered


def test_comparison_of_two_runs_by_name(runs):
    found = as_json("compare", "baseline", "wide")
    assert [*found] == "runs sentence params metrics data code packages sources".split()
    assert [row["name"] for row in found["params"] if row["differs"]] == ["lr"]
    better = {row["name"]: (row["better"], row["values"]) for row in found["metrics"]}
    assert better["auc"] == ("higher", [0.8, 0.9])
    assert better["loss"][0] == "lower"
    assert found["sentence"].startswith("lr 0.1 → 0.2: ")
    assert "0.9 ▲ +0.1" in as_text("compare", "baseline", "wide")


def test_comparison_without_names_is_of_the_latest_with_the_one_before(runs):
    ids = {run["name"]: run["id"] for run in as_json("runs")["runs"]}
    assert as_json("compare")["runs"] == [ids["wide"], ids["broken"]]
    assert as_json("compare", "@3", "@2", "@1")["runs"] == [
        ids["baseline"], ids["wide"], ids["broken"],
    ]  # fmt: skip


def test_comparison_without_a_run_before_the_latest_says_so(runs):
    with pytest.raises(RunNotFound):
        answer("compare", "@3", "@4")


@pytest.mark.parametrize(
    ("total", "arguments", "says"),
    [
        pytest.param(0, [], "there is no run so far; compare needs two.", id="none"),
        pytest.param(1, [], "there is one run so far; compare needs two.", id="one"),
        pytest.param(1, ["@1"], "there is one run so far; compare needs two.", id="one named"),
    ],
)
def test_comparison_of_fewer_than_two_runs_says_how_many_there_are(project, total, arguments, says):
    store = open_store(sqlite_url(project / "few.db"))
    store.save([Session(SessionId("s"), 1.0, "script", "e")])
    store.save([Run(RunId(f"r{number}"), SessionId("s"), "e", 1.0) for number in range(total)])
    store.close()
    with pytest.raises(TooFewRuns) as caught:
        answer("compare", *arguments, "--store", str(project / "few.db"))
    assert str(caught.value) == says
    with pytest.raises(TooFewRuns, match=says):
        nbmlops.compare(*arguments, store=str(project / "few.db"))


def test_child_is_marked_in_the_table(project):
    store = open_store(sqlite_url(project / ".nbmlops" / "store.db"))
    store.save([Session(SessionId("s"), 1.0, "script", "e")])
    store.save([
        Run(RunId("r1"), SessionId("s"), "e", 1.0, name="outer"),
        Run(RunId("r2"), SessionId("s"), "e", 2.0, name="inner", parent_id=RunId("r1")),
        Run(RunId("r3"), SessionId("s"), "e", 3.0, parent_id=RunId("r1")),
    ])  # fmt: skip
    store.close()
    [table] = answer("runs").value.page().blocks
    assert [(row[1].text, row[1].label) for row in table.rows] == [
        ("↳", "inside r1"), ("↳ inner", "inside r1"), ("outer", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["@1", "@home", "best:auc", "x" * 251], ids=lambda name: name[:9])
@pytest.mark.parametrize("verb", [["annotate", "wide"], ["run", "x.ipynb"]], ids=lambda v: v[0])
def test_name_that_would_be_read_as_something_else_is_refused(runs, verb, name):
    with pytest.raises(InvalidRunName, match=r"a run cannot be named .*: .*\.$"):
        answer(*verb, "--name", name)
    assert as_json("show", "wide")["name"] == "wide"


@pytest.fixture
def namesakes(runs, run_python):
    """Three runs more, two of which are called as one that is there."""
    run_python("""
        import nbmlops
        for name in ("wide", "wide", "narrow"):
            with nbmlops.start_run(name):
                pass
    """)
    return [summary.run.id for summary in nbmlops.runs("name = 'wide'")]


@pytest.mark.parametrize(
    "verb",
    [["annotate", "wide", "--note", "n"], ["pin", "narrow", "wide"], ["unpin", "wide"]],
    ids=lambda verb: verb[0],
)
def test_name_that_several_runs_have_is_not_written_on(namesakes, verb):
    with pytest.raises(RunAmbiguous, match="'wide' is the name of several runs"):
        answer(*verb)
    assert not any(each.run.pinned or each.run.note == "n" for each in nbmlops.runs())


@pytest.mark.parametrize(
    "words",
    [["show", "wide"], ["compare", "wide"], ["compare", "narrow", "wide"], ["why", "wide"],
     ["push", "other.db", "wide"], ["push", "other.db", "wide", "@1"]],
    ids=" ".join,
)  # fmt: skip
def test_of_a_name_that_several_runs_have_it_is_told_which_was_taken(namesakes, capsys, words):
    latest, *others = namesakes
    assert cli.run([*words, "--json"]) == 0
    said = capsys.readouterr()
    assert latest in said.out
    assert said.err.startswith(
        f"nbmlops: 3 runs are called 'wide': this is the latest, {latest[:8]}."
    )
    assert all(other[:8] in said.err for other in others)


@pytest.mark.parametrize("run", ["narrow", "@1", "best:auc"])
def test_of_other_runs_nothing_is_told(namesakes, capsys, run):
    assert cli.run(["show", run]) == 0
    assert capsys.readouterr().err == ""


def test_in_python_it_is_a_warning_where_it_was_asked(namesakes):
    with pytest.warns(Notice, match="3 runs are called 'wide'") as told:
        nbmlops.show("wide")
    assert [each.filename for each in told] == [__file__]


def test_completing_tells_nothing_of_a_name_that_several_have(namesakes, capsys):
    speak_by(Voice(tell=sys.stderr.write))
    ShellComplete(group, {}, "nbmlops", "").get_completions(["why", "wide"], "")
    speak_by(None)
    assert capsys.readouterr().err == ""


def test_annotations_are_kept(runs):
    answer("annotate", "wide", "--name", "renamed", "--note", "grün", "--verdict", "confirmed",
           "--hypothesis", "h", "--tag", "candidate", "--tag", "k=v=w")  # fmt: skip
    found = as_json("show", "renamed")
    assert (found["note"], found["verdict"], found["hypothesis"]) == ("grün", "confirmed", "h")
    assert found["tags"] == {"team": "red", "candidate": "", "k": "v=w"}
    assert found["metrics"] == {"auc": 0.9, "loss": pytest.approx(0.6)}


def test_doctor_finds_a_good_store_good(runs):
    found = as_json("doctor")
    assert found["is_good"]
    assert {tuple(finding) for finding in found["findings"]} == {("subject", "is_good", "text")}
    assert answer("doctor").exit_code == 0
    assert "the store is in order" in as_text("doctor")


def test_doctor_finds_a_missing_and_a_damaged_blob(runs):
    [blob] = [file for file in (runs / ".nbmlops" / "blobs").rglob("*")
              if file.is_file() and file.read_bytes() == b"fine"]  # fmt: skip
    blob.write_bytes(b"fane")
    assert answer("doctor").exit_code == 1
    assert "damaged: 1" in as_text("doctor")
    blob.unlink()
    assert "missing: 1" in as_text("doctor")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(project, shell):
    script = answer("completion", shell)
    assert script.headline == script.value.text
    assert "_NBMLOPS_COMPLETE" in script.headline


@pytest.mark.parametrize(
    "arguments",
    [["nope"], ["runs", "--limit", "0"], ["runs", "--status", "odd"], ["annotate"],
     ["run"], ["show", "a", "b"], ["why", "wide", "--cell", "0"],
     ["completion", "tcsh"], ["runs", "--frobnicate"]],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_a_usage_error(project, arguments):
    with pytest.raises(click.UsageError):
        answer(*arguments)


def test_every_error_of_a_verb_is_one_of_ours(runs):
    shutil.rmtree(runs / ".nbmlops" / "blobs")  # beside which it would be a damaged store
    (runs / ".nbmlops" / "store.db").write_bytes(b"no database, but long enough " * 5)
    for verb in VERBS:
        with pytest.raises(NbmlopsError, match="is not a store"):
            answer(*verb)
