from base64 import b64decode
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.drawing.html import html
from nbmlops.drawing.page import (
    Code,
    Column,
    Drawn,
    Facts,
    Heading,
    Page,
    Picture,
    Span,
    Table,
    Text,
)

TAGS = set("div p span table caption thead tbody tr th td details summary pre code img".split())
ATTRIBUTES = set("class style title scope open alt src".split())
CELL_STYLES = {("td", "style"), ("th", "style")}
PICTURE = "data:image/svg+xml;base64,"


class Reader(HTMLParser):
    """Reads a page strictly: every tag closed in order, nothing that was not meant."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.texts, self.attributes = [], [], [], []

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS
        assert {name for name, _ in attrs} <= ATTRIBUTES
        if tag != "img":  # has no end
            self.open.append(tag)
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def handle_decl(self, decl):
        raise AssertionError(decl)

    handle_comment = handle_pi = unknown_decl = handle_decl


def read(text):
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def everywhere(text, tone="plain"):
    """Make a page that has a text in every place that takes one."""
    span = Span(text, tone, label=text)
    return Page(
        [span],
        [
            Heading(text),
            Text([span, span]),
            Facts([(text, span)]),
            Table(text, [Column(text), Column(text, "right")], [[span, span]]),
            Code(span, text),
            Code(span, text, "diff"),
            Picture(span, text, f"<svg>{text}</svg>", text),
        ],
    )


PLACES = 17  # the texts that `everywhere` shows


HOSTILE = [
    pytest.param("<script>alert(1)</script>", id="script"),
    pytest.param("</span></td></table><script>", id="closing tags"),
    pytest.param("\" onmouseover='alert(1)' x=\"", id="quotes"),
    pytest.param("<img src=x onerror=alert(1)>", id="image"),
    pytest.param("<!-- ", id="comment"),
    pytest.param("]]><?php ", id="processing instruction"),
    pytest.param("&lt;b&gt; &amp; &#x3c;", id="entities stay as they are"),
    pytest.param("[bold]x[/bold]", id="markup of a terminal"),
    pytest.param("$x^2$ **bold** | a | b |", id="markdown"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_shown_as_it_is_and_never_read_as_html(text):
    found = read(html(everywhere(text)))
    assert found.texts == [text] * PLACES
    assert {value for _, name, value in found.attributes if name in ("title", "alt")} == {text}
    assert "script" not in found.tags


@pytest.mark.parametrize("tone", ["plain", "muted", "strong", "good", "bad", "warn", "code"])
def test_a_tone_changes_the_look_and_not_the_text(tone):
    assert read(html(everywhere("x < y", tone))).texts == ["x < y"] * PLACES


@given(st.text(st.characters(), min_size=1))
def test_every_text_makes_a_well_formed_page_without_control_characters(text):
    drawn = html(everywhere(text))
    drawn.encode("utf-8")
    read(drawn)
    assert not any(ord(char) < 32 for char in drawn if char not in "\n\t")


def test_page_runs_nothing_and_asks_for_nothing():
    drawn = html(everywhere("plain", "good"))
    for word in ("<script", "http", "url(", "href", "@import", "javascript:", " on"):
        assert word not in drawn
    assert drawn.count("src=") == drawn.count(f'src="{PICTURE}') == 1


def test_ansi_colours_are_shown_as_signs():
    assert "\x1b" not in html(everywhere("\x1b[31mred\x1b[0m"))
    assert "␛[31mred" in html(everywhere("\x1b[31mred\x1b[0m"))


def test_table_tells_a_screen_reader_its_caption_columns_and_what_signs_mean():
    table = Table("Runs", [Column("run"), Column("auc", "right")], [
        [Span("3k9f"), Span("0.9 ▲", "good", "better")],
    ])  # fmt: skip
    drawn = html(Page((), [table]))
    found = read(drawn)
    assert drawn.index("<caption") < drawn.index("<thead")
    assert found.attributes.count(("th", "scope", "col")) == 2
    assert ("span", "title", "better") in found.attributes
    assert found.texts == ["Runs", "run", "auc", "3k9f", "0.9 ▲"]


def test_facts_tell_which_cell_is_the_head_of_a_row():
    found = read(html(Page((), [Facts([("opened", Span("today"))])])))
    assert found.attributes.count(("th", "scope", "row")) == 1


def test_table_without_caption_has_no_empty_one():
    assert "caption" not in html(Page((), [Table("", [Column("a")], [[Span("b")]])]))


def test_a_row_that_does_not_fit_its_columns_is_an_error():
    with pytest.raises(ValueError, match="zip"):
        html(Page((), [Table("t", [Column("a")], [[Span("b"), Span("c")]])]))


def test_diff_colours_its_lines():
    drawn = html(Page((), [Code(Span("cell"), "@@ -1 +1 @@\n-a < 1\n+a > 1\n b", "diff")]))
    assert "".join(read(drawn).texts) == "cell@@ -1 +1 @@\n-a < 1\n+a > 1\n b"
    assert drawn.count("<span") == 3


def test_code_is_folded():
    assert read(html(Page((), [Code(Span("cell"), "x = 1")]))).tags[1:3] == ["details", "summary"]


def test_a_picture_is_an_image_with_its_lines_folded_below_it():
    picture = Picture(Span("flow"), "two cells", "<svg>\udc80é</svg>", "● a\n● b")
    found = read(html(Page((), [picture])))
    assert found.tags == ["div", "p", "img", "details", "summary", "pre", "code"]
    assert found.texts == ["flow", "● a\n● b"]
    assert ("img", "alt", "two cells") in found.attributes
    [source] = [value for _, name, value in found.attributes if name == "src"]
    assert b64decode(source.removeprefix(PICTURE), validate=True).decode() == "<svg>?é</svg>"


def test_where_there_is_no_picture_its_lines_are_open():
    found = read(html(Page((), [Picture(Span("flow"), "two cells", "", "● a")])))
    assert found.tags == ["div", "details", "summary", "pre", "code"]
    assert ("details", "open", None) in found.attributes


def test_an_object_offers_html_and_text():
    class Thing(Drawn):
        def page(self):
            return Page([Span("a <thing>")], ())

    bundle = Thing()._repr_mimebundle_(include=None, exclude=None)
    assert sorted(bundle) == ["text/html", "text/plain"]
    assert "a &lt;thing&gt;" in bundle["text/html"]
    assert bundle["text/plain"] == str(Thing()) == "a <thing>"


@pytest.mark.parametrize(
    "block",
    [Table("", [Column("n")], [[Span("1")]]), Facts([("n", Span("1"))])],
    ids=["table", "facts"],
)
def test_tables_stand_at_the_left_below_their_headings(block):
    attributes = read(html(Page((), [block]))).attributes
    assert ("table", "style", "margin-left:0") in attributes


def test_cells_stand_apart_also_where_a_page_sets_all_paddings_to_nothing():
    block = Table("", [Column("name"), Column("value")], [[Span("a"), Span("1")]])
    reader = read(html(Page((), [block, Facts([("b", Span("2"))])])))
    styles = [text for tag, name, text in reader.attributes if (tag, name) in CELL_STYLES]
    assert len(styles) == 6
    assert all(style.startswith("padding:") for style in styles)
