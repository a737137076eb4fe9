"""What an execution costs, checked against the operating system's own figures."""

import subprocess
import sys
import time

import pytest

from nbmlops.capture import resources
from nbmlops.capture.resources import Meter

MEGABYTE = 1_000_000


def test_times_lie_between_those_read_around_them():
    outer_wall, outer_cpu = time.perf_counter(), time.process_time()
    meter = Meter()
    inner_wall, inner_cpu = time.perf_counter(), time.process_time()
    sum(range(300_000))
    inner_wall, inner_cpu = time.perf_counter() - inner_wall, time.process_time() - inner_cpu
    cost = meter.read()
    outer_wall, outer_cpu = time.perf_counter() - outer_wall, time.process_time() - outer_cpu
    assert inner_wall <= cost.duration_seconds <= outer_wall
    assert inner_cpu <= cost.cpu_seconds <= outer_cpu


def test_memory_that_was_freed_again_counts():
    meter = Meter()
    block = b"x" * (80 * MEGABYTE)
    del block
    assert 70 * MEGABYTE < meter.read().memory_growth_bytes < 160 * MEGABYTE


def test_no_growth_is_none_after_a_higher_peak():
    block = b"x" * (200 * MEGABYTE)
    del block
    meter = Meter()
    small = b"x" * (80 * MEGABYTE)
    growth = meter.read().memory_growth_bytes
    assert len(small) - 10 * MEGABYTE < growth < 160 * MEGABYTE


def test_memory_that_was_held_before_does_not_count():
    block = b"x" * (80 * MEGABYTE)
    growth = Meter().read().memory_growth_bytes
    assert len(block) > growth >= 0
    assert growth < 10 * MEGABYTE


def test_new_highest_peak_shows_where_the_peak_cannot_be_reset(monkeypatch, tmp_path):
    monkeypatch.setattr(resources, "_CLEAR", tmp_path / "missing" / "clear_refs")
    meter = Meter()
    block = b"x" * (resources._highest_bytes() + 80 * MEGABYTE)
    assert meter.read().memory_growth_bytes > 70 * MEGABYTE
    del block
    assert Meter().read().memory_growth_bytes == pytest.approx(0, abs=MEGABYTE)


def test_what_the_parent_held_hides_no_growth():
    child = (
        "from nbmlops.capture.resources import Meter; meter = Meter()\n"
        f"block = b'x' * {80 * MEGABYTE}; del block\n"
        "print(meter.read().memory_growth_bytes)"
    )
    parent = (
        f"block = b'x' * {300 * MEGABYTE}\n"
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True)"
    )
    found = subprocess.run(
        [sys.executable, "-c", parent], capture_output=True, text=True, check=True
    )
    assert 70 * MEGABYTE < int(found.stdout) < 160 * MEGABYTE
