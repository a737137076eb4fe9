import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console

from nbmlops.drawing.page import Code, Column, Facts, Heading, Page, Picture, Span, Table, Text
from nbmlops.drawing.terminal import plain, rich

TONES = ["plain", "muted", "strong", "good", "bad", "warn", "code"]


def everywhere(text, tone="plain"):
    """Make a page that has a text in every place that takes one."""
    span = Span(text, tone, label="never shown")
    return Page(
        [span],
        [
            Heading(text),
            Text([span]),
            Facts([(text, span)]),
            Table(text, [Column(text), Column(text, "right")], [[span, span]]),
            Code(span, text),
            Code(span, text, "diff"),
            Picture(span, "never shown", "<svg>never shown</svg>", text),
        ],
    )


PLACES = 16  # the texts that `everywhere` shows


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("word", id="word"),
        pytest.param("x[mean]", id="brackets"),
        pytest.param("[/red]", id="closing markup"),
        pytest.param("[bold]x[/bold]", id="markup"),
        pytest.param("[link=file:///etc]x", id="link"),
        pytest.param(":smile:", id="name of an emoji"),
        pytest.param("a\\[b]", id="backslash"),
        pytest.param("<script>", id="HTML"),
    ],
)
def test_any_text_is_shown_as_it_is(text):
    assert plain(everywhere(text)).count(text) == PLACES


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("variable", ["FORCE_COLOR", "TTY_COMPATIBLE", "CLICOLOR_FORCE"])
def test_plain_text_has_no_escape_sequences(tone, variable, monkeypatch):
    monkeypatch.setenv(variable, "1")
    drawn = plain(everywhere("word", tone))
    assert "\x1b" not in drawn
    assert drawn == plain(everywhere("word"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\x1b[31mred", id="colour"),
        pytest.param("\x1b]8;;http://x\x07y", id="link"),
        pytest.param("a\rb\x08c", id="overwriting"),
        pytest.param("\x9b31m", id="one-character escape"),
    ],
)
def test_a_text_cannot_act_on_the_terminal(text):
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, color_system="truecolor", width=100)
    console.print(rich(everywhere(text)))
    drawn = file.getvalue()
    assert text not in drawn
    assert all(char not in drawn for char in "\r\x07\x08\x9b")
    assert text[:1] not in plain(everywhere(text)) or text[0].isprintable()


@given(st.text(st.characters(), max_size=40))
@example("a\u2028b")
def test_every_text_can_be_drawn_and_written(text):
    drawn = plain(everywhere(text))
    drawn.encode("utf-8")
    assert not any(ord(char) < 32 for char in drawn if char != "\n")


@pytest.mark.parametrize("width", [40, 80, 100, 200])
def test_no_line_is_wider_than_asked(width):
    rows = [[Span("x" * 70), Span("word " * 20), Span("0.912")] for _ in range(3)]
    table = Table("Runs", [Column("run"), Column("name"), Column("auc", "right")], rows)
    drawn = plain(Page([Span("t" * 300)], [table]), width)
    assert max(map(len, drawn.splitlines())) <= width
    assert drawn.count("0.912") == 3


def test_nothing_of_a_value_is_lost_in_a_narrow_table():
    value = "".join(chr(ord("a") + number % 26) for number in range(200))
    drawn = plain(Page((), [Table("", [Column("v")], [[Span(value)]])]), 40)
    assert value in "".join(line.strip() for line in drawn.splitlines())


@pytest.mark.parametrize(
    ("caption", "note"),
    [
        pytest.param("3 runs", "3 runs · when, took left out, --json has all", id="fits"),
        pytest.param("3 runs of much", "3 runs of much · 2 columns left out, ", id="too long"),
    ],
)
def test_columns_left_out_are_named_where_that_fits(caption, note):
    columns = [Column("run", is_whole=True), Column("auc"), Column("when"), Column("took")]
    row = [Span("x" * 30), Span("0.9"), Span("today 10:00"), Span("1.2 s")]
    drawn = plain(Page((), [Table(caption, columns, [row])]), 45)
    assert " ".join(drawn.split()).startswith(" ".join(note.split()))


def test_lines_have_no_blanks_at_their_ends():
    assert not any(line.endswith(" ") for line in plain(everywhere("word")).splitlines())


def test_numbers_stand_below_each_other():
    table = Table("", [Column("auc", "right")], [[Span("0.9")], [Span("10.25")]])
    lines = [line for line in plain(Page((), [table])).splitlines() if "." in line]
    assert len({len(line) for line in lines}) == 1


def test_a_picture_is_its_lines():
    drawn = plain(Page((), [Picture(Span("flow"), "two cells", "<svg/>", "● a\n│ ● b")]))
    assert drawn == "  flow\n    ● a\n    │ ● b"


def test_empty_page_is_empty():
    assert plain(Page((), ())) == ""


SOURCES = {
    "one line": "x = 1",
    "tabs": "def f():\n\treturn 1\n",
    "blank lines": "\n\nx\n  \n",
    "too long": "x = " + "a" * 90,
    "words too long": "word " * 30 + "\n    indented " + "y " * 40,
    "just fits": "a" * 32,
    "just too long": "a" * 33,
    "wide": "é = '日本'\n" + "日本" * 30,
    "nothing": "",
    "control": "a\r\nb\x0c",
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_code_without_colours_has_the_lines_of_code_with_them(source):
    page = Page((), [Code(Span("[1]"), source, "python"), Text((Span("below"),))])
    console = Console(width=40, color_system=None, legacy_windows=False, force_jupyter=False)
    with console.capture() as drawn:
        console.print(rich(page, 40))
    assert plain(page, 40) == "\n".join(line.rstrip() for line in drawn.get().splitlines())
