"""Tensors of torch: by where their elements lie and how often these were changed, as torch counts.

What does not go through torch is not counted, such as writing to ``tensor.numpy()``.
"""

import sys
from typing import TYPE_CHECKING, Any

from nbmlops.capture.tokens.scalars import small_scalar

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk


def tensor(walk: "Walk", value: Any) -> None:
    """Write a tensor, on whatever device, and its gradient."""
    torch = sys.modules["torch"]
    with torch._C.DisableTorchFunctionSubclass():  # no method of a derived class is called
        plain = torch.Tensor
        where = plain.data_ptr(value)
        said = (where, value._version, tuple(value.shape), str(value.dtype), value.requires_grad)
        walk.part(plain.untyped_storage(value).data_ptr())
        gradient = value.grad if value.is_leaf else None
    walk.out.append(b"G" + small_scalar(said))
    walk.follow((gradient,))
