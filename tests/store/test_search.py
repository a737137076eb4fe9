"""What a filter finds, in which order, page by page: on a store where every kind of value is."""

import contextlib
import datetime
import json
import math
import pathlib
import socket
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbmlops.canonical import new_id, now
from nbmlops.errors import InvalidCursor, QueryError
from nbmlops.records import (
    Environment,
    Execution,
    FileUse,
    Metric,
    Model,
    Param,
    Run,
    Session,
    Stretch,
    Tag,
    Use,
    Value,
)
from nbmlops.store import open_store
from nbmlops.store.base import RunSearch
from tests.store.conftest import KINDS, new_url

DAY = 86_400.0
NOW = now()
SESSION = Session("s1", 1.0, "jupyter", "churn", host=socket.gethostname(), ended=9.0)


def environment(name, **content):
    document = {"git": None, "packages": {}, "python": {"version": "3.12.1"}}
    return Environment(name, json.dumps(document | content))


def metric(run, name, last, least=None, greatest=None, count=1):
    least, greatest = (last if end is None else end for end in (least, greatest))
    return Metric(run, name, last, least, greatest, count, 0, 1.0)


# a is an old run that has most, b a failed one of yesterday, c runs on a machine that died, d runs
# on one that lives, e has next to nothing.
RUNS = [
    Run("a", "s1", "churn", 1_700_000_000.25, "base", "finished", 1_700_000_090.25,
        notebook="/w/churn.ipynb", user="ada", hypothesis="wider is better", verdict="confirmed",
        environment="old"),
    Run("b", "s1", "churn", NOW - DAY, "Tuned", "failed", NOW - DAY + 10, user="bob", note="it's",
        environment="new"),
    Run("c", "dead", "spend", NOW - 3600, status="running", user="ada"),
    Run("d", "alive", "spend", NOW - 600, status="running", user="ada", parent_id="c"),
    Run("e", "s1", "none", NOW - 30, "e", "interrupted", NOW - 20, user="éva"),
]  # fmt: skip
PARTS = [
    metric("a", "auc", 0.9), metric("b", "auc", 0.8), metric("c", "auc", math.nan),
    metric("d", "auc", math.inf),
    metric("a", "loss", 0.3, 0.1, 0.5, 7), metric("b", "loss", 0.2, 0.2, 0.9),
    metric("b", "loss.min", 5.0), metric("a", "val/loss", 1.0), metric("a", "both", 1.0),
    metric("a", "legit name", 2.0),
    *(Param.of(run, "lr", value, "cell") for run, value in
      {"a": 0.1, "b": "0.1", "c": 1, "d": "adaptive", "e": math.inf}.items()),
    *(Param.of(run, "kind", value, "cell") for run, value in
      {"a": True, "b": None, "c": [64, 32], "d": (1, "x"), "e": "True"}.items()),
    *(Param.of(run, "at", value, "cell") for run, value in
      {"a": datetime.date(2026, 1, 2), "b": pathlib.PurePosixPath("data/x.csv"), "c": 1e-05,
       "d": "it's", "e": "x_y"}.items()),
    Param.of("b", "both", 2, "cell"), Param.of("d", "ratio", math.nan, "cell"),
    Param.of("e", "ratio", "nan", "cell"),
    Tag("a", "stage", "test"), Tag("b", "stage", "Test"), Tag("a", "kept"), Tag("c", "size", "5"),
    Model("a", "model", "sklearn.linear_model.LogisticRegression", "{}"),
    Model("b", "model", "xgboost.XGBClassifier", "{}"),
    Model("b", "scaler", "sklearn.StandardScaler", "{}"),
    Execution("x1", "s1", 1, "df = df.dropna()", 1.0, "k", cell_id="c-1",
              tags=("parameters", "a_b")),
    Execution("x2", "s1", 2, "model.fit(X, y)", 2.0, "k2", tags=("fit",)),
    Stretch("a", 1, 2), Stretch("b", 2, 2),
    Value("4f2a99", "frame", "pandas.DataFrame", "exact", "{}", 100, 3),
    Value("77aa00", "file", "file", "exact", "{}", size_bytes=12),
    Value("opaque", "function", "f", "opaque", "{}"),
    Use("x1", "train", "read", "4f2a99"), Use("x1", "helper", "read", "opaque"),
    FileUse("x2", "data/x.csv", "read", "77aa00"),
]  # fmt: skip
ENVIRONMENTS = [
    environment("old", packages={"numpy": "1.26.4", "scikit-learn": "1.9.0"},
                git={"commit": "abcdef1234567890", "branch": "main", "is_dirty": True}),
    environment("new", packages={"numpy": "2.10.0"}, python={"version": "3.13.0"}),
]  # fmt: skip


