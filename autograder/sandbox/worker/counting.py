"""Count the matrix products and Fourier transforms of a call, and keep their operands and numbers."""

from typing import Any

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from autograder.sandbox.worker import values

PRODUCTS = ("mm", "bmm", "addmm", "mv", "dot", "baddbmm", "addmv", "addbmm", "vdot")
MAX_PRODUCTS = 1000
# The calls of the checks are small. Larger operands are counted and not kept.
MAX_NUMBERS = 1 << 15
# Transforms may have a fixed size, such as 256 × 256, however small the image is.
MAX_TRANSFORMED = 1 << 17
MAX_TRANSFORMS = 8


class Counting(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch gives its __init_subclass__ no types
    """Count matrix products, with the shapes of their operands, and Fourier transforms.

    `operands` are copies of those of the first product. `transformed` are the numbers that go into each of the first
    transforms and come out of it.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # torch gives it no types
        self.shapes: list[list[list[int]]] = []
        self.operands: list[torch.Tensor] = []
        self.transforms = 0
        self.transformed: list[torch.Tensor] = []

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Return False: otherwise the first call would import torch._dynamo, which registers kernels and fails here."""
        return False

    def __torch_dispatch__(self, function: Any, types_: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = function.overloadpacket.__name__
        if name in PRODUCTS and len(self.shapes) < MAX_PRODUCTS:
            multiplied = [value for value in args if isinstance(value, torch.Tensor)][-2:]
            if not self.shapes:
                self.operands = [copied for each in multiplied if (copied := _copy(each)) is not None]
            self.shapes.append([list(value.shape) for value in multiplied])
        result = function(*args, **(kwargs or {}))
        if name.startswith("_fft_"):
            self.transforms += 1
            if self.transforms <= MAX_TRANSFORMS:
                pair = [_numbers(each) for each in (args[0], result)]
                self.transformed += [each for each in pair if each is not None] if None not in pair else []
        return result

    def fields(self, sent: list[np.ndarray]) -> dict[str, Any]:
        """Return the fields of a reply that say what was counted; append the numbers to `sent`."""
        described = {
            name: [values.describe(each, sent) for each in tensors]
            for name, tensors in (("operands", self.operands), ("transformed", self.transformed))
        }
        return {"products": self.shapes, "transforms": self.transforms, **described}


def _copy(tensor: torch.Tensor) -> torch.Tensor | None:
    return tensor.detach().clone() if tensor.numel() <= MAX_NUMBERS else None


def _numbers(tensor: Any) -> torch.Tensor | None:
    """Return all numbers of a tensor, real parts first where it is complex; None where there are too many."""
    if not isinstance(tensor, torch.Tensor) or tensor.numel() > MAX_TRANSFORMED:
        return None
    plain = tensor.detach().resolve_conj().resolve_neg()
    return torch.cat([plain.real.flatten(), plain.imag.flatten()]) if plain.is_complex() else plain.flatten().clone()
