"""Turn an exception's text into a hint, where the hint is sure to be true."""

import re
from typing import Any

import torch

from autograder.report import explanation_messages as messages
from autograder.sandbox.answers import Raised, Wrong
from autograder.suite.draw import both

NO_GPU = re.compile(r"not compiled with CUDA|NVIDIA driver|No CUDA GPUs|CUDA driver")
NEGATIVE = re.compile(r"negative dimension|[Dd]imension size must be non-negative")


def advice(wrong: Wrong) -> str | None:
    """Return a hint on what a function raised; None where the exception's text does not tell what to do."""
    if not isinstance(wrong, Raised):
        return None
    if NO_GPU.search(wrong.said):
        return messages.NO_GPU
    return _without_padding(wrong) if NEGATIVE.search(wrong.said) else None


def _without_padding(wrong: Wrong) -> str | None:
    """Return a hint where a negative size comes from ignoring the padding, as it would in this call."""
    arguments: dict[str, Any] = wrong.case.arguments if wrong.case else {}
    values = (arguments.get("input"), arguments.get("kernel"), wrong.case.expected if wrong.case else None)
    tensors = [value for value in values if isinstance(value, torch.Tensor) and value.dim() >= 2]
    if len(tensors) < len(values):
        return None
    image, kernel, expected = tensors
    axes = 1 if image.dim() == 3 else 2
    stride, dilation, padding = (
        both(arguments.get(name, default)) for name, default in (("stride", 1), ("dilation", 1), ("padding", 0))
    )
    plain = [
        (image.shape[axis] - (kernel.shape[axis] - 1) * dilation[axis] - 1) // stride[axis] + 1
        for axis in range(-axes, 0)
    ]
    if not any(padding) or min(plain) >= 0:
        return None
    unpadded = f"({', '.join(map(str, plain))})"
    size = f"({', '.join(map(str, expected.shape[-axes:]))})"
    return messages.SIZE_WITHOUT_PADDING.format(plain=unpadded, expected=size)
