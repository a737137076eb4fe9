"""Why a result is what it is: messy sessions in a real kernel, and what is behind their ends."""

import json

import pytest
from sqlalchemy import Engine, event

import nbmlops
from nbmlops.config import sqlite_url
from nbmlops.errors import (
    ExecutionNotFound,
    MetricNotFound,
    RunNotFound,
    SeveralTargets,
    VariableNotFound,
)
from nbmlops.records import (
    Content,
    Execution,
    Metric,
    Names,
    Output,
    Run,
    Session,
    Stretch,
)
from nbmlops.store import open_store
from tests.kernels import params_of

PARAMS = "%%nbmlops params\nrate = {}"
FRAME = "import pandas as pd\ndf = pd.DataFrame({'a': [1, 2, 3], 'b': [4, 5, 6]})"


@pytest.fixture
def executed(kernel):
    """Execute cells, given as sources or as pairs of cell id and source; return how each ended."""

    def run(*cells):
        named = [cell if isinstance(cell, tuple) else (None, cell) for cell in cells]
        return [kernel.run(source, cell_id=cell_id).status for cell_id, source in named]

    return run


@pytest.fixture
def why(kernel):
    """Ask from another process than the kernel's."""

    def ask(*args, **kwargs):
        kernel.store().close()  # everything is there
        return nbmlops.why(*args, store=kernel.url, **kwargs)

    return ask


def test_variable_of_the_notebook_is_explained_by_its_name_alone(kernel, executed):
    executed("import nbmlops\na = 1", "spare = 2", "b = a")
    for asked in ("why('b')", "why(variable='b')"):
        told = kernel.run(f"print(*nbmlops.{asked}.executions)")
        assert told.stdout.split() == ["1", "3"], asked


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(["a = 1", "b = a + 1", "c = 3", "x = b"], (1, 2, 4), id="in order"),
        pytest.param(
            ["a = 1", "def f():\n    return a * k", "k = 5", "z = 0", "x = f()", "a = 2"],
            (1, 2, 3, 5), id="function of an earlier cell reads what came later",
        ),
        pytest.param(
            ["a = 1", "b = a", "a = 2", "b = a", "x = b"], (3, 4, 5), id="executed again"
        ),
        pytest.param(
            [("p", "a = 1"), ("q", "b = a"), ("p", "a = 2"), ("r", "x = b")],
            (1, 2, 4), id="edited and executed again, but not what reads it",
        ),
        pytest.param(
            ["rows = []", "rows.append(1)", "len(rows)", "rows.append(2)", "x = sum(rows)"],
            (1, 2, 4, 5), id="list changed in place twice, looked at between",
        ),
        pytest.param(
            [FRAME, "df['c'] = df.a * 2", "df.head()", "t = df.c.sum()",
             "df.loc[0, 'a'] = 9", "x = t"],
            (1, 2, 4, 6), id="frame changed after it was used",
        ),
        pytest.param(
            ["a = 1", "b = a", "del a", "x = b"], (1, 2, 4), id="input deleted afterwards"
        ),
        pytest.param(["a = 1", "del a", "a = 2", "x = a"], (3, 4), id="deleted and made again"),
        pytest.param(
            ["a = 1", "b = 0", "b = a\nraise ValueError\nb = 7", "x = b"],
            (1, 3, 4), id="half of a cell that failed",
        ),
        pytest.param(
            ["a = 1", "b = 1", "raise ValueError\nb = a", "x = b"], (2, 4),
            id="nothing of a cell that failed at once",
        ),
        pytest.param(
            ["open('made.txt', 'w').write('1')", "y = 1", "x = open('made.txt').read()"],
            (1, 3), id="through a file",
        ),
        pytest.param(
            ["a = [1]", "b = [v * 2 for v in a]", "x = {k: b[0] for k in 'pq'}"], (1, 2, 3),
            id="comprehensions",
        ),
        pytest.param(["%%time\na = 1", "y = 2", "%%time\nx = a"], (1, 3), id="cell magics"),
        pytest.param(["a = 1", "y = 2", "exec('x = a')"], (1, 3), id="exec"),
    ],
)  # fmt: skip
def test_a_variable_has_behind_it_what_made_it_and_nothing_else(executed, kernel, cells, expected):
    executed(*cells)
    reply = kernel.run("%nbmlops why x --json")
    assert reply.status == "ok", reply.stderr
    assert tuple(json.loads(reply.stdout)["executions"]) == expected


