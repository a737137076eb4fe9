"""What every store promises about sessions that died; `nbmlops.store.base` says it in words."""

import socket
import time
from dataclasses import replace

import pytest

from nbmlops.errors import StoreNotWritable
from nbmlops.records import Annotation, Environment, Execution, Metric, Run, Session, Tag
from nbmlops.store import live, live_folder, settling
from nbmlops.store.base import RunQuery
from nbmlops.store.lines import to_line

HERE, NOW = socket.gethostname(), time.time()


def living(**fields):
    """Make the records of a session that has not ended, with a run and a running execution."""
    session = Session("s1", NOW - 500, "jupyter", "churn", heartbeat=NOW, **fields)
    return [
        session,
        Execution("e1", "s1", 1, "x = 1", NOW - 400, "c1", duration_seconds=9.0, outcome="ok"),
        Execution("e2", "s1", 2, "sleep(99)", NOW - 300, "c2"),
        Run("r1", "s1", "churn", NOW - 450),
        Run("r2", "s1", "churn", NOW - 490, status="finished", closed=NOW - 480),
    ]


def save_dead(store, records):
    """Save what a process left that was killed when all of it was delivered."""
    store.save(records)
    live.LiveFile(live_folder(store.url), "s1").close()
    (live_folder(store.url) / "s1.jsonl").touch()


def test_a_session_whose_process_is_gone_is_settled_once(store):
    save_dead(store, living(host=HERE))
    assert store.settle() == ["s1"]
    assert store.settle() == []
    assert store.session("s1").interrupted
    assert store.session("s1").ended == NOW
    latest, earlier = store.runs(RunQuery())
    assert (latest.run.status, latest.run.closed) == ("interrupted", NOW)
    assert "during execution [2]" in latest.run.reason
    assert (earlier.run.status, earlier.run.reason) == ("finished", None)
    assert [one.outcome for one in store.session_executions("s1")] == ["ok", "interrupted"]


def test_a_session_that_ended_between_cells_says_after_which(store):
    session, execution, _, run, _ = living(host=HERE)
    save_dead(store, [session, execution, run])
    store.settle()
    assert "after execution [1]" in store.runs(RunQuery())[0].run.reason


def test_a_run_ends_with_its_last_measurement_and_contains_what_was_interrupted(store):
    session, first, second, run, _ = living(host=HERE)
    session = replace(session, heartbeat=NOW - 300)
    measured = Metric("r1", "loss", 0.1, 0.1, 0.9, 7, 6, NOW - 20, execution_id="e2")
    other = Run("r3", "s1", "churn", NOW - 440, automatic=True)
    named = Run("r4", "s1", "churn", NOW - 430, name="outer")
    save_dead(store, [session, first, second, run, measured, other, named])
    store.settle()
    found = {one.run.id: one.run for one in store.runs(RunQuery())}
    assert {each.closed for each in found.values()} == {NOW - 20}
    contained = {
        run_id: [
            (each.id, each.outcome, link.gave_result) for each, link in store.executions(run_id)
        ]
        for run_id in found
    }
    assert contained == {
        "r1": [("e2", "interrupted", True)],
        "r3": [],
        "r4": [("e2", "interrupted", False)],
    }


def test_the_end_of_a_session_is_told_only_after_what_it_left(store, monkeypatch):
    session, *_, run, _ = living(host=HERE)
    store.save([session])
    folder = live_folder(store.url)
    live.LiveFile(folder, "s1").close()
    (folder / "s1.jsonl").write_text(to_line([run]))
    with monkeypatch.context() as patch:
        patch.setattr(live, "live_files", lambda _: [])  # it died after they were looked at
        assert store.settle() == []
    assert store.settle() == ["s1"]
    assert store.runs(RunQuery())[0].run.status == "interrupted"


def test_a_run_of_a_dead_session_reads_interrupted_also_while_nothing_can_be_saved(
    store, monkeypatch
):
    if store.dialect.is_shared:
        pytest.skip("there another user of this machine may live, whose files are elsewhere")
    save_dead(store, living(host=HERE))
    with monkeypatch.context() as patch:
        patch.setattr(settling, "_bury", raises(StoreNotWritable(store.url, "full")))
        with pytest.raises(StoreNotWritable):
            store.settle()
    assert [one.run.status for one in store.runs(RunQuery())] == ["interrupted", "finished"]


def raises(problem):
    def refuse(*_):
        raise problem

    return refuse


def test_a_run_never_closes_before_it_was_opened(store):
    session, *_ = living(host=HERE)
    save_dead(store, [session, Run("r1", "s1", "churn", NOW + 5)])
    store.settle()
    assert store.runs(RunQuery())[0].run.closed == NOW + 5


def test_a_session_that_ends_itself_while_it_is_looked_at_is_left_alone(store, monkeypatch):
    session, *rest = living(host=HERE)
    session = replace(session, heartbeat=time.time())
    store.save([session, *rest])

    def end(*_):
        store.save([replace(session, ended=NOW)])
        return False

    monkeypatch.setattr(live, "has_file", end)
    assert store.settle() == []
    assert not store.session("s1").interrupted
    assert store.runs(RunQuery())[0].run.status == "running"


def test_a_torn_record_costs_only_those_that_refer_to_it(store):
    store.save([Session("s0", 1.0, "script", "x", ended=2.0), Run("r0", "s0", "x", 1.0)])
    folder = live_folder(store.url)
    folder.mkdir(parents=True)
    lost = Run("r1", "s1", "x", NOW)
    left = [Tag("r1", "lost"), Tag("r0", "b"), Annotation("r2", "note", "n"),
            Run("r2", "s1", "x", NOW, environment="blake3:00"), lost,
            Environment("blake3:00", "{}"),
            Session("s1", NOW, "script", "x", host=HERE)]  # fmt: skip
    lines = [to_line([record]) for record in left]
    lines[4] = lines[4][:20]
    (folder / "s1.jsonl").write_text("\n".join(lines))
    assert store.settle() == ["s1"]
    latest, earlier = store.runs(RunQuery())
    assert (latest.run.id, latest.run.status, latest.run.note) == ("r2", "interrupted", "n")
    assert earlier.tags == (Tag("r0", "b"),)
    assert [path.name for path in folder.iterdir()] == ["s1.unreadable"]
    [told] = [each.text for each in store.check() if each.subject == "faults"]
    assert "1 other record of its session was lost (what they belong to is lost)" in told


def test_a_session_that_ended_itself_is_left_alone(store):
    session, *rest = living(host=HERE)
    store.save([replace(session, ended=NOW), *rest])
    assert store.settle() == []
    assert store.runs(RunQuery())[0].run.status == "running"


@pytest.mark.parametrize(
    ("silent_seconds", "status"),
    [pytest.param(10, "running", id="heard of"), pytest.param(600, "interrupted", id="silent")],
)
def test_a_session_of_another_host_is_judged_by_its_silence_and_never_changed(
    store, silent_seconds, status
):
    session, *rest = living(host="elsewhere")
    store.save([replace(session, heartbeat=time.time() - silent_seconds), *rest])
    assert store.settle() == []
    assert store.runs(RunQuery(ids=("r1",)))[0].run.status == status
    assert store.session("s1").ended is None
    store.save([replace(session, heartbeat=time.time())])
    assert store.runs(RunQuery(ids=("r1",)))[0].run.status == "running"