@pytest.fixture(scope="module", params=KINDS)
def filled(request, tmp_path_factory):
    """The store that all of these ask, and none changes."""
    store = open_store(new_url(request.param, tmp_path_factory.mktemp("search"), request))
    yield fill(store)
    store.close()


def fill(store):
    store.save(ENVIRONMENTS)
    elsewhere = replace(SESSION, ended=None, host="another host")
    sessions = [
        replace(elsewhere, id="dead", heartbeat=NOW - 1000),
        replace(elsewhere, id="alive", heartbeat=NOW + 1000),
    ]
    store.save([SESSION, *sessions, *RUNS, *PARTS])
    return store


def found(store, text, **search):
    return "".join(summary.run.id for summary in store.search(RunSearch(text, **search)).summaries)


MLFLOW = [
    ("metrics.auc > 0.85", "ad"), ("metric.auc>=0.8", "abd"), ("metrics.auc = 0.9", "a"),
    ("metrics.auc != 0.9", "bcd"), ("metrics.auc < 1", "ab"), ("metrics.nowhere > 0", ""),
    ("metrics.nowhere != 0", ""), ('metrics."legit name" = 2', "a"), ("`metrics`.auc <= .8", "b"),
    ("params.lr = '0.1'", "ab"), ('param.lr = "adaptive"', "d"), ("parameters.lr != '0.1'", "cde"),
    ("params.lr LIKE '0%'", "ab"), ("params.lr ILIKE 'ADA%'", "d"), ("params.lr LIKE 'ADA%'", ""),
    ("params.lr = 'inf'", "e"), ("params.lr = '1'", "c"), ("params.lr = '1.0'", ""),
    ("params.kind = 'True'", "ae"), ("params.kind = 'true'", ""), ("params.kind = 'None'", "b"),
    ("params.kind = '[64, 32]'", "c"), ("params.kind = \"(1, 'x')\"", "d"),
    ("params.kind like '%64, 3%'", "c"), ("params.at = '2026-01-02'", "a"),
    ("params.at = 'data/x.csv'", "b"), ("params.at = '1e-05'", "c"), ("params.at = 'it''s'", "d"),
    ("params.at like 'x_y'", "e"), ("params.both IS NULL", "acde"),
    ("params.both is not null", "b"),
    ("tags.stage = 'test'", "a"), ("tag.stage ilike 'TEST'", "ab"), ("tags.stage != 'test'", "b"),
    ("tags.stage IS NULL", "cde"), ("tags.kept = ''", "a"),
    ("status = 'FINISHED'", "a"), ("attributes.status = 'RUNNING'", "d"),
    ("attr.status = 'KILLED'", "ce"), ("run.status != 'FAILED'", "acde"),
    ("status = 'SCHEDULED'", ""), ("status != 'SCHEDULED'", "abcde"),
    ("status LIKE 'FIN%'", "a"), ("status ilike '%I%'", "abcde"), ("status IN ('FAILED')", "b"),
    ("attributes.run_id = 'a'", "a"), ("run_id IN ('a', 'c', 'zz')", "ac"),
    ("run_id NOT IN ('a', 'c')", "bde"), ("run_name = 'base'", "a"), ("`run name` = 'base'", "a"),
    ('attributes."Run name" like "T%"', "b"), ("run_name != 'base'", "be"),
    ("attributes.user_id = 'bob'", "b"), ("artifact_uri = 'x'", ""), ("artifact_uri != 'x'", ""),
    ("attributes.start_time = 1700000000250", "a"), ("start_time < 1700000000250", ""),
    ("start_time <= 1700000000250", "a"), ("created > 1700000000250", "bcde"),
    ("Created >= 1700000000250", "abcde"), ("end_time < 1700000090251", "a"),
    ("attributes.end_time > 0", "abe"),
    ("datasets.name = 'train'", "a"), ("dataset.name != 'train'", "ab"),
    ("dataset.name IN ('train', 'data/x.csv')", "ab"), ("dataset.digest = '77aa00'", "ab"),
    ("dataset.context = 'train'", ""), ("dataset.name like 'helper'", ""),
    ("metrics.auc > 0.5 AND params.lr = '0.1' and status = 'FINISHED'", "a"),
    ("", "abcde"),
]  # fmt: skip
OURS = [
    ("metrics.auc is nan", "c"), ("metrics.auc is not nan", "abd"), ("metrics.auc is null", "e"),
    ("metrics.auc not between 0 and 0.85", "acd"), ("metrics.auc in (0.9, 0.8)", "ab"),
    ("metrics.auc not in (0.9)", "bcd"), ("metrics.auc = inf", "d"), ("auc == 0.9", "a"),
    ("not metrics.auc > 0.85", "bce"), ("metrics.auc = 0.9 or params.lr = 1", "ac"),
    ("not (metrics.auc = 0.9 or params.lr = 1)", "bde"), ("not not auc = 0.9", "a"),
    ("metrics.loss.max > 0.8", "b"), ("metrics.loss.last > 0.25", "a"), ("loss.max = 0.5", "a"),
    ("metrics.loss.min > 1", "b"), ("metrics.loss.`min` > 1", "b"),
    ("metrics.`loss`.best = 0.1", "a"),
    ("metrics.loss.count = 7", "a"), ("metrics.auc.best >= 0.9", "ad"),
    ("metrics.val/loss = 1", "a"),
    ("params.lr < 0.5", "a"), ("lr >= 0.1", "ace"), ("params.lr = 0.10", "a"),
    ("lr != 0.1", "bcde"),
    ("name between 'Tuned' and 'base'", "ab"), ("params.at between 'd' and 'j'", "bd"),
    ("params.lr = inf", "e"), ("params.lr < inf", "ac"), ("lr between 0.5 and inf", "ce"),
    ("lr in (1, 'adaptive')", "cd"), ("lr > 'a'", "d"), ("params.kind = true", "a"),
    ("params.kind = 1", "a"), ("params.kind != true", "bcde"), ("lr ~ '^[0-9.]+$'", "abc"),
    ("lr !~ '^0'", "cde"), ("params.at matches 'csv$'", "b"), ("params.at not like '%x%'", "acd"),
    ("tags.size = 5", "c"), ("tags = 'stage'", "ab"), ("tags != 'kept'", "bc"),
    ("tags is null", "de"), ("tags in ('kept', 'size')", "ac"), ("tags like 's%'", "abc"),
    ("params.ratio is nan", "d"), ("params.ratio is not nan", "e"), ("ratio is nan", "d"),
    ("notebook = 'churn.ipynb'", "a"), ("notebook = '/w/churn.ipynb'", "a"),
    ("notebook = 'urn.ipynb'", ""), ("notebook != 'churn.ipynb'", ""),
    ("notebook in ('x.ipynb', 'w/churn.ipynb')", "a"),
    ("session = 'DEAD'", "c"), ("session = 'aliv'", "d"), ("session = 'ali'", ""),
    ("session != 'aliv'", "abce"), ("session in ('dea', 'aliv')", "d"),
    ("pinned = true", ""), ("pinned = false", "abcde"), ("ended != true", "cd"),
    ("experiment = 'churn'", "ab"), ("notebook is null", "bcde"), ("user = 'ada'", "acd"),
    ("user ilike 'ÉVA'", "e"), ("user ~ '^.va$'", "e"), ("name > 'c'", "e"), ("id = 'a'", "a"),
    ("verdict = 'confirmed'", "a"), ("verdict is null", "bcde"), ("hypothesis like '%wider%'", "a"),
    ("note = \"it's\"", "b"), ("parent = 'c'", "d"), ("session = 's1'", "abe"),
    ("automatic = false", "abcde"), ("automatic != false", ""),
    ("status in ('interrupted', 'running')", "cde"),
    ("status not in ('finished')", "bcde"), ("not status = 'interrupted'", "abd"),
    ("status ~ '^KILL'", "ce"), ("status is null", ""),
    ("started > '2 days ago'", "bcde"), ("started < '1 day ago'", "ab"), ("ended is null", "cd"),
    ("started <= 'now'", "abcde"),
    ("started = '2023-11-14'", "a"), ("started != '2023-11-14'", "bcde"),
    ("started > '2023-11'", "bcde"), ("started in ('2023-11')", "a"),
    ("started between '2023-11-13' and '2023-11-16'", "a"),
    ("started not between '2023-11-13' and '2023-11-16'", "bcde"),
    ("started >= '2023-11-14T22:13:20.25Z'", "abcde"), ("started = 1700000000.25", "a"),
    ("duration = 90", "a"), ("duration > '1 minute'", "ad"), ("duration <= '10 s'", "be"),
    ("duration is null", "c"), ("duration > '59999 ms'", "ad"), ("duration < '1 ms'", ""),
    ("cell.source like '%dropna%'", "a"), ("cell.source not like '%dropna%'", "b"),
    ("cells.source ~ 'fit\\('", "ab"), ("cell.tag = 'parameters'", "a"), ("cell.tag = 'a_b'", "a"),
    ("cell.tag = 'param'", ""), ("cell.tag like 'f%'", "ab"), ("cell.id = 'c-1'", "a"),
    ("cell.source is null", "cde"),
    ("data.train.rows >= 100", "a"), ("data.train.rows > 100", ""),
    ("data.train.digest = '4f2a'", "a"),
    ("data.train = '4F2A99'", "a"), ("data.train.digest = '4f'", ""),
    ("data.train is null", "bcde"),
    ("data.`data/x.csv`.size = 12", "ab"), ("data.data/x.csv is not null", "ab"),
    ("data.train.columns in (3)", "a"), ("data.train.kind = 'frame'", "a"),
    ("model.class = 'LogisticRegression'", "a"), ("model.class like 'sklearn.%'", "ab"),
    ("model.class != 'StandardScaler'", "a"), ("model.class = 'Regression'", ""),
    ("model.name = 'scaler'", "b"),
    ("package.numpy >= '2.9'", "b"), ("package.numpy < 2", "a"), ("package.numpy = '2.10'", "b"),
    ("package.scikit_learn = '1.9'", "a"), ("package.torch is null", "abcde"),
    ("package.numpy not in ('2.10.0')", "a"), ("package.numpy like '1.%'", "a"),
    ("package.numpy between '1' and '2'", "a"),
    ("python >= 3.13", "b"), ("git.commit = 'abcdef1'", "a"), ("git.commit != 'abcdef1'", ""),
    ("git.branch = 'main'", "a"), ("git.dirty = true", "a"), ("git.commit is null", "bcde"),
]  # fmt: skip
READ = MLFLOW + OURS


