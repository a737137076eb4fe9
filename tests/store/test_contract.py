"""What every store promises about saving; `nbmlops.store.base` says it in words."""

import json
import math
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import permutations

import pytest
from sqlalchemy.exc import IntegrityError

from nbmlops.records import (
    Annotation,
    Artifact,
    Content,
    Environment,
    Execution,
    Failure,
    FileUse,
    Metric,
    Model,
    Names,
    Output,
    Param,
    Point,
    Points,
    Profile,
    Run,
    Session,
    Stretch,
    Tag,
    Use,
    Value,
)
from nbmlops.store import open_store
from nbmlops.store.base import DataQuery, Order, RunQuery

SESSION = Session("s1", 1.0, "jupyter", "churn", ended=9.0)
RUN = Run("r1", "s1", "churn", 2.0)
EXECUTION = Execution("e1", "s1", 1, "auc = 0.9", 2.0, "cell1")
METRIC = Metric("r1", "auc", 0.9, 0.8, 0.9, 2, 1, 3.0)
SHOWN = Output("stdout", (Content("text/plain", 5, text="hello"),))
RICH = Output("display", (Content("image/png", 9, blob="blake3:00"), Content("text/plain", 1, "x")))


def test_saving_twice_is_saving_once(store):
    batch = [SESSION, RUN, replace(EXECUTION, outputs=(SHOWN, RICH)), Stretch("r1", 1, 1)]
    batch += [Param.of("r1", "lr", 0.1, "cell"), METRIC, Tag("r1", "best"), Points.pack(
        "r1", "auc", 0, [Point(0, 1.0, 0.8)])]  # fmt: skip
    store.save(batch)
    once = (store.runs(RunQuery()), store.executions("r1"), store.points("r1", "auc"))
    store.save(batch)
    assert (store.runs(RunQuery()), store.executions("r1"), store.points("r1", "auc")) == once


def test_a_record_replaces_the_one_with_its_key(store):
    store.save([SESSION, RUN, METRIC])
    store.save([replace(RUN, status="finished", closed=4.0), replace(METRIC, last=0.7)])
    (found,) = store.runs(RunQuery())
    assert (found.run.status, found.run.closed, found.metrics[0].last) == ("finished", 4.0, 0.7)


def test_what_is_saved_over_a_record_replaces_it_and_leaves_nothing_in_the_log(store):
    store.save([SESSION, RUN, METRIC])
    store.save_over([replace(METRIC, last=0.7)])
    assert store.empty_log()
    assert [metric.last for metric in store.runs(RunQuery())[0].metrics] == [0.7]


def test_of_two_records_with_one_key_in_a_batch_the_later_stays(store):
    store.save([SESSION, RUN, Tag("r1", "best", "no"), replace(RUN, name="b"), Tag("r1", "best")])
    (found,) = store.runs(RunQuery())
    assert (found.run.name, found.tags) == ("b", (Tag("r1", "best", ""),))


WRITTEN = {"name": "best", "note": "größer", "hypothesis": "more helps", "verdict": "refuted"}


@pytest.mark.parametrize("field", WRITTEN)
def test_an_annotation_stays_whatever_the_process_that_has_the_run_open_knows(store, field):
    stale = replace(RUN, name="first", note="mine", hypothesis="h", verdict="confirmed")
    store.save([SESSION, stale])
    store.save([Annotation("r1", field, "lost"), Annotation("r1", field, WRITTEN[field])])
    store.save([replace(stale, status="finished", closed=4.0)])
    (found,) = store.runs(RunQuery())
    annotated = replace(stale, **{field: WRITTEN[field]})
    assert found.run == replace(annotated, status="finished", closed=4.0)


def test_annotations_come_after_their_run_in_whatever_order_they_are_given(store):
    written = [Annotation("r1", field, text) for field, text in WRITTEN.items()]
    store.save([*written, RUN, SESSION])
    assert store.runs(RunQuery())[0].run == replace(RUN, **WRITTEN)


