"""What `test_tensors` shows of a stand-in, with torch itself, where it is installed."""

import copy
from typing import Any

import numpy as np
import pytest

from nbmlops.fingerprints.asking import fingerprint

torch: Any = pytest.importorskip("torch")

DTYPES = (
    "bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64 complex64".split()
)  # fmt: skip


def digest(value: Any) -> str:
    found = fingerprint(value)
    assert found.is_exact, found.reason
    return found.digest


@pytest.mark.parametrize("name", DTYPES)
def test_tensors_of_every_type(name: str) -> None:
    made = torch.arange(6).reshape(2, 3).to(getattr(torch, name))
    assert digest(made) == digest(made.T.contiguous().T) == digest(made.clone())
    assert digest(made) != digest(made.reshape(3, 2))
    other = made.clone()
    other[0, 0] = 1
    assert digest(made) != digest(other)


def test_what_does_not_count() -> None:
    made = torch.randn(3, 4)
    assert digest(made) == digest(torch.nn.Parameter(made.clone()))
    assert digest(made) == digest(made.clone().requires_grad_())
    turned = torch.randn(3, dtype=torch.complex64)
    assert digest(turned.conj()) == digest(turned.conj().resolve_conj())
    assert digest(torch.tensor(3.0)) != digest(torch.tensor([3.0]))


def test_sparse_and_quantized() -> None:
    dense = torch.eye(3)
    for made in (dense.to_sparse(), dense.to_sparse_csr(), dense.to_sparse_csc()):
        assert digest(made) == digest(made.clone())
        assert digest(made) != digest(dense)
    scales = [torch.quantize_per_tensor(dense, scale, 0, torch.qint8) for scale in (0.1, 0.2)]
    assert digest(scales[0]) == digest(scales[0].clone()) != digest(scales[1])


def test_modules_and_optimizers() -> None:
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Dropout(), torch.nn.BatchNorm1d(3))
    same = copy.deepcopy(model)
    assert digest(model) == digest(same) != digest(same.eval())
    optimizer = torch.optim.Adam(model.parameters())
    before = digest(optimizer)
    model(torch.ones(4, 2)).sum().backward()
    optimizer.step()
    assert digest(optimizer) != before
    assert digest(model) != digest(same.train())
    same.load_state_dict(model.state_dict())
    assert digest(model) == digest(same)
    assert np.isfinite(model[0].weight.detach().numpy()).all()
