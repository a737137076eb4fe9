"""The thread that does what takes too long for a cell's end."""

import threading

import pytest

from nbmlops.capture.background import Background


def blocked(background: Background) -> threading.Event:
    """Keep the thread busy until the event is set."""
    go_on, has_begun = threading.Event(), threading.Event()

    def job() -> None:
        has_begun.set()
        go_on.wait(30)

    background.put(job, urgent=True)
    assert has_begun.wait(30)
    return go_on


def test_urgent_jobs_come_before_those_that_wait_longer():
    faults: list[BaseException] = []
    background = Background(faults.append)
    go_on = blocked(background)
    order: list[str] = []
    background.put(lambda: order.append("profile"), urgent=False)
    background.put(lambda: order.append("digest"), urgent=True)
    go_on.set()
    assert background.wait(30)
    assert order == ["digest", "profile"]
    assert not faults


@pytest.mark.parametrize("kind", [ZeroDivisionError, SystemExit, KeyboardInterrupt])
def test_an_error_in_one_job_is_told_and_costs_no_other(kind: type[BaseException]):
    faults: list[BaseException] = []
    background = Background(faults.append)
    done = []

    def fails() -> None:
        raise kind

    background.put(fails, urgent=True)
    background.put(lambda: done.append(1), urgent=True)
    assert background.wait(30)
    assert done == [1]
    assert [type(fault) for fault in faults] == [kind]


def test_waiting_ends_in_time_when_a_job_does_not():
    background = Background(print)
    go_on = blocked(background)
    assert not background.wait(0.01)
    go_on.set()
    assert background.wait(30)


def test_waiting_for_what_is_urgent_does_not_wait_for_the_rest():
    background = Background(print)
    go_on, has_begun = threading.Event(), threading.Event()

    def profile() -> None:
        has_begun.set()
        go_on.wait(30)

    background.put(profile, urgent=False)
    assert has_begun.wait(30)
    assert background.wait(30, urgent_only=True)
    assert background.is_working
    background.put(lambda: None, urgent=True)
    assert not background.wait(0.01, urgent_only=True)
    go_on.set()
    assert background.wait(30)


def test_closing_drops_what_is_not_done_in_time_and_takes_nothing_more():
    background = Background(print)
    go_on = blocked(background)
    done: list[int] = []
    background.put(lambda: done.append(1), urgent=False)
    assert not background.close(0.01)
    background.put(lambda: done.append(2), urgent=True)
    go_on.set()
    assert background.wait(30)
    assert done == []


def test_no_thread_is_started_before_the_first_job():
    before = threading.active_count()
    Background(print)
    assert threading.active_count() == before


def test_a_job_that_was_done_is_not_held():
    class Big:
        pass

    import weakref

    background = Background(print)
    big = Big()
    gone = weakref.ref(big)
    background.put(lambda big=big: None, urgent=True)
    del big
    assert background.wait(30)
    assert gone() is None
