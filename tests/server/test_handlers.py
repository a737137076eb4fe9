"""What becomes of requests that nobody waits for any more."""

import asyncio
import logging
import socket
import threading
import time

import pytest

from nbmlops.server.working import _THREADS
from tests.server.serving import TOKEN

PATIENCE_SECONDS = 30


@pytest.fixture
def busy(jupyter):
    """The server with every thread at work, until the event that is given is set."""
    free = threading.Event()

    async def begin():
        return [jupyter.parts["workers"].start(free.wait) for _ in range(_THREADS)]

    asyncio.run_coroutine_threadsafe(begin(), jupyter.loop).result(timeout=PATIENCE_SECONDS)
    yield free
    free.set()


@pytest.fixture
def logged(jupyter):
    """What the server logs."""
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    jupyter.app.log.addHandler(handler)
    level = jupyter.app.log.level
    jupyter.app.log.setLevel(logging.INFO)
    yield records
    jupyter.app.log.setLevel(level)
    jupyter.app.log.removeHandler(handler)


def test_a_search_that_is_given_up_is_no_fault(jupyter, busy, logged):
    with socket.create_connection(("127.0.0.1", jupyter.port)) as connection:
        head = "GET /a%40b/nbmlops/api/runs?given=up HTTP/1.1\r\nHost: localhost\r\n"
        connection.sendall(f"{head}Authorization: token {TOKEN}\r\n\r\n".encode())
        time.sleep(0.3)  # until it waits for a thread; without that it would find none to give up
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (told := [one.getMessage() for one in logged if "given=up" in one.getMessage()]):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    busy.set()
    assert told[0].startswith("499 "), told
    assert [one for one in logged if one.levelno >= logging.ERROR] == []
