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


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_every_record_comes_back_from_json(kind, data):
    record = data.draw(any_record(kind))
    line = to_line(record)
    found = from_line(line)
    assert line.isascii()
    assert line.count("\n") == 1
    assert type(found) is kind
    assert repr(found) == repr(record)  # repr: NaN is NaN, 1 is not 1.0


def test_a_field_that_an_earlier_version_did_not_write_gets_its_default():
    tree = json.loads(to_line(Tag("run1", "best", "yes")))
    del tree["value"]
    assert from_line(json.dumps(tree)) == Tag("run1", "best", "")


def test_a_field_of_a_later_version_is_left_out():
    tree = {**json.loads(to_line(Tag("run1", "best"))), "colour": "red"}
    assert from_line(json.dumps(tree)) == Tag("run1", "best")


def test_a_line_that_the_first_version_left_behind_is_read():
    assert from_line('{"kind": "Tag", "run_id": "run1", "name": "best"}') == Tag("run1", "best")


@pytest.mark.parametrize("tree", [{"record": "Comet"}, {"name": "x"}], ids=["unknown", "none"])
def test_what_is_of_no_known_kind_is_a_key_error(tree):
    with pytest.raises(KeyError):
        from_line(json.dumps(tree))
