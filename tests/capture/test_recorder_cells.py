"""Which cell an execution is of: ids, tags, headers; and what loading and unloading do to it."""

import pytest

from tests.kernels import Kernel


@pytest.fixture
def fresh(tmp_path):
    (tmp_path / ".nbmlops").mkdir()
    with Kernel(tmp_path) as started:
        yield started


def test_cell_id_and_tags_come_from_the_front_end(record):
    _, [execution] = record("1", cell_id="8f7a", tags=["slow", "step:load"])
    assert (execution.cell_id, execution.cell_key) == ("8f7a", "8f7a")
    assert execution.tags == ("slow", "step:load")


def test_cells_without_id_are_the_same_when_their_source_is(record):
    _, [one] = record("same = 1\n")
    _, [other] = record("same = 1   \n\n")
    _, [edited] = record("same = 2\n")
    assert one.cell_id is None
    assert one.cell_key == other.cell_key != edited.cell_key


def test_executions_are_numbered_without_gaps_and_carry_the_prompts_number(record):
    reply, [first] = record("'a'")
    _, [second] = record("'b'")
    assert second.sequence == first.sequence + 1
    assert first.execution_count == reply.content["execution_count"]


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        pytest.param("%%nbmlops params\nx = 1", ("parameters",), id="params"),
        pytest.param("%%nbmlops step train\nx = 1", ("step:train",), id="step"),
        pytest.param("\n%%nbmlops  params \nx = 1", ("parameters",), id="white space around"),
    ],
)
def test_header_becomes_a_tag(record, source, tags):
    reply, [execution] = record(source)
    assert (reply.status, execution.tags, execution.source) == ("ok", tags, source)


def test_header_and_front_end_may_say_the_same(record):
    _, [execution] = record("%%nbmlops params\nx = 1", tags=["parameters", "mine"])
    assert execution.tags == ("parameters", "mine")


def test_headed_cell_runs_as_if_the_header_were_not_there(kernel):
    reply = kernel.run("%%nbmlops step a\nimport asyncio\nawait asyncio.sleep(0)\n'last'")
    assert reply.of("execute_result")[0]["data"]["text/plain"] == "'last'"
    failing = kernel.run("%%nbmlops step a\n\n1 / 0")
    assert "line 3" in "\n".join(failing.of("error")[0]["traceback"])


def test_scratch_cell_runs_and_is_not_recorded(record, kernel):
    reply, executions = record("%%nbmlops scratch\nscratched = 5\nscratched")
    assert executions == []
    assert reply.of("execute_result")[0]["data"]["text/plain"] == "5"
    assert kernel.ask("scratched") == 5


def test_unknown_header_is_a_usage_error_on_one_line(record):
    reply, [execution] = record("%%nbmlops foo\nnever_set = 1")
    assert reply.error == "UsageError"
    assert reply.stderr == (
        "UsageError: %%nbmlops foo: a cell can be headed %%nbmlops params, step, scratch.\n"
    )
    assert execution.outcome == "error"


def test_silent_execution_is_not_recorded(kernel):
    before = len(kernel.executions())
    kernel.quietly("silently = 1")
    assert kernel.ask("silently") == 1
    assert len(kernel.executions()) == before


def test_recording_goes_on_after_reset(record):
    _, [reset] = record("gone = 1\n%reset -f")
    _, [after] = record("back = 1")
    assert (reset.outcome, after.outcome, after.names.defined) == ("ok", "ok", ("back",))


def test_names_of_a_nested_cell_count_for_the_outer_one(record):
    _, [execution] = record("get_ipython().run_cell('inner = 1')\nouter = inner")
    assert execution.names.defined == ("inner", "outer")


def test_cell_that_loads_the_extension_is_recorded_whole(fresh):
    fresh.run("early = 1\n%load_ext nbmlops\nprint('from the same cell')\nlate = 2", cell_id="c1")
    [execution] = fresh.executions()
    assert (execution.sequence, execution.cell_id, execution.outcome) == (1, "c1", "ok")
    assert execution.names.defined == ("early", "late")
    assert execution.outputs[0].contents[0].text == "from the same cell\n"
    assert execution.duration_seconds is not None


def test_cell_that_fails_after_loading_the_extension_is_recorded_as_failed(fresh):
    fresh.run("%load_ext nbmlops\n1 / 0")
    [execution] = fresh.executions()
    assert (execution.outcome, execution.failure.type) == ("error", "ZeroDivisionError")


def test_first_logging_call_starts_recording_and_its_cell_belongs_to_the_run(fresh):
    reply = fresh.run("import nbmlops\nnbmlops.log_metric('auc', 0.9)", cell_id="c1")
    [execution] = fresh.executions()
    [run] = fresh.runs()
    assert [found.id for found, _ in run.executions] == [execution.id]
    assert run.summary.metrics[0].execution_id == execution.id
    assert reply.lines == [f"run {run.run.id[:8]}  auc 0.9"]


def test_reloading_goes_on_with_the_session_and_leaves_no_execution_unfinished(fresh):
    for source in ("%load_ext nbmlops", "x = 1", "%reload_ext nbmlops", "x = 2"):
        assert fresh.run(source).status == "ok"
    executions = fresh.executions()
    assert [execution.sequence for execution in executions] == [1, 2, 3, 4]
    assert {execution.outcome for execution in executions} == {"ok"}
    assert len({execution.session_id for execution in executions}) == 1


def test_nothing_is_recorded_between_unloading_and_loading_again(fresh):
    for source in ("%load_ext nbmlops", "%unload_ext nbmlops", "'unseen'", "%load_ext nbmlops",
                   "'seen'"):  # fmt: skip
        assert fresh.run(source).status == "ok"
    recorded = [(execution.source, execution.outcome) for execution in fresh.executions()]
    assert recorded == [
        ("%load_ext nbmlops", "ok"),
        ("%unload_ext nbmlops", "ok"),
        ("%load_ext nbmlops", "ok"),
        ("'seen'", "ok"),
    ]
