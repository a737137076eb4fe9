"""URLs of stores and blobs: what of them is shown, whatever a password looks like."""

import pytest

from nbmlops.errors import StoreMissing
from nbmlops.store import open_store, store_to_read
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
