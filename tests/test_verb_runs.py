"""Searching, and asking in SQL, by the faces: one text for Python, the terminal and the magic."""

import csv
import io
import json
import shutil

import click
import pytest
from click.shell_completion import ShellComplete
from IPython.core.error import UsageError

import nbmlops
from nbmlops import cli
from nbmlops.drawing.terminal import plain
from nbmlops.errors import InvalidLimit, QueryError, SelectFailed
from nbmlops.magics import answer_line
from nbmlops.tracking import looking
from nbmlops.verbs import group

pytestmark = pytest.mark.usefixtures("runs")

FILTER = "metrics.auc >= 0.8 and params.lr < 0.2"


def answer(*arguments):
    return group.main([*arguments], prog_name="nbmlops", standalone_mode=False)


def names(table):
    return [summary.run.name for summary in table]


def test_one_filter_means_one_thing_in_every_face():
    assert names(nbmlops.runs(FILTER)) == ["baseline"]
    assert names(answer("runs", FILTER).value) == ["baseline"]
    assert names(answer_line(f'runs "{FILTER}"')) == ["baseline"]


def test_no_filter_is_none_as_well():
    assert names(nbmlops.runs(None)) == names(nbmlops.runs())


@pytest.mark.parametrize("ask", [lambda: answer("runs", "auc", ">", "0.8"),
                                 lambda: answer_line("runs auc > 0.8")])  # fmt: skip
def test_filter_without_quotes_is_told_how_it_is_written(ask):
    with pytest.raises((click.UsageError, UsageError), match="a filter is one text"):
        ask()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["broken", "wide", "baseline"]),
        ("status = 'FAILED'", ["broken"]),
        ("auc is nan", ["broken"]),
        ("loss.min < 0.3", ["baseline"]),
        ("loss.best < 0.3 or experiment = 'other'", ["broken", "baseline"]),
        ("tags.team = 'red' and hypothesis like '%wider%'", ["wide", "baseline"]),
        ("started > '1 hour ago' and started < 'now'", ["broken", "wide", "baseline"]),
        ("python >= 3.12", ["broken", "wide", "baseline"]),
    ],
)
def test_filter_finds_recorded_runs(text, expected):
    assert names(nbmlops.runs(text)) == expected


def test_order_takes_several_fields_as_text_or_list():
    assert names(nbmlops.runs(order_by="experiment desc, metrics.auc asc")) == [
        "broken", "baseline", "wide",
    ]  # fmt: skip
    assert names(nbmlops.runs(order_by=["params.depth", "lr ASC"])) == [
        "baseline",
        "wide",
        "broken",
    ]


def test_pages_follow_one_another_and_say_how_many_runs_there_are():
    first = nbmlops.runs("auc > 0 or auc is nan", limit=2)
    second = nbmlops.runs("auc > 0 or auc is nan", limit=2, after=first.next)
    assert names(first) + names(second) == ["broken", "wide", "baseline"]
    assert (first.total, second.total, second.next) == (3, 3, None)
    found = answer("runs", "--limit", "1", "--json").value.to_json()
    assert names(answer("runs", "--after", found["next"]).value) == ["wide", "baseline"]


def test_options_and_filter_narrow_down_together():
    options = ["--experiment", "churn", "--status", "finished"]
    assert names(answer("runs", "lr > 0", *options).value) == ["wide", "baseline"]
    assert names(nbmlops.runs("lr > 0", status="failed")) == ["broken"]


def test_filter_that_nothing_fits_is_not_called_an_empty_store():
    assert plain(nbmlops.runs("auc > 2").page()).strip() == "no run fits."
    drawn = plain(nbmlops.runs("metrics.acu > 0 or params.lr > 5").page(), 120)
    assert drawn.split() == "no run fits. No run has a metric acu. Did you mean auc?".split()


def test_experiment_or_state_that_no_run_has_is_not_called_an_empty_store():
    drawn = plain(answer("runs", "--experiment", "Churn").value.page(), 120)
    assert drawn.split() == (
        "no run fits. No run has the experiment 'Churn'. Did you mean churn?".split()
    )
    assert plain(nbmlops.runs(status="running").page()).strip() == "no run fits."


def test_order_by_what_no_run_has_is_told_below_the_runs():
    found = nbmlops.runs(order_by="metrics.acu")
    said = "No run has a metric acu. Did you mean auc?"
    assert len(found) == 3
    assert plain(found.page()).rstrip().endswith(said)
    assert found.to_json()["notes"] == [said]


def test_limit_of_none_counts_and_a_negative_one_is_refused():
    nothing = nbmlops.runs(limit=0)
    assert (len(nothing), nothing.total) == (0, 3)
    assert "none of 3 runs" in plain(nothing.page())
    for ask in (nbmlops.runs, nbmlops.data, lambda limit: looking.sql("select 1", limit=limit)):
        with pytest.raises(InvalidLimit, match="limit -1 is negative"):
            ask(limit=-1)


