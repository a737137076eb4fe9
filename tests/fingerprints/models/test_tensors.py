"""Torch cannot be installed here: these tests run on a stand-in that mimics its documented surface.

That the surface is as documented only `test_tensors_real` can tell, which is skipped without torch.
"""

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.base import Fingerprint
from nbmlops.fingerprints.walking import described
from tests.fingerprints import torch_stand_in


@pytest.fixture(autouse=True)
def torch(monkeypatch: pytest.MonkeyPatch) -> Any:
    standing_in = torch_stand_in.modules()
    for name, module in standing_in.items():
        monkeypatch.setitem(sys.modules, name, module)
    return standing_in["torch"]


def looked_at(value: Any) -> Fingerprint:
    found = fingerprint(value)
    assert found.is_exact, found.reason
    return found


def digest(value: Any, mode: Any = "exact") -> str:
    found = described(value, mode)
    assert found.reason is None
    return found.digest.hex()


def of(array: Any, name: str | None = None, **attributes: Any) -> Any:
    made = torch_stand_in.Tensor(array, torch_stand_in.DTYPES[name] if name else None)
    vars(made).update(attributes)
    return made


def sparse(layout: str, shape: tuple[int, ...], **parts: Any) -> Any:
    made = of(np.zeros(0), layout=torch_stand_in.LAYOUTS[layout])
    made.parts = {name: of(np.array(part)) for name, part in parts.items()} | {"shape": shape}
    return made


def coo(indices: Any, values: Any, shape: tuple[int, ...] = (3, 3)) -> Any:
    return sparse("sparse_coo", shape, indices=indices, values=values)


def csr(values: Any, columns: Any = (0, 2)) -> Any:
    parts = {"crow_indices": [0, 1, 2], "col_indices": columns, "values": values}
    return sparse("sparse_csr", (2, 3), **parts)


def quantized(values: Any, scale: Any = 0.5, zero: Any = 3, **given: Any) -> Any:
    scheme = SimpleNamespace(**{"name": "torch.per_tensor_affine", "axis": 0} | given)
    scheme.scale, scheme.zero = scale, zero
    return of(np.array(values, np.uint8), "quint8", is_quantized=True, scheme=scheme)


def by_channel(scale: Any, axis: int = 0) -> Any:
    name = "torch.per_channel_affine"
    return quantized([1, 2], np.array(scale), np.array([0, 1]), name=name, axis=axis)


FLOATS = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
NEGATIVE = np.array([0x8000, 0x3F80], np.uint16)  # −0.0 and 1.0 in bfloat16
POSITIVE = np.array([0x0000, 0x3F80], np.uint16)

