"""Runs opened by hand: with blocks, nested, in loops, failing; what was said before one opens."""

import pytest

from tests.kernels import metrics_of, params_of, sources_of
from tests.tracking.made import Made, made

START = "import nbmlops\n"

BLOCKS = [
    pytest.param(
        "with nbmlops.start_run('base', params={'lr': 0.1}) as run:\n"
        "    run.log_metric('auc', 0.9)",
        [Made({"lr": 0.1}, {"auc": 0.9}, ["c"], name="base", status="finished")],
        id="with",
    ),
    pytest.param(
        "with nbmlops.start_run('outer') as outer:\n"
        "    with nbmlops.start_run('inner') as inner:\n"
        "        nbmlops.log_metric('auc', 0.9)\n"
        "    nbmlops.log_metric('acc', 0.8)",
        [
            Made({}, {"acc": 0.8}, ["c"], name="outer", status="finished"),
            Made({}, {"auc": 0.9}, ["c"], name="inner", status="finished", inside="outer"),
        ],
        id="nested",
    ),
    pytest.param(
        "for lr in (0.1, 0.2, 0.3):\n"
        "    with nbmlops.start_run(params={'lr': lr}):\n"
        "        nbmlops.log_metric('loss', lr * 2)",
        [
            Made({"lr": 0.1}, {"loss": 0.2}, ["c"], status="finished"),
            Made({"lr": 0.2}, {"loss": 0.4}, ["c"], status="finished"),
            Made({"lr": 0.3}, {"loss": 0.6}, ["c"], status="finished"),
        ],
        id="in a loop",
    ),
    pytest.param(
        "for lr in (0.1, 0.2):\n"
        "    with nbmlops.start_run(params={'lr': lr}):\n"
        "        loss = lr * 2\n"
        "        nbmlops.log_metric('loss', loss)",
        [
            Made({"lr": 0.1}, {"loss": 0.2}, ["c"], status="finished"),
            Made({"lr": 0.2}, {"loss": 0.4}, ["c"], status="finished"),
        ],
        id="scalars of a cell whose runs have closed are no further result",
    ),
    pytest.param(
        "with nbmlops.start_run('outer'):\n"
        "    for fold in range(2):\n"
        "        with nbmlops.start_run(f'fold {fold}'):\n"
        "            nbmlops.log_metric('auc', fold / 2)",
        [
            Made({}, {}, ["c"], name="outer", status="finished"),
            Made({}, {"auc": 0.0}, ["c"], name="fold 0", status="finished", inside="outer"),
            Made({}, {"auc": 0.5}, ["c"], name="fold 1", status="finished", inside="outer"),
        ],
        id="folds in a run",
    ),
    pytest.param(
        "with nbmlops.start_run('a'):\n    nbmlops.log_metric('auc', 0.9)\n    1 / 0",
        [Made({}, {"auc": 0.9}, ["c"], name="a", status="failed",
              reason="ZeroDivisionError: division by zero")],
        id="failing",
    ),
    pytest.param(
        "with nbmlops.start_run('a'):\n    with nbmlops.start_run('b'):\n        {}['gone']",
        [
            Made({}, {}, ["c"], name="a", status="failed", reason="KeyError: 'gone'"),
            Made({}, {}, ["c"], name="b", status="failed", reason="KeyError: 'gone'", inside="a"),
        ],
        id="failing inside two",
    ),
    pytest.param(
        "try:\n    with nbmlops.start_run('a'):\n        raise ValueError('caught')\n"
        "except ValueError:\n    pass",
        [Made({}, {}, ["c"], name="a", status="failed", reason="ValueError: caught")],
        id="failing and caught",
    ),
    pytest.param(
        "class Mute(Exception):\n    def __str__(self): raise TypeError\n"
        "with nbmlops.start_run('a'):\n    raise Mute",
        [Made({}, {}, ["c"], name="a", status="failed",
              reason="__main__.Mute: <its text failed: TypeError>")],
        id="failing without a text",
    ),
    pytest.param(
        "with nbmlops.start_run('a'):\n    raise KeyboardInterrupt",
        [Made({}, {}, ["c"], name="a", status="interrupted", reason="KeyboardInterrupt")],
        id="interrupted",
    ),
    pytest.param(
        "run = nbmlops.start_run('a')\nrun.log_metric('auc', 1)\n"
        "run.finish()\nrun.finish('failed')",
        [Made({}, {"auc": 1.0}, ["c"], name="a", status="finished")],
        id="finished twice stays as it was",
    ),
    pytest.param(
        "outer = nbmlops.start_run('a').__enter__()\nnbmlops.start_run('b')\nouter.finish()",
        [
            Made({}, {}, ["c"], name="a", status="finished"),
            Made({}, {}, ["c"], name="b", status="finished", inside="a"),
        ],
        id="closing a run closes those inside it",
    ),
    pytest.param(
        "with nbmlops.start_run('a') as a:\n"
        "    nbmlops.start_run('b')\n    nbmlops.start_run('c')\n    nbmlops.log_metric('auc', 1)",
        [
            Made({}, {}, ["c"], name="a", status="finished"),
            Made({}, {}, ["c"], name="b", status="finished", inside="a"),
            Made({}, {"auc": 1.0}, ["c"], name="c", status="finished", inside="a"),
        ],
        id="runs without with inside one",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), BLOCKS)
