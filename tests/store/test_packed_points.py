"""Measurements on disk: they come back bit by bit, and take a third of the room."""

import math
import random
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.records import Point, Points, Run, Session
from nbmlops.store.packed_points import arranged, columns, packed, unpacked

int64 = st.integers(-(2**63), 2**63 - 1)
rows = st.tuples(int64, st.floats(), st.floats())


def data_of(points):
    return Points.pack_rows("r", "m", 0, points)


@given(st.lists(rows, max_size=5).map(lambda few: few * 40))
def test_what_is_packed_comes_back_bit_by_bit(points):
    record = data_of(points)
    kept = packed(record.count, record.data)
    assert len(kept) <= len(record.data)
    assert unpacked(record.count, kept) == record.data
    assert unpacked(record.count, arranged(record.count, record.data)) == record.data
    for data in (record.data, kept, arranged(record.count, record.data)):
        read = b"".join(column.tobytes() for column in columns(record.count, data))
        assert read == record.data


def trained(count):
    chance = random.Random(0)
    moment = 1_760_000_000.0
    for step in range(count):
        moment += chance.uniform(0.8e-3, 1.4e-3)
        yield step, moment, math.exp(-step / 2e5) + chance.gauss(0, 0.05)


@pytest.mark.parametrize(
    ("points", "most_bytes"),
    [
        pytest.param(list(trained(10_000)), 9.0, id="noise of 64 bits"),
        pytest.param(
            [(s, t, array("f", [v])[0]) for s, t, v in trained(10_000)], 6.0, id="noise of 32 bits"
        ),
        pytest.param([(n, n / 8, 0.5) for n in range(10_000)], 0.5, id="constant"),
        pytest.param(list(trained(63)), 24.0, id="few"),
    ],
)
def test_bytes_for_each_point(points, most_bytes):
    record = data_of(points)
    assert len(packed(record.count, record.data)) <= most_bytes * len(points)


def test_steps_too_far_apart_are_kept_as_they_are():
    record = data_of([(-(2**63), 1.0, 1.0), (2**63 - 1, 1.0, 1.0)] * 50)
    assert packed(record.count, record.data) == record.data


SESSION, RUN = Session("s", 1.0, "script", "x", ended=2.0), Run("r", "s", "x", 1.0)


def save(store, values, parts=1):
    length = -(-len(values) // parts)
    store.save([SESSION, RUN, *(
        Points.pack_rows("r", "m", part, [
            (place, float(place), values[place])
            for place in range(part * length, min(len(values), (part + 1) * length))
        ])
        for part in range(parts)
    )])  # fmt: skip


def test_points_and_views_read_what_was_packed(store):
    save(store, [number / 7 for number in range(500)], parts=2)
    assert store.points("r", "m") == [Point(n, float(n), n / 7) for n in range(500)]
    found = store.select("select count(*), sum(step) from points", limit=1, timeout_seconds=9)
    assert found.rows == ((500, sum(range(500))),)


def test_views_have_every_number_as_it_was_logged(store):
    chance = random.Random(2)
    odd = [0.0, -0.0, -1.5, 5e-324, 1.7976931348623157e308, -2.2250738585072014e-308]
    rows = [
        (chance.randint(-(2**62), 2**62), chance.uniform(-1e9, 1e9), chance.choice(odd))
        for _ in range(300)
    ]
    store.save([SESSION, RUN, *(
        Points.pack_rows("r", "m", part, rows[start:end])
        for part, (start, end) in enumerate([(0, 3), (3, 200), (200, 300)])
    )])  # fmt: skip
    asked = "select step, time, value from points where name = 'm'"
    found = store.select(asked, limit=999, timeout_seconds=30)
    assert sorted(found.rows) == sorted(rows)


@pytest.mark.parametrize(("count", "parts"), [(0, 1), (1, 1), (200, 3), (201, 3), (100_000, 9)])
def test_series_is_one_query_and_has_few_points_with_the_extremes(store, queries, count, parts):
    values = [math.sin(number / 40) for number in range(count)]
    if count > 9:
        values[count // 3], values[count // 2] = 99.0, -99.0
    save(store, values, parts)
    queries.clear()
    series = store.series("r", "m", buckets=100)
    assert len(queries) == 1
    assert (series.count, series.is_whole) == (count, count <= 200)
    assert len(series.points) <= 2 * 100 + 2
    assert [p.value for p in series.points if abs(p.value) > 1] == [99.0, -99.0][: 2 * (count > 9)]
    assert [p.step for p in series.points] == sorted({p.step for p in series.points})
    assert all(point.value == values[point.step] for point in series.points)
    if count:
        assert (series.points[0].step, series.points[-1].step) == (0, count - 1)


def test_each_bucket_keeps_its_least_and_greatest(store):
    chance = random.Random(1)
    values = [chance.gauss(0, 1) for _ in range(10_000)]
    save(store, values)
    kept = {point.value for point in store.series("r", "m", buckets=100).points}
    for start in range(0, 10_000, 100):
        assert {min(values[start : start + 100]), max(values[start : start + 100])} <= kept


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf], ids=str)
def test_what_is_no_number_stays_visible(store, odd):
    values = [0.5] * 10_000
    values[5_000:5_050] = [odd] * 50
    save(store, values)
    found = [
        p.step for p in store.series("r", "m", buckets=100).points if repr(p.value) == repr(odd)
    ]
    assert found == [5_000]


def test_series_that_is_not_there_is_empty(store):
    assert (store.series("r", "m").points, store.series("r", "m").count) == ((), 0)


def test_series_of_nothing_but_nan_is_drawn_as_such(store):
    save(store, [math.nan] * 1_000)
    points = store.series("r", "m", buckets=10).points
    assert len(points) == 11
    assert all(math.isnan(point.value) for point in points)