@pytest.mark.parametrize(("text", "ids"), READ, ids=[text for text, _ in READ])
def test_filter_finds(filled, text, ids):
    assert "".join(sorted(found(filled, text))) == ids
    assert filled.count_found(RunSearch(text, limit=1)) == len(ids)


@pytest.mark.parametrize("text", [text for text, _ in READ if text])
def test_not_turns_exactly_what_is_found_round(filled, text):
    assert sorted(found(filled, text) + found(filled, f"not ({text})")) == [*"abcde"]


@pytest.mark.parametrize(("text", "ids"), READ[::3], ids=[text for text, _ in READ[::3]])
def test_what_many_runs_have_is_found_as_what_few_have(filled, monkeypatch, text, ids):
    monkeypatch.setattr("nbmlops.store.search_conditions._FEW_NAMED", 0)
    monkeypatch.setattr("nbmlops.store.search_conditions._FEW_OF_MANY", 0)
    assert "".join(sorted(found(filled, text))) == ids
    assert "".join(sorted(found(filled, text, order_by="metrics.auc"))) == ids


@pytest.mark.parametrize(
    ("text", "start", "said"),
    [
        ("metrics.auc > 1 and acu > 0.9", 20, "Did you mean auc"),
        ("staus = 'failed'", 0, "Did you mean status"),
        ("status = 'finishd'", 9, "Did you mean finished"),
        ("verdict = 'confirmd'", 10, "Did you mean confirmed"),
        ("attributes.usr_id = 'x'", 0, "Did you mean user_id"),
        ("cell.sauce = 'x'", 0, "Did you mean cell.source"),
        ("attributes.auc > 1", 0, "no field"),
        ("m.acc > 1", 0, "no field m.acc"),
        ("metrics > 1", 0, "no field"),
        ("both = 1", 0, "metrics.both or params.both"),
        ("metrics.auc = '1'", 14, "without quotes"),
        ("metrics.auc like 'x'", 12, "cannot be compared by like"),
        ("metrics.auc = true", 14, "is a number"),
        ("name > 5", 7, "takes a text in quotes"),
        ("name = true", 7, "'true'"),
        ("started > 'soon'", 10, "'2 days ago'"),
        ("started > '2026-13-45'", 10, "'2 days ago'"),
        ("started > '99999999999999999999 years ago'", 10, ""),
        ("duration > 'long'", 11, "'5 minutes'"),
        ("duration > true", 11, "'5 minutes'"),
        ("duration > '5 hs'", 11, "in us, ms, s, min, h,"),
        ("automatic = 1", 12, "true or false"), ("pinned > true", 9, "'2 days ago'"),
        ("data.train = 3", 13, "Numbers of data are data.NAME.rows"),
        ("name is nan", 5, "cannot be compared by is nan"),
        ("params.lr between 1 and 'x'", 24, "of one kind"),
        ("params.kind > true", 14, "by = and !="),
        ("status > 'failed'", 7, "cannot be compared by >"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_pointed_at(filled, text, start, said):
    if not said:  # so long ago that every run is younger
        assert found(filled, text) == "edcba"
        return
    with pytest.raises(QueryError) as caught:
        filled.search(RunSearch(text))
    assert (caught.value.start, said in str(caught.value)) == (start, True), str(caught.value)


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("opened DESC", "edcba"), ("started asc", "abcde"), ("metrics.auc DESC", "dabec"),
        ("metrics.auc ASC", "badec"), ("auc", "badec"), ("metrics.loss.min asc", "bedca"),
        ("metrics.loss.max desc", "baedc"), ("params.lr desc", "caedb"), ("params.lr", "acbde"),
        ("tags.stage", "baedc"), ("tags.stage desc", "abedc"), ("name", "baedc"),
        ("status", "baecd"), ("duration desc", "daebc"), ("experiment, started asc", "abecd"),
        ("experiment desc, metrics.auc asc", "dceba"), ("user, duration desc", "dacbe"),
        ("package.numpy desc", "baedc"), ("package.numpy", "abedc"), ("model.class", "baedc"),
        ("data.train.rows", "aedcb"), ("cell.source desc", "baedc"), ("git.dirty", "aedcb"),
        ("tags, id", "acbde"), ("verdict, id desc", "aedcb"), ("metrics.nowhere, id", "abcde"),
    ],
)  # fmt: skip
def test_order_puts_runs(filled, order, ids):
    assert found(filled, "", order_by=order) == ids
    assert pages(filled, order, 2) == ids


@pytest.mark.parametrize("order", ["metrics.x", "metrics.x.max", "metrics.x.max asc, name"])
@pytest.mark.parametrize("text", ["not metrics.x > 1", "metrics.x != 1", "metrics.x is nan"])
def test_a_number_that_is_none_fits_whatever_runs_are_sorted_by(store, text, order):
    last_is_none = metric("r1", "x", math.nan, 0.0, 2.0, count=3)
    store.save([SESSION, Run("r1", "s1", "churn", 1.0), last_is_none])
    assert found(store, text, order_by=order) == "r1"


def pages(store, order, size, text=""):
    ids, after = "", None
    while True:
        page = store.search(RunSearch(text, order, limit=size, after=after))
        ids += "".join(summary.run.id for summary in page.summaries)
        assert len(page.summaries) == size or page.next is None
        after = page.next
        if after is None:
            return ids


def test_page_goes_on_where_it_was_whatever_is_recorded_meanwhile(store):
    filled = fill(store)
    first = filled.search(RunSearch("", "started desc", limit=2))
    filled.save([Run("f", "s1", "churn", NOW, status="finished", closed=NOW + 1)])
    second = filled.search(RunSearch("", "started desc", limit=3, after=first.next))
    assert [one.run.id for one in (*first.summaries, *second.summaries)] == [*"edcba"]
    assert second.next is None


def test_cursor_of_another_search_or_none_is_refused(filled):
    after = filled.search(RunSearch("", "started desc", limit=2)).next
    for search in (
        RunSearch("auc > 0", "started", after=after),
        RunSearch("", "name", after=after),
        RunSearch("", "started", after=after[:-4]),
        RunSearch("", "started", after="é"),
        RunSearch("", "started", after="bm90aGluZw"),
    ):
        with pytest.raises(InvalidCursor):
            filled.search(search)


def test_options_narrow_a_filter_down(filled):
    assert found(filled, "auc > 0", experiment="spend") == "d"
    assert found(filled, "", status="interrupted") == "ec"
    assert found(filled, "user = 'bob' or user = 'ada'", experiment="churn") == "ba"
    assert filled.count_found(RunSearch(status="running")) == 1


def test_status_found_is_the_status_shown(filled):
    for summary in filled.search(RunSearch()).summaries:
        wanted = f"status = '{summary.run.status}' and id = '{summary.run.id}'"
        assert found(filled, wanted) == summary.run.id


def test_names_are_all_there_are(filled):
    assert filled.names("metrics") == ["auc", "both", "legit name", "loss", "loss.min", "val/loss"]
    assert filled.names("params") == ["at", "both", "kind", "lr", "ratio"]
    assert filled.names("tags") == ["kept", "size", "stage"]


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("params", "v", [False, True, 2, 10.5, "a", "b"]),
        ("tags", "v", ["x", "y"]),
        ("params", "nobody's", []),
        ("tags", "'; DROP TABLE runs; --", []),
    ],
    ids=["parameter", "tag", "unknown", "SQL"],
)
def test_values_to_choose_from_are_each_there_once_in_order(store, kind, name, expected):
    values = ["b", 2, "a", 10.5, 2, True, None, [1], False]
    store.save([
        Session("s1", 1.0, "script", "churn"),
        *(Run(f"r{n}", "s1", "churn", float(n)) for n in range(len(values))),
        *(Param.of(f"r{n}", "v", value, "logged") for n, value in enumerate(values)),
        *(Tag(f"r{n}", "v", "yx"[n % 2]) for n in range(len(values))),
    ])  # fmt: skip
    found = store.choices(kind, name, limit=50)
    assert found == expected
    assert [type(each) for each in found] == [type(each) for each in expected]
    assert store.choices(kind, name, limit=1) == expected[:1]


