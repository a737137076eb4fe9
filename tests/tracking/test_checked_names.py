"""Names that are longer than names may be: what is kept of them, and who is told."""

import warnings

import pytest

from nbmlops.drawing.notices import Notice
from nbmlops.tracking.checked_names import LONGEST_NAME, checked_name, fitting_run_name

BEGINNING = "k" * 260


@pytest.mark.filterwarnings("ignore::nbmlops.drawing.notices.Notice")
def test_long_tags_that_begin_alike_stay_two():
    kept = [checked_name(BEGINNING + end, "tag") for end in ("a", "b", "\ud800", "a")]
    assert len({*kept}) == 3
    assert kept[0] == kept[3]
    for name in kept:
        assert (len(name), name[:200], name[-1]) == (LONGEST_NAME, BEGINNING[:200], "…")
        assert checked_name(name, "tag") == name


@pytest.mark.parametrize(
    "shortened",
    [
        pytest.param(fitting_run_name, id="run"),
        pytest.param(lambda name: checked_name(name, "tag"), id="tag"),
    ],
)
def test_where_warnings_are_errors_a_long_name_is_told_and_raises_nothing(capsys, shortened):
    with warnings.catch_warnings():
        warnings.simplefilter("error", Notice)
        assert len(shortened(BEGINNING)) == LONGEST_NAME
    assert "has 260 characters: its first 2" in capsys.readouterr().err
