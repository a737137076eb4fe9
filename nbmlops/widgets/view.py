"""The widget: a few bytes of state, everything else by question and answer."""

from collections.abc import Mapping, Sequence
from typing import Any

import anywidget
import traitlets

from nbmlops.canonical import Json
from nbmlops.drawing.page import Drawn
from nbmlops.drawing.saved import saved
from nbmlops.tracking.current import running_shell
from nbmlops.widgets import bundle, questions
from nbmlops.widgets.changes import changes_of

_VIEW = "application/vnd.jupyter.widget-view+json"
# JupyterLab with the panel prefers this one: it knows to show the page where the kernel is gone.
_ANSWER = "application/vnd.nbmlops.answer+json"


_CHANGING = ("runs", "run", "data")  # what is another one when cells have run


class View(anywidget.AnyWidget):  # type: ignore[misc]
    """An answer of nbmlops, alive in a notebook.

    Attributes
    ----------
    selected : list of str
        The ids of the runs chosen in it, as they are chosen.
    """

    version = traitlets.Unicode().tag(sync=True)
    selected = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(self, answer: Drawn, first: Mapping[str, Json]) -> None:
        self._esm = bundle.loader()
        super().__init__(version=bundle.version())
        self._answer = answer
        self._first = dict(first)
        self._is_of_before = False  # a cell has ended since
        self.on_msg(self._asked)
        shell = running_shell()
        if shell is not None and first["kind"] in _CHANGING:
            changes_of(shell).add(self)

    def __repr__(self) -> str:
        return f"<View of {self._first['kind']}, {len(self.selected)} chosen>"

    def living(self) -> dict[str, object]:
        """Return what front ends with a kernel show, by MIME type."""
        found = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {_VIEW: found, _ANSWER: {}}

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, object], dict[str, object]]:
        """Show the widget beside the answer's page, which stays readable without a kernel."""
        _, metadata = super()._repr_mimebundle_()
        of_html, of_text = saved(self._answer.page())
        return {**self.living(), "text/html": of_html, "text/plain": of_text}, metadata

    def tell_change(self) -> None:
        """Have the front end look again, as a cell has ended."""
        self._is_of_before = True
        self.send({"changed": True})

    def _asked(self, _: object, message: Any, __: Sequence[object]) -> None:
        """Answer a message of the front end; one that is none of ours is left alone."""
        if not isinstance(message, dict) or "question" not in message:
            return
        question, number = message["question"], message.get("number")
        if question == "code":
            self.send({"code": bundle.version()}, buffers=[bundle.code()])
        elif question == "first":
            self.send({"number": number, "answer": self._first})
            if self._is_of_before:
                self.send({"changed": True})
        else:
            self.send({"number": number, **questions.answer(question, message.get("args") or {})})