TRAIN = ("train", "fitted = sum(data) * rate")
AUC = ("auc", "auc = fitted / 10")
SESSION = [
    ("params", PARAMS.format(0.1)),
    ("data", "data = [1, 2, 3, 4]"),
    ("look", "print(len(data))"),
    TRAIN,
    AUC,
    ("params", PARAMS.format(0.2)),
    TRAIN,
    ("look", "print(fitted)"),
    AUC,
    ("after", "shown = auc * 100"),
]


def test_a_metric_a_run_and_a_cell_have_their_own_slices(executed, why):
    executed(*SESSION)
    assert why("@1", "auc").executions == why().executions == (2, 6, 7, 9)
    assert why("@2", "auc").executions == why("@2").executions == (1, 2, 4, 5)
    assert why(cell=3).executions == why("@2", cell=3).executions == (2, 3)
    assert why(cell=8).executions == (2, 6, 7, 8)


def test_a_run_carries_the_slice_that_is_found_again(executed, why, kernel):
    executed(*SESSION)
    for run in kernel.runs():
        numbers = tuple(execution.sequence for execution, _ in run.executions)
        assert why(run.run.id).executions == numbers


def test_a_variable_is_as_it_was_until_the_next_run_began(executed, why):
    executed(*SESSION)
    assert why("@1", variable="shown").executions == (2, 6, 7, 9, 10)
    assert why("@2", variable="auc").executions == (1, 2, 4, 5)
    later = why("@2", variable="rate")
    assert later.executions == (6,)
    assert later.params == {"rate": 0.2}
    [note] = later.target.notes
    assert note == "the run's own results used rate as [1] left it; --cell 1 explains that"
    with pytest.raises(VariableNotFound, match="no recorded execution wrote a variable 'shown'"):
        why("@2", variable="shown")


def test_parameters_have_the_values_of_the_run(executed, why):
    executed(*SESSION)
    assert why("@1", "auc").params == {"rate": 0.2}
    assert why("@2", "auc").params == {"rate": 0.1}
    assert why("@2", cell=3).params == {}


def test_only_the_parameters_that_matter_are_told(executed, why):
    executed(
        "%%nbmlops params\nbase = 2\nrate = base / 10\nseed = 0\ntitle = 'x'", "a = rate",
        "b = seed", "rate = 0.5", "auc = a + rate",
    )  # fmt: skip
    assert why("@1", "auc").params == {"base": 2, "rate": 0.5}
    assert why(variable="b").params == {"seed": 0}
    assert why(variable="title").params == {"title": "x"}
    assert [*why(cell=1).params] == ["base", "rate", "seed", "title"]


def test_a_metric_logged_in_several_executions_has_all_of_them_behind_it(executed, why):
    executed(
        "import nbmlops\nrun = nbmlops.start_run('long')", "a, b, c = 1, 2, 3",
        "run.log_metric('loss', a)", "c = 4", "run.log_metric('loss', b)",
        "run.log_metric('f1', c)",
    )  # fmt: skip
    found = why("long", "loss")
    assert found.executions == (1, 2, 3, 5)
    assert [step.execution.sequence for step in found.steps if step.is_target] == [3, 5]
    assert "by the times of its points" in found.target.notes[0]
    assert why("long", "f1").executions == (1, 4, 6)
    assert why("long").executions == (1, 2, 3, 4, 5, 6)


def test_numbers_of_the_notebook_are_shown_and_those_of_the_session_beside_them(executed, why):
    executed("a = 1", "%%nbmlops scratch\n0", "b = a", "auc = b")  # scratch is not recorded
    found = why("@1", "auc")
    text = str(found)
    assert "[1]  writes `a`, read by [3]" in text
    assert "[3] #2  writes `b`, read by [4]" in text
    assert "[4] #3  measured `auc`" in text
    assert "--cell takes it" in text
    steps = found.to_json()["steps"]
    numbers = [(step["sequence"], step["execution_count"]) for step in steps]
    assert numbers == [(1, 1), (2, 3), (3, 4)]
    assert "--cell" not in str(why(cell=1))


