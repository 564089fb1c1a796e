"""What was multiplied, or transformed? Shapes alone are no proof: a product of zeros has them, too."""

from functools import lru_cache
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from autograder.report import answer_messages as messages
from autograder.sandbox.answers import Answer, Wrong
from autograder.suite.cases import Case

# How far apart numbers may be that came through transforms, in parts of the largest.
TRANSFORM_TOLERANCE = 1e-3
# A spectrum has a thousand numbers: a few that are only near may be among them by chance.
EXACTLY, FEW = 1e-5, 6
MAX_PAIRS = 1 << 22


def multiplies_regions(answer: Answer, case: Case) -> None:
    """Raise Wrong unless what the call's first product multiplied are the input's regions and the kernels.

    Every output is a sum over pairs of a number of its region and one of its kernel. In whatever order and layout the
    operands are, the product must be made of these pairs, for every output.
    """
    expected = _expected(case)
    if expected is None or not _are_two(answer) or sum(each.numel() for each in answer.operands) > 4 * expected.numel():
        raise Wrong(messages.OTHER_OPERANDS, counted="products")
    rows = [_rows(answer.operands[0], first=True), _rows(answer.operands[1], first=False)]
    if not any(_same(expected, _pairs(one, other)) for one, other in (rows, rows[::-1])):
        raise Wrong(messages.OTHER_OPERANDS, counted="products")


def transforms_both(answer: Answer, case: Case) -> None:
    """Raise Wrong unless transforms took in the image and the kernel, and one of them gave the result.

    For one image of one channel and one kernel: only there is the result what comes out of a transform.
    """
    if not _is_right(answer.value, case.expected):
        return  # Wrong numbers are another check's affair, and they come out of whatever they come out of.
    numbers = [each.double().flatten() for each in answer.transformed if isinstance(each, torch.Tensor)]
    into, out_of = numbers[::2], numbers[1::2]
    factors = [_factors(into, case.arguments[name]) for name in ("input", "kernel")]
    # Whoever scales a number before the transform scales the result back after it.
    scales = [1.0, *(one * other for one in factors[0][:2] for other in factors[1][:2])]
    given = any(
        _holds(each / (length * scale), case.expected)
        for each in out_of
        for scale in scales
        for length in (1, len(each), len(each) / 2)
    )
    # What goes into a transform that gives the result is the product of two spectra, never the result itself.
    decoy = case.expected.numel() >= FEW and any(_holds(each, case.expected, EXACTLY) for each in into)
    own = [case.arguments[name].double().flatten() for name in ("input", "kernel")]
    decoy = decoy and not any(_holds(each, case.expected, EXACTLY) for each in own)
    if not all(factors) or not given or decoy:
        raise Wrong(messages.OTHER_TRANSFORMS, counted="transforms")


# The cases of a check are the same for all submissions of a class.
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
    two = answer.operands
    return len(two) == 2 and all(
        isinstance(each, torch.Tensor) and each.dim() in (1, 2, 3) and each.numel() for each in two
    )


def _rows(operand: torch.Tensor, *, first: bool) -> torch.Tensor:
    """Return (B, rows, K): the vectors along which a product of (B, M, K) and (B, K, P) adds up."""
    operand = operand.double()
    if operand.dim() == 1:
        return operand[None, None]
    batched = operand if operand.dim() == 3 else operand[None]
    return batched if first else batched.transpose(1, 2)


def _pairs(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor | None:
    """Return (B·M·P, K): for each output the pairs that it is a sum over, as complex numbers, all in order."""
    if len(one) != len(other) or one.shape[2] != other.shape[2] or one[..., 0].numel() * other[0].numel() > MAX_PAIRS:
        return None
    # Adding 0 makes a negative zero a plain one.
    sums = torch.complex(
        (one + 0.0)[:, :, None].expand(-1, -1, other.shape[1], -1).contiguous(),
        (other + 0.0)[:, None].expand(-1, one.shape[1], -1, -1).contiguous(),
    ).flatten(0, 2)
    within = np.sort(sums.numpy(), axis=1).view(np.float64)
    return torch.from_numpy(within[np.lexsort(within.T)])


def _same(one: torch.Tensor | None, other: torch.Tensor | None) -> bool:
    return one is not None and other is not None and one.shape == other.shape and torch.equal(one, other)


def _is_right(value: Any, expected: torch.Tensor) -> bool:
    """Return whether a value is a tensor like the expected one, but for rounding."""
    if not isinstance(value, torch.Tensor) or value.shape != expected.shape:
        return False
    near = TRANSFORM_TOLERANCE * float(expected.abs().max())
    return bool((value.double() - expected.double()).abs().max() <= near)


def _factors(tensors: list[torch.Tensor], wanted: torch.Tensor) -> list[float]:
    """Return the factors by which all of the wanted numbers are among those of one of the tensors."""
    most = float(wanted.abs().max())
    found = []
    for numbers in tensors:
        factor = float(numbers.abs().max()) / most if len(numbers) and most else 1.0
        found += [each for each in (factor, -factor) if each and _holds(numbers, wanted.double() * each)]
    return found


def _holds(numbers: torch.Tensor, wanted: torch.Tensor, tolerance: float = TRANSFORM_TOLERANCE) -> bool:
    """Return whether each of the wanted numbers, but for rounding, is among the others."""
    if not len(numbers) or not bool(torch.isfinite(numbers).all()):
        return False
    wanted = wanted.double().flatten()
    near = tolerance * float(wanted.abs().max())
    ordered = numbers.sort().values
    place = torch.searchsorted(ordered, wanted).clamp(max=len(ordered) - 1)
    gaps = torch.minimum((ordered[place] - wanted).abs(), (ordered[(place - 1).clamp(min=0)] - wanted).abs())
    return bool((gaps <= near).all())