def test_run_opened_by_hand(kernel, source, expected):
    kernel.run(START + source, cell_id="c")
    assert made(kernel.runs()) == expected


def test_block_executed_again_is_another_run(kernel):
    block = START + "with nbmlops.start_run('a'):\n    nbmlops.log_metric('auc', 0.9)"
    for _ in range(2):
        kernel.run(block, cell_id="c")
    assert made(kernel.runs()) == [
        Made({}, {"auc": 0.9}, ["c"], name="a", status="finished"),
        Made({}, {"auc": 0.9}, ["c"], name="a", status="finished"),
    ]


def test_run_contains_what_its_block_depends_on(kernel):
    kernel.run("data = [1, 2]", cell_id="data")
    kernel.run("print('aside')", cell_id="aside")
    kernel.run(START + "with nbmlops.start_run() as run:\n    run.log_metric('n', sum(data))",
               cell_id="run")  # fmt: skip
    [run] = kernel.runs()
    assert [execution.cell_id for execution, _ in run.executions] == ["data", "run"]
    assert [link.gave_result for _, link in run.executions] == [False, True]


def test_experiment_name_hypothesis_and_tags_are_the_runs_and_its_childrens_experiment(kernel):
    kernel.run(
        START + "with nbmlops.start_run('a', experiment='churn', hypothesis='more is better',\n"
        "                       tags={'team': 'red', 'round': 2}):\n"
        "    with nbmlops.start_run('b'): pass\n"
        "nbmlops.log_metric('auc', 0.5)"
    )
    first, inner, after = kernel.runs()
    assert (first.run.experiment, first.run.hypothesis) == ("churn", "more is better")
    assert {tag.name: tag.value for tag in first.summary.tags} == {"team": "red", "round": "2"}
    assert inner.run.experiment == "churn"
    assert after.run.experiment == kernel.ask(
        "__import__('nbmlops.tracking.current').tracking.current.tracker().experiment"
    )


def test_parameters_logged_before_a_run_opens_are_the_next_runs(kernel):
    kernel.run(START + "nbmlops.log_params({'depth': 3})", cell_id="p")
    assert kernel.runs() == []
    kernel.run("auc = 0.5", cell_id="m")
    kernel.run("auc = 0.6", cell_id="m")
    assert [params_of(run) for run in kernel.runs()] == [{"depth": 3}, {}]


