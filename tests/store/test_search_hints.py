"""What is said of names and texts that no run has, where a search finds nothing or sorts by one."""

import json

import pytest

from nbmlops.records import (
    Environment,
    Execution,
    Model,
    Param,
    Run,
    Session,
    Stretch,
    Tag,
    Use,
    Value,
)
from nbmlops.store.base import RunSearch

GIT = {"commit": "0a1b2c3d", "branch": "main"}
SESSION = Session("s1", 1.0, "jupyter", "churn", ended=9.0)


@pytest.fixture
def filled(store):
    packages = {"numpy": "2.5.0", "pandas": "3.1.1"}
    run = Run(
        "r1", "s1", "cancer", 1.0, "Base", "finished", 2.0, notebook="/w/cancer.ipynb",
        user="ada", environment="e1",
    )  # fmt: skip
    store.save([
        Environment("e1", json.dumps({"packages": packages, "git": GIT})), SESSION, run,
        Param.of("r1", "lr", 0.1, "cell"), Param.of("r1", "kind", "forest", "cell"),
        Tag("r1", "stage", "prod"), Model("r1", "best", "sklearn.linear_model.Ridge", "{}"),
        Execution("x1", "s1", 1, "df", 1.0, "k", tags=("parameters",)), Stretch("r1", 1, 1),
        Value("4f2a99", "frame", "pandas.DataFrame", "exact", "{}", 100, 3),
        Use("x1", "train", "read", "4f2a99"),
    ])  # fmt: skip
    return store


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("params.lrr > 1", "No run has a parameter lrr. Did you mean lr?"),
        ("tags.kept = 'x'", "No run has a tag kept. There is: stage."),
        ("data.nope.rows > 1", "No run has data nope. There is: train."),
        ("data.trian.rows > 1", "No run has data trian. Did you mean train?"),
        (
            "data.train.nope = '3'",
            "Data train has no nope to ask for, only digest, rows, columns, kind, size.",
        ),
        ("data.train.rows > 500", None),
        (
            "package.nunpy = '1'",
            "No run is known to have imported the package nunpy. Did you mean numpy?",
        ),
        ("package.torch > '1'", "No run is known to have imported the package torch."),
        ("package.numpy < '1'", None),
        ("experiment = 'Cancer'", "No run has the experiment 'Cancer'. Did you mean cancer?"),
        ("experiment = 'CANCER'", "No run has the experiment 'CANCER'. Did you mean cancer?"),
        ("experiment = 'nope'", "No run has the experiment 'nope'. There is: cancer."),
        ("experiment = 'cancer' and status = 'failed'", None),
        (
            "notebook = 'cancr.ipynb'",
            "No run has the notebook 'cancr.ipynb'. Did you mean cancer.ipynb?",
        ),
        ("name in ('base')", "No run has the name 'base'. Did you mean Base?"),
        ("name = 'nothing like it'", "No run has the name 'nothing like it'."),
        (
            "started > 'today'",
            "> 'today' is behind all of it: >= 'today' has what is in it, too.",
        ),
        (
            "started > '1970-01-01 00:00Z'",
            "> '1970-01-01 00:00Z' is behind all of it: >= '1970-01-01 00:00Z' has what is in it, "
            "too.",
        ),
        ("started > '2 days ago'", None),
        ("start_time > 1795343044000", None),
        ("id = 'r12'", "'r12' is too short for the beginning of an id: give 4 characters or more."),
        ("id = 'r123'", None),
        (
            "git.commit = '4f2'",
            "'4f2' is too short for the beginning of a commit: give 4 characters or more.",
        ),
        (
            "data.train = '4f2'",
            "'4f2' is too short for the beginning of a digest: give 4 characters or more.",
        ),
        ("git.commit = '4f2b11'", "No run has the commit '4f2b11'."),
        ("git.commit = '0a1b' and status = 'failed'", None),
        ("git.branch = 'mian'", "No run has the branch 'mian'. Did you mean main?"),
        ("model.class = 'Rigde'", "No run has a model of the class 'Rigde'. Did you mean Ridge?"),
        ("model.class = 'Ridge' and status = 'failed'", None),
        (
            "model.class in ('sklearn.Ridge', 'Ridge') and status = 'failed'",
            "No run has a model of the class 'sklearn.Ridge'. "
            "Did you mean sklearn.linear_model.Ridge?",
        ),
        ("model.name = 'bets'", "No run has a model 'bets'. Did you mean best?"),
        ("tags = 'staeg'", "No run has a tag 'staeg'. Did you mean stage?"),
        ("tags.stage = 'prodd'", "No run has the tag stage 'prodd'. Did you mean prod?"),
        ("tags.stage = 'prod' and status = 'failed'", None),
        ("params.kind = 'Forest'", "No run has the parameter kind 'Forest'. Did you mean forest?"),
        ("params.lr = 'high'", "No run has the parameter lr 'high'."),
        ("params.lr = '0.1' and status = 'failed'", None),
        (
            "cell.tag = 'paramters'",
            "No run has a cell with the tag 'paramters'. Did you mean parameters?",
        ),
        ("cell.source = 'nowhere'", None),
        ("dataset.name = 'trian'", "No run has data 'trian'. Did you mean train?"),
    ],
)
def test_nothing_found_says_what_no_run_has(filled, text, said):
    page = filled.search(RunSearch(text))
    assert (page.summaries, page.notes) == ((), (said,) if said else ())


@pytest.mark.parametrize(
    "text",
    [
        "name = 'trial 30' and status = 'failed'",
        "name in ('trial 29', 'trial 30') and status = 'failed'",
        "notebook = 'n30.ipynb' and status = 'failed'",
        "notebook = 'w/n30.ipynb' and status = 'failed'",
        "experiment = 'e30' and status = 'failed'",
        "data.frame30.rows > 1",
        "package.torch30 > '3'",
    ],
)
def test_no_hint_says_that_one_of_many_names_is_that_of_none(filled, text, monkeypatch):
    monkeypatch.setattr("nbmlops.store.search_hints._MOST_READ", 20)
    monkeypatch.setattr("nbmlops.store.search_text_hints._MOST_READ", 20)
    monkeypatch.setattr("nbmlops.store.search_hints._MOST_ENVIRONMENTS", 20)
    for n in range(31):
        content = {"packages": {f"torch{n}": "1"}}
        filled.save([
            Environment(f"many{n}", json.dumps(content)),
            Run(f"many{n}", "s1", f"e{n}", 1.0, f"trial {n}", notebook=f"/w/n{n}.ipynb",
                status="finished", environment=f"many{n}"),
            Use("x1", f"frame{n}", "read", "4f2a99"),
        ])  # fmt: skip
    assert filled.search(RunSearch("name = 'trial 30'")).summaries
    page = filled.search(RunSearch(text))
    assert [note for note in page.notes if "No run" in note] == []


def test_a_part_that_data_lacks_is_told_also_of_one_of_many(filled, monkeypatch):
    monkeypatch.setattr("nbmlops.store.search_hints._MOST_READ", 0)
    [note] = filled.search(RunSearch("data.train.nope = '3'")).notes
    assert note.startswith("Data train has no nope")


def test_what_no_run_has_is_told_of_an_order_once_also_where_runs_are_found(filled):
    page = filled.search(RunSearch("", "metrics.nope desc, params.lr, metrics.nope"))
    assert [found.run.id for found in page.summaries] == ["r1"]
    assert page.notes == ("No run has a metric nope.",)


def test_what_is_found_needs_no_hint(filled):
    assert filled.search(RunSearch("params.lr > 0 or params.lrr > 0")).notes == ()
