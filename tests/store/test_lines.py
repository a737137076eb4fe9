import json
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.records import Record, Tag
from nbmlops.store.lines import from_line, to_line

KINDS = get_args(Record.__value__)


def any_record(kind):
    """Build a record whose every field, optional ones too, is drawn by its own type."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{name: st.from_type(hint) for name, hint in hints.items()})


BEST = Tag("run1", "best")


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_every_record_comes_back_from_its_line(kind, data):
    record = data.draw(any_record(kind))
    line = to_line([record, BEST])
    found, behind = from_line(line)
    assert type(found) is kind
    assert repr(found) == repr(record)  # repr: NaN is NaN, 1 is not 1.0
    assert behind == BEST
    assert line.isascii()
    assert line.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            '[{"record": "Tag", "run_id": "run1", "name": "best", "colour": "red"}]',
            [BEST],
            id="with a field of a later version",
        ),
        pytest.param(
            '[{"record": "Comet"}, {"record": "Tag", "run_id": "run1", "name": "best"}]',
            [BEST],
            id="beside a record of a later version",
        ),
        pytest.param(
            '{"kind": "Tag", "run_id": "run1", "name": "best"}', [BEST], id="of the first version"
        ),
        pytest.param(
            '{"record": "Tag", "run_id": "run1", "name": "best"}', [BEST], id="alone in its line"
        ),
        pytest.param('[{"name": "x"}]', [], id="of no class"),
        pytest.param('[{"record": "Tag", "run_id": "run1", "na', [], id="cut off"),
        pytest.param("[3, null]", [], id="no records"),
        pytest.param("3", [], id="a number"),
    ],
)
def test_what_can_be_read_of_a_line_is_read(line, expected):
    assert from_line(line) == expected


def test_what_a_record_holds_by_default_is_not_written():
    assert json.loads(to_line([BEST])) == [{"record": "Tag", "run_id": "run1", "name": "best"}]
