"""A stand-in for torch, which takes several GB to install: its documented surface over numpy.

Only what `nbmlops.fingerprints.models.tensors` asks for is here, as the documentation of torch 2
describes it. `test_tensors` runs the same tests with real torch where that is installed.
"""

from collections import OrderedDict, defaultdict
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np


class DType:
    def __init__(self, name: str, base: Any, *, is_floating_point: bool = False) -> None:
        self.name, self.base, self.is_floating_point = name, np.dtype(base), is_floating_point

    def __str__(self) -> str:
        return f"torch.{self.name}"

    __repr__ = __str__


DTYPES = {
    name: DType(name, name, is_floating_point=name.startswith("float"))
    for name in "bool uint8 int8 int16 int32 int64 float16 float32 float64 complex64".split()
}
DTYPES["bfloat16"] = DType("bfloat16", np.uint16, is_floating_point=True)  # its bits
DTYPES["float8_e5m2"] = DType("float8_e5m2", np.uint8, is_floating_point=True)
DTYPES["quint8"] = DType("quint8", np.uint8)


class Layout:
    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return f"torch.{self.name}"


LAYOUTS = {
    name: Layout(name)
    for name in "strided sparse_coo sparse_csr sparse_csc sparse_bsr sparse_bsc _mkldnn".split()
}


class TensorBase:
    @classmethod
    def __torch_dispatch__(cls, *_: Any) -> Any:
        raise AssertionError


class Tensor(TensorBase):
    """A tensor over an array; ``on`` is its device, ``parts`` what a sparse one is made of."""

    def __init__(self, array: Any, dtype: Any = None, *, requires_grad: bool = False) -> None:
        array = np.asarray(array)
        self.array = array
        self.dtype = dtype or DTYPES[array.dtype.name]
        self.requires_grad = requires_grad
        self.layout, self.on, self.parts = LAYOUTS["strided"], "cpu", {}
        self.is_quantized = self.is_nested = self.is_conjugate = False
        self.scheme: Any = None

    def _like(self, array: Any, dtype: Any = None) -> "Tensor":
        made = Tensor(array, dtype or self.dtype)
        own = vars(self)
        vars(made).update({k: own[k] for k in own if k not in ("array", "dtype", "requires_grad")})
        return made

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.parts["shape"]) if self.parts else self.array.shape

    def detach(self) -> "Tensor":
        made = self._like(self.array)
        made.__class__ = type(self)
        return made

    def as_subclass(self, kind: Any) -> Any:
        made = self._like(self.array)
        made.__class__ = kind
        return made

    def resolve_conj(self) -> "Tensor":
        made = self._like(np.conj(self.array) if self.is_conjugate else self.array)
        made.is_conjugate = False
        return made

    def resolve_neg(self) -> "Tensor":
        return self

    def cpu(self) -> "Tensor":
        if self.on == "meta":
            raise NotImplementedError("Cannot copy out of meta tensor; no data!")
        made = self._like(self.array)
        made.on = "cpu"
        return made

    def numpy(self) -> Any:
        if self.on != "cpu" or self.requires_grad or self.is_conjugate or self.is_quantized:
            raise RuntimeError("not possible on this tensor")
        if self.dtype.name not in np.sctypeDict:
            raise TypeError(f"Got unsupported ScalarType {self.dtype.name}")
        return self.array

    def view(self, dtype: Any) -> "Tensor":
        return self._like(self.array.view(dtype.base), dtype)

    def to(self, dtype: Any) -> "Tensor":
        assert (self.dtype.name, dtype.name) == ("bfloat16", "float32")
        return self._like((self.array.astype(np.uint32) << 16).view(np.float32), dtype)

    def numel(self) -> int:
        return int(np.prod(self.shape))

    def element_size(self) -> int:
        return self.dtype.base.itemsize

    def to_dense(self) -> "Tensor":
        made = self._like(self.array)
        made.layout = LAYOUTS["strided"]
        return made

    def coalesce(self) -> "Tensor":
        indices, values = self.parts["indices"].array, self.parts["values"].array
        places, numbers = np.unique(indices, axis=1, return_inverse=True)
        sums = np.zeros(places.shape[1], values.dtype)
        np.add.at(sums, numbers, values)
        made = self._like(self.array)
        made.parts = {**self.parts, "indices": Tensor(places), "values": Tensor(sums)}
        return made

    def qscheme(self) -> Any:
        return self.scheme.name

    def int_repr(self) -> "Tensor":
        return Tensor(self.array)

    def q_scale(self) -> float:
        return self.scheme.scale

    def q_zero_point(self) -> int:
        return self.scheme.zero

    def q_per_channel_scales(self) -> "Tensor":
        return Tensor(self.scheme.scale)

    def q_per_channel_zero_points(self) -> "Tensor":
        return Tensor(self.scheme.zero)

    def q_per_channel_axis(self) -> int:
        return self.scheme.axis


