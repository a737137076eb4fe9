"""Whether something takes connections where a URL says that a server is."""

import contextlib
import socket

import pytest

from nbmlops.store.reaching import answers


@pytest.fixture
def listening():
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://127.0.0.1:{port}/db",
        "postgresql://ada:hid:den@127.0.0.1:{port}/db",
        "postgresql:///db?host=127.0.0.1&port={port}",
        "postgresql:///db?host=/nowhere,127.0.0.1&port=1,{port}",
        "postgresql://127.0.0.1:{port}/db?blobs=s3://bucket/x",
    ],
)
def test_a_server_that_listens_answers(listening, url):
    assert answers(url.format(port=listening), within_seconds=10)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://127.0.0.1:1/db",
        "postgresql:///db?host=/nowhere",
        "postgresql://no.such.host.invalid/db",
        "postgresql://127.0.0.1:port/db",
    ],
)
def test_where_nobody_listens_nothing_answers(url):
    assert not answers(url, within_seconds=0.2)


def test_a_server_on_a_socket_answers(server):
    assert answers(server.url(), within_seconds=10)
