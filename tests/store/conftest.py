"""A new store of every kind there is, and what happens in it."""

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from nbmlops.store import open_store
from nbmlops.store.base import Store
from tests.postgres import Server

KINDS = ("sqlite", "postgresql")


def new_url(kind: str, folder: Path, request: pytest.FixtureRequest) -> str:
    """Return the URL of a store that is not there yet; every kind of store has its place here."""
    if kind == "postgresql":
        server: Server = request.getfixturevalue("server")
        return server.new_url()
    return f"sqlite:///{folder}/project/.nbmlops/store.db"


@pytest.fixture(params=KINDS)
def url(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The URL of a store of each kind: a new one if the test itself asks for it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    is_to_be_new = "url" in inspect.signature(request.function).parameters
    if request.param == "postgresql" and not is_to_be_new:
        server: Server = request.getfixturevalue("server")
        with server.lent_store() as lent:
            yield lent
    else:
        yield new_url(request.param, tmp_path, request)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def queries(store: Store) -> Iterator[list[str]]:
    """The statements that the store sends to its database, transactions' ends left out."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield sent
    event.remove(store.engine, "before_cursor_execute", note)
