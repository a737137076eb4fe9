"""Torch: tensors by what they hold, modules by settings and weights, optimizers.

What counts of a tensor is its dtype, shape and elements, and how it is quantised or sparse. Not its
device, strides, whether it is a view, a conjugate not yet computed or a ``Parameter``; nor what
autograd keeps. Sparse coordinates are summed and sorted first.

A module has two parts. Its *parameters* are the class and the attributes of each module in it
(``p`` of a dropout, the sizes of a layer), which weights are frozen, and whether it is in training
mode, in which it gives other results. Its *state* is every weight and buffer by name, persistent or
not. Hooks and the code of ``forward`` do not count. An optimizer's parameters are those of its
groups, and its state is what it keeps of each weight, by number.

`torch` is loaded before any of its values can come here.
"""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from nbmlops.fingerprints.base import Child, Described, Digesting, Mode, Steps
from nbmlops.fingerprints.hashing import joined, text
from nbmlops.fingerprints.models.estimators import described_model
from nbmlops.fingerprints.numpy.arrays import array_digest
from nbmlops.fingerprints.python.classes import attributes, defined, full_name, module_of, own_dict

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OF_NUMPY = frozenset(
    "bool uint8 uint16 uint32 uint64 int8 int16 int32 int64 "
    "float16 float32 float64 complex64 complex128".split()
)
# Of dtypes that numpy does not have, the bits are looked at, as integers of as many bytes.
_INTEGERS = {1: "uint8", 2: "int16", 4: "int32", 8: "int64"}
_COMPRESSED = {
    "sparse_csr": ("crow_indices", "col_indices", "values"),
    "sparse_bsr": ("crow_indices", "col_indices", "values"),
    "sparse_csc": ("ccol_indices", "row_indices", "values"),
    "sparse_bsc": ("ccol_indices", "row_indices", "values"),
}
_MOST_LEVELS = 200

type Tree = dict[str, Any]


def tensor(value: Any, mode: Mode) -> Steps:
    """Describe a tensor, on whatever device."""
    torch, kind = import_module("torch"), type(value)
    if defined(kind, "__torch_dispatch__") is not defined(torch.Tensor, "__torch_dispatch__"):
        raise TypeError(f"{full_name(kind)} computes by its own means")
    with torch._C.DisableTorchFunctionSubclass():  # no method of a derived class is called
        plain = torch.Tensor.as_subclass(torch.Tensor.detach(value), torch.Tensor)
    digest = yield from _digest(plain, mode)
    if module_of(kind).partition(".")[0] != "torch":
        own = yield Child(dict(attributes(value)), "__dict__")
        digest = joined("subclass", digest, text(full_name(kind)), own)
    size_bytes = plain.numel() * plain.element_size()
    return Described("tensor", digest, tuple(plain.shape), size_bytes=size_bytes)


def module(value: Any, _mode: Mode) -> Steps:
    """Describe a module with all that are in it."""
    with import_module("torch")._C.DisableTorchFunctionSubclass():
        settings = _settings(value)
    parameters = yield Child(settings, "")
    state = yield Child(_weights(value), "")
    return described_model(full_name(type(value)), parameters, state, is_fitted=True)


def optimizer(value: Any, _mode: Mode) -> Steps:
    """Describe an optimizer, without the weights that it changes."""
    kept = own_dict(value) or {}
    groups: list[Tree] = []
    numbers: dict[int, int] = {}
    for group in kept["param_groups"]:
        for weight in group["params"]:
            numbers[id(weight)] = len(numbers)
        held = [numbers[id(weight)] for weight in group["params"]]
        groups.append({**group, "params": held})
    state = {numbers[id(weight)]: item for weight, item in dict.items(kept["state"])}
    parameters = yield Child(groups, ".param_groups")
    digest = yield Child(state, ".state")
    made = described_model(full_name(type(value)), parameters, digest, is_fitted=bool(state))
    return replace(made, kind="optimizer")


