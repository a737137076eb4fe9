"""Forgetting a text for good: in records, blobs, and the files beside the database.

What takes the place of a text has as many bytes, so that sizes stay right and pickled models can
be read. A blob of which bytes change has another digest, and so has an environment: what names it
is changed with it. What was compressed or encrypted, an image say, cannot be looked into.
"""

import glob
import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import (
    Connection,
    delete,
    insert,
    select,
    update,
)

from nbmlops.drawing.progress import with_progress
from nbmlops.errors import (
    BlobCorrupt,
    BlobMissing,
)
from nbmlops.records import Digest
from nbmlops.redaction.forms import as_bytes
from nbmlops.store import live_folder, tables
from nbmlops.store.base import Forgotten
from nbmlops.store.blobs import LocalBlobs, digest_of
from nbmlops.store.covering import (
    Covers,
    count_with,
    cover,
    covered_document,
    covered_names,
    covers_of,
    tables_with_text,
    text_columns,
    written_in_json,
)
from nbmlops.store.forgettable import check_forgettable, forms_to_forget
from nbmlops.store.leaving_nothing import copies_beside, give_back_pages, overwrite_what_goes
from nbmlops.store.live import live_files
from nbmlops.store.locked_files import content_of
from nbmlops.store.named_blobs import COLUMNS
from nbmlops.store.occurring import is_in_file, occurrences, reading_any_text
from nbmlops.store.places import path_of

if TYPE_CHECKING:
    from nbmlops.store.upkeep import Upkeep

_WAIT_SECONDS = 5.0  # for living sessions to deliver what they hold


def forget_text(store: "Upkeep", text: str, *, is_done: bool) -> Forgotten:
    """Take a text out of a store, or say what that would change.

    See `nbmlops.store.base.Store.forget_text`.
    """
    check_forgettable(text)
    forms = forms_to_forget(text)
    if not is_done:
        return _would_forget_text(store, forms)
    _wait_for_living(store, forms)
    with store.engine.connect() as connection, reading_any_text(connection):
        covers = covers_of(connection, forms)
    changed = _changed_blobs(store, covers)
    _wait_for_living(store, changed)  # or a record that comes later would name what is gone
    with store.writing() as connection, reading_any_text(connection):
        rows, _ = _cover_records(store, connection, covers, changed)
    for digest in changed:
        store.blobs.remove(digest, put_before=math.inf)
    files = _clean_files(store, covers)
    give_back_pages(store)  # what stays is found by looking
    return Forgotten(rows=rows, blobs=len(changed), files=files, left=places_of(store, text))


def _would_forget_text(store: "Upkeep", forms: Sequence[str]) -> Forgotten:
    """Return what forgetting a text would change: found by doing it, and taking that back."""
    needles = [as_bytes(form) for form in forms]
    blobs = {digest: digest for digest in _blobs_with(store, needles)}
    with store.writing(is_kept=False) as connection, reading_any_text(connection):
        covers = covers_of(connection, forms)
        rows, names = _cover_records(store, connection, covers, blobs)
    logs = [*live_folder(store.url).parent.glob("faults*.log")]
    files = tuple(path.name for path in [*copies_beside(store), *logs] if is_in_file(path, needles))
    return Forgotten(rows=rows, blobs=len(blobs), files=files, names=tuple(names))


def _cover_records(
    store: "Upkeep", connection: Connection, covers: Covers, changed: Mapping[Digest, Digest]
) -> tuple[int, list[str]]:
    """Put stars into all records; return how many that were, and what names became."""
    overwrite_what_goes(connection)
    store.dialect.begin_removing(connection)
    texts = with_progress(tables_with_text(), "searching", "table")
    there = {table: occurrences(connection, text_columns(table), covers) for table in texts}
    names = [*covered_names(connection, covers, there)]
    rows = _rename_blobs(connection, changed)
    rows += _rewrite_environments(connection, covers, changed)
    rows += sum(cover(connection, table, covers, found) for table, found in there.items())
    return rows, names


def places_of(store: "Upkeep", text: str) -> tuple[str, ...]:
    """Return where a text still occurs: files that hold its bytes, elsewhere tables."""
    forms = forms_to_forget(text)
    needles = [as_bytes(form) for form in forms]
    home = live_folder(store.url).parent
    files = with_progress(files_of(store), "searching", "file")
    found = [str(file.relative_to(home)) for file in files if is_in_file(file, needles)]
    if not isinstance(store.blobs, LocalBlobs):
        found += [f"blob {digest}" for digest in _blobs_with(store, needles)]
    if store.engine.dialect.name != "sqlite":
        with store.engine.connect() as connection:
            for table in tables.metadata.sorted_tables:
                there = occurrences(connection, text_columns(table), forms)
                if count_with(connection, table, there):
                    found.append(f"table {table.name}")
    return tuple(found)


