"""The machine's clock is set while something is recorded: durations and what came last hold."""

import importlib
import time

import pytest

import nbmlops
from nbmlops import canonical
from nbmlops.store import open_store
from nbmlops.store.base import RunQuery
from nbmlops.tracking import (
    active,
    annotating,
    clocks,
    current,
    keeping,
    looking,
    run_rules,
    script,
    tracker,
)

HOUR = 3600.0


@pytest.fixture
def clock(monkeypatch):
    """What the machine's clock is set to be ahead, in seconds."""
    ahead = [0.0]

    def told():
        return time.time() + ahead[0]

    for module in ("sql", "selecting"):  # else they would take this clock for good at their import
        importlib.import_module(f"nbmlops.store.{module}")
    for module in (canonical, clocks, current, run_rules, script, tracker):
        monkeypatch.setattr(module, "now", told)
    monkeypatch.setattr(active, "_clock", told)
    return ahead


@pytest.mark.parametrize("jump", [-HOUR, HOUR], ids=["backwards", "forwards"])
def test_durations_are_those_of_a_clock_that_nobody_sets(clock, project, jump):
    url = f"sqlite:///{project}/store.db"
    current.start(None, url=url, quiet=True)
    run = nbmlops.start_run("set meanwhile")
    run.annotate(note="first")
    run.log_metric("loss", 1.0)
    clock[0] = jump
    run.log_metric("loss", 0.5)
    run.annotate(note="last")
    run.finish()
    current.stop()
    store = open_store(url)
    [found] = store.runs(RunQuery())
    [(execution, _)] = store.executions(found.run.id)
    assert 0 <= found.run.closed - found.run.opened < 60
    assert 0 <= execution.duration_seconds < 60
    assert (found.run.status, found.run.note) == ("finished", "last")
    assert [point.value for point in store.points(found.run.id, "loss")] == [1.0, 0.5]
    assert [one for one in store.check() if not one.is_good] == []
    store.close()


def test_what_was_written_by_a_clock_that_is_ahead_gives_way_to_what_is_written_later(clock, runs):
    clock[0] = 1000 * HOUR
    annotating.annotate("baseline", note="of the future", tags=["stage=a"])
    keeping.pin("baseline")
    clock[0] = 0.0
    annotating.annotate("baseline", note="of today", tags=["stage=b"])
    keeping.unpin("baseline")
    page = looking.show("baseline").to_json()
    assert (page["note"], page["tags"]["stage"]) == ("of today", "b")
    keeping.delete("baseline")
    assert "baseline" not in [run.run.name for run in looking.runs()]