def by_text(value: Any, _mode: Mode) -> Described:
    """Describe a dtype, layout or memory format by its name."""
    return Described("constant", joined("torch", text(str(value))))


def device(_value: Any, _mode: Mode) -> Described:
    """Describe a device: where something is does not count."""
    return Described("constant", joined("torch device"))


def _digest(value: Any, mode: Mode) -> Digesting:
    """Return the digest of a tensor of exactly torch's class, without gradient."""
    layout = str(value.layout).removeprefix("torch.")
    if value.is_nested:
        raise TypeError("a nested tensor")
    header = (text(layout), text(str(value.dtype)), text(repr(tuple(value.shape))))
    if layout == "sparse_coo":
        whole = value.coalesce()
        return (yield from _joined(header, (whole.indices(), whole.values()), mode))
    if layout in _COMPRESSED:
        parts = (getattr(value, name)() for name in _COMPRESSED[layout])
        return (yield from _joined(header, parts, mode))
    if layout != "strided":
        value = value.to_dense()
    if value.is_quantized:
        return (yield from _digest_of_quantized(value, mode))
    array = _as_numpy(value.resolve_conj().resolve_neg().cpu(), mode)
    return joined("tensor", header[1], (yield from array_digest(array, mode=mode)))


def _as_numpy(value: Any, mode: Mode) -> "NDArray[Any]":
    """Return a tensor as an array without a copy, its bits as integers where numpy has no such."""
    torch = import_module("torch")
    if str(value.dtype).removeprefix("torch.") not in _OF_NUMPY:
        if mode == "semantic" and value.dtype.is_floating_point:
            value = value.to(torch.float32)
        else:
            value = value.view(getattr(torch, _INTEGERS[value.element_size()]))
    array: NDArray[Any] = value.numpy()
    return array


def _joined(header: tuple[bytes, ...], parts: Any, mode: Mode) -> Digesting:
    digests = []
    for part in parts:
        digests += [(yield from _digest(part, mode))]
    return joined("sparse tensor", *header, *digests)


def _digest_of_quantized(value: Any, mode: Mode) -> Digesting:
    scheme = str(value.qscheme())
    if "per_channel" in scheme:
        scales = yield from _digest(value.q_per_channel_scales(), mode)
        zeros = yield from _digest(value.q_per_channel_zero_points(), mode)
        scale = joined("channels", scales, zeros, text(str(value.q_per_channel_axis())))
    else:
        scale = yield Child((value.q_scale(), value.q_zero_point()), ".q_scale")
    integers = yield from _digest(value.int_repr(), mode)
    return joined("quantized", text(scheme), text(str(value.dtype)), scale, integers)


def _settings(value: Any, level: int = 0) -> Tree:
    """Return the class and attributes of a module and of those in it, and what is frozen."""
    kept = dict(attributes(value))
    return {
        "class": full_name(type(value)),
        "attributes": {name: item for name, item in kept.items() if name not in _internals()},
        "frozen": [
            name
            for name, weight in kept["_parameters"].items()
            if weight is not None and not weight.requires_grad
        ],
        "modules": _inner(kept, _settings, level),
    }


def _weights(value: Any, level: int = 0) -> Tree:
    """Return the weights and buffers of a module and of those in it."""
    kept = own_dict(value) or {}
    return {
        "parameters": dict(kept["_parameters"]),
        "buffers": dict(kept["_buffers"]),
        "modules": _inner(kept, _weights, level),
    }


def _inner(kept: Tree, read: Callable[[Any, int], Tree], level: int) -> Tree:
    if level == _MOST_LEVELS:
        raise ValueError(f"modules in each other on more than {_MOST_LEVELS} levels")
    return {
        name: None if inner is None else read(inner, level + 1)
        for name, inner in kept["_modules"].items()
    }


def _internals() -> set[str]:
    """Return the attributes that torch gives to every module, but for its mode."""
    return {*(own_dict(import_module("torch").nn.Module()) or ())} - {"training"}
