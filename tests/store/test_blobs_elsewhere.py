"""Blobs wherever they are kept: one contract, and a spool for when they cannot be."""

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from nbmlops.errors import BlobCorrupt, BlobMissing
from nbmlops.records import Artifact, Run, Session
from nbmlops.server_errors import BlobsUnavailable
from nbmlops.store import blobs_remote, open_blobs, open_store
from nbmlops.store.base import RunQuery
from nbmlops.store.blobs import LocalBlobs, digest_of
from nbmlops.store.blobs_remote import RemoteBlobs
from nbmlops.store.blobs_spool import SpooledBlobs

BYTES = b"\0bytes\xff" * 99


@pytest.fixture(scope="module")
def bucket():
    """The URL of a bucket in a server that speaks as S3 does."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    port = server.get_host_and_port()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "any")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "any")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        fsspec.filesystem("s3").mkdir("team")
        yield "s3://team"
    fsspec.filesystem("s3").clear_instance_cache()
    server.stop()


@pytest.fixture(params=["local", "file", "memory", "s3", "spool"])
def blobs(request, tmp_path):
    folder = tmp_path / "blobs"
    match request.param:
        case "local":
            return LocalBlobs(folder)
        case "s3":
            return RemoteBlobs(f"{request.getfixturevalue('bucket')}/{tmp_path.name}")
        case "spool":
            return SpooledBlobs(LocalBlobs(tmp_path / "waiting"), RemoteBlobs(f"file://{folder}"))
        case protocol:
            return RemoteBlobs(f"{protocol}://{folder}")


def test_what_was_put_is_got(blobs):
    digest = blobs.put(BYTES)
    assert (blobs.get(digest), blobs.size(digest)) == (BYTES, len(BYTES))
    assert digest == digest_of(BYTES)
    assert blobs.put_at(digest) > 0


def test_the_same_bytes_are_kept_once_and_listed_in_order(blobs):
    digests = {blobs.put(bytes([number % 5])) for number in range(10)}
    assert blobs.digests() == sorted(digests)
    assert len(digests) == 5


@pytest.mark.parametrize("ask", ["get", "size", "put_at"])
def test_what_is_not_there_is_missing(blobs, ask):
    with pytest.raises(BlobMissing):
        getattr(blobs, ask)(digest_of(b"nothing"))


def test_where_nothing_was_put_there_is_nothing(blobs):
    assert blobs.digests() == []
    assert not blobs.remove(digest_of(b"nothing"), put_before=float("inf"))


def test_what_is_removed_is_gone_unless_it_was_put_since(blobs):
    digest = blobs.put(BYTES)
    assert not blobs.remove(digest, put_before=0.0)
    assert blobs.get(digest) == BYTES
    assert blobs.remove(digest, put_before=float("inf"))
    assert blobs.digests() == []


@pytest.mark.parametrize("protocol", ["file", "memory"])
def test_bytes_that_changed_where_they_are_kept_are_never_given(tmp_path, protocol):
    blobs = RemoteBlobs(f"{protocol}://{tmp_path}/blobs")
    digest = blobs.put(BYTES)
    blobs._files.pipe_file(blobs._path(digest), BYTES[:-1])
    with pytest.raises(BlobCorrupt):
        blobs.get(digest)
    blobs.put(BYTES)
    assert blobs.get(digest) == BYTES


def test_writing_that_is_cut_off_leaves_nothing_that_looks_whole(tmp_path, monkeypatch):
    blobs = RemoteBlobs(f"file://{tmp_path}/blobs")
    monkeypatch.setattr(blobs._files, "mv", lambda *_: 1 / 0)
    with pytest.raises(BlobsUnavailable):
        blobs.put(BYTES)
    assert blobs.digests() == []
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []


def test_a_place_that_cannot_be_reached_is_named_without_its_password(monkeypatch):
    monkeypatch.setattr(blobs_remote, "digest_of", digest_of)
    with pytest.raises(BlobsUnavailable) as caught:
        RemoteBlobs("nosuch://ada:hidden@host/blobs")
    assert "hidden" not in str(caught.value)
    assert "nosuch://host/blobs" in str(caught.value)


def test_blobs_of_a_store_wait_until_its_next_record_and_are_then_where_the_url_says(tmp_path):
    url = f"sqlite:///{tmp_path}/store.db?blobs=file://{tmp_path}/elsewhere"
    digest = open_blobs(url).put(BYTES)
    assert not (tmp_path / "elsewhere").exists()
    store = open_store(url)
    assert store.blobs.get(digest) == BYTES
    store.save([
        Session("s1", 1.0, "script", "x", ended=2.0), Run("r1", "s1", "x", 1.0),
        Artifact("r1", "report", digest, len(BYTES), "text/html"),
    ])  # fmt: skip
    assert RemoteBlobs(f"file://{tmp_path}/elsewhere").digests() == [digest]
    assert open_blobs(url).digests() == []
    assert [one.text for one in store.check() if not one.is_good] == []
    store.close()


def test_records_wait_for_their_blobs_where_these_cannot_be_kept(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path}/store.db?blobs=file://{tmp_path}/elsewhere"
    digest = open_blobs(url).put(BYTES)
    store = open_store(url)
    (tmp_path / "elsewhere").write_text("in the way")
    session = Session("s1", 1.0, "script", "x", ended=2.0)
    with pytest.raises(BlobsUnavailable):
        store.save([session])
    assert store.latest_session() is None
    [waits] = [one.text for one in store.check() if one.subject == "waiting"]
    assert waits.startswith("0 records of 0 sessions and 1 blobs")
    (tmp_path / "elsewhere").unlink()
    store.save([session])
    assert (store.latest_session(), store.blobs.get(digest)) == (session, BYTES)
    assert store.count_runs(RunQuery()) == 0
    store.close()


def test_what_is_set_aside_is_missing_until_it_is_put_again(blobs):
    digest = blobs.put(BYTES)
    assert blobs.set_aside(digest)
    assert blobs.digests() == []
    for ask in (blobs.get, blobs.set_aside):
        with pytest.raises(BlobMissing):
            ask(digest)
    assert blobs.get(blobs.put(BYTES)) == BYTES
