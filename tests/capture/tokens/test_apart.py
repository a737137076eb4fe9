"""What is walked through apart: once for all values of a look, which shows in no token."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from sklearn.base import BaseEstimator
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nbmlops.capture.tokens import figures
from nbmlops.capture.tokens.base import Budget
from nbmlops.capture.tokens.taking import token_of
from nbmlops.capture.tokens.walking import Sight
from tests.capture.tokens.looking import is_seen

X = np.random.default_rng(0).normal(size=(60, 3))
Y = X @ [1.0, 2.0, 3.0]


class Node(BaseEstimator):
    """An estimator that may hold itself, through others."""

    def __init__(self, number, held=None):
        self.number, self.held = number, held


def subplots():
    figure = Figure()
    axes = figure.subplots(2, 2)
    for one in axes.flat:
        one.plot([1, 2, 3])
    return figure, axes, axes[0, 0], [figure, axes[1, 1]]


def models():
    forest = RandomForestRegressor(5, random_state=0).fit(X, Y)
    pipe = make_pipeline(StandardScaler(), LinearRegression()).fit(X, Y)
    return forest, pipe, {"forest": forest, "pipe": pipe}, pipe[-1], forest.estimators_[2]


def tables():
    frame = pd.DataFrame(X, columns=[*"abc"])
    return frame, [frame, frame["a"]], {"frame": frame}


def in_a_circle():
    one, two, three = Node(1), Node(2), Node(3)
    one.held, two.held, three.held = two, [one, three], (two, one)
    return one, two, three


def deep():
    nodes = [Node(0)]
    for number in range(1, 40):
        nodes.append(Node(number, nodes[-1]))
    return nodes[39], nodes[20], nodes[5], nodes[25]


TOGETHER = {made.__name__: made for made in (subplots, models, tables, in_a_circle, deep)}


@pytest.mark.parametrize("make", TOGETHER.values(), ids=TOGETHER.keys())
@pytest.mark.parametrize("nodes", [10_500, 1_024, 256, 64, 16])
def test_tokens_do_not_show_what_was_looked_at_before(make, nodes):
    values = make()

    def looked_at(value, sight=None):
        return token_of(value, budget=Budget(nodes, 1 << 20, nodes, 1 << 20), sight=sight)

    alone = [looked_at(value) for value in values]
    for order in itertools.permutations(range(len(values)), min(3, len(values))):
        sight = Sight()
        for place in order:
            assert looked_at(values[place], sight) == alone[place]


@pytest.mark.parametrize("make", TOGETHER.values(), ids=TOGETHER.keys())
def test_what_is_inside_is_a_part_of_what_holds_it(make):
    first, *others = (token_of(value, budget=Budget()) for value in make())
    assert any(first.parts & other.parts for other in others)


def test_a_figure_its_axes_and_an_array_of_them_are_looked_at_once(monkeypatch):
    looked, settings = [], figures._settings
    monkeypatch.setattr(figures, "_settings", lambda kept: looked.append(kept) or settings(kept))
    values, sight = subplots(), Sight()
    token_of(values[0], budget=Budget(), sight=sight)
    once = len(looked)
    for value in values[1:]:
        token_of(value, budget=Budget(), sight=sight)
    assert len(looked) == once


def changed_inside(change):
    def changes(values):
        change(values[0])

    return changes


@pytest.mark.parametrize(
    ("make", "change"),
    [
        pytest.param(lambda: [Node(1, Node(2))], lambda node: setattr(node.held, "number", 3),
                     id="in the one that it holds"),
        pytest.param(lambda: [in_a_circle()[0]], lambda node: node.held.held.append(1),
                     id="in a circle"),
        pytest.param(lambda: [deep()[0]], lambda node: setattr(lowest(node), "number", -1),
                     id="deep inside"),
        pytest.param(lambda: [models()[2]["pipe"]],
                     lambda pipe: pipe[-1].coef_.__setitem__(0, 9.0), id="in a step"),
        pytest.param(lambda: [pd.DataFrame({"a": [1]})],
                     lambda frame: frame.__setitem__("b", 2), id="in a table"),
    ],
)  # fmt: skip
def test_change_inside_shows(make, change):
    assert is_seen(make(), changed_inside(change))


def test_two_of_the_same_are_not_one_twice():
    one = Node(1)
    twice, two = ([one, one], [one, Node(1)])
    first, second = (token_of(value, budget=Budget()) for value in (twice, two))
    assert first.digest != second.digest


def lowest(node):
    while node.held is not None:
        node = node.held
    return node
