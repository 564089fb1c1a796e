"""Check what was multiplied or transformed. Shapes alone prove nothing: a product of zeros has them, too."""

from functools import lru_cache
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from autograder.report import answer_messages as messages
from autograder.sandbox.answers import Answer, Wrong
from autograder.suite.cases import Case

# The error that transforms may make, relative to the largest number.
TRANSFORM_TOLERANCE = 1e-3
# A spectrum has a thousand numbers. A few wanted numbers may be close to some of them by chance.
EXACTLY, FEW = 1e-5, 6
MAX_PAIRS = 1 << 22


def multiplies_regions(answer: Answer, case: Case) -> None:
    """Raise Wrong unless the call's first product multiplied the input's regions by the kernels.

    Every output is a sum over pairs: a number of its region and a number of its kernel. Whatever the order and layout
    of the operands, the product must consist of these pairs, for every output.
    """
    expected = _expected(case)
    if expected is None or not _are_two(answer) or sum(map(torch.numel, answer.operands)) > 4 * expected.numel():
        raise Wrong(messages.OTHER_OPERANDS, counted="products")
    left, right = _rows(answer.operands[0], first=True), _rows(answer.operands[1], first=False)
    if not (_same(expected, _pairs(left, right)) or _same(expected, _pairs(right, left))):
        raise Wrong(messages.OTHER_OPERANDS, counted="products")


def transforms_both(answer: Answer, case: Case) -> None:
    """Raise Wrong unless the call transformed the image and the kernel, and a transform gave the result.

    This is for one image of one channel and one kernel: only then does the result itself come out of a transform.
    """
    if not _is_right(answer.value, case.expected):
        return  # Another check tests the numbers; where they are wrong, this says nothing.
    numbers = [tensor.double().flatten() for tensor in answer.transformed if isinstance(tensor, torch.Tensor)]
    into, out_of = numbers[::2], numbers[1::2]
    factors = [_factors(into, case.arguments[name]) for name in ("input", "kernel")]
    # Code that scales its numbers before the transform scales the result back after it.
    scales = [1.0, *(of_input * of_kernel for of_input in factors[0][:2] for of_kernel in factors[1][:2])]
    given = any(
        _holds(output / (length * scale), case.expected)
        for output in out_of
        for scale in scales
        for length in (1, len(output), len(output) / 2)
    )
    # The transform that gives the result takes in the product of two spectra, never the result itself.
    decoy = case.expected.numel() >= FEW and any(_holds(numbers, case.expected, EXACTLY) for numbers in into)
    own = [case.arguments[name].double().flatten() for name in ("input", "kernel")]
    decoy = decoy and not any(_holds(numbers, case.expected, EXACTLY) for numbers in own)
    if not all(factors) or not given or decoy:
        raise Wrong(messages.OTHER_TRANSFORMS, counted="transforms")


# All submissions of a class meet the same cases.
@lru_cache(maxsize=64)
def _expected(case: Case) -> torch.Tensor | None:
    return _pairs(*_regions_and_kernels(case.arguments))


def _regions_and_kernels(arguments: Any) -> tuple[torch.Tensor, torch.Tensor]:
    """Return (1, N·OH·OW, C·KH·KW) and (1, F, C·KH·KW) for a call with (N, C, H, W) or with (H, W)."""
    input, kernel = arguments["input"].double(), arguments["kernel"].double()
    if input.dim() == 2:
        input, kernel = input[None, None], kernel[None, None]
    options = {name: arguments.get(name, usual) for name, usual in (("stride", 1), ("padding", 0))}
    columns = F.unfold(input, kernel.shape[2:], **options)
    return columns.transpose(1, 2).flatten(0, 1)[None], kernel.flatten(1)[None]


def _are_two(answer: Answer) -> bool:
    """Return whether the worker sent two tensors of numbers that could have been multiplied."""
    return len(answer.operands) == 2 and all(
        isinstance(operand, torch.Tensor) and operand.dim() in (1, 2, 3) and operand.numel()
        for operand in answer.operands
    )


def _rows(operand: torch.Tensor, *, first: bool) -> torch.Tensor:
    """Return (B, rows, K): the vectors along which a product of (B, M, K) and (B, K, P) adds up."""
    operand = operand.double()
    if operand.dim() == 1:
        return operand[None, None]
    batched = operand if operand.dim() == 3 else operand[None]
    return batched if first else batched.transpose(1, 2)


def _pairs(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor | None:
    """Return (B·M·P, K): for each output the pairs that it is a sum over, as complex numbers, sorted."""
    if len(left) != len(right) or left.shape[2] != right.shape[2]:
        return None
    if left[..., 0].numel() * right[0].numel() > MAX_PAIRS:
        return None
    # Adding 0 turns a negative zero into a positive one.
    sums = torch.complex(
        (left + 0.0)[:, :, None].expand(-1, -1, right.shape[1], -1).contiguous(),
        (right + 0.0)[:, None].expand(-1, left.shape[1], -1, -1).contiguous(),
    ).flatten(0, 2)
    within = np.sort(sums.numpy(), axis=1).view(np.float64)
    return torch.from_numpy(within[np.lexsort(within.T)])


def _same(expected: torch.Tensor, pairs: torch.Tensor | None) -> bool:
    return pairs is not None and expected.shape == pairs.shape and torch.equal(expected, pairs)


def _is_right(value: Any, expected: torch.Tensor) -> bool:
    """Return whether a value is the expected tensor, except for rounding."""
    if not isinstance(value, torch.Tensor) or value.shape != expected.shape:
        return False
    near = TRANSFORM_TOLERANCE * float(expected.abs().max())
    return bool((value.double() - expected.double()).abs().max() <= near)


def _factors(tensors: list[torch.Tensor], wanted: torch.Tensor) -> list[float]:
    """Return the factors by which all of the wanted numbers occur in one of the tensors."""
    most = float(wanted.abs().max())
    factors = []
    for numbers in tensors:
        size = float(numbers.abs().max()) / most if len(numbers) and most else 1.0
        factors += [factor for factor in (size, -size) if factor and _holds(numbers, wanted.double() * factor)]
    return factors


def _holds(numbers: torch.Tensor, wanted: torch.Tensor, tolerance: float = TRANSFORM_TOLERANCE) -> bool:
    """Return whether every wanted number is among the others, except for rounding."""
    if not len(numbers) or not bool(torch.isfinite(numbers).all()):
        return False
    wanted = wanted.double().flatten()
    near = tolerance * float(wanted.abs().max())
    ordered = numbers.sort().values
    place = torch.searchsorted(ordered, wanted).clamp(max=len(ordered) - 1)
    gaps = torch.minimum((ordered[place] - wanted).abs(), (ordered[(place - 1).clamp(min=0)] - wanted).abs())
    return bool((gaps <= near).all())
