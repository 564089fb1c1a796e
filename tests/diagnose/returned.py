"""What reports say that functions return, written down a second time: each phrase as a change of the right result."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import torch

from autograder.suite.cases import Case

RETURNS = re.compile(r"What it returns: the right result (?P<change>[^,]+), in all")
TIMES = re.compile(r"What it returns: (?P<number>\S+) times the right result, in all")
PLUS = re.compile(r"What it returns: the right result plus (?P<number>\S+), in all")


def bias_along(right: torch.Tensor, given: Mapping[str, Any]) -> torch.Tensor:
    """Return the bias in the result's shape."""
    value = given.get("bias")
    bias = torch.as_tensor(0.0 if value is None else value).double()
    if right.dim() > 2 and bias.dim():
        return torch.stack([torch.full_like(right[0, 0], each) for each in bias.tolist()]).expand_as(right)
    return torch.full_like(right, float(bias.reshape(-1)[0]))


def weights(given: Mapping[str, Any]) -> int:
    kernel = given["kernel"]
    return int(torch.Size(kernel.shape[1:] if kernel.dim() > 2 else kernel.shape).numel())


CHANGED: dict[str, Callable[[torch.Tensor, Mapping[str, Any]], torch.Tensor]] = {
    "with 0 everywhere": lambda right, _: right * 0,
    "with its sign turned": lambda right, _: 0 - right,
    "without its sign": lambda right, _: torch.where(right < 0, 0 - right, right),
    "with 0 for its negative numbers": lambda right, _: torch.where(right < 0, 0 * right, right),
    "rounded to whole numbers": lambda right, _: torch.tensor(right.numpy().round()),
    "cut to whole numbers": lambda right, _: right.long().double(),
    "without the bias": lambda right, given: right - bias_along(right, given),
    "with the bias added twice": lambda right, given: right + bias_along(right, given),
    "divided by the count of numbers in a kernel": lambda right, given: (
        bias_along(right, given) + (right - bias_along(right, given)) / weights(given)
    ),
    "with its rows in the opposite order": lambda right, _: torch.flip(right, (right.dim() - 2,)),
    "with its columns in the opposite order": lambda right, _: torch.flip(right, (right.dim() - 1,)),
    "turned by 180°": lambda right, _: torch.flip(torch.flip(right, (right.dim() - 1,)), (right.dim() - 2,)),
    "with rows and columns exchanged": lambda right, _: right.swapaxes(-1, -2),
    "with its channels as the last axis": lambda right, _: right.movedim(1, 3),
    "with images and channels exchanged": lambda right, _: right.movedim(1, 0),
    "with its channels in the opposite order": lambda right, _: right[:, list(range(right.shape[1]))[::-1]],
    "with its images in the opposite order": lambda right, _: right[list(range(len(right)))[::-1]],
    "for the first image alone": lambda right, _: right[0].unsqueeze(0),
    "for the last image alone": lambda right, _: right[len(right) - 1].unsqueeze(0),
    "for the first channel alone": lambda right, _: right[:, 0].unsqueeze(1),
    "for the last channel alone": lambda right, _: right[:, right.shape[1] - 1].unsqueeze(1),
    "added up over the channels": lambda right, _: right.sum(1).unsqueeze(1),
    "added up over the images": lambda right, _: right.sum(0).unsqueeze(0),
    "without its last row": lambda right, _: right.narrow(-2, 0, right.shape[-2] - 1),
    "without its last column": lambda right, _: right.narrow(-1, 0, right.shape[-1] - 1),
    "without its last row and its last column": lambda right, _: right.narrow(-2, 0, right.shape[-2] - 1).narrow(
        -1, 0, right.shape[-1] - 1
    ),
    "without its axes of length 1": lambda right, _: right.reshape([size for size in right.shape if size > 1]),
    "as one column": lambda right, _: right.contiguous().view(right.numel(), 1),
    "as one row of numbers": lambda right, _: right.contiguous().view(right.numel()),
    "with one more axis in front": lambda right, _: right.unsqueeze(0),
}


def returned(text: str, right: torch.Tensor, case: Case, reference: Callable[..., Any]) -> torch.Tensor | None:
    """Return what a function returns by the report's own words; None where they tell nothing of it."""
    times, plus, found = TIMES.search(text), PLUS.search(text), RETURNS.search(text)
    if times:
        return right * float(times["number"])
    if plus:
        return right + float(plus["number"])
    if not found:
        return None
    fixed = re.fullmatch(r"for (\w+)=(\d+)", found["change"])
    if fixed:
        return torch.as_tensor(reference(**{**case.arguments, fixed[1]: int(fixed[2])})).double()
    return CHANGED[found["change"]](right, case.arguments)
