"""The widget as the front end meets it: its state, its messages."""

import json

import pytest

import nbmlops
from nbmlops.errors import NoWidget
from nbmlops.widgets import bundle

pytestmark = pytest.mark.usefixtures("runs", "built")

MOST_STATE_BYTES = 5_000


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


@pytest.mark.parametrize("message", [None, "text", {}, {"custom": 1}], ids=str)
def test_messages_of_others_are_left_alone(view, message):
    view._asked(view, message, [])
    assert view.sent == []


def test_what_is_chosen_is_a_value(view):
    view.set_state({"selected": ["abc"]})
    assert view.selected == ["abc"]
    assert repr(view) == "<View of runs, 1 chosen>"


def test_what_has_no_widget_says_so():
    with pytest.raises(NoWidget, match="DataTable"):
        nbmlops.widget(nbmlops.data())