def test_an_empty_store_finds_nothing_and_has_no_names(store):
    assert found(store, "metrics.auc > 1 or status = 'failed'", order_by="metrics.auc") == ""
    assert store.names("metrics") == []
    with pytest.raises(QueryError, match="no field auc"):
        store.search(RunSearch("auc > 1"))


@pytest.mark.parametrize("count", [1, 60])
def test_searching_takes_few_queries_whatever_is_found(store, queries, count):
    store.save([SESSION, *(Run(f"r{n}", "s1", "churn", 1.0) for n in range(count))])
    store.save([metric(f"r{n}", "auc", 0.5) for n in range(count)])
    queries.clear()
    page = store.search(RunSearch("metrics.auc > 0.1 and status = 'running'", "metrics.auc"))
    assert len(page.summaries) == count
    knows_what_is_few = store.engine.dialect.name == "postgresql"  # and is not asked before
    # One asks whether any run has what the runs are sorted by.
    assert len(queries) <= (9 if knows_what_is_few else 10)


WORDS = [
    "",
    "plain",
    'say "it"',
    "back\\slash",
    "a\ttab",
    "Grüße 🐍",
    *("x" * n for n in (199, 200, 201)),
]


@pytest.mark.parametrize("form", ["params.word = {}", "params.word like {}", "tags.word = {}"])
def test_text_is_found_however_it_is_written_down(store, form):
    store.save([SESSION, *(Run(f"r{n}", "s1", "churn", float(n)) for n in range(len(WORDS)))])
    for number, word in enumerate(WORDS):
        store.save([Param.of(f"r{number}", "word", word, "cell"), Tag(f"r{number}", "word", word)])
    for number, word in enumerate(WORDS):
        quoted = "'" + word.replace("'", "''") + "'"
        assert found(store, form.format(quoted)) == f"r{number}"


