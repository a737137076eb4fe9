"""What cells show, collected as the front end gets it.

In a Jupyter kernel every output passes `Session.send` as a message that names the execution it
belongs to; that is where `KernelTap` listens, so that threads, subprocesses and subshells count
for the right cell, and a million prints cost a few batched messages. Elsewhere `StreamTap` listens
to the standard streams. Outputs that come after their cell has ended are not recorded.
"""

import base64
import binascii
import io
import json
import re
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from nbmlops.capture.base import KeepBlob, RedactText
from nbmlops.records import Content, Output, OutputKind

_MOST_OUTPUTS = 1_000  # of one cell; what comes after is counted, not kept
_MARGIN_BYTES = 8_192  # more than a private key has
_ANSI = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07)")
OWN_METADATA = "nbmlops"  # marks the lines that nbmlops itself shows


class Limits:
    """How much of an output is kept, in bytes; ``redact`` looks at the places where it is cut."""

    def __init__(self, text_bytes: int, image_bytes: int, redact: RedactText | None = None) -> None:
        self.text_bytes, self.image_bytes, self.redact = text_bytes, image_bytes, redact


class LongText:
    """A text that keeps its beginning and its end within a limit, however long it grows.

    The limit is in bytes of UTF-8; a character at a cut that does not fit whole is left out. Some
    more is held on both sides of the cut, so that a secret that lies across it is seen whole.
    """

    def __init__(self, limit_bytes: int, redact: RedactText | None = None) -> None:
        self._half = max(limit_bytes // 2, 1)
        self._redact = redact
        self._margin = _MARGIN_BYTES if redact is not None else 0
        self._parts: list[bytes] = []
        self._held = 0
        self._head = b""
        self._length = 0

    def add(self, text: str) -> None:
        """Append a piece."""
        data = text.encode("utf-8", "backslashreplace")
        self._parts.append(data)
        self._held += len(data)
        self._length += len(data)
        if self._held > 8 * (self._half + self._margin):
            self._shrink()

    def _shrink(self) -> None:
        data = b"".join(self._parts)
        if not self._head:
            end = self._half + self._margin
            self._head, data = data[:end], data[end:]
        self._parts = [data[-self._half - self._margin :]]
        self._held = len(self._parts[0])

    def content(self, mime: str) -> Content:
        """Return the text, with a line in place of what was cut out of its middle."""
        data = self._head + b"".join(self._parts)
        if self._length <= 2 * self._half:
            return Content(mime, self._length, text=data.decode())
        head = data[: self._half].decode("utf-8", "ignore")
        tail = data[-self._half :].decode("utf-8", "ignore")
        cut = self._length - len(head.encode()) - len(tail.encode())
        if self._redact is not None:
            head_and_more = data[: self._half + self._margin].decode("utf-8", "ignore")
            more_and_tail = data[-self._half - self._margin :].decode("utf-8", "ignore")
            head = self._redact.until(head_and_more, len(head))
            tail = self._redact.since(more_and_tail, len(more_and_tail) - len(tail))
        text = f"{head}\n… {cut:,} bytes not kept …\n{tail}"
        return Content(mime, self._length, text=text, cut_bytes=cut)


class Collector:
    """Gathers the outputs of one execution. Messages may come from any thread."""

    def __init__(self, limits: Limits, keep_blob: KeepBlob) -> None:
        self._limits, self._keep_blob = limits, keep_blob
        self._guard = threading.Lock()
        self._found: list[tuple[OutputKind, LongText | dict[str, Any], str | None]] = []
        self._clear_next = False
        self._left_out = 0

    def stream(self, name: str, text: str) -> None:
        """Take a piece of a standard stream."""
        kind: OutputKind = "stderr" if name == "stderr" else "stdout"
        with self._guard:
            self._clear_if_due()
            if not self._found or self._found[-1][0] != kind:
                self._add(kind, LongText(self._limits.text_bytes, self._limits.redact), None)
            last_kind, last, _ = self._found[-1]
            if last_kind == kind and isinstance(last, LongText):  # else it was one too many
                last.add(text)

    def data(self, kind: OutputKind, bundle: dict[str, Any], display_id: str | None) -> None:
        """Take a result or displayed data, by its representations."""
        with self._guard:
            self._clear_if_due()
            self._add(kind, bundle, display_id)

    def update(self, bundle: dict[str, Any], display_id: str) -> None:
        """Replace the data displayed under an id in this execution."""
        with self._guard:
            for index, (kind, _, known) in enumerate(self._found):
                if known == display_id:
                    self._found[index] = (kind, bundle, known)

    def clear(self, *, wait: bool) -> None:
        """Forget what was shown, now or when the next output comes."""
        with self._guard:
            self._clear_next = wait
            if not wait:
                self._found.clear()

    def outputs(self) -> tuple[Output, ...]:
        """Return what was gathered; images become blobs."""
        with self._guard:
            found = [
                Output(kind, tuple(self._contents(what)), display_id)
                for kind, what, display_id in self._found
            ]
            if self._left_out:
                text = f"… {self._left_out:,} more outputs not kept …"
                found.append(Output("display", (Content("text/plain", len(text), text=text),)))
            return tuple(output for output in found if output.contents)

    def _add(self, kind: OutputKind, what: LongText | dict[str, Any], display: str | None) -> None:
        if len(self._found) < _MOST_OUTPUTS:
            self._found.append((kind, what, display))
        else:
            self._left_out += 1

    def _clear_if_due(self) -> None:
        if self._clear_next:
            self._found.clear()
            self._clear_next = False

    def _contents(self, what: LongText | dict[str, Any]) -> Iterator[Content]:
        if isinstance(what, LongText):
            content = what.content("text/plain")
            text = without_overwritten(content.text or "")
            yield Content("text/plain", content.size_bytes, text=text, cut_bytes=content.cut_bytes)
            return
        for mime, value in what.items():
            yield self._content(mime, value)

    def _content(self, mime: str, value: Any) -> Content:
        if mime.startswith("image/") and mime != "image/svg+xml":
            return self._image(mime, value)
        text = value if isinstance(value, str) else json.dumps(value, default=str)
        long = LongText(self._limits.text_bytes, self._limits.redact)
        long.add(text)
        return long.content(mime)

    def _image(self, mime: str, value: Any) -> Content:
        try:
            data = value if isinstance(value, bytes) else base64.b64decode(value)
        except (binascii.Error, TypeError, ValueError):
            return Content(mime, 0, text="not decodable", cut_bytes=0)
        if len(data) > self._limits.image_bytes:
            return Content(mime, len(data), cut_bytes=len(data))
        try:
            return Content(mime, len(data), blob=self._keep_blob(data))
        except OSError:  # a full disk costs the image, not the execution
            return Content(mime, len(data), cut_bytes=len(data))


class KernelTap:
    """Collects from the messages that a Jupyter kernel sends to its front ends.

    Streams are sent by another thread, a while after they were written. The kernel waits for that
    before it sends its reply, which is the sign here too: waiting on our own would make the user
    wait twice.
    """

    def __init__(
        self,
        shell: Any,
        new_collector: Callable[[], Collector],
        on_fault: Callable[[str, BaseException], None],
    ) -> None:
        self._shell, self._new_collector, self._on_fault = shell, new_collector, on_fault
        self._collectors: dict[str, Collector] = {}
        # What takes the outputs of executions that have ended, and the thread that they left.
        self._taking: dict[str, tuple[Callable[[tuple[Output, ...]], None], int]] = {}
        self._parents = threading.local()
        self._session = shell.kernel.session
        self._patched_before = "send" in vars(self._session)
        self._original = original = self._session.send

        def send(*arguments: Any, **options: Any) -> Any:
            message = original(*arguments, **options)
            if self._collectors:
                self._take(message)
            return message

        self._session.send = self._send = send

    def started(self) -> None:
        """Begin to collect for the request that this thread handles."""
        here = threading.get_ident()
        for earlier, (_, thread) in [*self._taking.items()]:
            if thread == here:  # a cell that was executed without a request
                self._finish(earlier)
        parent = self._parent_id()
        self._parents.id = parent
        self._collectors[parent] = self._new_collector()

    def ended(self, take: Callable[[tuple[Output, ...]], None]) -> None:
        """Hand over what was shown when the kernel replies to the request."""
        parent = getattr(self._parents, "id", "")
        self._taking[parent] = take, threading.get_ident()
        if parent not in self._collectors:
            self._finish(parent)

    def close(self) -> None:
        """Hand over what has come, and let messages go their way unseen."""
        for parent in [*self._taking]:
            self._finish(parent)
        self.abandon()

    def abandon(self) -> None:
        """Let messages go their way unseen."""
        self._taking.clear()
        self._collectors.clear()
        if vars(self._session).get("send") is not self._send:
            return  # somebody has wrapped it since; theirs stays, and passes through ours
        if self._patched_before:
            self._session.send = self._original
        else:
            del self._session.send

    def _finish(self, parent: str) -> None:
        collector, taking = self._collectors.pop(parent, None), self._taking.pop(parent, None)
        if taking is not None:
            take, _ = taking
            take(collector.outputs() if collector is not None else ())

    def _parent_id(self) -> str:
        parent = self._shell.get_parent() or {}
        return str(parent.get("header", {}).get("msg_id", ""))

    def _take(self, message: Any) -> None:
        try:
            parent = (message or {}).get("parent_header", {}).get("msg_id")
            collector = self._collectors.get(parent)
            if collector is None:
                return
            if message["header"]["msg_type"] == "execute_reply":
                self._finish(parent)
            else:
                _take_message(collector, message["header"]["msg_type"], message["content"])
        except Exception as problem:  # noqa: BLE001, runs inside the kernel's sending; must never stop it
            self._on_fault("collecting outputs", problem)


def _take_message(collector: Collector, kind: str, content: dict[str, Any]) -> None:
    if kind == "stream":
        collector.stream(content["name"], content["text"])
    elif kind in ("execute_result", "display_data"):
        if OWN_METADATA in content.get("metadata", {}):
            return
        display_id = content.get("transient", {}).get("display_id")
        data = content["data"]
        collector.data("result" if kind == "execute_result" else "display", data, display_id)
    elif kind == "update_display_data":
        collector.update(content["data"], content["transient"]["display_id"])
    elif kind == "clear_output":
        collector.clear(wait=content["wait"])
    elif kind == "error":
        text = strip_ansi("\n".join(content["traceback"]))
        collector.data("error", {"text/plain": text}, None)


class StreamTap:
    """Collects what is written to the standard streams, where no kernel sends messages.

    In IPython's terminal results and tracebacks are printed, and so count as streams.
    """

    def __init__(self, new_collector: Callable[[], Collector]) -> None:
        self._new_collector = new_collector
        self._collector: Collector | None = None
        self._restore: list[Callable[[], None]] = []

    def started(self) -> None:
        """Begin to collect what any thread writes."""
        self._collector = self._new_collector()
        for name in ("stdout", "stderr"):
            self._listen(name, getattr(sys, name), self._collector)

    def ended(self, take: Callable[[tuple[Output, ...]], None]) -> None:
        """Hand over what was written."""
        self.close()
        collector, self._collector = self._collector, None
        take(collector.outputs() if collector else ())

    def close(self) -> None:
        """Give the streams their own methods back."""
        while self._restore:
            self._restore.pop()()

    abandon = close

    def _listen(self, name: str, stream: Any, collector: Collector) -> None:
        original = getattr(stream, "write", None)
        # What goes to memory, where the user has redirected a stream, is shown to nobody.
        if original is None or issubclass(type(stream), io.StringIO):
            return
        patched_before = "write" in getattr(stream, "__dict__", {})  # IPython's own tee, say

        def write(text: Any, *more: Any) -> Any:
            result = original(text, *more)
            if isinstance(text, str):
                collector.stream(name, text)
            return result

        def restore() -> None:
            # Somebody else may have wrapped the stream since; theirs stays.
            if vars(stream).get("write") is not write:
                return
            if patched_before:
                stream.write = original
            else:
                del stream.write

        try:
            stream.write = write
        except AttributeError:  # a stream without a __dict__ cannot be listened to
            return
        self._restore.append(restore)


def without_overwritten(text: str) -> str:
    r"""Return a text as a terminal shows it in the end: what ``\r`` went back over is gone.

    Examples
    --------
    >>> without_overwritten("10 %\r90 %\rdone\nnext\r\n")
    'done\nnext\r\n'
    """
    if "\r" not in text:
        return text
    return "\n".join(_last_written(line) for line in text.split("\n"))


def _last_written(line: str) -> str:
    written = line.rstrip("\r")
    return written.rpartition("\r")[2] + line[len(written) :]


def strip_ansi(text: str) -> str:
    """Return a text without the terminal's colour and cursor sequences."""
    return _ANSI.sub("", text)
