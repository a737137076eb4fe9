from typing import get_args, get_type_hints

import pytest

from nbmlops.records.keys import _KEYS, Record, key_of
from nbmlops.records.metrics import Points
from nbmlops.records.results import Param, Tag

KINDS = get_args(Record.__value__)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_record_has_a_key_among_its_fields(kind):
    names = _KEYS[kind]
    assert names
    assert set(names) <= set(get_type_hints(kind))


def test_key_tells_records_of_one_kind_apart_by_what_identifies_them():
    lr = Param.of("run1", "lr", 0.1, "logged")
    assert key_of(lr) == ("run1", "lr")
    assert key_of(lr) == key_of(Param.of("run1", "lr", "other", "cell"))
    assert key_of(lr) != key_of(Param.of("run2", "lr", 0.1, "logged"))
    assert key_of(Points("run1", "auc", 3, 0, b"")) == ("run1", "auc", 3)


def test_records_cannot_be_changed():
    with pytest.raises(AttributeError):
        Tag("run1", "best").value = "no"
