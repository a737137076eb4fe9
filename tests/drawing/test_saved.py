"""What of a page goes into a notebook's file."""

import pytest

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
from nbmlops.drawing.saved import MOST_BYTES, bytes_in_file, saved
from nbmlops.drawing.terminal import plain

PROMISED_BYTES = 50_000
SMALL = Page((Span("2 runs"),), [Table("", [Column("auc")], [[Span("0.9")], [Span("0.8")]])])


def table(rows, columns, text="0.9123"):
    heads = [Column(f"run {number}", "right") for number in range(columns)]
    return Table("metrics", heads, [[Span(text, "strong")] * columns for _ in range(rows)])


def page(*blocks):
    return Page((Span("a title"),), list(blocks))


LARGE = {
    "many rows": (page(table(1_500, 5)), "more rows"),
    "many columns": (page(table(40, 400)), "more columns"),
    "fifty runs": (page(*[table(60, 52)] * 4), "more rows"),
    "long texts": (page(table(5, 5, "x" * 100_000)), "…"),
    "much code": (page(Code(Span("cell"), "a = '<&\"'\n" * 50_000)), "more lines"),
    "a line without end": (page(Code(Span("cell"), "<" * 10**6)), "…"),
    "many facts": (page(Facts([(f"name {n}", Span("v")) for n in range(5_000)])), "more lines"),
    "many parts": (page(*[Text((Span("x" * 50),))] * 3_000), "more parts"),
    "many spans": (page(Text([Span("word ", "good")] * 50_000)), "more"),
    "a large picture": (
        page(Picture(Span("lanes"), "lanes", f"<svg>{'<path/>' * 50_000}</svg>", "line\n" * 9_000)),
        "more lines",
    ),
    "not ASCII": (page(table(3_000, 4, "名前🏃")), "more rows"),
    "everything": (
        page(*[Heading("x"), table(50, 60), Code(Span("c"), "y\n" * 2_000)] * 40),
        "more parts",
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_an_answer_takes_at_most_fifty_kilobytes_and_says_what_is_missing(name):
    large, words = LARGE[name]
    assert bytes_in_file(html(large)) > PROMISED_BYTES
    forms = saved(large)
    assert sum(map(bytes_in_file, forms)) <= MOST_BYTES < PROMISED_BYTES
    for form in forms:
        assert words in form
        assert "cut" in form
        assert "a title" in form


def test_what_is_small_enough_is_as_it_was():
    assert saved(SMALL) == (html(SMALL), plain(SMALL))


def test_no_more_is_cut_than_has_to_be():
    shown, _ = saved(page(table(1_000, 3)))
    assert bytes_in_file(shown) > MOST_BYTES / 8


class Answer(Drawn):
    def page(self):
        return LARGE["many rows"][0]


def test_answers_are_cut_in_notebooks_and_printed_whole():
    bundle = Answer()._repr_mimebundle_()
    assert bytes_in_file(bundle["text/html"]) < MOST_BYTES
    assert len(str(Answer()).splitlines()) > 1_500


def test_what_is_true_only_now_is_saved_as_what_stays_true():
    span = Span("3 s ago", "muted", lasting="2026-11-22 10:00")
    told = Page(
        (span,), [Table("", [Column("when")], [[span]]), Facts([("when", span)]), Text((span,))]
    )
    for form in saved(told):
        assert form.count("2026-11-22 10:00") == 4
        assert "ago" not in form
    assert plain(told).count("3 s ago") == 4