def test_json_has_everything_under_stable_keys(executed, why, kernel):
    executed(
        "%nbmlops data", ("frame", FRAME), ("p", PARAMS.format(3)),
        ("add", "df['c'] = df.a * rate"), ("auc", "auc = float(df.c.mean())"),
    )  # fmt: skip
    found = json.loads(json.dumps(why("@1", "auc").to_json(), allow_nan=False))
    assert [*found] == (
        "executions target run steps params data files left_out missing hidden notes".split()
    )  # fmt: skip
    assert (found["executions"], found["left_out"]) == ([2, 3, 4, 5], 1)
    assert (found["target"], found["params"]) == ("metric auc", {"rate": 3})
    assert found["notes"] == found["missing"] == []
    [run] = kernel.runs()
    assert found["run"] == run.run.id
    [frame, params, add, auc] = found["steps"]
    assert [*frame] == ("sequence execution_count cell_id source outcome reasons is_target".split())
    assert frame["reasons"] == [
        {"name": "df", "kind": "variable", "columns": [], "read_by": [4]}
    ]  # fmt: skip
    assert (params["cell_id"], params["source"]) == ("p", PARAMS.format(3))
    assert add["reasons"] == [{"name": "df", "kind": "variable", "columns": ["c"], "read_by": [5]}]
    assert (auc["reasons"], auc["is_target"], add["is_target"]) == ([], True, False)
    assert [(each["name"], each["role"], each["shape"]) for each in found["data"]] == [
        ("df", "input", [3, 2])
    ]


def test_text_says_what_is_asked_what_it_stands_on_and_why_each_is_there(executed, why, kernel):
    executed("1 + 1", FRAME, PARAMS.format(3), "df['c'] = df.a * rate", "auc = df.c.mean()")
    found = why("@1", "auc")
    lines = [line.strip() for line in str(found).splitlines() if line.strip()]
    [run] = kernel.runs()
    assert lines[0] == f"auc 6 of run {run.run.id}: 4 of 5 executions made it"
    assert lines[1:3] == ["Stands on", "parameters    rate 3"]
    assert "[2]  writes `df`, read by [4]" in lines
    assert "[4]  writes `df` (column `c`), read by [5]" in lines
    assert sum(line.startswith("◆") for line in lines) == 1
    assert "[1]" not in str(found)


def test_parameters_that_a_result_does_not_use_are_told_from_those_it_does(executed, why, kernel):
    params = f"{PARAMS.format(3)}\ndepth = 4\nflag = True"
    executed(params, "import nbmlops", "auc = rate / 10", "nbmlops.log_params({'seed': 1})")
    found = why("@1", "auc")
    assert found.to_json()["params"] == {"rate": 3}
    text = " ".join(str(found).split())
    assert "parameters rate 3 not used depth, flag logged seed" in text
    shown = nbmlops.show("@1", store=kernel.url)
    assert shown.to_json()["unused_params"] == ["depth", "flag"]
    rows = [line.split()[-2:] for line in str(shown).splitlines()]
    assert {("not", "used"), ("int", "cell"), ("int", "logged")} <= {*map(tuple, rows)}


def test_html_has_a_picture_and_the_same_in_characters(executed, why):
    executed("a = 1", "auc = a")
    bundle = why("@1", "auc")._repr_mimebundle_()
    html = bundle["text/html"]
    assert 'src="data:image/svg+xml;base64,' in html
    assert 'alt="Graph of 2 executions' in html
    assert "<script" not in html
    assert "◆" in html
    assert "◆" in bundle["text/plain"]


def test_a_cell_that_was_edited_since_is_told_by_what_it_is_now(executed, why):
    executed(("p", "a = 1"), ("q", "auc = a"), ("p", "a = 2"), ("q", "other = a"))
    text = str(why("@1", "auc"))
    assert "[1]  writes `a`, read by [2] · edited and executed again as [3]" in text
    assert "[2]  measured `auc` · edited and executed again as [4]" in text
    executed(("p", "a = 1"))
    assert "[1]  writes `a`, read by [2] · executed again as [5]" in str(why("@1", "auc"))