def test_an_annotation_of_a_run_that_is_not_there_changes_nothing(store):
    store.save([SESSION, RUN, Annotation("r2", "note", "x")])
    assert [found.run for found in store.runs(RunQuery())] == [RUN]


@pytest.mark.parametrize(
    "outputs",
    [
        pytest.param((RICH,), id="other outputs"),
        pytest.param((SHOWN,), id="fewer outputs"),
        pytest.param((), id="no outputs"),
    ],
)
def test_an_execution_replaces_its_outputs_too(store, outputs):
    store.save([SESSION, replace(EXECUTION, outputs=(RICH, SHOWN, RICH))])
    store.save([replace(EXECUTION, outcome="ok", outputs=outputs)])
    assert store.session_executions("s1") == [replace(EXECUTION, outcome="ok", outputs=outputs)]


@pytest.mark.parametrize("opened", [(1.0, 2.0, 3.0), (3.0, 2.0, 1.0), (1.0, 1.0, 1.0)], ids=str)
def test_the_order_within_a_batch_does_not_matter_whatever_the_clock_says(store, opened):
    for number, order in enumerate(permutations(range(4))):
        session = replace(SESSION, id=f"s{number}")
        ids = [f"r{number}.{level}" for level in range(3)]
        runs = [
            Run(ids[level], session.id, "churn", opened[level], parent_id=[None, *ids][level])
            for level in range(3)
        ]
        store.save([[session, *runs][position] for position in order])
        found = store.runs(RunQuery(session_id=session.id))
        assert sorted(each.run.id for each in found) == ids


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(Run("r2", "nowhere", "churn", 1.0), id="no session"),
        pytest.param(Tag("nowhere", "best"), id="no run"),
        pytest.param(Stretch("nowhere", 1, 1), id="no run of executions"),
        pytest.param(replace(EXECUTION, id="e2"), id="the same place in the session"),
    ],
)
def test_a_batch_is_saved_as_a_whole_or_not_at_all(store, wrong):
    store.save([SESSION, RUN, EXECUTION])
    with pytest.raises(IntegrityError):
        store.save([replace(RUN, name="new"), METRIC, wrong, Tag("r1", "best")])
    (found,) = store.runs(RunQuery())
    assert (found.run, found.metrics, found.tags) == (RUN, (), ())


def test_saving_nothing_does_nothing(store):
    store.save([])
    assert store.count_runs(RunQuery()) == 0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e308, 5e-324])
def test_every_float_is_a_metric(store, value):
    store.save([SESSION, RUN, Metric("r1", "auc", value, value, value, 1, 0, 1.0)])
    (found,) = store.runs(RunQuery())[0].metrics
    assert [repr(each) for each in (found.last, found.minimum, found.maximum)] == [repr(value)] * 3


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("é 日本 🙂 \u202e", id="unicode"),
        pytest.param("".join(map(chr, range(0x4E00, 0x9E00))) * 20, id="huge"),
        pytest.param("'; DROP TABLE runs; --", id="SQL"),
        pytest.param("%_\\", id="wildcards"),
        pytest.param("", id="empty"),
    ],
)
def test_a_name_may_be_any_text(store, text):
    name = text[:250]  # the longest that can be given
    run = replace(RUN, name=name, experiment=name, note=text)
    store.save([SESSION, run, replace(METRIC, name=name), Tag("r1", name, text)])
    store.save([Param("r1", name, "str", json.dumps(text), "cell")])
    store.save([Points.pack("r1", name, 0, [])])
    (found,) = store.runs(RunQuery(experiment=name, order=Order("metrics", name)))
    assert found.run == run
    assert [part.name for part in (*found.params, *found.metrics, *found.tags)] == [name] * 3
    assert store.find_run(name or "r1") == "r1"


