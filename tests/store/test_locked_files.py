"""What a process does with its own store's files beside, and what others then make of it."""

import contextlib

import pytest

from nbmlops.records import Run, Session
from nbmlops.store import live_folder, open_store
from nbmlops.store.base import Policy, RunQuery
from nbmlops.store.live import LiveFile
from nbmlops.store.probing import probe
from nbmlops.store.waiting import waiting

# Another process, which takes itself for the last user of the store when it closes it.
OTHER = """
import sys
from nbmlops.records import Run
from nbmlops.store import live_folder, open_store
from nbmlops.store.base import RunQuery
from nbmlops.store.live import is_alive

store = open_store(sys.argv[1])
store.save([Run(sys.argv[2], "s1", "x", 1.0)])
store.settle()
print(is_alive(live_folder(store.url), "s1"), *sorted(one.run.id for one in store.runs(RunQuery())))
store.close()
"""


def look_again(url):
    with contextlib.closing(open_store(url)) as other:
        other.runs(RunQuery())


def make_space(url):
    with contextlib.closing(open_store(url)) as other:
        other.make_space(Policy(0.0, 0.0), is_done=False)


def look_for_text(url):
    with contextlib.closing(open_store(url)) as other:
        assert other.places_of("a text that is nowhere") == ()


@pytest.mark.parametrize(
    "beside",
    [look_again, probe, make_space, look_for_text, waiting],
    ids=["look again", "probe", "gc", "absent", "waiting"],
)
def test_what_is_written_after_a_look_beside_is_not_lost_when_others_close_the_store(
    tmp_path, run_python, beside
):
    url = f"sqlite:///{tmp_path}/store.db"
    session = LiveFile(live_folder(url), "s1")
    store = open_store(url)
    store.save([Session("s1", 1.0, "script", "x")])
    for number in range(2):
        beside(url)
        assert run_python(OTHER, url, f"other{number}").startswith("True other0")
        store.save([Run(f"own{number}", "s1", "x", 1.0)])
    assert run_python(OTHER, url, "last") == "True last other0 other1 own0 own1"
    store.close()
    assert run_python(OTHER, url, "last") == "True last other0 other1 own0 own1"
    session.close()


def test_no_handle_is_kept_of_what_is_not_held_any_more(tmp_path):
    from nbmlops.store import locked_files

    url = f"sqlite:///{tmp_path}/store.db"
    store = open_store(url)
    probe(url)
    held = len(locked_files._kept)
    assert held >= 1
    store.close()
    assert len(locked_files._kept) == held - 1