for _name in "indices values crow_indices col_indices ccol_indices row_indices".split():
    setattr(Tensor, _name, lambda self, name=_name: self.parts[name])


class Parameter(Tensor):
    def __init__(self, array: Any, requires_grad: bool = True) -> None:
        super().__init__(array, requires_grad=requires_grad)


class Module:
    def __init__(self) -> None:
        for name in "_parameters _buffers _modules".split():
            object.__setattr__(self, name, {})
        self.training = True
        self._non_persistent_buffers_set: set[str] = set()
        self._forward_hooks: Any = OrderedDict()

    def __setattr__(self, name: str, value: Any) -> None:
        kinds = {Parameter: "_parameters", Module: "_modules"}
        for kind, place in kinds.items():
            if isinstance(value, kind):
                vars(self)[place][name] = value
                return
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        for place in ("_parameters", "_buffers", "_modules"):
            if name in vars(self)[place]:
                return vars(self)[place][name]
        raise AttributeError(name)

    def register_buffer(self, name: str, tensor: Any, persistent: bool = True) -> None:
        self._buffers[name] = tensor

    def parameters(self) -> list[Any]:
        inner = [one for module in self._modules.values() for one in module.parameters()]
        return [*self._parameters.values(), *inner]

    def train(self, mode: bool = True) -> Any:
        self.training = mode
        for module in self._modules.values():
            module.train(mode)
        return self

    def eval(self) -> Any:
        return self.train(False)


class Linear(Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.in_features, self.out_features = inputs, outputs
        self.weight = Parameter(np.zeros((outputs, inputs), np.float32))
        self.bias = Parameter(np.zeros(outputs, np.float32))


class Dropout(Module):
    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p


class Optimizer:
    def __init__(self, params: Any, **defaults: Any) -> None:
        self.defaults = defaults
        self.param_groups = [{"params": list(params), **defaults}]
        self.state: Any = defaultdict(dict)


@contextmanager
def _disabled() -> Any:
    yield


def _class(kind: type, module: str, name: str = "") -> type:
    kind.__module__, kind.__qualname__ = module, name or kind.__name__
    return kind


def made() -> ModuleType:
    """Return the module that stands for torch."""
    _class(DType, "torch", "dtype")
    torch: Any = ModuleType("torch")
    torch.Tensor, torch.dtype = _class(Tensor, "torch"), DType
    torch.layout = _class(Layout, "torch", "layout")
    for names in (DTYPES, LAYOUTS):
        for name, one in names.items():
            setattr(torch, name, one)
    torch._C = SimpleNamespace(DisableTorchFunctionSubclass=_disabled)
    torch.nn = SimpleNamespace(
        Module=_class(Module, "torch.nn.modules.module"),
        Linear=_class(Linear, "torch.nn.modules.linear"),
        Dropout=_class(Dropout, "torch.nn.modules.dropout"),
        Parameter=_class(Parameter, "torch.nn.parameter"),
    )
    torch.optim = SimpleNamespace(Optimizer=_class(Optimizer, "torch.optim.optimizer"))
    torch.tensor = lambda values, dtype=None, **given: Tensor(
        np.array(values, dtype.base if dtype else np.float32), dtype, **given
    )
    return torch


def modules() -> dict[str, Any]:
    """Return the modules of torch in which classes are looked for, by their names."""
    torch: Any = made()
    return {
        "torch": torch,
        "torch.nn.modules.module": _module(Module=torch.nn.Module),
        "torch.optim.optimizer": _module(Optimizer=torch.optim.Optimizer),
    }


def _module(**content: Any) -> ModuleType:
    module = ModuleType("torch")
    vars(module).update(content)
    return module
