"""What a user logs by hand: metrics, artifacts, tags, notes; and what is refused."""

import math

import pytest

from nbmlops.records import Point
from nbmlops.store import open_blobs
from tests.kernels import FLUSH, metrics_of, params_of

START = "import nbmlops\n"


@pytest.fixture
def points_of(kernel):
    """Return every measurement of a metric of the only run."""

    def points(name):
        [run] = kernel.runs()
        store = kernel.store()
        found = store.points(run.run.id, name)
        store.close()
        return found

    return points


def steps_and_values(points):
    return [(point.step, point.value) for point in points]


def test_steps_count_from_zero_where_none_are_given(kernel, points_of):
    kernel.run(START + "for loss in (3.0, 2.0, 1.0): nbmlops.log_metric('loss', loss)")
    assert steps_and_values(points_of("loss")) == [(0, 3.0), (1, 2.0), (2, 1.0)]


def test_given_steps_are_kept_in_any_order(kernel, points_of):
    kernel.run(START + "for step in (10, 5, 10): nbmlops.log_metric('loss', step / 2, step=step)")
    assert steps_and_values(points_of("loss")) == [(10, 5.0), (5, 2.5), (10, 5.0)]


def test_metric_sums_up_its_points(kernel):
    kernel.run(START + "for value in (0.5, float('nan'), 0.9, 0.7): nbmlops.log_metric('a', value)")
    [metric] = kernel.runs()[0].summary.metrics
    assert (metric.minimum, metric.maximum, metric.last) == (0.5, 0.9, 0.7)
    assert (metric.count, metric.last_step) == (4, 3)


def test_points_of_several_cells_of_one_run_are_one_series(kernel, points_of):
    kernel.run(START + "run = nbmlops.start_run().__enter__()")
    for _ in range(3):
        kernel.run("run.log_metric('loss', 0.5)")
        assert kernel.ask(FLUSH)
    assert steps_and_values(points_of("loss")) == [(0, 0.5), (1, 0.5), (2, 0.5)]


def test_a_hundred_thousand_points_are_all_there(kernel, points_of):
    kernel.run(START + "for step in range(100_000): nbmlops.log_metric('loss', step / 2)")
    points = points_of("loss")
    assert [point.step for point in points] == [*range(100_000)]
    assert [point.value for point in points] == [step / 2 for step in range(100_000)]
    times = [point.time for point in points]
    assert times == sorted(times)