def test_a_name_from_outside_the_record_is_said_to_be_unknown(executed, why, kernel):
    kernel.quietly("other = 2")
    executed("%%nbmlops scratch\nolder = 1", "a = older", "b = other", "auc = a + older", "c = 1")
    found = why("@1", "auc")
    assert found.to_json()["missing"] == [{"name": "older", "read_by": [1, 3]}]
    assert "what made `older` (read by [2], [4]) was not recorded" in str(found)
    assert "what made `other` (read by [3]) was not recorded" in str(why(cell=2))
    assert "was not recorded" not in str(why(cell=4))


def test_a_run_carries_also_what_wrote_the_files_it_read(executed, why, kernel):
    executed("open('m.txt', 'w').write('1')", "1 + 1", "auc = float(open('m.txt').read())")
    [run] = kernel.runs()
    assert [execution.sequence for execution, _ in run.executions] == [1, 3]
    assert why("@1", "auc").executions == (1, 3)


def test_a_cell_that_failed_half_way_says_so(executed, why):
    assert executed("a = 1", "b = a\n1 / 0", "auc = b") == ["ok", "error", "ok"]
    found = why("@1", "auc")
    assert found.executions == (1, 2, 3)
    assert "✗ failed half-way (ZeroDivisionError) · writes `b`" in str(found)
    assert found.to_json()["steps"][1]["outcome"] == "error"


def test_a_run_inside_a_cell_that_is_still_running_says_that_its_reads_are_not_known(kernel):
    reply = kernel.run(
        "import nbmlops\nrun = nbmlops.start_run()\nrun.log_metric('auc', 1.0)\n"
        "print(nbmlops.why(run.id, 'auc'))"
    )
    assert "1 of 1 execution made it" in reply.stdout
    assert "still running: what it reads is not known yet" in reply.stdout


def test_a_run_that_failed_before_a_result_is_explained_by_its_failure(executed, why):
    executed(
        "import nbmlops", "a = 0", "b = 1",
        "with nbmlops.start_run('bad'):\n    c = 1 / a",
    )  # fmt: skip
    found = why("bad")
    assert found.executions == (1, 2, 4)
    assert found.target.words == f"failure of run {found.summary.run.id}"
    assert "3 of 4 executions led to its failure" in str(found)
    assert "✗ failed half-way (ZeroDivisionError) · is where it failed" in str(found)


def test_a_run_without_results_says_that_nothing_is_known_to_have_made_it(executed, why):
    executed("%nbmlops run empty", "a = 1", "%nbmlops end")
    found = why("empty")
    assert (found.executions, found.steps) == ((), ())
    title, reason = str(found).split("\n", 1)
    assert title.endswith(": no recorded execution is known to have made it")
    assert reason.startswith("It has no result yet, or was logged where nothing is recorded")
    assert found.to_json()["steps"] == []


def test_what_is_not_there_is_answered_with_what_is(executed, why):
    executed(*SESSION, "del shown")
    with pytest.raises(MetricNotFound, match=r"Did you mean auc\?"):
        why("@1", "acu")
    with pytest.raises(VariableNotFound, match=r"Did you mean fitted\?"):
        why("@1", variable="fited")
    with pytest.raises(VariableNotFound, match=r"'shown' was not there any more: \[\d+\] deleted"):
        why("@1", variable="shown")
    with pytest.raises(ExecutionNotFound, match="There is 1 to 1"):
        why("@1", cell=99)
    with pytest.raises(RunNotFound, match=r"Did you mean @1 auc\?"):
        why("auc")
    with pytest.raises(SeveralTargets, match="not a metric and a cell"):
        why("@1", "auc", cell=1)


def test_repr_is_short_and_says_what_it_is(executed, why):
    executed(*SESSION)
    run = why().summary.run.id
    assert (
        repr(why("@1", "auc")) == f"<SlicePage of metric auc of run {run}: executions 2, 6, 7, 9>"
    )
    assert repr(why()) == f"<SlicePage of run {run}: executions 2, 6, 7, 9>"


@pytest.mark.parametrize("count", [10, 1_203])
def test_a_long_session_is_read_in_few_queries_and_without_its_outputs(project, count):
    store = open_store(sqlite_url(project / "long.db"))
    shown = (Output("stdout", (Content("text/plain", 5, text="hello"),)),)
    cells = [
        Execution(f"e{n}", "s", n, "x += 1", float(n), "c", outcome="ok", outputs=shown,
                  names=Names(("x",), ("x",)))
        for n in range(1, count + 1)
    ]  # fmt: skip
    store.save([Session("s", 1.0, "jupyter", "x", ended=9.0), Run("r", "s", "x", 1.0), *cells])
    last = Stretch("r", count, count, gave_result=True)
    store.save([last, Metric("r", "auc", 1.0, 1.0, 1.0, 1, 0, 1.0, execution_id=f"e{count}")])
    store.close()
    sent = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        found = nbmlops.why("r", "auc", store=str(project / "long.db"))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(found.executions) == count
    assert len(sent) <= 20 + 3 * count // 500
    assert not any("contents" in statement for statement in sent)


