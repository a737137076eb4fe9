"""Tokens of tensors, with a stand-in for what torch documents of them: it takes GB to install."""

import sys
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from tests.capture.tokens.looking import is_seen, token


@contextmanager
def _disabled():
    yield


class Tensor:
    __slots__ = ("_owner", "_start", "_version", "grad")
    dtype, requires_grad, is_leaf = "torch.float32", False, True

    def __init__(self, owner, start=0):
        self._owner, self._start, self._version, self.grad = owner, start, 0, None

    @property
    def shape(self):
        return (len(self._owner) - self._start,)

    def data_ptr(self):
        return self._owner.ctypes.data + 4 * self._start

    def untyped_storage(self):
        return SimpleNamespace(data_ptr=lambda: self._owner.ctypes.data)

    def add_(self, number):
        self._owner += number
        self._version += 1


Tensor.__module__, Tensor.__qualname__ = "torch", "Tensor"


@pytest.fixture(autouse=True)
def torch(monkeypatch):
    made = ModuleType("torch")
    made.__file__ = np.__file__
    made.Tensor, made._C = Tensor, SimpleNamespace(DisableTorchFunctionSubclass=_disabled)
    monkeypatch.setitem(sys.modules, "torch", made)


def test_change_in_place_shows_by_the_version():
    tensor = Tensor(np.zeros(4, "f4"))
    assert is_seen({"weights": [tensor]}, lambda held: held["weights"][0].add_(1))


def test_gradient_is_a_part_of_its_tensor():
    tensor = Tensor(np.zeros(4, "f4"))
    assert is_seen(tensor, lambda one: setattr(one, "grad", Tensor(np.zeros(4, "f4"))))


def test_views_and_the_array_share_the_memory():
    owner = np.zeros(4, "f4")
    one, other = Tensor(owner), Tensor(owner, 2)
    assert token(one).parts & token(other).parts
    assert token(one).parts & token(owner).parts
    assert not token(one).parts & token(Tensor(np.zeros(4, "f4"))).parts
