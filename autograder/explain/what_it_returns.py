"""Find how wrong results differ from the right ones: the same simple change of the right result in every wrong call."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from autograder.explain.counterexample import expected_of
from autograder.report import condition_messages as messages
from autograder.report.wording import number
from autograder.sandbox.answers import Wrong
from autograder.tolerance import TOLERANCE

# Wrong calls of different sizes that must agree.
ENOUGH = 4
# A factor or a number added is told only if it is no larger, and no nearer to nothing, than this.
MOST, LEAST = 1000.0, 0.01
# Options that a function may take for fixed.
FIXED = {"stride": (1, 2, 3), "padding": (0, 1, 2), "dilation": (1, 2), "groups": (1,)}

Change = Callable[[torch.Tensor, Mapping[str, Any]], torch.Tensor | None]


def _bias(result: torch.Tensor, arguments: Mapping[str, Any]) -> torch.Tensor | None:
    value = arguments.get("bias")
    if value is None or isinstance(value, bool):
        return None
    bias = torch.as_tensor(value).to(result.dtype)
    along = {2: (-1, 1), 3: (1, -1, 1), 4: (1, -1, 1, 1)}.get(result.dim())
    fits = along is not None and bias.numel() in (1, result.shape[along.index(-1)])
    return bias.reshape(along).expand_as(result) if along and fits else None


def _with_bias(factor: int) -> Change:
    def change(result: torch.Tensor, arguments: Mapping[str, Any]) -> torch.Tensor | None:
        bias = _bias(result, arguments)
        return None if bias is None else result + factor * bias

    return change


def _mean(result: torch.Tensor, arguments: Mapping[str, Any]) -> torch.Tensor | None:
    """Return the result divided by the count of numbers in a kernel, without the bias."""
    kernel = arguments.get("kernel")
    if not isinstance(kernel, torch.Tensor):
        return None
    bias = _bias(result, arguments)
    bias = torch.zeros_like(result) if bias is None else bias
    return (result - bias) / (kernel[0].numel() if kernel.dim() > 2 else kernel.numel()) + bias


def _of(least: int, change: Callable[[torch.Tensor], torch.Tensor]) -> Change:
    """Return a change of results that have so many axes."""
    return lambda result, _: change(result) if result.dim() >= least else None


CHANGES: tuple[tuple[str, Change], ...] = (
    ("with 0 everywhere", _of(0, torch.zeros_like)),
    ("with its sign turned", _of(0, torch.neg)),
    ("without its sign", _of(0, torch.abs)),
    ("with 0 for its negative numbers", _of(0, lambda result: result.clamp(min=0))),
    ("rounded to whole numbers", _of(0, torch.round)),
    ("cut to whole numbers", _of(0, torch.trunc)),
    ("without the bias", _with_bias(-1)),
    ("with the bias added twice", _with_bias(1)),
    ("divided by the count of numbers in a kernel", _mean),
    ("with its rows in the opposite order", _of(2, lambda result: result.flip(-2))),
    ("with its columns in the opposite order", _of(2, lambda result: result.flip(-1))),
    ("turned by 180°", _of(2, lambda result: result.flip(-2, -1))),
    ("with rows and columns exchanged", _of(2, lambda result: result.transpose(-2, -1))),
    ("with its channels as the last axis", _of(4, lambda result: result.permute(0, 2, 3, 1))),
    ("with images and channels exchanged", _of(4, lambda result: result.transpose(0, 1))),
    ("with its channels in the opposite order", _of(4, lambda result: result.flip(1))),
    ("with its images in the opposite order", _of(4, lambda result: result.flip(0))),
    ("for the first image alone", _of(4, lambda result: result[:1])),
    ("for the last image alone", _of(4, lambda result: result[-1:])),
    ("for the first channel alone", _of(4, lambda result: result[:, :1])),
    ("for the last channel alone", _of(4, lambda result: result[:, -1:])),
    ("added up over the channels", _of(4, lambda result: result.sum(1, keepdim=True))),
    ("added up over the images", _of(4, lambda result: result.sum(0, keepdim=True))),
    ("without its last row", _of(2, lambda result: result[..., :-1, :])),
    ("without its last column", _of(2, lambda result: result[..., :-1])),
    ("without its last row and its last column", _of(2, lambda result: result[..., :-1, :-1])),
    ("without its axes of length 1", _of(0, torch.squeeze)),
    ("as one column", _of(0, lambda result: result.reshape(-1, 1))),
    ("as one row of numbers", _of(0, torch.flatten)),
    ("with one more axis in front", _of(0, lambda result: result[None])),
)


def what_it_returns(wrongs: Sequence[Wrong], references: Sequence[Callable[..., Any]]) -> str | None:
    """Return how all wrong results differ from the right ones, in a sentence; None where no simple change fits all.

    `references` give the right answer to the call of each.
    """
    pairs = [(wrong.got, expected_of(wrong)) for wrong in wrongs]
    if not all(isinstance(each, torch.Tensor) and each.is_floating_point() for pair in pairs for each in pair):
        return None
    if (
        len({(each.case.function, tuple(expected.shape)) for each, (_, expected) in zip(wrongs, pairs, strict=True)})
        < ENOUGH
    ):
        return None
    for phrase, change in CHANGES:
        if all(
            _same(got, change(expected, wrong.case.arguments))
            for (got, expected), wrong in zip(pairs, wrongs, strict=True)
        ):
            return messages.RETURNS.format(change=phrase, wrong=len(wrongs))
    for name, value in ((name, value) for name, values in FIXED.items() for value in values):
        calls = zip(pairs, wrongs, references, strict=True)
        if all(_same(got, _fixed(wrong, reference, name, value)) for (got, _), wrong, reference in calls):
            return messages.RETURNS.format(change=f"for {name}={value}", wrong=len(wrongs))
    return _with_a_number(pairs)


def _same(got: torch.Tensor, other: torch.Tensor | None) -> bool:
    if other is None or got.shape != other.shape:
        return False
    return torch.allclose(got.double(), other.double(), rtol=TOLERANCE, atol=TOLERANCE)


def _fixed(wrong: Wrong, reference: Callable[..., Any], name: str, value: int) -> torch.Tensor | None:
    """Return the right answer to the same call with one option of this value; None where there is none."""
    try:
        answer = reference(**{**wrong.case.arguments, name: value})
    except (RuntimeError, TypeError, ValueError):
        return None
    return answer if isinstance(answer, torch.Tensor) else None


def _with_a_number(pairs: Sequence[tuple[torch.Tensor, torch.Tensor]]) -> str | None:
    """Return that all results are the right ones times a number, or plus a number, the same in all calls."""
    if any(got.shape != expected.shape or not got.numel() for got, expected in pairs):
        return None
    (got, expected), wrong = pairs[0], len(pairs)
    square = float((expected.double() * expected.double()).sum())
    factor = float((got.double() * expected.double()).sum()) / square if square else 0.0
    if LEAST <= abs(factor) <= MOST and all(_same(got, right.double() * factor) for got, right in pairs):
        return messages.RETURNS_TIMES.format(number=number(round(factor, 4)), wrong=wrong)
    more = float((got - expected).double().mean())
    if LEAST <= abs(more) <= MOST and all(_same(got, right.double() + more) for got, right in pairs):
        return messages.RETURNS_PLUS.format(number=number(round(more, 4)), wrong=wrong)
    return None
