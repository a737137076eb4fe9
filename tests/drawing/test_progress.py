"""Where progress is told, and what is left of it."""

import io

import pytest

from nbmlops.drawing.progress import progress, show_progress_by, with_progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Kept:
    """A line that keeps what it is told."""

    def __init__(self):
        self.told = []

    def at(self, done, total):
        self.told.append((done, total))

    def end(self):
        self.told.append("end")


def copied(runs):
    with progress("copying", "run") as say:
        for done in range(runs + 1):
            say(done, runs)


def interrupted():
    with progress("copying", "run") as say:
        say(1, 2)
        raise KeyboardInterrupt


def on_the_screen(text):
    """Return what a terminal shows of its last line."""
    line = ""
    for part in text.split("\r"):
        line = part + line[len(part) :]
    return line.strip()


def test_a_terminal_has_one_line_that_is_gone_in_the_end(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with progress("copying", "run") as say:
        say(0, 4)
        assert on_the_screen(terminal.getvalue()).startswith("copying:")
        assert "0/4" in on_the_screen(terminal.getvalue())
        say(2, 4)
    assert on_the_screen(terminal.getvalue()) == ""
    assert "\n" not in terminal.getvalue()


@pytest.mark.parametrize("runs", [0, 3])
def test_a_file_has_nothing(monkeypatch, runs):
    file = io.StringIO()
    monkeypatch.setattr("sys.stderr", file)
    copied(runs)
    assert file.getvalue() == ""


@pytest.mark.parametrize("has_place", [True, False])
def test_who_shows_progress_comes_before_the_terminal(monkeypatch, has_place):
    terminal, kept = Terminal(), Kept()
    monkeypatch.setattr("sys.stderr", terminal)
    show_progress_by(lambda what, unit: kept if has_place else None)
    try:
        copied(2)
    finally:
        show_progress_by(None)
    assert kept.told == ([(0, 2), (1, 2), (2, 2), "end"] if has_place else [])
    assert bool(terminal.getvalue()) is not has_place


@pytest.mark.parametrize(
    ("seconds_each", "expected"),
    [(0.1, []), (0.2, [(3, 4), (4, 4), "end"]), (9, [*((n, 4) for n in range(1, 5)), "end"])],
    ids=["quick", "slow in the end", "slow"],
)
def test_items_are_told_once_they_take_longer_than_a_moment(seconds_each, expected):
    kept, moment = Kept(), [0.0]
    show_progress_by(lambda what, unit: kept)
    given = []
    try:
        for item in with_progress(iter("abcd"), "checking", "blob", lambda: moment[0]):
            given.append(item)
            moment[0] += seconds_each
    finally:
        show_progress_by(None)
    assert (given, kept.told) == ([*"abcd"], expected)


def test_what_says_nothing_shows_nothing_and_what_fails_ends_its_line():
    kept = Kept()
    show_progress_by(lambda what, unit: kept)
    try:
        with progress("copying", "run"):
            pass
        assert kept.told == []
        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert kept.told == [(1, 2), "end"]
    finally:
        show_progress_by(None)
