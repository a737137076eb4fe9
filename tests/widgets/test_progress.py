"""Progress below a cell: one output that is drawn anew, of which the last line stays."""

from types import SimpleNamespace

import pytest

from nbmlops.widgets.progress import NotebookLine, NotebookWords, notebook_voice
from tests.kernels import Kernel

BAR = "<progress"


@pytest.fixture
def published():
    return []


@pytest.fixture
def shell(published):
    def publish(data, metadata, *, transient, update):
        published.append((data["text/html"], data["text/plain"], transient["display_id"], update))

    return SimpleNamespace(display_pub=SimpleNamespace(publish=publish))


def test_a_line_is_drawn_a_few_times_a_second_and_ends_without_a_bar(shell, published):
    moments = iter(step / 100 for step in range(10_000))
    line = NotebookLine(shell, "copying", "run", lambda: next(moments))
    for done in range(101):
        line.at(done, 100)
    line.end()
    assert len(published) <= 14  # in a second
    html, text, ids, updates = zip(*published, strict=True)
    assert len(set(ids)) == 1
    assert updates == (False, *[True] * (len(published) - 1))
    assert all(BAR in each for each in html[:-1])
    assert BAR not in html[-1]
    assert text[-1].startswith("copying: 100 runs, 1.0")


def test_what_did_not_come_to_its_end_says_how_far_it_came(shell, published):
    line = NotebookLine(shell, "executing", "cell", lambda: 0.0)
    line.at(1, 4)
    line.end()
    assert published[-1][1] == "executing: 1 of 4 cells, 0 ms"


def test_words_take_each_others_place_and_end_empty(shell, published):
    words = NotebookWords(shell)
    for _ in range(2):
        words.say("executing <3> cells")
        words.say("executing 4 cells")
        words.end()
        words.end()
    html, text, ids, updates = zip(*published, strict=True)
    assert "executing &lt;3&gt; cells" in html[0]
    assert text == ("executing <3> cells", "executing 4 cells", "") * 2
    assert updates == (False, True, True) * 2
    assert len(set(ids)) == 2


def test_each_shell_has_a_voice_of_its_own(shell, published, monkeypatch):
    monkeypatch.setattr("nbmlops.widgets.living.is_watched", lambda _: True)
    notebook_voice(SimpleNamespace(display_pub=SimpleNamespace(publish=None)), str)
    voice = notebook_voice(shell, str)
    voice.say("executing")
    voice.hush()
    assert [text for _, text, _, _ in published] == ["executing", ""]


def test_where_nobody_looks_nothing_is_said(shell, published, monkeypatch):
    monkeypatch.setattr("nbmlops.widgets.living.is_watched", lambda _: False)
    voice = notebook_voice(shell, str)
    voice.say("executing")
    voice.hush()
    assert published == []


def test_two_lines_are_two_outputs(shell, published):
    for _ in range(2):
        NotebookLine(shell, "copying", "run").at(0, 1)
    assert len({display_id for _, _, display_id, _ in published}) == 2


@pytest.mark.parametrize(
    ("source", "last"),
    [
        ("%nbmlops push other", "copying: 1 run, "),
        ("nbmlops.replay()", "executing: 1 cell, "),
        ("%nbmlops replay", "executing: 1 cell, "),
    ],
)
def test_a_notebook_keeps_the_last_line_beside_the_answer(tmp_path, source, last):
    (tmp_path / ".nbmlops").mkdir()
    with Kernel(tmp_path) as kernel:
        kernel.run("%load_ext nbmlops\nimport nbmlops", cell_id="a")
        kernel.run("accuracy = 0.5", cell_id="b")
        kernel.run("%nbmlops end", cell_id="c")
        reply = kernel.run(source, cell_id="d")
        opened = [each for each in reply.of("display_data") if each.get("transient")]
        [begun] = [each for each in opened if BAR in each["data"]["text/html"]]
        line = begun["transient"]["display_id"]
        of_all = reply.of("update_display_data")
        updates = [each for each in of_all if each["transient"]["display_id"] == line]
        words = [each["data"]["text/plain"] for each in of_all if each not in updates]
        assert words == ([""] if source == "%nbmlops replay" else [])  # taken away again
        assert updates[-1]["data"]["text/plain"].startswith(last)
        unseen = kernel.run(source, cell_id=None)
        for each in (reply, unseen):
            assert [part for part in each.of("stream") if part["name"] == "stderr"] == []
        assert unseen.of("update_display_data") == []