def _blobs_with(store: "Upkeep", needles: Sequence[bytes]) -> Iterator[Digest]:
    """Give the blobs that have any of some bytes; each is got once, which may be from far away."""
    for digest in with_progress(store.blobs.digests(), "searching", "blob"):
        data = _bytes_of(store, digest)
        if any(needle in data for needle in needles):
            yield digest


def _bytes_of(store: "Upkeep", digest: Digest) -> bytes:
    try:
        return store.blobs.get(digest)
    except (BlobMissing, BlobCorrupt):
        return b""


def files_of(store: "Upkeep") -> list[Path]:
    """Return every file of a store: database, log, copies, blobs, live files, faults."""
    home = live_folder(store.url).parent
    found = [*home.glob("faults*.log"), *live_folder(store.url).glob("*")]
    found += [path for name in ("blobs", "waiting") for path in (home / name).rglob("*")]
    if store.engine.dialect.name == "sqlite":
        database = path_of(store.url)
        # Those beside it that somebody copied by hand as well: they are told, and left.
        found += database.parent.glob(f"{glob.escape(database.name)}*")
    # SQLite's map of its log holds numbers of pages, and the locks of who uses the store.
    return sorted(path for path in found if path.is_file() and not path.name.endswith("-shm"))


def _wait_for_living(store: "Upkeep", texts: Iterable[str]) -> None:
    """Give living sessions time to deliver records that have one of some texts."""
    needles = [as_bytes(text) for text in texts]
    until = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < until:
        if not any(is_in_file(file, needles) for file in live_files(live_folder(store.url))):
            return
        time.sleep(0.1)


def _changed_blobs(store: "Upkeep", covers: Covers) -> dict[Digest, Digest]:
    """Write blobs without the text beside those that have it; return the new digests by the old."""
    pairs = [(as_bytes(form), stars.encode()) for form, stars in covers.items()]
    changed = {}
    for digest in with_progress(store.blobs.digests(), "searching", "blob"):
        data = covered = _bytes_of(store, digest)  # of a damaged one, places_of tells
        for needle, stars in pairs:
            covered = covered.replace(needle, stars)
        if covered != data:
            changed[digest] = store.blobs.put(covered)
    return changed


def _rename_blobs(connection: Connection, changed: Mapping[Digest, Digest]) -> int:
    return sum(
        connection.execute(
            update(column.table).where(column == old).values({column.name: new})
        ).rowcount
        for column in COLUMNS
        for old, new in changed.items()
    )


def _rewrite_environments(
    connection: Connection, covers: Covers, changed: Mapping[Digest, Digest]
) -> int:
    """File environments that change under their new digests."""
    environments, runs = tables.environments, tables.runs
    count = 0
    every = dict([*covers.items(), *changed.items()])
    for digest, document in _environments_with(connection, every):
        covered = covered_document(document, every)
        if covered == document:
            continue
        now_digest = digest_of(covered.encode())
        there = select(environments.c.digest).where(environments.c.digest == now_digest)
        if connection.scalar(there) is None:
            connection.execute(insert(environments), {"digest": now_digest, "document": covered})
        of_it = update(runs).where(runs.c.environment == digest)
        connection.execute(of_it.values(environment=now_digest))
        connection.execute(delete(environments).where(environments.c.digest == digest))
        count += 1
    return count


def _environments_with(connection: Connection, texts: Iterable[str]) -> list[tuple[Digest, str]]:
    """Return the environments that may have one of some texts, in JSON or as it is."""
    needles = {form for text in texts for form in (text, *written_in_json(text))}
    some = {"yield_per": 1_000}
    every = connection.execute(select(tables.environments), execution_options=some)
    return [
        (digest, document)
        for digest, document in every
        if any(needle in document for needle in needles)
    ]


def _clean_files(store: "Upkeep", covers: Covers) -> tuple[str, ...]:
    """Remove copies of the database that have the text, and take it out of the list of faults."""
    needles = [as_bytes(form) for form in covers]
    touched = []
    for copy in copies_beside(store):
        if is_in_file(copy, needles):
            copy.unlink()
            touched.append(copy.name)
    for log in live_folder(store.url).parent.glob("faults*.log"):
        if is_in_file(log, needles):
            content = content_of(log)
            for needle, stars in zip(needles, covers.values(), strict=True):
                content = content.replace(needle, stars.encode())
            log.write_bytes(content)
            touched.append(log.name)
    return tuple(touched)