def every_kind(text):
    """Make a record of every kind with a text wherever one can be."""
    contents = (Content(text, 1, text),)
    failure, names = Failure(text, text, text), Names((text,), (text,), (text,), (text,))
    execution = Execution(
        "e1", "s1", 1, text, 1.0, text, text, (text,), outcome="error", failure=failure,
        names=names, outputs=(Output("stdout", contents, text),),
    )  # fmt: skip
    return [
        Session("s1", 1.0, "jupyter", text, text, text, text, 1, text, text, ended=2.0),
        Environment("blake3:00", f'{{"x": "{text}"}}'),
        execution,
        Run("r1", "s1", text, 1.0, text, notebook=text, user=text, hypothesis=text, note=text,
            reason=text, environment="blake3:00"),
        Stretch("r1", 1, 1),
        Param.of("r1", text, text, "cell"),
        Metric("r1", text, 1.0, 1.0, 1.0, 1, 0, 1.0),
        Points.pack("r1", text, 0, [Point(0, 1.0, 1.0)]),
        Model("r1", text, text, "{}", "e1"),
        Artifact("r1", text, "blake3:00", 1, text),
        Tag("r1", text, text),
        Value(text, "frame", text, text, text),
        Profile(text, text),
        Use("e1", text, "written", text),
        FileUse("e1", text, "read", text, reason=text),
        Annotation("r1", "hypothesis", text),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "\udcff\0"], ids=ascii)
def test_what_no_database_holds_is_replaced_and_still_found_under_its_name(store, text):
    store.save(every_kind(text))
    store.save(every_kind(text))
    (found,) = store.runs(RunQuery(experiment=text, order=Order("metrics", text)))
    assert len(found.metrics) == len(found.params) == len(found.tags) == 1
    assert found.run.name.encode()
    assert store.find_run(text) == "r1"
    assert len(store.points("r1", text)) == 1
    ((execution, _),) = store.executions("r1")
    assert execution.outputs[0].contents[0].text == execution.source == found.run.name
    assert "\0" not in execution.source
    (data,) = store.data(DataQuery(name=text))
    assert (data.names, data.files) == ((found.run.name,), (found.run.name,))
    assert store.find_data(text) == data.value.digest == data.value.class_name


def test_any_thread_may_save_and_read(store):
    store.save([SESSION, RUN])
    start = threading.Barrier(8)

    def work(number):
        start.wait()
        for step in range(10):
            store.save([Tag("r1", f"t{number}.{step}")])
            assert any(tag.name == f"t{number}.{step}" for tag in store.runs(RunQuery())[0].tags)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert len(store.runs(RunQuery())[0].tags) == 80


SAVE_MANY = """
import sys
from nbmlops.records import Run, Session, Tag
from nbmlops.store import open_store

url, name = sys.argv[1:]
store = open_store(url)
store.save([Session(name, 1.0, "script", "churn", ended=2.0)])
sys.stdin.read(1)
for number in range(100):
    store.save([Run(f"{name}.{number}", name, "churn", number), Tag(f"{name}.{number}", "t")])
"""


def test_processes_that_write_at_once_lose_nothing(store):
    command = [sys.executable, "-c", SAVE_MANY, store.url]
    writers = [
        subprocess.Popen([*command, f"writer{number}"], stdin=subprocess.PIPE)
        for number in range(3)
    ]
    for writer in writers:
        writer.stdin.close()
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    found = store.runs(RunQuery())
    assert len(found) == 300
    assert all(len(summary.tags) == 1 for summary in found)


def test_a_closed_store_opens_again_at_its_next_use(store):
    store.save([SESSION, RUN])
    store.close()
    store.close()
    assert [summary.run for summary in store.runs(RunQuery())] == [RUN]


def test_a_second_look_at_the_same_url_sees_everything(store):
    store.save([SESSION, RUN])
    other = open_store(store.url)
    assert [summary.run for summary in other.runs(RunQuery())] == [RUN]
    other.close()
