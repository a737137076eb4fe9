"""What is recorded of every kind of cell in a real kernel, and that recording shows in none."""

import re
from collections.abc import Iterator

import pytest

from nbmlops.store import open_blobs
from tests.kernels import Kernel

# Source, outcome, and the outputs recorded: kind and a pattern that the whole text has.
CELLS = [
    pytest.param("# nothing but a comment", "ok", [], id="comment"),
    pytest.param("%%bash\necho out\necho err >&2", "ok",
                 [("stdout", "out\n"), ("stderr", "err\n")], id="bash"),
    pytest.param("!echo from a shell", "ok", [("stdout", r"from a shell\r?\n")], id="shell"),
    pytest.param("%timeit -n 1 -r 1 pass", "ok", [("stdout", ".*per loop.*\n")], id="timeit"),
    pytest.param("%%time\nsum(range(10))", "ok",
                 [("stdout", "CPU times.*Wall time.*\n"), ("result", "45")], id="time"),
    pytest.param("%%capture\nprint('kept from everybody')", "ok", [], id="capture"),
    pytest.param("import asyncio\nawait asyncio.sleep(0)\n'awaited'", "ok",
                 [("result", "'awaited'")], id="await"),
    pytest.param("x = )", "error", [("error", ".*SyntaxError.*")], id="syntax error"),
    pytest.param("return 1", "error", [("error", ".*SyntaxError.*")], id="return outside"),
    pytest.param("1 / 0", "error", [("error", ".*ZeroDivisionError: division.*")], id="raises"),
    pytest.param("raise KeyboardInterrupt", "interrupted", [("error", ".*KeyboardInterrupt.*")],
                 id="raises KeyboardInterrupt"),
    pytest.param("import sys, warnings\nwarnings.filterwarnings('ignore', 'To exit')\nsys.exit(3)",
                 "error", [("error", ".*SystemExit: 3.*")], id="exit 3"),
    pytest.param("get_ipython().run_cell('print(1)'); print(2)", "ok", [("stdout", "1\n2\n")],
                 id="nested"),
    pytest.param("get_ipython().run_cell('1 / 0');", "ok", [("error", ".*ZeroDivisionError.*")],
                 id="nested fails"),
    pytest.param("get_ipython().run_cell('');\n'on'", "ok", [("result", "'on'")],
                 id="nested empty"),
    pytest.param("display('a', {'b': 1})", "ok",
                 [("display", "'a'"), ("display", r"\{'b': 1\}")], id="display"),
    pytest.param("h = display('before', display_id='one')\nh.update('after')", "ok",
                 [("display", "'after'")], id="update_display"),
    pytest.param("from IPython.display import clear_output\nprint(1)\nclear_output()\nprint(2)",
                 "ok", [("stdout", "2\n")], id="clear_output"),
    pytest.param("from IPython.display import clear_output\n"
                 "print(1)\nclear_output(wait=True)\nprint(2)",
                 "ok", [("stdout", "2\n")], id="clear_output waits"),
    pytest.param("from IPython.display import clear_output\nprint(1)\nclear_output(wait=True)",
                 "ok", [("stdout", "1\n")], id="clear_output waits in vain"),
    pytest.param("import threading\nt = threading.Thread(target=print, args=['aside'])\n"
                 "t.start()\nt.join()", "ok", [("stdout", "aside\n")], id="thread"),
    pytest.param("class Shy:\n    def __repr__(self): raise ValueError('no')\nShy()", "error",
                 [("error", ".*ValueError: no.*")], id="repr raises"),
    pytest.param("class Mute(Exception):\n    def __str__(self): raise ValueError('no')\n"
                 "raise Mute()", "error", [("error", ".*Mute.*"), ("error", ".*ValueError: no.*")],
                 id="str of the exception raises"),
    pytest.param("größe = '📐 1 m'\nprint(größe)\ngröße", "ok",
                 [("stdout", "📐 1 m\n"), ("result", "'📐 1 m'")], id="unicode"),
    pytest.param("print('\\x1b[31mred\\x1b[0m')", "ok", [("stdout", "\x1b\\[31mred\x1b\\[0m\n")],
                 id="colours"),
    pytest.param("import warnings\nwarnings.warn('careful')", "ok",
                 [("stderr", ".*UserWarning: careful.*\n")], id="warning"),
    pytest.param("%%nbmlops step train\n'shown'", "ok", [("result", "'shown'")], id="step"),
]  # fmt: skip

