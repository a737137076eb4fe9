"""What was run, as nbformat has it: outputs, and the notebook of a run.

Outputs are data: nothing of them is drawn here, and whoever draws them must not trust them.
"""

import base64
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbmlops.canonical import Json
from nbmlops.cells.documents import notebook_of
from nbmlops.errors import StoreError
from nbmlops.records import Content, Execution, Output
from nbmlops.store.base import Blobs

_STREAMS = ("stdout", "stderr")
_IS_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json")
_CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_ID = 50


@dataclass(frozen=True, slots=True)
class Cut:
    """Something that was shown and not kept whole; ``output`` is its place."""

    output: int
    content: Content
    cut_bytes: int

    def to_json(self) -> Json:
        """Return it as plain JSON."""
        return {
            "output": self.output,
            "mime": self.content.mime,
            "size_bytes": self.content.size_bytes,
            "cut_bytes": self.cut_bytes,
        }


class Shown:
    """What an execution showed: ``outputs`` of nbformat, and what of them was ``cut``."""

    def __init__(self, execution: Execution, blobs: Blobs) -> None:
        self._blobs = blobs
        self.outputs: list[Json] = []
        self.cut: list[Cut] = []
        for output in execution.outputs:
            self.outputs.append(self._output(output, execution))

    def _output(self, output: Output, execution: Execution) -> dict[str, Json]:
        data = {content.mime: self._data(content) for content in output.contents}
        if output.kind in _STREAMS:
            return {"output_type": "stream", "name": output.kind, "text": "".join(_texts(output))}
        if output.kind == "error":
            return _error(output, execution)
        shown: dict[str, Json] = {"data": {**data}, "metadata": {}}
        if output.kind == "result":
            count = execution.execution_count
            return {"output_type": "execute_result", "execution_count": count, **shown}
        return {"output_type": "display_data", **shown}

    def _data(self, content: Content) -> Json:
        """Return what a MIME bundle holds; nothing of what is not there any more."""
        if content.cut_bytes:
            self.cut.append(Cut(len(self.outputs), content, content.cut_bytes))
        if content.text is not None:
            return _parsed(content.text) if _IS_JSON.fullmatch(content.mime) else content.text
        if content.blob is None:
            return ""
        try:
            return base64.b64encode(self._blobs.get(content.blob)).decode("ascii")
        except StoreError:
            self.cut.append(Cut(len(self.outputs), content, content.size_bytes))
            return ""


def _texts(output: Output) -> Iterator[str]:
    return (content.text or "" for content in output.contents)


def _error(output: Output, execution: Execution) -> dict[str, Json]:
    failure = execution.failure
    lines: list[Json] = [*"".join(_texts(output)).split("\n")]
    return {
        "output_type": "error",
        "ename": failure.type if failure else "",
        "evalue": failure.message if failure else "",
        "traceback": lines,
    }


def _parsed(text: str) -> Json:
    try:
        found: Json = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return found


def notebook(executions: Sequence[Execution], blobs: Blobs) -> Json:
    """Return executions as a notebook of nbformat 4.5, in the order they ran."""
    taken: set[str] = set()
    cells: list[Json] = [
        {
            "cell_type": "code",
            "id": _cell_id(execution, taken),
            "metadata": {"tags": list(execution.tags)} if execution.tags else {},
            "source": execution.source,
            "execution_count": execution.execution_count,
            "outputs": Shown(execution, blobs).outputs,
        }
        for execution in executions
    ]
    return notebook_of(cells)


def _cell_id(execution: Execution, taken: set[str]) -> str:
    """Return the cell's own id; of one that ran again, with the number of the execution."""
    own = execution.cell_id or ""
    found = own if _CELL_ID.fullmatch(own) else execution.id
    if found in taken:
        found = f"{found[:_LONGEST_ID]}-{execution.sequence}"
    taken.add(found)
    return found
