"""The widget: a few bytes of state, everything else by question and answer."""

from collections.abc import Mapping, Sequence
from typing import Any

import anywidget
import traitlets

from nbmlops.canonical import Json
from nbmlops.widgets import bundle
from nbmlops.widgets.questions import answer


class View(anywidget.AnyWidget):  # type: ignore[misc]
    """An answer of nbmlops, alive in a notebook.

    Attributes
    ----------
    selected : list of str
        The ids of the runs chosen in it, as they are chosen.
    """

    version = traitlets.Unicode().tag(sync=True)
    selected = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(self, first: Mapping[str, Json]) -> None:
        self._esm = bundle.loader()
        super().__init__(version=bundle.version())
        self._first = dict(first)
        self.on_msg(self._asked)

    def __repr__(self) -> str:
        return f"<View of {self._first['kind']}, {len(self.selected)} chosen>"

    def _asked(self, _: object, message: Any, __: Sequence[object]) -> None:
        """Answer a message of the front end; one that is none of ours is left alone."""
        if not isinstance(message, dict) or "question" not in message:
            return
        question, number = message["question"], message.get("number")
        if question == "code":
            self.send({"code": bundle.version()}, buffers=[bundle.code()])
        elif question == "first":
            self.send({"number": number, "answer": self._first})
        else:
            self.send({"number": number, **answer(question, message.get("args") or {})})