EQUAL: dict[str, tuple[Any, Any]] = {
    "strides": (of(FLOATS), of(np.asfortranarray(FLOATS))),
    "view": (of(FLOATS[:, 0]), of(FLOATS[:, 0].copy())),
    "device": (of(FLOATS), of(FLOATS, on="cuda:0")),
    "gradient": (of(FLOATS), of(FLOATS, requires_grad=True)),
    "parameter": (of(FLOATS), torch_stand_in.Parameter(FLOATS)),
    "conjugate": (of(np.array([1 - 1j], "c8")), of(np.array([1 + 1j], "c8"), is_conjugate=True)),
    "half that numpy has not": (of(NEGATIVE, "bfloat16"), of(NEGATIVE.copy(), "bfloat16")),
    "order of entries": (coo([[0, 1], [2, 0]], [5, 6]), coo([[1, 0], [0, 2]], [6, 5])),
    "summed entries": (coo([[0], [2]], [5]), coo([[0, 0], [2, 2]], [2, 3])),
    "inner layout": (of(FLOATS), of(FLOATS, layout=torch_stand_in.LAYOUTS["_mkldnn"])),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal_content_has_one_digest(name: str) -> None:
    one, other = EQUAL[name]
    assert looked_at(one).kind == "tensor"
    assert digest(one) == digest(other)


DIFFERENT: dict[str, tuple[Any, Any]] = {
    "element": (of(FLOATS), of(FLOATS + 1)),
    "shape": (of(FLOATS), of(FLOATS.reshape(4))),
    "order": (of(FLOATS), of(FLOATS.T)),
    "type": (of(FLOATS), of(FLOATS.astype(np.float64))),
    "bits of another type": (of(NEGATIVE, "bfloat16"), of(NEGATIVE.astype(np.int16))),
    "halves": (of(NEGATIVE, "bfloat16"), of(NEGATIVE.view(np.float16))),
    "negative zero": (of(NEGATIVE, "bfloat16"), of(POSITIVE, "bfloat16")),
    "eight bits": (of(np.uint8([1]), "float8_e5m2"), of(np.uint8([2]), "float8_e5m2")),
    "place": (coo([[0], [2]], [5]), coo([[0], [1]], [5])),
    "sparse shape": (coo([[0], [2]], [5]), coo([[0], [2]], [5], (3, 4))),
    "sparse and dense": (coo([[0], [2]], [5]), of(np.array([[0, 0, 5], [0, 0, 0], [0, 0, 0]]))),
    "sparse element": (csr([1, 2]), csr([1, 3])),
    "sparse column": (csr([1, 2]), csr([1, 2], (0, 1))),
    "quantized element": (quantized([1]), quantized([2])),
    "scale": (quantized([1]), quantized([1], 0.25)),
    "zero": (quantized([1]), quantized([1], zero=4)),
    "quantized and its integers": (quantized([1]), of(np.uint8([1]))),
    "channels": (by_channel([1.0, 2.0]), by_channel([1.0, 3.0])),
    "axis": (by_channel([1.0, 2.0]), by_channel([1.0, 2.0], axis=1)),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_change_gives_another_digest(name: str) -> None:
    one, other = DIFFERENT[name]
    assert digest(one) != digest(other)


def test_bits_of_zero_do_not_count_semantically() -> None:
    one, other = of(NEGATIVE, "bfloat16"), of(POSITIVE, "bfloat16")
    assert digest(one, "semantic") == digest(other, "semantic")


OPAQUE: dict[str, tuple[Any, str]] = {
    "meta": (of(FLOATS, on="meta"), "Cannot copy out of meta tensor"),
    "nested": (of(FLOATS, is_nested=True), "a nested tensor"),
}


@pytest.mark.parametrize("name", OPAQUE)
def test_what_cannot_be_read_is_opaque(name: str) -> None:
    value, reason = OPAQUE[name]
    assert reason in str(fingerprint(value).reason)


class Own(torch_stand_in.Tensor):
    """A user's tensor, with a method that nobody is to call."""

    def cpu(self) -> Any:
        raise AssertionError

    size = numpy = detach = as_subclass = cpu  # type: ignore[assignment]


class Dispatching(torch_stand_in.Tensor):
    @classmethod
    def __torch_dispatch__(cls, *_: Any) -> Any:
        raise AssertionError


def test_tensors_of_other_classes() -> None:
    assert digest(Own(FLOATS)) == digest(Own(FLOATS)) != digest(of(FLOATS))
    assert "by its own means" in str(fingerprint(Dispatching(FLOATS)).reason)


def test_names_of_torch_are_values() -> None:
    float32, int8 = (torch_stand_in.DTYPES[name] for name in ("float32", "int8"))
    assert digest(float32) == digest(float32) != digest(int8)


# Modules


def network(torch: Any, p: float = 0.5) -> Any:
    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first = torch.nn.Linear(2, 3)
            self.drop = torch.nn.Dropout(p)
            self.names = ["a", "b"]
            self.register_buffer("mean", of(np.zeros(2, np.float32)))

        def state_dict(self) -> Any:
            raise AssertionError

        named_parameters = named_buffers = named_modules = __getstate__ = state_dict

    return Network()


def test_a_module_is_its_settings_and_weights(torch: Any) -> None:
    found = looked_at(network(torch))
    assert found.kind == "model"
    assert [part.name for part in found.columns] == ["parameters", "state"]
    assert found.columns == looked_at(network(torch)).columns


def heavier(model: Any) -> None:
    model.first.weight.array[1, 1] = 2


def frozen(model: Any) -> None:
    model.first.bias.requires_grad = False


def renamed(model: Any) -> None:
    model._modules["last"] = model._modules.pop("first")


CHANGES: dict[str, tuple[Any, tuple[bool, bool]]] = {
    "weight": (heavier, (False, True)),
    "buffer": (lambda model: model._buffers["mean"].array.__setitem__(0, 1), (False, True)),
    "frozen weight": (frozen, (True, False)),
    "mode": (lambda model: model.eval(), (True, False)),
    "attribute": (lambda model: model.names.append("c"), (True, False)),
    "inner attribute": (lambda model: setattr(model.drop, "p", 0.1), (True, False)),
    "inner class": (lambda model: setattr(model, "drop", torch_stand_in.Module()), (True, False)),
    "name of a module": (renamed, (True, True)),
    "hook": (lambda model: model._forward_hooks.update({1: print}), (False, False)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_show_in_one_part_of_a_module(torch: Any, name: str) -> None:
    change, expected = CHANGES[name]
    model = network(torch)
    before = looked_at(model).columns
    change(model)
    after = looked_at(model).columns
    assert tuple(one != other for one, other in zip(before, after, strict=True)) == expected


def test_one_weight_under_two_names() -> None:
    one, other = torch_stand_in.Linear(2, 2), torch_stand_in.Linear(2, 2)
    one.bias2 = one.bias
    other.bias2 = torch_stand_in.Parameter(np.zeros(2, np.float32))
    assert digest(one) == digest(other)


def test_an_optimizer_is_its_groups_and_what_it_keeps(torch: Any) -> None:
    def made(rate: float = 0.1) -> Any:
        return torch.optim.Optimizer(network(torch).parameters(), lr=rate)

    first, other, faster = made(), made(), made(0.2)
    weight = other.param_groups[0]["params"][1]
    other.state[weight]["momentum"] = of(FLOATS)
    found = [looked_at(each) for each in (first, other, faster)]
    assert [each.kind for each in found] == ["optimizer"] * 3
    assert found[0] == looked_at(made())
    assert found[0].columns[0] == found[1].columns[0] != found[2].columns[0]
    assert found[0].columns[1] == found[2].columns[1] != found[1].columns[1]