def test_metrics_logged_from_several_threads_lose_nothing(kernel, points_of):
    kernel.run(
        START
        + """
import threading
run = nbmlops.start_run("threads")
def work(number):
    for step in range(2_000):
        run.log_metric("shared", number)
        run.log_metric(f"own {number}", step)
threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
    )
    shared = points_of("shared")
    assert sorted(point.step for point in shared) == [*range(16_000)]
    assert {number: sum(point.value == number for point in shared) for number in range(8)} == (
        dict.fromkeys(range(8), 2_000)
    )
    for number in range(8):
        assert [point.value for point in points_of(f"own {number}")] == [*range(2_000)]


@pytest.mark.parametrize(
    ("value", "recorded"),
    [
        ("1", 1.0), ("True", 1.0),
        ("float('-inf')", -math.inf), ("__import__('numpy').float32(0.5)", 0.5),
        ("__import__('fractions').Fraction(1, 4)", 0.25),
        ("__import__('decimal').Decimal('0.5')", 0.5),
    ],
)  # fmt: skip
def test_metric_takes_whatever_is_one_number(kernel, value, recorded):
    kernel.run("import warnings; warnings.simplefilter('ignore')")
    kernel.run(START + f"nbmlops.log_metric('m', {value})")
    assert metrics_of(kernel.runs()[0]) == {"m": recorded}


@pytest.mark.parametrize(
    "call",
    [
        pytest.param("log_metric('m', '0.9')", id="text"),
        pytest.param("log_metric('m', b'0.9')", id="bytes"),
        pytest.param("log_metric('m', None)", id="none"),
        pytest.param("log_metric('m', [1, 2])", id="list"),
        pytest.param("log_metric('m', 1j)", id="complex"),
        pytest.param("log_metric('m', 10 ** 400)", id="beyond a float"),
        pytest.param("log_metric('m', __import__('numpy').array([1, 2]))", id="array"),
        pytest.param("log_metric('m', 0.9, step=1.5)", id="step not whole"),
        pytest.param("log_metric('m', 0.9, step='1')", id="step a text"),
        pytest.param("log_metric('m', 0.9, step=True)", id="step a bool"),
        pytest.param("log_metric('', 0.9)", id="empty name"),
        pytest.param("log_metric('  ', 0.9)", id="blank name"),
        pytest.param("log_metric('n' * 251, 0.9)", id="long name"),
        pytest.param("log_metric(5, 0.9)", id="number for a name"),
        pytest.param("log_metric(None, 0.9)", id="no name"),
        pytest.param("log_metrics({'m': 0.9, 'bad': 'text'})", id="one of several"),
        pytest.param("log_metric('m', 0.9, step=2 ** 63)", id="step beyond 64 bits"),
    ],
)  # fmt: skip
def test_metric_that_cannot_be_recorded_raises_and_nothing_is_half_recorded(kernel, call):
    kernel.run(START + "run = nbmlops.start_run()")
    reply = kernel.run(f"nbmlops.{call}")
    assert reply.error == "InvalidMetric"
    [run] = kernel.runs()
    assert run.summary.metrics == ()
    assert kernel.run("nbmlops.log_metric('m', 0.5)").status == "ok"
    [run] = kernel.runs()
    assert [(metric.last, metric.count) for metric in run.summary.metrics] == [(0.5, 1)]


@pytest.mark.parametrize(
    "call", ["log_metric('m', 'text')", "log_metric('m', 1, step=0.5)", "log_metrics({'m': None})"]
)
def test_refused_metric_opens_no_run(kernel, call):
    assert kernel.run(f"{START}nbmlops.{call}").error == "InvalidMetric"
    assert kernel.runs() == []


def test_metric_that_is_logged_is_not_matched_too(kernel, points_of):
    kernel.run(START + "loss = 0.5\nnbmlops.log_metric('loss', loss)")
    assert steps_and_values(points_of("loss")) == [(0, 0.5)]


def test_parameters_keep_their_types(kernel):
    kernel.run(START + "nbmlops.log_params({'i': 1, 'f': 1.0, 'b': True, 'n': None, 't': (1,)})")
    kernel.run("auc = 1")
    [run] = kernel.runs()
    found = params_of(run)
    assert found == {"i": 1, "f": 1.0, "b": True, "n": None, "t": (1,)}
    assert [type(found[name]) for name in "ifb"] == [int, float, bool]


def test_artifact_comes_back_as_it_was(kernel):
    kernel.run(START + "import pathlib\npathlib.Path('report.html').write_bytes(b'<p>\\x00')\n"
               "nbmlops.log_artifact('report.html')\n"
               "nbmlops.log_artifact(pathlib.Path('report.html'), 'copy.bin')")  # fmt: skip
    [run] = kernel.runs()
    copy, report = sorted(run.summary.artifacts, key=lambda artifact: artifact.name)
    assert (report.name, report.mime, report.size_bytes) == ("report.html", "text/html", 4)
    assert (copy.name, copy.blob) == ("copy.bin", report.blob)
    assert open_blobs(kernel.url).get(report.blob) == b"<p>\x00"
    assert len(run.executions) == 1


@pytest.mark.parametrize("path", ["missing.csv", "."], ids=["missing", "folder"])
def test_artifact_that_is_no_file_raises(kernel, path):
    reply = kernel.run(START + f"nbmlops.log_artifact({path!r})")
    assert reply.error == "ArtifactMissing"
    assert kernel.runs() == []


def test_tags_note_hypothesis_and_verdict_are_the_open_runs(kernel):
    kernel.run(START + "run = nbmlops.start_run(hypothesis='h')")
    kernel.run("nbmlops.set_tags('candidate', team='red')\n"
               "run.annotate(note='größer', verdict='confirmed', name='later named')")  # fmt: skip
    [run] = kernel.runs()
    assert {tag.name: tag.value for tag in run.summary.tags} == {"candidate": "", "team": "red"}
    assert (run.run.name, run.run.note) == ("later named", "größer")
    assert (run.run.hypothesis, run.run.verdict) == ("h", "confirmed")


def test_tags_without_an_open_run_raise(kernel):
    reply = kernel.run(START + "nbmlops.set_tags('candidate')")
    assert reply.error == "NoRunOpen"
    assert kernel.runs() == []


def test_annotating_the_open_run_stays_when_it_closes(kernel):
    kernel.run(START + "run = nbmlops.start_run('a')")
    kernel.run("nbmlops.annotate('@1', note='kept', name='b', tags=['x', 'k=v'])")
    kernel.run("run.log_metric('auc', 1)\nrun.finish()")
    [run] = kernel.runs()
    assert (run.run.name, run.run.note, run.run.status) == ("b", "kept", "finished")
    assert {tag.name: tag.value for tag in run.summary.tags} == {"x": "", "k": "v"}


def test_point_keeps_the_moment_it_was_measured(kernel, points_of):
    kernel.run(START + "import time\nbefore = time.time()\nnbmlops.log_metric('m', 1)\n"
               "after = time.time()")  # fmt: skip
    [point] = points_of("m")
    assert isinstance(point, Point)
    assert kernel.ask("before") <= point.time <= kernel.ask("after")


def test_who_writes_on_a_run_is_not_asked_for_in_the_cell(kernel):
    kernel.run("import os, tempfile, nbmlops\nrun = nbmlops.start_run('a')")
    kernel.run("os.chdir(tempfile.mkdtemp())")
    kernel.run("run.set_tags('x')\nrun.annotate(note='y')\n"
               "nbmlops.annotate('@1', note='z')\nnbmlops.pin('@1')")  # fmt: skip
    names = kernel.executions()[-1].names
    hidden = [name for name in (*names.used, *names.touched, *names.defined) if name[0] == "<"]
    assert not {"<subprocess>", "<working directory>"} & {*hidden}
    assert [name for name in hidden if "HUB" in name] == []
