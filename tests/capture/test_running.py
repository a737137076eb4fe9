"""Whose is what happens in a thread."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from nbmlops.capture.running import RunningHere


class Threads:
    """Two threads that each begin something of their own, and one from before."""

    def __init__(self, *, both):
        self.running = RunningHere()
        self.running.open()
        self.pools = {name: ThreadPoolExecutor(1) for name in ("pool", "one", "other")}
        self.do("pool", int)
        self.do("one", lambda: self.running.add("one"))
        if both:
            self.do("other", lambda: self.running.add("other"))

    def do(self, where, work):
        return self.pools[where].submit(work).result(30)

    def here(self, where):
        return self.do(where, self.running.here), self.do(where, self.running.one_here)

    def close(self):
        self.running.close()
        for pool in self.pools.values():
            pool.shutdown()


@pytest.fixture
def threads():
    made = []

    def make(**options):
        made.append(Threads(**options))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.mark.parametrize(
    ("both", "where", "expected"),
    [
        pytest.param(False, "one", (("one",), "one"), id="its own"),
        pytest.param(False, "pool", (("one",), "one"), id="the only one's"),
        pytest.param(True, "one", (("one",), "one"), id="its own beside another"),
        pytest.param(True, "pool", (("one", "other"), None), id="anyone's"),
    ],
)
def test_whose_it_is(threads, both, where, expected):
    assert threads(both=both).here(where) == expected


def in_new_thread(work):
    found = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join(30)
    return found[0]


def test_a_thread_belongs_to_what_started_it(threads):
    made = threads(both=True)
    here = made.running.one_here
    assert made.do("other", lambda: in_new_thread(here)) == "other"
    assert made.do("one", lambda: in_new_thread(lambda: in_new_thread(here))) == "one"
    assert made.do("pool", lambda: in_new_thread(here)) is None


def test_a_thread_outlives_what_started_it_and_belongs_to_who_is_left(threads):
    made = threads(both=True)
    go_on, found = threading.Event(), []

    def work():
        assert go_on.wait(30)
        found.append(made.running.here())

    def start():
        thread = threading.Thread(target=work)
        thread.start()
        return thread

    thread = made.do("one", start)
    made.do("one", made.running.remove)
    made.do("one", lambda: made.running.add("next"))
    go_on.set()
    thread.join(30)
    assert {*found[0]} == {"next", "other"}


def test_another_in_the_same_thread_takes_its_place(threads):
    made = threads(both=True)
    made.do("one", lambda: made.running.add("next"))
    assert {*made.running.all} == {"next", "other"}


def test_what_is_dropped_from_elsewhere_runs_no_more(threads):
    made = threads(both=True)
    made.running.drop("one")
    assert made.here("one") == (("other",), "other")
    assert made.do("one", made.running.remove) is None
    assert made.do("other", made.running.remove) == "other"
    assert made.running.all == ()
