import sys
from types import ModuleType

import pytest

from nbmlops.capture.namespaces import is_of_ipython, is_written_by_itself, names_given_by


class Silent:
    """A value that takes offence at everything but being there."""

    def __eq__(self, other):
        raise AssertionError("compared")

    def __hash__(self):
        raise AssertionError("hashed")


class SilentClass(type):
    __eq__, __hash__ = Silent.__eq__, Silent.__hash__


class OfSilentClass(metaclass=SilentClass):
    """A value whose very class takes offence."""


@pytest.mark.parametrize(
    ("name", "by_itself", "ipythons"),
    [
        ("_", True, False), ("__", True, False), ("___", True, False), ("_12", True, False),
        ("Out", True, False), ("_oh", True, False), ("In", True, True), ("_ih", True, True),
        ("_dh", True, True), ("_i", True, True), ("_iii", True, True), ("_i12", True, True),
        ("__name__", True, True), ("__builtins__", True, True),
        ("_exit_code", False, False), ("____", False, False), ("_x", False, False),
        ("_1a", False, False), ("x", False, False), ("get_ipython", False, True),
    ],
)  # fmt: skip
def test_names_that_ipython_writes_and_those_that_mean_something(name, by_itself, ipythons):
    tool = object()
    assert is_written_by_itself(name) is by_itself
    assert is_of_ipython(name, {"get_ipython": tool}, {"get_ipython": tool}) is ipythons


def test_tool_of_ipython_that_the_user_has_bound_anew_is_the_users():
    assert not is_of_ipython("open", {"open": object()}, {"open": object()})
    assert not is_of_ipython("exit", {"exit": object()}, {})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param({"a": 1, "_b": 2}, ["a"], id="public"),
        pytest.param({"a": 1, "_b": 2, "__all__": ["_b"]}, ["_b"], id="listed"),
        pytest.param({"a": 1, "__all__": ("a", "gone", 3)}, ["a"], id="listed and not there"),
        pytest.param({"a": 1, 3: 4}, ["a"], id="no text"),
        pytest.param({"a": 1, "__all__": "text"}, ["a"], id="a list that is none"),
        pytest.param({"a": 1, "__all__": OfSilentClass()}, ["a"], id="of a class that is asked"),
    ],
)
def test_names_given_by_a_module(monkeypatch, content, expected):
    module = ModuleType("given")
    vars(module).update(content)
    monkeypatch.setitem(sys.modules, "given", module)
    assert list(names_given_by("given", content)) == expected
    assert list(names_given_by("given", dict.fromkeys(content, Silent()))) == []


def test_module_that_is_none_gives_nothing(monkeypatch):
    monkeypatch.setitem(sys.modules, "odd", Silent())
    assert list(names_given_by("odd", {})) == []
    assert list(names_given_by("not_imported", {})) == []