values = st.one_of(
    st.none(), st.sampled_from([0.0, 1.0, math.nan, math.inf, -math.inf]), st.floats()
)


@given(st.lists(st.tuples(values, values), max_size=8), st.integers(1, 4), st.sampled_from([
    "metrics.x", "metrics.x asc", "metrics.x desc, metrics.y asc", "params.y, metrics.x",
    "experiment, metrics.x asc", "duration asc, params.y desc"]))  # fmt: skip
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_pages_put_together_are_the_whole(store, rows, size, order):
    session = replace(SESSION, id=new_id())
    text = f"session = '{session.id}'"
    runs = [Run(new_id(), session.id, f"e{n % 2}", float(n % 3), closed=9.0, status="finished")
            for n in range(len(rows))]  # fmt: skip
    store.save([session, *runs])
    for run, (x, y) in zip(runs, rows, strict=True):
        store.save([metric(run.id, "x", x)] if x is not None else [])
        store.save([Param.of(run.id, "y", y, "cell")] if y is not None else [])
    whole = found(store, text, order_by=order)
    assert pages(store, order, size, text) == whole
    assert len(whole) == 16 * len(runs)


@given(st.text(), st.sampled_from(["name = {}", "params.lr = {}", "tags.x like {}", "{} > 1",
       "metrics.{} > 1", "cell.source ilike {}", "package.{} = '1'", "data.{} = 'x'",
       "package.numpy < {}", "started > {}", "params.lr in ({}, 1)", "cell.tag = {}",
       "params.lr > {}", "git.commit = {}", "model.class = {}"]))  # fmt: skip
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_any_text_finds_something_or_is_refused(store, text, form):
    quote = "`" if form.startswith(("{}", "metrics.{}", "package.{}", "data.{}")) else "'"
    written = quote + text.replace(quote, quote * 2) + quote
    search = RunSearch(form.format(written), limit=5)
    with contextlib.suppress(QueryError):  # and nothing else
        assert store.search(search).summaries == ()
        assert store.count_found(search) == 0


