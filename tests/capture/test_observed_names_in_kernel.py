"""The names recorded of cells in a real kernel: interrupted, unrecorded, several at once."""

import time

import pytest

from tests.kernels import TIMEOUT_SECONDS, Kernel


@pytest.fixture
def fresh(tmp_path):
    (tmp_path / ".nbmlops").mkdir()
    with Kernel(tmp_path) as started:
        yield started


def names_by_source(kernel):
    return {execution.source: execution.names for execution in kernel.executions()}


def test_interrupted_cell_has_the_names_of_what_it_did_until_then(kernel, record):
    record("x = 1\ny = 2")
    before = len(kernel.executions())
    kernel.run_and_interrupt(
        "import time\na = x\nprint('ready', flush=True)\ntime.sleep(60)\nb = y"
    )
    [interrupted] = kernel.executions()[before:]
    assert interrupted.outcome == "interrupted"
    assert (interrupted.names.defined, interrupted.names.used) == (("a", "time"), ("x",))


def test_functions_of_scratch_and_silent_cells_are_watched(kernel, record):
    record("x = 1")
    kernel.run("%%nbmlops scratch\ndef scratched():\n    return x")
    kernel.quietly("def silent():\n    return x")
    _, [execution] = record("z = scratched() + silent()")
    assert execution.names.used == ("scratched", "silent", "x")


def test_what_a_scratch_cell_writes_is_no_recorded_cells(kernel, record):
    kernel.run("%%nbmlops scratch\nscratched = 1")
    _, [execution] = record("z = 1")
    assert execution.names.defined == ("z",)


def test_functions_stay_watched_over_a_pause(fresh):
    for source in ("%load_ext nbmlops", "x = 1", "def f():\n    return x", "%nbmlops off",
                   "def g():\n    return f()", "%nbmlops on", "z = g()"):  # fmt: skip
        assert fresh.run(source).status == "ok"
    assert names_by_source(fresh)["z = g()"].used == ("f", "g", "x")


def test_functions_from_before_the_extension_are_watched(fresh):
    for source in ("x = 1", "def f():\n    return x", "%load_ext nbmlops", "z = f()"):
        assert fresh.run(source).status == "ok"
    assert names_by_source(fresh)["z = f()"].used == ("f", "x")


def test_async_tasks_of_an_earlier_cell_read_for_the_cell_that_runs(record):
    record("import asyncio\nx = 1\nseen = []\ngo = asyncio.Event()")
    record("async def later():\n    await go.wait()\n    seen.append(x)\n"
           "task = asyncio.create_task(later())")  # fmt: skip
    _, [execution] = record("go.set()\nawait task\nz = 1")
    assert execution.names.defined == ("z",)
    assert {"seen", "task", "x"} <= set(execution.names.used)
    assert "<background work 1>" in execution.names.touched
    _, [reader] = record("len(seen)")
    assert "<background work 1>" in reader.names.used


def test_widget_like_callback_between_cells_is_no_cells(kernel, record):
    record("x = 1\ndef callback():\n    global counted\n    counted = x")
    kernel.quietly("callback()")
    _, [execution] = record("z = 1")
    assert (execution.names.defined, execution.names.used) == (("z",), ())
    _, [execution] = record("callback()")
    assert (execution.names.defined, execution.names.used) == (("counted",), ("callback", "x"))


def test_names_of_cells_in_subshells_are_kept_apart(fresh):
    fresh.run("%load_ext nbmlops")
    fresh.run("import threading\nx, y = 1, 2\ngo = threading.Event()\nback = threading.Event()\n"
              "def f(a):\n    return a + shared\nshared = 3")  # fmt: skip
    subshell = create_subshell(fresh)
    main = execute(fresh, "a = x\ngo.set()\nback.wait(20)\nf(a)", None)
    other = execute(fresh, "go.wait(20)\nb = y\nf(b)\nback.set()", subshell)
    wait_for(fresh, {main, other})
    names = names_by_source(fresh)
    first = names["a = x\ngo.set()\nback.wait(20)\nf(a)"]
    second = names["go.wait(20)\nb = y\nf(b)\nback.set()"]
    assert (first.defined, first.used) == (("a",), ("back", "f", "go", "shared", "x"))
    assert (second.defined, second.used) == (("b",), ("back", "f", "go", "shared", "y"))


def create_subshell(kernel):
    client = kernel.client
    message = client.session.msg("create_subshell_request")
    client.control_channel.send(message)
    return client.get_control_msg(timeout=TIMEOUT_SECONDS)["content"]["subshell_id"]


def execute(kernel, source, subshell):
    session = kernel.client.session
    content = {"code": source, "silent": False, "store_history": True,
               "user_expressions": {}, "allow_stdin": False, "stop_on_error": False}  # fmt: skip
    message = session.msg("execute_request", content)
    message["header"]["subshell_id"] = subshell
    kernel.client.shell_channel.send(message)
    return message["header"]["msg_id"]


def wait_for(kernel, requests):
    until = time.monotonic() + TIMEOUT_SECONDS
    while requests and time.monotonic() < until:
        reply = kernel.client.get_shell_msg(timeout=TIMEOUT_SECONDS)
        requests.discard(reply["parent_header"]["msg_id"])
    assert not requests