# What differs between any two kernels: times, and the names of their temporary files.
_OWN = re.compile(r"[\d.]+(e\+\d+)? [nμm]?s\b|ipykernel_\d+")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel that records nothing."""
    with Kernel(tmp_path_factory.mktemp("bare")) as started:
        yield started


@pytest.mark.parametrize(("source", "outcome", "outputs"), CELLS)
def test_cell_is_recorded_once_with_its_outcome_and_outputs(
    record, text_of, source, outcome, outputs
):
    _, [execution] = record(source)
    assert (execution.source, execution.outcome) == (source, outcome)
    assert [output.kind for output in execution.outputs] == [kind for kind, _ in outputs]
    for output, (_, pattern) in zip(execution.outputs, outputs, strict=True):
        assert re.fullmatch(pattern, text_of(output), re.DOTALL)


@pytest.mark.parametrize(("source", "outcome", "outputs"), CELLS)
def test_cell_shows_and_replies_what_it_would_without_recording(
    kernel, bare, source, outcome, outputs
):
    unheaded = source.partition("\n")[2] if "%%nbmlops" in source else source
    recorded, plain = kernel.run(source), bare.run(unheaded)
    assert _OWN.sub("", repr(recorded.visible)) == _OWN.sub("", repr(plain.visible))
    assert (recorded.status, recorded.error) == (plain.status, plain.error)


@pytest.mark.parametrize("source", ["", "  \n\t\n"], ids=["nothing", "white space"])
def test_cell_without_text_is_not_recorded(record, source):
    reply, executions = record(source)
    assert (reply.status, executions) == ("ok", [])


def test_exit_without_a_code_is_no_error(record):
    reply, [execution] = record("import sys\nsys.exit()")
    assert (reply.error, execution.outcome, execution.failure) == ("SystemExit", "ok", None)


def test_failure_has_the_type_the_message_and_a_traceback_from_the_users_own_code(record):
    source = "def risky():\n    raise LookupError('gone \\x1b[31mred\\x1b[0m')\nrisky()"
    _, [execution] = record(source)
    failure = execution.failure
    assert (failure.type, failure.message) == ("LookupError", "gone red")
    assert "in risky" in failure.traceback
    assert "IPython" not in failure.traceback


def test_failure_of_an_own_class_is_named_with_its_module(record):
    _, [execution] = record("import json\njson.loads('{')")
    assert execution.failure.type == "json.decoder.JSONDecodeError"


def test_answer_to_a_question_is_recorded_where_the_cell_prints_it(record, text_of):
    reply, [execution] = record("print(input('Who? ') + '!')", answers=["Ada"])
    assert reply.stdout == "Ada!\n"
    assert [text_of(output) for output in execution.outputs] == ["Ada!\n"]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("import time\nprint('ready', flush=True)\ntime.sleep(60)", id="sleep"),
        pytest.param("print('ready', flush=True)\nwhile True: pass", id="busy loop"),
        # Short naps: a kernel notices an interruption during a long one when something else comes.
        pytest.param("import asyncio\nprint('ready', flush=True)\n"
                     "while True: await asyncio.sleep(0.05)", id="await"),
    ],
)  # fmt: skip
def test_interrupted_cell_is_recorded_as_interrupted_and_recording_goes_on(kernel, text_of, source):
    before = len(kernel.executions())
    kernel.run_and_interrupt(source)
    kernel.run("'on we go'")
    interrupted, after = kernel.executions()[before:]
    assert (interrupted.outcome, after.outcome) == ("interrupted", "ok")
    assert text_of(interrupted.outputs[0]) == "ready\n"


def test_figure_is_kept_as_a_png_blob(record, kernel):
    _, [execution] = record("import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    [output] = execution.outputs
    [image] = [content for content in output.contents if content.mime == "image/png"]
    data = open_blobs(kernel.url).get(image.blob)
    assert data.startswith(b"\x89PNG")
    assert image.size_bytes == len(data)
    assert image.text is None


def test_ten_megabytes_of_text_are_cut_in_the_middle_and_the_cut_is_stated(record, text_of):
    _, [execution] = record("print('begin' + 'x' * 10_000_000 + 'end')")
    [content] = execution.outputs[0].contents
    assert content.size_bytes == 10_000_009
    assert len(content.text) < 100_200
    assert content.text.startswith("beginx")
    assert content.text.endswith("xend\n")
    assert f"… {content.cut_bytes:,} bytes not kept …" in content.text


def test_a_million_prints_are_one_output_with_its_head_and_its_tail(record):
    _, [execution] = record("for number in range(1_000_000): print(number)")
    [output] = execution.outputs
    [content] = output.contents
    assert content.text.startswith("0\n1\n2\n")
    assert content.text.endswith("999998\n999999\n")
    assert content.size_bytes == 6_888_890


def test_more_than_a_thousand_outputs_are_counted_and_not_kept(record, text_of):
    _, [execution] = record("for number in range(1_100): display(number)")
    assert len(execution.outputs) == 1_001
    assert text_of(execution.outputs[-1]) == "… 100 more outputs not kept …"