@pytest.mark.parametrize(
    ("stretches", "is_found"),
    [
        ([(1, 2), (7, 9)], False),
        ([(1, 3)], True),
        ([(3, 3)], True),
        ([(4, 4)], False),
        ([(4, 5)], True),
        ([(4, 4), (5, 5)], True),
        ([(4, 4), (6, 8)], True),
        ([(1, 9)], True),
        ([(7, 8)], False),
    ],
    ids=str,
)
@pytest.mark.parametrize("fitting", [(3, 5, 6), (3, 4, 5, 6)], ids=["apart", "one behind another"])
def test_runs_are_counted_whose_stretches_have_a_cell_that_fits(
    store, stretches, is_found, fitting
):
    cells = range(1, 10)
    store.save([
        Session("s1", 1.0, "jupyter", "churn", ended=9.0),
        *(Execution(f"x{n}", "s1", n, "f()" if n in fitting else "g()", 1.0, "k") for n in cells),
        Run("r1", "s1", "churn", 1.0),
        *(Stretch("r1", *bounds) for bounds in stretches),
    ])  # fmt: skip
    is_found = is_found or (len(fitting) == 4 and stretches == [(4, 4)])
    for text in ("cell.source = 'f()'", "cell.source like 'f%'"):
        assert store.count_found(RunSearch(text)) == is_found
