"""Measurements of sessions that have ended are packed as space is made, and stay what they were."""

import pytest
from sqlalchemy import insert, select

from nbmlops.canonical import now
from nbmlops.drawing.terminal import plain
from nbmlops.records import Point, Points, Run, Session
from nbmlops.store import packing, tables
from nbmlops.store.base import Policy, Removed
from nbmlops.store.rows import plain_row
from nbmlops.tracking.space import SpaceMade

NOTHING = Policy(trashed_before=0.0, put_before=0.0)


def as_earlier_versions_did(store, run_id, name, counts):
    """Keep parts of a series of some measurements each, of which nothing is packed."""
    parts = [
        Points.pack(
            run_id, name, part, [Point(part * 1_000 + n, part + n / 8, n) for n in range(count)]
        )
        for part, count in enumerate(counts)
    ]
    with store.writing() as connection:
        connection.execute(insert(tables.points), [plain_row(part) for part in parts])


@pytest.fixture
def filled(store):
    store.save([
        Session("s1", 1.0, "script", "x", ended=2.0), Run("r1", "s1", "x", 1.0),
        Session("s2", 1.0, "script", "x", heartbeat=now()), Run("r2", "s2", "x", 1.0),
    ])  # fmt: skip
    for run in ("r1", "r2"):
        as_earlier_versions_did(store, run, "in small parts", [1] * 200)
        as_earlier_versions_did(store, run, "as measured", [2_000, 2_000])
        as_earlier_versions_did(store, run, "both", [2_000, 3, 70, 2_000])
        as_earlier_versions_did(store, run, "too few", [10])
    return store


def rows(store, run_id):
    columns = tables.points.c
    asked = select(columns.name, columns.count, columns.data).where(columns.run_id == run_id)
    with store.engine.connect() as connection:
        found = connection.execute(asked.order_by(columns.name, columns.part)).all()
    return [(row.name, row.count, len(row.data) == 24 * row.count) for row in found]


def content(store, run_id):
    names = {name for name, *_ in rows(store, run_id)}
    return {name: store.points(run_id, name) for name in names}


@pytest.mark.parametrize("at_once", [1, 100])
def test_measurements_as_earlier_versions_kept_them_are_packed(filled, monkeypatch, at_once):
    monkeypatch.setattr(packing, "_AT_ONCE", at_once)
    before, of_living = content(filled, "r1"), rows(filled, "r2")
    asked = filled.make_space(NOTHING, is_done=False)
    assert (asked.series, len(rows(filled, "r1"))) == (3, 207)
    assert filled.make_space(NOTHING, is_done=True).series == 3
    assert content(filled, "r1") == before
    assert rows(filled, "r1") == [
        ("as measured", 2_000, False), ("as measured", 2_000, False),
        ("both", 2_000, False), ("both", 73, False), ("both", 2_000, False),
        ("in small parts", 200, False), ("too few", 10, True),
    ]  # fmt: skip
    assert rows(filled, "r2") == of_living
    assert filled.make_space(NOTHING, is_done=True).series == 0


def test_where_there_is_nothing_to_pack_nothing_is_given_back(store):
    assert store.make_space(NOTHING, is_done=False) == Removed()


@pytest.mark.parametrize("tried", [1, 3, 50])
def test_what_packing_gives_back_is_told_before(filled, monkeypatch, tried):
    for number in range(6):
        as_earlier_versions_did(filled, "r1", f"long {number}", [8_000] * 3)
    monkeypatch.setattr(packing, "_TRIED", tried)
    before = rows(filled, "r1")
    asked = filled.make_space(NOTHING, is_done=False)
    assert (asked.database_bytes, rows(filled, "r1")) == (0, before)
    done = filled.make_space(NOTHING, is_done=True)
    assert done.packing_bytes == 0
    assert asked.packing_bytes == pytest.approx(done.database_bytes, rel=0.3)


def test_space_that_packing_may_give_back_is_told_as_about():
    told = plain(SpaceMade(Removed(series=3, packing_bytes=5_300_000), is_done=False).page())
    assert "about 5.3 MB can go:" in told
    assert "3 of measurements that can be packed, about 5.3 MB" in told


def test_a_part_that_comes_once_more_is_not_counted_twice(filled):
    filled.make_space(NOTHING, is_done=True)
    before = content(filled, "r1")
    filled.save([Points.pack("r1", "in small parts", 7, [Point(7_000, 7.0, 0)])])
    assert content(filled, "r1") == before
