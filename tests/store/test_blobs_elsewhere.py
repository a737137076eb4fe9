"""Blobs wherever they are kept: one contract, and a spool for when they cannot be."""

import math
import os
import time
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from moto.server import ThreadedMotoServer

from nbmlops.errors import BlobCorrupt, BlobMissing, BlobsUnavailable, ServerAway
from nbmlops.records import Artifact, Run, Session
from nbmlops.store import blobs_remote, live_folder, open_blobs, open_store, sql
from nbmlops.store.base import RENEWED_SECONDS, RunQuery
from nbmlops.store.blobs import LocalBlobs, digest_of
from nbmlops.store.blobs_remote import RemoteBlobs
from nbmlops.store.blobs_spool import SpooledBlobs
from nbmlops.store.live import LiveFile

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
    assert waits.startswith("0 records of 0 sessions and 1 blob")
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


class Timeless(MemoryFileSystem):
    """A file system that does not tell when a file was written."""

    protocol = "timeless"
    written = 0

    def info(self, path, **options):
        told = super().info(path, **options)
        return {name: value for name, value in told.items() if name != "created"}

    def pipe_file(self, path, value, **options):
        Timeless.written += 1
        super().pipe_file(path, value, **options)


def test_where_no_time_is_told_nothing_is_old_and_what_is_put_again_is_written_again(tmp_path):
    fsspec.register_implementation("timeless", Timeless, clobber=True)
    blobs = RemoteBlobs(f"timeless:/{tmp_path}")
    Timeless.written = 0
    digest, again = blobs.put(BYTES), blobs.put(BYTES)
    assert (again, Timeless.written) == (digest, 2)
    assert blobs.put_at(digest) > time.time() - 60
    assert not blobs.remove(digest, put_before=time.time() - 60)
    assert blobs.remove(digest, put_before=math.inf)


@pytest.fixture
def spooled(tmp_path):
    """A store whose blobs are elsewhere, with a session and a run in it."""
    store = open_store(f"sqlite:///{tmp_path}/store.db?blobs=file://{tmp_path}/elsewhere")
    store.save([Session("s1", 1.0, "script", "x", ended=2.0), Run("r1", "s1", "x", 1.0)])
    yield store
    store.close()


def artifact(digest):
    return Artifact("r1", digest, digest, len(BYTES), "text/html")


def refusing(monkeypatch, kept, *refused):
    """Have a place refuse some bytes, or all where none are named."""
    put = kept.put

    def asked(data):
        if not refused or digest_of(data) in refused:
            raise BlobsUnavailable(kept.url, "too large")
        return put(data)

    monkeypatch.setattr(kept, "put", asked)


def test_blobs_wait_here_until_the_records_that_name_them_are_saved(spooled, monkeypatch):
    digest = spooled.blobs.put(BYTES)
    monkeypatch.setattr(sql, "save_all", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        spooled.save([artifact(digest)])
    monkeypatch.undo()
    assert (spooled.blobs.waiting.digests(), spooled.blobs.kept.digests()) == ([digest], [digest])
    spooled.blobs.kept.remove(digest, put_before=math.inf)  # as gc elsewhere may, days later
    spooled.save([artifact(digest)])
    assert (spooled.blobs.waiting.digests(), spooled.blobs.kept.digests()) == ([], [digest])


def test_no_blob_goes_where_the_database_is_away(server, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    store = open_store(f"{server.new_url()}&blobs=file://{tmp_path}/elsewhere")
    digest = store.blobs.put(BYTES)
    server.stop()
    try:
        with pytest.raises(ServerAway):
            store.save([Session("s1", 1.0, "script", "x")])
    finally:
        server.start()
    assert (store.blobs.waiting.digests(), store.blobs.kept.digests()) == ([digest], [])
    store.close()


@pytest.mark.parametrize(
    ("seconds_ago", "is_named_by_living", "is_let_go"),
    [(60, False, False), (2 * RENEWED_SECONDS, False, True), (2 * RENEWED_SECONDS, True, False)],
    ids=["its record may come yet", "nobody names it", "a living session is about to name it"],
)
def test_blobs_of_others_are_let_go_when_nobody_is_about_to_name_them(
    spooled, seconds_ago, is_named_by_living, is_let_go
):
    digest = spooled.blobs.put(BYTES)
    moment = time.time() - seconds_ago
    os.utime(spooled.blobs.waiting.path(digest), (moment, moment))
    living = LiveFile(live_folder(spooled.url), "s2")
    living.append([artifact(digest)] if is_named_by_living else [])
    spooled.save([Run("r2", "s1", "x", 1.0)])
    assert spooled.blobs.waiting.digests() == ([] if is_let_go else [digest])
    assert spooled.blobs.kept.digests() == [digest]
    living.close()


def test_a_blob_that_comes_while_records_are_saved_goes_on_waiting(spooled, monkeypatch):
    late, save_all = digest_of(b"late"), sql.save_all
    monkeypatch.setattr(
        sql, "save_all", lambda *given: (spooled.blobs.put(b"late"), save_all(*given))
    )
    spooled.blobs.put(BYTES)
    spooled.save([artifact(late)])
    assert spooled.blobs.get(late) == b"late"


def test_a_damaged_blob_that_waits_is_put_aside_and_told_and_delivery_goes_on(spooled):
    damaged, whole = spooled.blobs.put(BYTES), spooled.blobs.put(b"whole")
    spooled.blobs.waiting.path(damaged).write_bytes(b"")
    spooled.save([artifact(damaged), artifact(whole)])
    assert spooled.blobs.kept.digests() == [whole]
    [told] = [one for one in spooled.check() if one.subject == "waiting"]
    assert not told.is_good
    assert f"1 damaged in {spooled.blobs.waiting.folder / 'damaged'}" in told.text


def test_a_blob_that_is_refused_holds_up_only_the_records_that_name_it(spooled, monkeypatch):
    digests = [spooled.blobs.put(data) for data in (BYTES, b"small", b"tiny")]
    refusing(monkeypatch, spooled.blobs.kept, digests[0])
    with pytest.raises(BlobsUnavailable, match="too large"):
        spooled.save([artifact(digests[0]), artifact(digests[1])])
    spooled.save([artifact(digest) for digest in digests[1:]])
    names = {found.name for found in spooled.runs(RunQuery())[0].artifacts}
    assert names == {*digests[1:]}
    assert spooled.blobs.waiting.digests() == [digests[0]]


def test_a_place_that_refuses_all_is_asked_twice_and_not_for_each_blob(spooled, monkeypatch):
    for number in range(9):
        spooled.blobs.put(bytes([number]))
    asked = []
    refusing(monkeypatch, spooled.blobs.kept)
    refuse = spooled.blobs.kept.put
    monkeypatch.setattr(spooled.blobs.kept, "put", lambda data: (asked.append(data), refuse(data)))
    with pytest.raises(BlobsUnavailable):
        spooled.save([Run("r2", "s1", "x", 1.0)])
    assert (len(asked), spooled.count_runs(RunQuery())) == (2, 1)


def test_a_blob_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    done, fsync, replace = [], os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda number: (done.append("synced"), fsync(number)))
    monkeypatch.setattr(
        Path, "replace", lambda path, to: (done.append("named"), replace(path, to))[1]
    )
    LocalBlobs(tmp_path).put(BYTES)
    assert done == ["synced", "named"]
