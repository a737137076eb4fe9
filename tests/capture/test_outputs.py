"""What is kept of outputs: the law of long texts, carriage returns, images, clearing."""

import base64
import re
import threading
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.capture.outputs import (
    Collector,
    KernelTap,
    Limits,
    LongText,
    strip_ansi,
    without_overwritten,
)
from nbmlops.redaction.redactor import Redactor
from nbmlops.store.blobs import LocalBlobs, digest_of

NOTE = re.compile(r"\n… ([\d,]+) bytes not kept …\n")
# Words of several lengths in UTF-8, so that cuts fall into characters.
PIECES = st.lists(st.text(st.sampled_from("ab\n é€😀"), max_size=60), max_size=40)


def kept(pieces, limit):
    text = LongText(limit)
    for piece in pieces:
        text.add(piece)
    return text.content("text/plain")


@pytest.mark.parametrize("before", [*range(4_950, 5_000, 7)])
@pytest.mark.parametrize("pieces", [1, 60_000], ids=["whole", "in pieces"])
def test_a_secret_that_lies_where_long_text_is_cut_is_not_kept_in_part(before, pieces):
    secret = "gh" + "p_" + "a1B2" * 9
    whole = "x" * before + " " + secret + " " + "y" * 60_000 + " " + secret + " " + "z" * before
    redact = Redactor()
    text = LongText(10_000, redact)
    for at in range(0, len(whole), -(-len(whole) // pieces)):
        text.add(whole[at : at + -(-len(whole) // pieces)])
    kept_text = text.content("text/plain").text
    assert secret[4:12] not in kept_text
    assert secret[-8:] not in kept_text
    assert kept_text.startswith("x" * before)
    assert kept_text.endswith("z" * before)


@given(pieces=PIECES, limit=st.integers(2, 200))
def test_long_text_keeps_head_and_tail_within_its_limit_and_counts_the_rest(pieces, limit):
    whole = "".join(pieces)
    content = kept(pieces, limit)
    half = limit // 2
    assert content.size_bytes == len(whole.encode())
    if content.size_bytes <= 2 * half:
        assert (content.text, content.cut_bytes) == (whole, 0)
        return
    head, count, tail = NOTE.split(content.text)
    assert whole.startswith(head)
    assert whole.endswith(tail)
    # A character of up to four bytes at the cut may be left out whole.
    assert half - 3 <= len(head.encode()) <= half
    assert half - 3 <= len(tail.encode()) <= half
    assert int(count.replace(",", "")) == content.cut_bytes
    assert len(head.encode()) + content.cut_bytes + len(tail.encode()) == content.size_bytes


@given(pieces=PIECES, limit=st.integers(2, 200))
def test_long_text_does_not_depend_on_how_it_came_in_pieces(pieces, limit):
    assert kept(pieces, limit) == kept(["".join(pieces)], limit)


def test_long_text_takes_what_cannot_be_encoded():
    assert kept(["a\ud800b"], 100).text == "a\\ud800b"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        pytest.param("10 %\r50 %\rdone", "done", id="progress"),
        pytest.param("10 %\r50 %\r", "50 %\r", id="nothing after the last return"),
        pytest.param("one\r\ntwo\r\n", "one\r\ntwo\r\n", id="line ends of terminals"),
        pytest.param("a\rb\nc\rd\n", "b\nd\n", id="each line on its own"),
        pytest.param("\rstart", "start", id="return at the start"),
        pytest.param("no return\n", "no return\n", id="none"),
        pytest.param("", "", id="empty"),
    ],
)
def test_overwritten_text_is_left_out(written, shown):
    assert without_overwritten(written) == shown


@pytest.mark.parametrize(
    ("coloured", "plain"),
    [
        pytest.param("\x1b[1;31mred\x1b[0m", "red", id="colour"),
        pytest.param("\x1b[2K\x1b[1Gline", "line", id="cursor"),
        pytest.param("\x1b]8;;http://a\x07link\x1b]8;;\x07", "link", id="link"),
        pytest.param("no [31m escape", "no [31m escape", id="brackets alone"),
    ],
)
def test_ansi_sequences_are_left_out(coloured, plain):
    assert strip_ansi(coloured) == plain


@pytest.fixture
def blobs(tmp_path):
    return LocalBlobs(tmp_path / "blobs")


@pytest.fixture
def collector(blobs):
    return Collector(Limits(text_bytes=100, image_bytes=10), blobs.put)


def shown(collector):
    return [
        (output.kind, [(content.mime, content.text) for content in output.contents])
        for output in collector.outputs()
    ]


def test_pieces_of_a_stream_are_one_output_until_another_output_comes(collector):
    for name, text in [("stdout", "a"), ("stdout", "b\n"), ("stderr", "c\n"), ("stdout", "d")]:
        collector.stream(name, text)
    assert shown(collector) == [
        ("stdout", [("text/plain", "ab\n")]),
        ("stderr", [("text/plain", "c\n")]),
        ("stdout", [("text/plain", "d")]),
    ]


def test_image_is_a_blob_and_a_picture_in_text_is_text(collector, blobs):
    bundle = {
        "image/png": base64.b64encode(b"\x89PNG").decode(),
        "image/svg+xml": "<svg/>",
        "application/json": {"a": [1]},
    }
    collector.data("display", bundle, None)
    [output] = collector.outputs()
    image, drawing, tree = output.contents
    assert blobs.get(image.blob) == b"\x89PNG"
    assert (image.text, image.size_bytes, image.cut_bytes) == (None, 4, 0)
    assert drawing.text == "<svg/>"
    assert tree.text == '{"a": [1]}'


def test_image_over_the_limit_is_not_kept_and_its_size_is_told(collector, blobs):
    collector.data("display", {"image/png": base64.b64encode(b"x" * 11).decode()}, None)
    [output] = collector.outputs()
    [content] = output.contents
    assert (content.blob, content.size_bytes, content.cut_bytes) == (None, 11, 11)
    assert blobs.digests() == []


def test_image_as_bytes_is_kept_as_it_is(collector):
    collector.data("display", {"image/jpeg": b"\xff\xd8"}, None)
    [output] = collector.outputs()
    assert output.contents[0].blob == digest_of(b"\xff\xd8")


def test_image_that_cannot_be_written_is_cut_to_nothing():
    def full_disk(_):
        raise OSError(28, "No space left on device")

    collector = Collector(Limits(text_bytes=100, image_bytes=10), full_disk)
    collector.data("display", {"image/png": b"\x89PNG", "text/plain": "beside"}, None)
    [output] = collector.outputs()
    image, text = output.contents
    assert (image.blob, image.text, image.size_bytes, image.cut_bytes) == (None, None, 4, 4)
    assert text.text == "beside"


def test_text_of_a_stream_that_finds_no_place_goes_into_no_other_output(collector):
    for number in range(999):
        collector.data("display", {"text/plain": str(number)}, None)
    collector.stream("stdout", "out")
    collector.stream("stderr", "err")
    collector.stream("stdout", "more")
    *_, last, note = shown(collector)
    assert last == ("stdout", [("text/plain", "outmore")])
    assert note == ("display", [("text/plain", "… 1 more outputs not kept …")])


@pytest.mark.parametrize("image", ["not base64!", 5, None], ids=["text", "number", "nothing"])
def test_image_that_cannot_be_decoded_does_not_stop_the_rest(collector, image):
    collector.data("display", {"image/png": image, "text/plain": "beside"}, None)
    [(_, contents)] = shown(collector)
    assert contents == [("image/png", "not decodable"), ("text/plain", "beside")]


def test_update_replaces_what_was_displayed_under_the_same_id(collector):
    collector.data("display", {"text/plain": "1"}, "a")
    collector.data("display", {"text/plain": "2"}, "b")
    collector.data("display", {"text/plain": "1 again"}, "a")
    collector.update({"text/plain": "new"}, "a")
    assert [contents[0][1] for _, contents in shown(collector)] == ["new", "2", "new"]


def test_clear_forgets_at_once_or_when_the_next_output_comes(collector):
    collector.stream("stdout", "gone")
    collector.clear(wait=False)
    assert shown(collector) == []
    collector.stream("stdout", "stays until")
    collector.clear(wait=True)
    assert shown(collector) == [("stdout", [("text/plain", "stays until")])]
    collector.data("result", {"text/plain": "this"}, None)
    assert shown(collector) == [("result", [("text/plain", "this")])]


def test_display_without_any_representation_is_no_output(collector):
    collector.data("display", {}, None)
    assert collector.outputs() == ()


class Session:
    """Sends messages to nobody."""

    def send(self, message):
        return message


class Shell:
    """A shell of a kernel whose threads handle a request each."""

    def __init__(self):
        self.kernel = SimpleNamespace(session=Session())
        self.requests = threading.local()

    def get_parent(self):
        return {"header": {"msg_id": self.requests.id}}

    def said(self, request, kind, **content):
        header = {"msg_type": kind}
        message = {"parent_header": {"msg_id": request}, "header": header, "content": content}
        self.kernel.session.send(message)


@pytest.fixture
def tapped(collector):
    """A shell, its tap, what to call to run a cell but for its reply, and outputs by request."""
    shell, faults = Shell(), []
    tap = KernelTap(shell, lambda: collector, lambda *fault: faults.append(fault))
    taken = {}

    def run(request):
        shell.requests.id = request
        tap.started()
        tap.ended(lambda outputs: taken.update({request: outputs}))

    yield shell, tap, run, taken
    tap.close()
    assert faults == []


def in_thread(work, *arguments):
    thread = threading.Thread(target=work, args=arguments)
    thread.start()
    thread.join(30)


def test_streams_may_come_after_another_thread_has_begun_a_cell(tapped):
    shell, _, run, taken = tapped
    in_thread(run, "first")
    run("second")
    assert taken == {}
    shell.said("first", "stream", name="stdout", text="late")
    shell.said("first", "execute_reply")
    assert [output.contents[0].text for output in taken["first"]] == ["late"]


def test_a_cell_without_a_reply_is_complete_when_its_thread_begins_another(tapped):
    _, _, run, taken = tapped
    run("first")
    run("second")
    assert taken == {"first": ()}


def test_closing_hands_over_what_has_come_and_abandoning_nothing(tapped):
    shell, tap, run, taken = tapped
    run("first")
    shell.said("first", "stream", name="stdout", text="there")
    tap.abandon()
    assert taken == {}
    assert "send" not in vars(shell.kernel.session)
