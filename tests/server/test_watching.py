"""Telling of news, and the threads that answer."""

import asyncio
import threading
import time
from dataclasses import replace

import pytest

from nbmlops.errors import TooBusy, TookTooLong
from nbmlops.records import Annotation
from nbmlops.server import watching
from nbmlops.server.stores import HeldStores, Project
from nbmlops.server.watching import SCHEMA_ID, Watcher
from nbmlops.server.working import Workers
from nbmlops.store import open_store
from tests.server.serving import serving


def write(folder, at):
    store = open_store(f"sqlite:///{folder}/.nbmlops/store.db")
    store.save([Annotation(store.find_run("@1"), "note", f"at {at}", at)])
    store.close()


@pytest.fixture
def told():
    return []


@pytest.fixture
def looked(runs, told):
    """Look at a project for as long as a coroutine takes."""

    def run(coroutine):
        async def main():
            stores = HeldStores()
            watcher = Watcher(stores, lambda project, change: told.append((project, change)))
            try:
                await coroutine(watcher, Project.of(runs))
            finally:
                watcher.close()
                stores.close()

        asyncio.run(main())

    return run


def test_change_is_told_once(looked, runs, told):
    async def look(watcher, project):
        watcher.subscribe(project)
        for at in (1.0, 2.0):
            await watcher.look()
            await watcher.look()
            write(runs, at)
            await watcher.look()
            await watcher.look()

    looked(look)
    assert [project.folder for project, _ in told] == [runs.resolve()] * 2
    assert len({change for _, change in told}) == 2


def test_nobody_is_told_who_has_not_asked_for_a_minute(looked, runs, told, monkeypatch):
    async def look(watcher, project):
        watcher.subscribe(project)
        await watcher.look()
        monkeypatch.setattr(watching, "SUBSCRIBED_SECONDS", -1.0)
        write(runs, 1.0)
        await watcher.look()
        assert not watcher._timer.is_running()

    looked(look)
    assert told == []


def test_only_the_few_that_were_asked_about_last_are_looked_at(looked, runs, root):
    async def look(watcher, project):
        for number in range(10):
            watcher.subscribe(replace(project, url=f"sqlite:///{root}/{number}/store.db"))
        watcher.subscribe(project)
        assert len(watcher._watched) == watching._MOST_WATCHED
        assert project.url in watcher._watched

    looked(look)


def test_store_that_goes_is_news_too(looked, runs, told):
    async def look(watcher, project):
        watcher.subscribe(project)
        await watcher.look()
        for path in (runs / ".nbmlops").glob("store.db*"):
            path.unlink()
        await watcher.look()

    looked(look)
    assert [change for _, change in told] == ["StoreLost"]  # its blobs are there


def test_event_comes_on_the_servers_own_stream(tmp_path, runs):
    with serving(runs, tmp_path) as jupyter:
        came = threading.Event()
        events = []

        async def listen(logger, schema_id, data):
            events.append(data)
            came.set()

        jupyter.app.event_logger.add_listener(schema_id=SCHEMA_ID, listener=listen)
        before = jupyter.get("/status")["change"]
        time.sleep(2 * watching.LOOK_SECONDS)
        write(runs, 1.0)
        assert came.wait(timeout=30)
        [data] = events
        assert data["project"] == str(runs.resolve())
        assert data["change"] != before
        assert data["change"] == jupyter.get("/status")["change"]


# Threads


def test_work_beyond_what_may_wait_is_refused_and_the_rest_is_done():
    async def main():
        workers, go = Workers(2, most_waiting=3), threading.Event()
        started = [workers.start(lambda: go.wait(30)) for _ in range(5)]
        with pytest.raises(TooBusy):
            workers.start(lambda: True)
        go.set()
        assert await asyncio.gather(*map(workers.result, started)) == [True] * 5
        await asyncio.sleep(0)
        assert await workers.result(workers.start(lambda: 7)) == 7
        workers.close()

    asyncio.run(main())


def test_work_that_nobody_waits_for_any_more_is_left_out():
    async def main():
        workers, go, done = Workers(1), threading.Event(), []
        first = workers.start(lambda: go.wait(30))
        second = workers.start(lambda: done.append(2))
        third = workers.start(lambda: done.append(3))
        second.cancel()
        go.set()
        await asyncio.gather(workers.result(first), workers.result(third))
        assert done == [3]
        workers.close()

    asyncio.run(main())


def test_answer_that_takes_too_long_is_not_waited_for():
    async def main():
        workers, go = Workers(1, seconds=0.01), threading.Event()
        with pytest.raises(TookTooLong):
            await workers.result(workers.start(lambda: go.wait(30)))
        go.set()
        workers.close()

    asyncio.run(main())


def test_event_loop_goes_on_while_an_answer_is_made(api, runs, monkeypatch):
    """One answer waits in its thread until another request, of the server itself, is answered."""
    from nbmlops.server import answering

    go = threading.Event()
    made = answering._bytes

    def slow(document):
        if isinstance(document, dict) and "runs" in document:
            assert go.wait(30)
        return made(document)

    monkeypatch.setattr(answering, "_bytes", slow)
    waiting = threading.Thread(target=lambda: api.get("/runs"))
    waiting.start()
    assert api.get("/status")["state"] == "ready"
    assert waiting.is_alive()
    go.set()
    waiting.join(30)
    assert not waiting.is_alive()