def test_caret_leaves_a_text_of_one_line_whole():
    text = f"foo = '{'a' * 50}'"
    with pytest.raises(QueryError) as caught:
        nbmlops.runs(text)
    assert str(caught.value).split("\n")[1] == f"  {text}"


def test_mistake_is_pointed_at_in_every_face():
    with pytest.raises(QueryError) as caught:
        nbmlops.runs("acu > 0.9")
    assert str(caught.value).split("\n")[1:] == ["  acu > 0.9", "  ^"]
    assert "Did you mean auc" in str(caught.value)
    with pytest.raises(UsageError, match="Did you mean auc"):
        answer_line('runs "acu > 0.9"')


def test_mistake_is_told_where_nothing_was_recorded_too(project):
    shutil.rmtree(project / ".nbmlops")
    assert len(nbmlops.runs("metrics.auc > 0.9")) == 0
    with pytest.raises(QueryError):
        nbmlops.runs("metrics.auc >")


@pytest.mark.parametrize(
    ("begun", "offered"),
    [
        ("sta", ["status", "started"]),
        ("metrics.", ["metrics.auc", "metrics.loss"]),
        ("status = 'failed' and (params.l", ["status = 'failed' and (params.lr"]),
        ("tags.", ["tags.team"]),
    ],
)
def test_fields_and_names_of_the_store_are_completed(begun, offered):
    found = ShellComplete(group, {}, "nbmlops", "").get_completions(["runs"], begun)
    assert [item.value for item in found] == offered


SELECT = "select r.name, status, last from runs r join metrics on run_id = id order by opened, last"
ROWS = [["baseline", "finished", 0.4], ["baseline", "finished", 0.8], ["wide", "finished", 0.6]]


def test_csv_is_all_that_is_printed_and_what_is_left_out_is_told(capsys):
    assert cli.run(["sql", "select name from runs order by name", "--csv"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("name\nbaseline\nbroken\nwide\n", "")
    assert cli.run(["sql", "select name from runs", "--csv", "--limit", "1"]) == 0
    assert capsys.readouterr().err == "nbmlops: there are more rows than these 1: see --limit\n"
    assert answer_line("sql \"select name from runs where name = 'wide'\" --csv") is None
    assert capsys.readouterr().out == "name\nwide\n"


def test_select_that_finds_no_row_says_so_on_one_line():
    found = answer("sql", "select name, id from runs where name = 'x'").value
    assert plain(found.page(), 60).strip() == "0 rows of name, id"


def test_runs_in_sql_say_when_they_were_pinned():
    nbmlops.pin("wide")
    found = looking.sql("select name from runs where pinned is not null")
    assert found.rows == (("wide",),)


def test_select_answers_as_table_json_and_csv():
    first = answer("sql", SELECT, "--limit", "3").value
    found = json.loads(json.dumps(first.to_json()))
    assert found["columns"] == ["name", "status", "last"]
    assert [row[:2] for row in found["rows"]] == [row[:2] for row in ROWS]
    assert [row[2] for row in found["rows"]] == pytest.approx([row[2] for row in ROWS])
    assert found["is_cut"]
    assert "3 rows, and more" in plain(first.page())
    lines = csv.reader(io.StringIO(answer("sql", SELECT, "--csv").headline))
    assert next(lines) == ["name", "status", "last"]
    assert [row[:2] for row in lines][:3] == [row[:2] for row in ROWS]


def test_select_without_a_statement_lists_what_there_is():
    assert answer("sql").value.to_json()["tags"] == ["run_id", "name", "value"]
    assert "class_name" in plain(answer("sql").value.page())


def test_select_cannot_write():
    with pytest.raises(SelectFailed, match="only SELECT is possible"):
        answer("sql", "delete from main.runs")
    assert len(nbmlops.runs()) == 3


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["runs", "@1"], "this is how one asks for a run, in show say, and is no filter."),
        (["annotate", "@1", "--tag", "="], "tag '': a name is a text that is not empty."),
        (["annotate", "@1", "--name", " "], "a name is a text that is not empty."),
        (["annotate", "@1", "--name", "x" * 100_000], "a name has at most 250 characters."),
        (["artifact", "baseline", "report"], "has no artifact 'report'. Did you mean report.txt?"),
        (["artifact", "baseline", "report.txt", "-o", "train.py"], "train.py"),
    ],
)
def test_what_cannot_be_is_told_in_words_of_its_own(command, told, project, capsys):
    (project / "train.py").write_text("is there")
    assert cli.run(command) == 2
    said = capsys.readouterr().err
    assert told in said
    assert len(said) < 500
    assert (project / "train.py").read_text() == "is there"


def test_artifact_comes_out_as_it_went_in(project):
    assert cli.run(["artifact", "baseline", "report.txt"]) == 0
    assert (project / "report.txt").read_text() == "fine"
    (project / "kept").mkdir()
    nbmlops.save_artifact("wide", "report.txt", project / "kept")
    assert (project / "kept" / "report.txt").read_text() == "fine"