def test_parameters_logged_in_the_open_run_replace_its_own(kernel):
    kernel.run(START + "run = nbmlops.start_run(params={'depth': 3, 'lr': 0.1})")
    kernel.run("nbmlops.log_params({'depth': 4})")
    [run] = kernel.runs()
    assert params_of(run) == {"depth": 4, "lr": 0.1}


def test_threads_have_runs_of_their_own(kernel):
    kernel.run(
        START
        + """
import threading
barrier = threading.Barrier(4)
def work(number):
    with nbmlops.start_run(f"thread {number}", params={"number": number}):
        barrier.wait()
        nbmlops.log_metric("auc", number / 10)
        barrier.wait()
threads = [threading.Thread(target=work, args=[number]) for number in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
nbmlops.log_metric("total", 4)
"""
    )
    runs = {run.run.name: run for run in kernel.runs()}
    for number in range(4):
        run = runs[f"thread {number}"]
        assert (params_of(run), metrics_of(run)) == ({"number": number}, {"auc": number / 10})
        assert (run.run.status, run.run.parent_id) == ("finished", None)
        assert len(sources_of(run)) == 1
    assert metrics_of(runs[None]) == {"total": 4.0}


def test_result_for_a_closed_run_raises_and_is_not_recorded(kernel):
    reply = kernel.run(START + "with nbmlops.start_run() as run: pass\nrun.log_metric('auc', 1)")
    assert reply.error == "RunClosed"
    for call in ("run.log_params({'a': 1})", "run.log_model(1)", "run.log_artifact('x')",
                 "run.log_metric('auc', 2)"):  # fmt: skip
        assert kernel.run(call).error == "RunClosed"
    [run] = kernel.runs()
    assert (metrics_of(run), params_of(run), run.run.status) == ({}, {}, "finished")
    assert len(run.executions) == 1


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        ("nbmlops.start_run('@1')", "InvalidRunName", "a run by its place"),
        ("nbmlops.log_params({'x' * 100_000: 1})", "InvalidName", "parameter 'xxx"),
        ("nbmlops.start_run(params={'': 1})", "InvalidName", "parameter ''"),
        ("nbmlops.start_run(tags={' ': 1})", "InvalidName", "tag ' '"),
    ],
)
def test_name_that_cannot_be_is_refused_in_words_of_its_own(kernel, call, error, told):
    reply = kernel.run(f"import nbmlops\n{call}")
    assert reply.error == error
    assert told in reply.content["evalue"]
    assert len(reply.content["evalue"]) < 500


def test_long_name_costs_no_results_and_is_shortened_which_is_told(kernel):
    reply = kernel.run("""
        import nbmlops
        with nbmlops.start_run("x" * 100_000, tags={"y" * 300: 1}) as run:
            run.annotate(name="z" * 251)
            run.set_tags("t" * 250)
            run.log_metric("auc", 0.5)
    """)
    assert reply.status == "ok", reply.content
    [run] = kernel.runs()
    assert run.run.name == "z" * 249 + "…"
    assert [tag.name for tag in run.summary.tags if len(tag.name) != 250] == []
    assert {tag.name[:240] for tag in run.summary.tags} == {"y" * 240, "t" * 240}
    told = [line for line in reply.lines if "characters: its first 2" in line]
    assert [line.split()[1] for line in told] == ["tag", "run's", "run's"]
    assert "has 100,000 characters" in told[1]


def test_blank_name_is_none(kernel):
    kernel.run("import nbmlops\nnbmlops.start_run(' ').log_metric('auc', 1)")
    assert [run.run.name for run in kernel.runs()] == [None]


@pytest.mark.parametrize("half", [r"\ud800", r"\udcff"])
def test_half_a_pair_of_surrogates_in_a_name_costs_no_line(kernel, half):
    reply = kernel.run(f"import nbmlops\nrun = nbmlops.start_run('a{half}b')\nauc = 0.5")
    assert [line for line in reply.lines if "auc 0.5" in line]
    assert kernel.runs()[0].run.name == "a?b"
    assert not list(kernel.folder.rglob("faults.log"))
