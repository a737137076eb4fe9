"""What is laid out at once is what rich would have drawn, cell by cell."""

import io
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from nbmlops.drawing.page import Column, Facts, Page, Span, Table
from nbmlops.drawing.terminal import plain, rich

texts = st.text(st.sampled_from("ab 1日é[x]\n\té"), max_size=12)
spans = st.builds(Span, texts, st.sampled_from(["plain", "strong", "bad"]))


@st.composite
def tables(draw):
    columns = draw(
        st.lists(st.builds(Column, texts, st.sampled_from(["left", "right"])), min_size=1)
    )
    rows = st.lists(spans, min_size=len(columns), max_size=len(columns))
    return Table(draw(texts), columns, draw(st.lists(rows, max_size=3)))


facts = st.builds(Facts, st.lists(st.tuples(texts, spans), max_size=3))


@given(st.one_of(tables(), facts), st.sampled_from([12, 30, 60]))
def test_what_fits_looks_as_rich_draws_it(block, width):
    assert both(Page((), [block]), width) == by_rich(Page((), [block]), width)


@pytest.mark.parametrize(
    ("block", "fits"),
    [
        (Table("t", [Column("name")], [[Span("word")]]), True),
        (Table("", [Column("name")], []), True),
        (Table("", [Column("name")], [[Span("x" * 40)]]), False),
        (Table("", [Column("name")], [[Span("two\nlines")]]), False),
        (Table("a long caption", [Column("n")], []), False),
        (Facts([("opened", Span("now"))]), True),
        (Facts([("opened", Span("x" * 40))]), False),
        (Facts([("opened", Span("two\nlines"))]), False),
        (Facts([]), False),
    ],
    ids=["table", "table without rows", "wide cell", "cell of two lines", "wide caption",
         "facts", "wide fact", "fact of two lines", "no facts"],
)  # fmt: skip
def test_rich_is_asked_only_where_something_is_wrapped(block, fits):
    with patch("nbmlops.drawing.terminal.RichTable", side_effect=AssertionError) as made:
        try:
            plain(Page((), [block]), 30)
        except AssertionError:
            assert made.called
    assert made.called != fits


def test_tones_are_those_of_rich():
    rows = [[Span("good", "good"), Span("1", "strong")], [Span("bad", "bad"), Span("2", "muted")]]
    table = Table("", [Column("a"), Column("b", "right")], rows)
    page = Page((), [table, Facts([("fact", Span("so", "warn"))])])
    drawn = coloured(page, 40)
    for styled in ("\x1b[32mgood", "\x1b[1m1", "\x1b[31mbad", "\x1b[2m2", "\x1b[33mso", "\x1b[1ma"):
        assert styled in drawn


def both(page, width):
    """Return how a page looks without and, less its colours, with them."""
    return plain(page, width), [line.rstrip() for line in coloured(page, width, None).splitlines()]


def by_rich(page, width):
    here = "nbmlops.drawing.terminal"
    with patch(f"{here}.table_that_fits", return_value=None), \
         patch(f"{here}.facts_that_fit", return_value=None):  # fmt: skip
        return both(page, width)


def coloured(page, width, system="standard"):
    file = io.StringIO()
    console = Console(
        file=file, force_terminal=True, color_system=system, width=width, highlight=False
    )
    console.print(rich(page, width))
    return file.getvalue()