@pytest.fixture
def told(kernel):
    """Ask with the magic; return the JSON it prints, or the line of its error."""

    def ask(line):
        reply = kernel.run(f"%nbmlops why {line}")
        if reply.status == "error":
            return reply.stderr.strip()
        return json.loads(kernel.run(f"%nbmlops why {line} --json").stdout)

    return ask


def test_magic_takes_a_variable_before_a_metric_before_a_run(executed, told, kernel):
    executed(*SESSION)
    latest = kernel.runs()[-1].run.id
    assert told("")["target"] == f"run {latest}"
    assert told("fitted")["target"] == "variable fitted"
    # The variable is what was measured: they are one, and the metric has a value to show.
    assert told("auc")["target"] == "metric auc"
    executed("auc = 'something else'")
    assert told("auc")["target"] == "variable auc"
    executed("del auc")
    assert told("auc")["target"] == "metric auc"
    assert told("@2")["executions"] == [1, 2, 4, 5]
    assert told("@2 auc")["executions"] == [1, 2, 4, 5]
    assert told("@2 --variable rate")["executions"] == [6]
    assert told("--variable fitted")["executions"] == [2, 6, 7]
    assert told("--cell 3")["executions"] == [2, 3]
    assert "'fited' is no variable that a recorded cell wrote" in told("fited")
    assert "Did you mean fitted?" in told("fited")


def test_magic_explains_variables_of_a_session_without_a_run(executed, told):
    executed("a = 1", "b = 2", "c = a")
    found = told("c")
    assert (found["executions"], found["run"], found["left_out"]) == ([1, 3], None, 1)
    executed(PARAMS.format(0.5), "d = rate")
    assert told("d")["params"] == {"rate": 0.5}
    message = told("")
    assert "no run has been recorded yet. Variables can be explained by their names:" in message
    assert "@1" not in message


def test_magic_says_what_is_wrong_with_a_question_in_its_own_words(executed, told):
    executed("df = {'a': 1}\ny = 2")
    assert "one thing can be explained at a time, not df and y." in told("df y")
    assert "one thing can be explained at a time, not y and a cell." in told("y --cell 1")
    assert "'df[a]' is a part of 'df', and only a whole variable" in told('df["a"]')
    assert "'df.a' is a part of 'df'" in told("df.a")
    assert "Known variables and metrics: " in told("zzzzzz")


def test_what_cells_out_of_the_record_set_is_told_and_not_who_set_it_before(kernel, executed, why):
    executed("%%nbmlops params\nrate, spare = 1, 2", "accuracy = rate / 100",
             "%%nbmlops scratch\nrate = 8", "# again\naccuracy = rate / 100")  # fmt: skip
    found = why("@1")
    assert found.found.sequence == (3,)
    assert [each.name for each in found.found.missing] == ["rate"]
    assert found.params == {"rate": 8}
    assert "what made `rate` (read by [4]) was not recorded" in str(found)
    with pytest.raises(VariableNotFound, match=r"before \[4\], was not recorded"):
        why(variable="rate")
    first, again = kernel.runs()
    assert [params_of(run) for run in (first, again)] == [
        {"rate": 1, "spare": 2}, {"rate": 8, "spare": 2}]  # fmt: skip
    told = " ".join(kernel.run("import nbmlops\nprint(nbmlops.status())").stdout.split())
    assert "used `rate` as [1] made it; a cell that is not recorded has written it since" in told


def test_what_was_set_while_recording_was_paused_is_the_parameter(kernel, executed):
    executed("%%nbmlops params\nrate = 1", "%nbmlops off", "rate = 8", "%nbmlops on",
             "accuracy = rate / 100")  # fmt: skip
    [run] = kernel.runs()
    assert params_of(run) == {"rate": 8}
