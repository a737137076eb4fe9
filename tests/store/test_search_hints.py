"""What is said of names and texts that no run has, where a search finds nothing or sorts by one."""

import json

import pytest

from nbmlops.records import Environment, Execution, Param, Run, Session, Stretch, Use, Value
from nbmlops.store.base import RunSearch

SESSION = Session("s1", 1.0, "jupyter", "churn", ended=9.0)


@pytest.fixture
def filled(store):
    packages = {"numpy": "2.5.0", "pandas": "3.1.1"}
    run = Run(
        "r1", "s1", "cancer", 1.0, "Base", "finished", 2.0, notebook="/w/cancer.ipynb",
        user="ada", environment="e1",
    )  # fmt: skip
    store.save([
        Environment("e1", json.dumps({"packages": packages})), SESSION, run,
        Param.of("r1", "lr", 0.1, "cell"),
        Execution("x1", "s1", 1, "df", 1.0, "k"), Stretch("r1", 1, 1),
        Value("4f2a99", "frame", "pandas.DataFrame", "exact", "{}", 100, 3),
        Use("x1", "train", "read", "4f2a99"),
    ])  # fmt: skip
    return store


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("params.lrr > 1", "No run has a parameter lrr. Did you mean lr?"),
        ("tags.kept = 'x'", "No run has a tag kept."),
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
        ("name in ('base', 'x')", "No run has the name 'base'. Did you mean Base?"),
        ("name = 'nothing like it'", None),
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
