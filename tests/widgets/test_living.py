"""When an answer comes to life: in a front end that says which cell runs, and nowhere else."""

import pytest

from tests.kernels import Kernel

VIEW = "application/vnd.jupyter.widget-view+json"
ANSWER = "application/vnd.nbmlops.answer+json"
RUN = "%load_ext nbmlops\nimport nbmlops\nnbmlops.log_metric('auc', 0.5)"

pytestmark = pytest.mark.usefixtures("built")


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("living")
    (folder / ".nbmlops").mkdir()
    with Kernel(folder) as kernel:
        kernel.run(RUN, cell_id="a")
        yield kernel


def shown(reply):
    return reply.of("execute_result")[-1]["data"]


@pytest.mark.parametrize(
    "source", ["%nbmlops runs", "nbmlops.runs()", "nbmlops.why()", "nbmlops.show()"]
)
def test_answers_in_a_front_end_are_widgets_beside_the_page(kernel, source):
    reply = kernel.run(source, cell_id="b")
    assert set(shown(reply)) == {VIEW, ANSWER, "text/html", "text/plain"}
    assert any(message["target_name"] == "jupyter.widget" for message in reply.of("comm_open"))


def test_what_nobody_watches_is_the_page_alone(kernel):
    reply = kernel.run("nbmlops.runs()", cell_id=None)
    assert set(shown(reply)) == {"text/html", "text/plain"}
    assert reply.of("comm_open") == []


def test_what_has_no_widget_stays_a_page(kernel):
    assert VIEW not in shown(kernel.run("nbmlops.doctor()", cell_id="c"))


def test_loading_and_measuring_load_no_widgets(kernel, tmp_path):
    (tmp_path / ".nbmlops").mkdir()
    with Kernel(tmp_path) as fresh:
        fresh.run(RUN, cell_id="a")
        modules = "sorted({'anywidget', 'ipywidgets'} & set(__import__('sys').modules))"
        assert fresh.ask(modules) == []
