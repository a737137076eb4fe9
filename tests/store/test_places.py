"""URLs of stores and blobs: what of them is shown, whatever a password looks like."""

import socket

import pytest

from nbmlops.errors import StoreMissing, UnsupportedStore
from nbmlops.records import Artifact, Run, Session
from nbmlops.store import live_folder, open_store, store_to_read
from nbmlops.store.live import LiveFile
from nbmlops.store.places import home_of, passwords_in, path_of, without_password, without_user

SHOWN = {
    "postgresql://ada:secret@host/db": "postgresql://ada@host/db",
    "postgresql://ada:sec@ret@host/db": "postgresql://ada@host/db",
    "postgresql://ada:sec/r?et@host/db?options=a@b": "postgresql://ada@host/db?options=a@b",
    "postgresql://ada@host/db?PASSWORD=secret": "postgresql://ada@host/db",
    "postgresql://host/db?sslPassword=secret&x=1": "postgresql://host/db?x=1",
    "postgresql://host:5432/db": "postgresql://host:5432/db",
    "sqlite:////a@b/store.db": "sqlite:////a@b/store.db",
}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mysql://ada:secret@host/db", "mysql://ada@host/db"),
        ("mysql+pymysql://ada:sec@ret@host/db?password=secret", "mysql+pymysql://ada@host/db"),
        ("PostgreSQL://ada:secret@host/db", "PostgreSQL://ada@host/db"),
        ("sqlite://ada:secret@host/db", "sqlite://ada@host/db"),
        ("https://host/a@b:c", "https://host/a@b:c"),
    ],
)
def test_a_url_that_holds_no_store_is_shown_without_its_password_too(url, shown):
    with pytest.raises(UnsupportedStore) as caught:
        path_of(url)
    assert caught.value.url == shown


@pytest.mark.parametrize(("url", "shown"), SHOWN.items())
def test_store_is_shown_without_its_password(url, shown):
    assert without_password(url) == shown
    assert ("sec" in url) == bool(passwords_in(url))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sftp://ada:secret@host/blobs", "sftp://host/blobs"),
        ("sftp://ada@host/blobs", "sftp://host/blobs"),
        ("sftp://ada:p@ss@host/x", "sftp://host/x"),
        ("sftp://ada:se/cret@host/x", "sftp://host/x"),
        ("sftp://ada:se?cret@host/x", "sftp://host/x"),
        ("sftp://ada:@host/x?password=secret", "sftp://host/x"),
        ("sftp://host:22/x", "sftp://host:22/x"),
        ("s3://bucket/a@b/c", "s3://bucket/a@b/c"),
        ("file:///home/a@b", "file:///home/a@b"),
    ],
)
def test_place_of_blobs_is_shown_without_user(url, shown):
    assert without_user(url) == shown


def test_rest_of_a_password_that_a_driver_takes_for_a_host_is_known():
    said = 'could not translate host name "ss@host"'
    secrets = passwords_in("postgresql://ada:p@ss@host/db")
    assert secrets == ["p@ss", "ss@"]
    for secret in secrets:
        said = said.replace(secret, "***")
    assert said == 'could not translate host name "***host"'


def test_a_name_that_no_file_can_have_is_that_of_no_store():
    for ask in (path_of, home_of, open_store, store_to_read):
        with pytest.raises(StoreMissing):
            ask("sqlite:////tmp/a\0b/store.db")


def test_a_store_behind_a_link_is_one_with_the_file(tmp_path):
    file, link = tmp_path / "real" / "store.db", tmp_path / "project" / "store.db"
    open_store(f"sqlite:///{file}").close()
    link.parent.mkdir()
    link.symlink_to(file)
    assert home_of(f"sqlite:///{link}") == file.parent
    linked, direct = (open_store(f"sqlite:///{path}") for path in (link, file))
    alive = LiveFile(live_folder(linked.url), "s1")
    here = Session("s1", 1.0, "script", "x", host=socket.gethostname(), heartbeat=1.0)
    blob = linked.blobs.put(b"drawn")
    linked.save([here, Run("r1", "s1", "x", 1.0), Artifact("r1", "drawing", blob, 5, "text/plain")])
    assert direct.settle() == []  # it would end the run
    assert direct.blobs.get(blob) == b"drawn"
    alive.close()
    linked.close()
    direct.close()


def test_a_link_to_what_is_not_there_leads_nowhere(tmp_path):
    link = tmp_path / "store.db"
    link.symlink_to(tmp_path / "unmounted" / "store.db")
    assert path_of(f"sqlite:///{link}") == link
    with pytest.raises(StoreMissing):
        store_to_read(f"sqlite:///{link}")
