import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from nbmlops.capture.static_names import StaticNames, changes_in, is_used_up, may_change
from nbmlops.cells.touches import Touch


def mine(a): ...


mine.__module__ = "__main__"


class Proxy:
    """Says that it is a text, as proxies do."""

    @property
    def __class__(self):
        return str


NAMESPACE = {
    "xs": [1], "n": 1, "frame": pd.DataFrame({"a": [1]}), "array": np.zeros(2), "sum": sum,
    "model": LinearRegression(), "module": np, "mine": mine, "mean": np.mean, "proxy": Proxy(),
}  # fmt: skip


@pytest.mark.parametrize(
    ("touch", "expected"),
    [
        (Touch("xs", method="append"), True),
        (Touch("xs"), True),
        (Touch("n"), False),
        (Touch("module", method="seed"), False),
        (Touch("gone", method="sort"), False),
        (Touch("frame", method="head"), False),
        (Touch("frame", method="insert"), True),
        (Touch("frame", method="drop", inplace=True), True),
        (Touch("frame"), True),
        (Touch("array", method="sort"), True),
        (Touch("array", method="mean"), False),
        (Touch("model", method="fit"), True),
        (Touch("model", method="partial_fit"), True),
        (Touch("model", method="predict"), False),
        (Touch("xs", function="mine"), True),
        (Touch("xs", function="mean"), False),
        (Touch("xs", function="gone"), False),
        (Touch("proxy", method="set"), True),
    ],
)
def test_the_values_at_hand_say_what_can_have_changed(touch, expected):
    assert changes_in(NAMESPACE)(touch) is expected


@pytest.mark.parametrize(
    ("value", "changeable", "used_up"),
    [(1, False, False), ("a", False, False), (len, False, False), ([], True, False),
     (iter([]), True, True), ((i for i in "a"), True, True), (NAMESPACE["proxy"], True, False)],
    ids=["number", "text", "builtin", "list", "iterator", "generator", "proxy"],
)  # fmt: skip
def test_what_may_change_and_what_reading_uses_up(value, changeable, used_up):
    assert (may_change(value), is_used_up(value)) == (changeable, used_up)


def test_names_are_those_of_the_source_that_the_namespace_knows():
    watcher = StaticNames()
    watcher.open()
    watcher.started("z = xs + gone")
    names = watcher.ended("z = xs + gone\nxs.append(n)", NAMESPACE)
    assert (names.defined, names.used, names.touched) == (("z",), ("n", "xs"), ("xs",))
    assert watcher.inner_ended("xs", NAMESPACE).used == ("xs",)
    watcher.close()
