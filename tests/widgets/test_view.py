"""The widget as the front end meets it: its state, its messages."""

import json
from types import SimpleNamespace

import pytest

import nbmlops
from nbmlops.errors import NoWidget
from nbmlops.records import Execution
from nbmlops.replaying.replayed import Replay, Replayed
from nbmlops.replaying.verdicts import Compared
from nbmlops.tracking import current
from nbmlops.widgets import bundle
from nbmlops.widgets.changes import Changes

pytestmark = pytest.mark.usefixtures("runs", "built")

MOST_STATE_BYTES = 5_000
MOST_BYTES_IN_A_FILE = 50_000


@pytest.fixture
def view(monkeypatch):
    """Return a widget whose messages are kept."""
    view = nbmlops.widget(nbmlops.runs())
    view.sent = []
    monkeypatch.setattr(
        view, "send", lambda content, buffers=(): view.sent.append((content, buffers))
    )
    return view


def test_state_is_small_and_without_the_code(view):
    own = {name: value for name, value in view.get_state().items() if name != "layout"}
    state = json.dumps(own, default=str)
    assert len(state) < MOST_STATE_BYTES
    assert "react" not in state.lower()


def test_code_is_sent_once_it_is_asked_for(view):
    view._asked(view, {"question": "code", "number": 0}, [])
    [(content, [code])] = view.sent
    assert content == {"code": bundle.version()}
    assert code == bundle.code()


def test_the_answer_itself_comes_first(view):
    view._asked(view, {"question": "first", "number": 1}, [])
    [(content, _)] = view.sent
    assert content["number"] == 1
    assert content["answer"]["kind"] == "runs"
    assert content["answer"]["document"]["runs"][0]["name"] == "broken"


def test_a_cell_that_has_ended_is_told_now_and_to_who_shows_it_later(view):
    view.tell_change()
    view._asked(view, {"question": "first", "number": 1}, [])
    assert [content.get("changed") for content, _ in view.sent] == [True, None, True]


def test_the_latest_that_can_change_hear_of_cells_that_end(monkeypatch):
    faults = []
    monkeypatch.setattr(current, "fault", lambda where, problem: faults.append(str(problem)))
    shell = SimpleNamespace(
        events=SimpleNamespace(register=lambda _, callback: heard.append(callback))
    )
    heard, told = [], []

    class Widget:
        def tell_change(self):
            told.append(self)
            raise OSError("closed")

    changes, widgets = Changes(shell), [Widget() for _ in range(30)]
    for widget in widgets:
        changes.add(widget)
    del widgets[-1], widget
    [ended] = heard
    ended(None)
    assert told == []  # they are of that cell
    ended(None)
    assert told == widgets[-19:]
    assert faults == ["closed"] * 19


@pytest.mark.parametrize("message", [None, "text", {}, {"custom": 1}], ids=str)
def test_messages_of_others_are_left_alone(view, message):
    view._asked(view, message, [])
    assert view.sent == []


def test_what_is_chosen_is_a_value(view):
    view.set_state({"selected": ["abc"]})
    assert view.selected == ["abc"]
    assert repr(view) == "<View of runs, 1 chosen>"


def test_a_widget_leaves_the_page_of_its_answer_in_the_file(view):
    data, _ = view._repr_mimebundle_()
    answer = nbmlops.runs()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == view.model_id
    assert {"application/vnd.nbmlops.answer+json", "text/html", "text/plain"} < set(data)
    assert "<table " in data["text/html"]
    assert str(answer).splitlines()[0] in data["text/plain"]


def test_a_replay_comes_with_all_its_executions():
    executions = tuple(
        Replayed(execution, "identical", (Compared("auc", "identical", "0.9", "0.9"),), 0.1)
        for execution in executions_of(2_000)
    )
    answer = Replay("3k9f", "run 3k9f", "identical", executions=executions)
    view = nbmlops.widget(answer)
    assert view._first["kind"] == "replay"
    assert len(view._first["document"]["executions"]) == 2_000
    both = answer._repr_mimebundle_()
    assert sum(len(json.dumps(page)) for page in both.values()) < MOST_BYTES_IN_A_FILE


def executions_of(count):
    return [
        Execution(f"e{place}", "s", place, "auc = score(model)\n" * 20, 0.0, f"c{place}")
        for place in range(1, count + 1)
    ]


def test_what_has_no_widget_says_so():
    with pytest.raises(NoWidget, match="DataTable"):
        nbmlops.widget(nbmlops.data())
