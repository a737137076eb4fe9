"""Slices through hidden inputs, from records made by hand."""

from dataclasses import replace

import pytest

from nbmlops.cells.dependencies import Dependencies
from nbmlops.cells.hidden import in_words, is_hidden, unset_in_words, written_in_words
from nbmlops.cells.slices import Reason, slice_of
from nbmlops.records import Execution, Names

RANDOM, SHOWN = "<numpy.random>", "<pandas display options>"


def executed(*names):
    return [
        Execution(f"e{number}", "s", number, "", float(number), f"c{number}", names=each)
        for number, each in enumerate(names, 1)
    ]


def sliced(names, **options):
    executions = executed(*names)
    return slice_of(executions, [executions[-1].id], "", **options)


def seeds():
    return Names((RANDOM,))


def draws(*defined, used=()):
    return Names(defined, (RANDOM, *used), (RANDOM,))


def sets_options(*, some=False):
    return Names((), (SHOWN,), (SHOWN,)) if some else Names((SHOWN,))


FRAME = Names(("df",), (SHOWN,))
SHOWS = Names((), ("df", SHOWN))
RESULT = Names(("auc",), ("df", SHOWN))


@pytest.mark.parametrize(
    ("names", "options", "expected"),
    [
        pytest.param([seeds(), draws("a"), draws(), draws("b", used=["a"])], {}, (1, 2, 3, 4),
                     id="all that advanced the state"),
        pytest.param([draws(), seeds(), draws("a")], {}, (2, 3), id="not what was before a seed"),
        pytest.param([seeds(), Names(("x",)), draws("a")], {}, (1, 3), id="not what draws nothing"),
        pytest.param([FRAME, sets_options(), SHOWS], {"is_shown": True}, (1, 2, 3),
                     id="options of what is shown"),
        pytest.param([FRAME, sets_options(), SHOWS], {}, (1, 3), id="of a value no options"),
        pytest.param([sets_options(), FRAME, Names((), ("df",))], {"is_shown": True}, (2, 3),
                     id="no options of what is on the way"),
        pytest.param([sets_options(), sets_options(some=True), FRAME, SHOWS], {"is_shown": True},
                     (1, 2, 3, 4), id="options that were set one by one"),
        pytest.param([sets_options(), sets_options(some=True), RESULT], {}, (3,),
                     id="none of them for a value"),
        pytest.param([sets_options(), sets_options(), FRAME, SHOWS], {"is_shown": True},
                     (2, 3, 4), id="options that were set again"),
    ],
)  # fmt: skip
def test_slice(names, options, expected):
    assert sliced(names, **options).sequence == expected


FIGURES = "<pyplot figures>"
OPENS = Names(("ax",), (), (FIGURES,))
OPENS_ANOTHER = Names(("ax2",), (FIGURES,), (FIGURES,))
DRAWS = Names((), ("ax",), ("ax", FIGURES))


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        pytest.param(Names(("n",), ("ax",)), (1, 3, 4), id="not for who reads the axes"),
        pytest.param(Names((), (FIGURES,)), (1, 2, 3, 4), id="for who saves what is open"),
    ],
)
def test_who_draws_by_the_name_of_axes_needs_no_other_figures(last, expected):
    assert sliced([OPENS, OPENS_ANOTHER, DRAWS, last]).sequence == expected


KEEPS, SUMS = "text = repr(df)", "auc = df.sum()"


@pytest.mark.parametrize(
    ("names", "source", "expected"),
    [
        pytest.param([FRAME, sets_options(), RESULT], KEEPS, (1, 2, 3), id="of a text kept"),
        pytest.param([FRAME, sets_options(), RESULT], SUMS, (1, 3), id="none of a number"),
        pytest.param([sets_options(), sets_options(some=True), FRAME, RESULT], KEEPS, (1, 2, 3, 4),
                     id="that were set one by one"),
    ],
)  # fmt: skip
def test_options_of_texts(names, source, expected):
    *before, last = executed(*names)
    executions = [*before, replace(last, source=source)]
    assert slice_of(executions, [last.id], "").sequence == expected
    dependencies = Dependencies()
    for each in executions:
        dependencies.add(each.sequence, each.names, source=each.source)
    assert dependencies.behind([last.sequence]) == {*expected}


def test_what_nobody_set_is_not_missing():
    found = sliced([Names(("df",), ("<time>",)), Names((), ("df", "lost", "<time>"))])
    assert found.missing == (Reason("lost", (2,)),)
    assert found.hidden == (Reason("<time>", (1, 2)),)


def test_live_dependencies_leave_out_what_only_shows():
    dependencies = Dependencies()
    for number, names in enumerate([seeds(), sets_options(), draws("a", used=[SHOWN])], 1):
        dependencies.add(number, names)
    assert dependencies.behind([3]) == {1, 3}


@pytest.mark.parametrize(
    ("name", "is_new", "words"),
    [
        (RANDOM, True, "sets the random state of numpy"),
        (RANDOM, False, "advances the random state of numpy"),
        (SHOWN, False, "sets pandas display options"),
        ("<os.environ:HOME>", True, "sets environment variable HOME"),
        ("<working directory>", True, "changes the working directory"),
        ("<pyplot figures>", True, "opens the figure of pyplot"),
    ],
)
def test_words_of_what_was_done(name, is_new, words):
    assert written_in_words(name, is_new=is_new) == words


@pytest.mark.parametrize(
    ("name", "short", "unset"),
    [
        ("<time>", "time", "time"),
        ("<random>", "random", "unseeded random numbers of Python"),
        ("<os.environ:HOME>", "environment variable HOME", "environment variable HOME"),
    ],
)
def test_words_of_what_nobody_set(name, short, unset):
    assert (in_words(name), unset_in_words(name)) == (short, unset)


def test_only_names_in_brackets_are_hidden():
    assert [name for name in ("<time>", "time", "_", "x") if is_hidden(name)] == ["<time>"]
