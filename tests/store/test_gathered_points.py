"""Small parts of a series become large ones, and each measurement is there once."""

import random

import pytest
from sqlalchemy import func, select

from nbmlops.records import Point, Points, Run, Session
from nbmlops.store import gathered_points, open_store, tables
from tests.store.conftest import KINDS, new_url

SESSION, RUN = Session("s", 1.0, "script", "x", ended=2.0), Run("r", "s", "x", 1.0)


def part(number, count=1):
    """Make a part of a series whose steps tell its number."""
    return Points.pack("r", "loss", number, [Point(number * 100 + n, 1.0, n) for n in range(count)])


def steps(numbers, count=1):
    return [number * 100 + n for number in numbers for n in range(count)]


def found(store, name="loss"):
    return [point.step for point in store.points("r", name)]


def rows(store):
    """Return the first and last part of each row, and how many measurements it has."""
    points = tables.points.c
    asked = select(points.part, points.last_part, points.count).order_by(points.part)
    with store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(asked)]


@pytest.fixture
def ready(store, monkeypatch):
    """A store of each kind with a run, in which four parts are gathered, and sixteen."""
    monkeypatch.setattr(gathered_points, "_LEVELS", (4, 16))
    store.save([SESSION, RUN])
    return store


@pytest.mark.parametrize(
    ("count", "kept"),
    [
        (3, [(0, None, 1), (1, None, 1), (2, None, 1)]),
        (4, [(0, 3, 4)]),
        (9, [(0, 3, 4), (4, 7, 4), (8, None, 1)]),
        (16, [(0, 15, 16)]),
        (21, [(0, 15, 16), (16, 19, 4), (20, None, 1)]),
    ],
)
@pytest.mark.parametrize("at_once", [True, False], ids=["in one batch", "one by one"])
def test_parts_are_gathered_as_a_series_grows(ready, count, kept, at_once):
    parts = [part(number) for number in range(count)]
    for batch in [parts] if at_once else [[each] for each in parts]:
        ready.save(batch)
    assert rows(ready) == kept
    assert found(ready) == steps(range(count))


@pytest.mark.parametrize(
    ("large", "most", "kept"),
    [
        (99, 999, [(0, 3, 66)]),
        (50, 999, [(0, None, 5), (1, None, 50), (2, 3, 11)]),
        (6, 999, [(0, None, 5), (1, None, 50), (2, None, 5), (3, None, 6)]),
        (99, 55, [(0, 1, 55), (2, 3, 11)]),
    ],
)
def test_large_parts_stay_as_they_are(ready, large, most, kept, monkeypatch):
    monkeypatch.setattr(gathered_points, "LARGE", large)
    monkeypatch.setattr(gathered_points, "MOST_POINTS", most)
    ready.save([part(0, 5), part(1, 50), part(2, 5), part(3, 6)])
    assert rows(ready) == kept
    assert len(found(ready)) == 66


def test_nothing_is_gathered_across_a_part_that_is_missing(ready):
    ready.save([part(0), part(1), part(3)])
    assert rows(ready) == [(0, 1, 2), (3, None, 1)]
    ready.save([part(2)])
    assert found(ready) == steps(range(4))


@pytest.mark.parametrize("again", [0, 1, 3, 7, 15, 17, 20])
def test_what_is_delivered_once_more_is_there_once(ready, again):
    ready.save([part(number) for number in range(21)])
    kept = rows(ready)
    ready.save([part(again)])
    assert rows(ready) == kept
    assert found(ready) == steps(range(21))


def test_any_order_and_any_number_of_deliveries_comes_to_the_same(ready):
    chance = random.Random(0)
    numbers = [*range(40), *(chance.randrange(40) for _ in range(60))]
    chance.shuffle(numbers)
    while numbers:
        some = [numbers.pop() for _ in range(min(len(numbers), chance.randint(1, 9)))]
        ready.save([part(number, 2) for number in some])
    assert found(ready) == steps(range(40), 2)


def test_series_of_other_names_and_runs_are_apart(ready):
    ready.save([Run("r2", "s", "x", 1.0)])
    for number in range(5):
        other = Points.pack("r", "a\0c", number, [Point(number, 1.0, 0.5)])
        ready.save([part(number), other, Points.pack("r2", "loss", number, [Point(7, 1.0, 0.5)])])
    assert found(ready) == steps(range(5))
    assert found(ready, "a\0c") == [*range(5)]
    assert [point.step for point in ready.points("r2", "loss")] == [7] * 5


@pytest.mark.parametrize("known", [0, 2, 4, 10, 16, 21])
@pytest.mark.parametrize("kind", KINDS)
def test_another_store_takes_gathered_rows_once(ready, known, kind, tmp_path, request):
    other = open_store(new_url(kind, tmp_path / "other", request))
    other.save([SESSION, RUN, *(part(number) for number in range(known))])
    ready.save([part(number) for number in range(21)])
    for _ in range(2):
        other.save(ready.whole_runs(["r"]))
        ready.save(other.whole_runs(["r"]))
    assert found(other) == found(ready) == steps(range(21))
    assert rows(other) == rows(ready)
    other.close()


def test_a_series_of_single_measurements_takes_few_rows(store):
    store.save([SESSION, RUN])
    for start in range(0, 5_000, 500):
        store.save([part(number) for number in range(start, start + 500)])
    with store.engine.connect() as connection:
        count = connection.scalar(select(func.count()).select_from(tables.points))
    assert count <= 1 + 5_000 % 4_096 // 64 + 63
    assert found(store) == steps(range(5_000))
