"""What the conditions in reports mean, written down a second time: each phrase as a test of a call's plain arguments.

Nothing here comes from the code that finds the conditions.
"""

import re
from collections.abc import Callable
from typing import Any

import torch

from autograder.report import condition_messages as messages
from autograder.suite.cases import Case

WHEN = {
    name: re.compile(re.escape(text).replace(r"\{condition\}", "(?P<condition>.+?)").replace(r"\{wrong\}", r"\d+")
                     .replace(r"\{right\}", r"\d+").replace(r"\{calls\}", r"\d+"))
    for name, text in (
        ("wrong", messages.WRONG_WHEN),
        ("right", messages.RIGHT_WHEN),
        ("wrong here", messages.WRONG_WHEN_HERE),
        ("right here", messages.RIGHT_WHEN_HERE),
    )
}  # fmt: skip
UNREAD = re.compile(re.escape(messages.UNREAD).replace(r"\{name\}", r"(?P<name>\w+)"))
WHERE = re.compile(r"Where it is wrong: (?P<place>.+?), in all \d+ wrong calls that were compared\.")


def condition_in(text: str) -> tuple[str, list[str]] | None:
    """Return what kind of claim a report makes about calls, and its phrases; None where it makes none."""
    for kind, pattern in WHEN.items():
        found = pattern.search(text)
        if found:
            return kind, found["condition"].split(" and ") if "rows and columns" not in found["condition"] else (
                re.split(r" and (?!columns)", found["condition"])
            )
    return None


def pair(value: Any) -> list[int]:
    """Return a number twice, or a pair as a list."""
    return [int(each) for each in value] if isinstance(value, (tuple, list, torch.Size)) else [int(value)] * 2


class Facts:
    """The sizes, options and numbers of a call."""

    def __init__(self, case: Case) -> None:
        self.case, given = case, dict(case.arguments)
        self.given = given
        self.x = next((given[name] for name in ("input", "X", "images") if name in given), None)
        kernels = ("kernel", "depthwise", *(["weight"] if self.x is not None and self.x.dim() == 4 else []))
        self.k = next((given[name] for name in kernels if torch.is_tensor(given.get(name))), None)
        sizes = [
            given[name]
            for name in ("pool_size", "kernel_size", "size")
            if name in given and (name != "size" or self.x is not None)
        ]
        self.kernel = pair(self.k.shape[-2:]) if self.k is not None else pair(sizes[0]) if sizes else None
        self.size = pair(self.x.shape[-2:]) if self.x is not None else pair(given.get("input_size", 0))
        # Where nothing is said, pooling moves by its window.
        pools = "pool_size" in given or ("size" in given and self.x is not None)
        self.stride = pair(given.get("stride") or (self.kernel if pools else 1))
        self.padding, self.dilation = pair(given.get("padding", 0)), pair(given.get("dilation", 1))
        self.result = list(case.expected.shape) if isinstance(case.expected, torch.Tensor) else []

    def over(self) -> list[int]:
        """Return the rows and columns that the stride does not reach."""
        return [self.room()[axis] % self.stride[axis] for axis in (0, 1)]

    def room(self) -> list[int]:
        """Return by how much the kernel is shorter than the padded input."""
        return [
            self.size[axis] + 2 * self.padding[axis] - self.dilation[axis] * (self.kernel[axis] - 1) - 1
            for axis in (0, 1)
        ]

    def bias(self) -> torch.Tensor:
        """Return the bias; 0 where there is none."""
        value = self.given.get("bias")
        return torch.as_tensor(0.0 if value is None else value).double()


def negated(test: Callable[[Facts], Any]) -> Callable[[Facts], Any]:
    return lambda facts: not test(facts)


def sides(facts: Facts, what: list[int], test: Callable[[int, int], bool]) -> list[bool]:
    return [test(what[axis], facts.kernel[axis]) for axis in (0, 1)]


# Each phrase that can be said, and the phrase for its opposite.
OPPOSITES: list[tuple[str, str, Callable[[Facts], Any]]] = [
    ("the stride is above 1", "the stride is 1", lambda f: f.stride != [1, 1]),
    ("the padding is above 0", "the padding is 0", lambda f: f.padding != [0, 0]),
    ("the dilation is above 1", "the dilation is 1", lambda f: f.dilation != [1, 1]),
    ("the number of groups is above 1", "the number of groups is 1", lambda f: f.given.get("groups", 1) != 1),
    ("the stride is above 2", "the stride is at most 2", lambda f: f.stride[0] > 2 or f.stride[1] > 2),
    ("the padding is above 1", "the padding is at most 1", lambda f: f.padding[0] > 1 or f.padding[1] > 1),
    ("there is a bias", "there is no bias", lambda f: f.bias().count_nonzero() > 0),
    ("the batch has several images", "the batch has one image", lambda f: len(f.x) > 1),
    ("the input has several channels", "the input has one channel", lambda f: f.x.shape[1] > 1),
    ("there are several kernels", "there is one kernel", lambda f: len(f.k) > 1),
    ("the mode is 'avg'", "the mode is 'max'", lambda f: f.given.get("mode") == "avg"),
    ("the kernel is not square", "the kernel is square", lambda f: f.kernel[0] != f.kernel[1]),
    ("the input is not square", "the input is square", lambda f: f.size[0] != f.size[1]),
    ("the result is not square", "the result is square", lambda f: f.result[-1] != f.result[-2]),
    ("rows or columns are left over", "nothing is left over", lambda f: f.over() != [0, 0]),
    ("rows are left over", "no rows are left over", lambda f: f.over()[0] != 0),
    ("columns are left over", "no columns are left over", lambda f: f.over()[1] != 0),
    ("the stride is a pair", "the stride is a number", lambda f: isinstance(f.given.get("stride"), (tuple, list))),
    ("the padding is a pair", "the padding is a number", lambda f: isinstance(f.given.get("padding"), (tuple, list))),
    (
        "the stride differs between the axes",
        "the stride is the same on both axes",
        lambda f: f.stride[0] != f.stride[1],
    ),
    (
        "the padding differs between the axes",
        "the padding is the same on both axes",
        lambda f: f.padding[0] != f.padding[1],
    ),
    ("the kernel is taller than wide", "", lambda f: f.kernel[0] > f.kernel[1]),
    ("the kernel is wider than tall", "", lambda f: f.kernel[1] > f.kernel[0]),
    ("the input is taller than wide", "", lambda f: f.size[0] > f.size[1]),
    ("the input is wider than tall", "", lambda f: f.size[1] > f.size[0]),
    ("the kernel is 1 × 1", "the kernel is larger than 1 × 1", lambda f: f.kernel == [1, 1]),
    ("the kernel has one row", "the kernel has several rows", lambda f: f.kernel[0] == 1),
    ("the kernel has one column", "the kernel has several columns", lambda f: f.kernel[1] == 1),
    ("the result has one row", "the result has several rows", lambda f: f.result[-2] == 1),
    ("the result has one column", "the result has several columns", lambda f: f.result[-1] == 1),
    ("the result is 1 × 1", "the result is larger than 1 × 1", lambda f: f.result[-2:] == [1, 1]),
    ("the kernel has room to move down", "the kernel has no room to move down", lambda f: f.room()[0] > 0),
    (
        "the kernel has room to move to the right",
        "the kernel has no room to move to the right",
        lambda f: f.room()[1] > 0,
    ),
    (
        "the stride is larger than a side of the kernel",
        "the stride is at most both sides of the kernel",
        lambda f: any(sides(f, f.stride, lambda step, side: step > side)),
    ),
    (
        "the stride is larger than both sides of the kernel",
        "the stride is at most one of the sides of the kernel",
        lambda f: all(sides(f, f.stride, lambda step, side: step > side)),
    ),
    (
        "the padding is at least a side of the kernel",
        "the padding is smaller than both sides of the kernel",
        lambda f: any(sides(f, f.padding, lambda pad, side: pad >= side)),
    ),
    (
        "the padding is at least both sides of the kernel",
        "the padding is smaller than one of the sides of the kernel",
        lambda f: all(sides(f, f.padding, lambda pad, side: pad >= side)),
    ),
    (
        "the kernel is as large as the input",
        "the kernel is smaller than the input",
        lambda f: f.kernel == f.size,
    ),
    ("the height of the kernel is even", "the height of the kernel is odd", lambda f: f.kernel[0] % 2 == 0),
    ("the width of the kernel is even", "the width of the kernel is odd", lambda f: f.kernel[1] % 2 == 0),
    (
        "there are as many kernels as channels",
        "there are more or fewer kernels than channels",
        lambda f: len(f.k) == f.x.shape[1],
    ),
    (
        "the result has as many columns as kernels",
        "the result has more or fewer columns than kernels",
        lambda f: len(f.k) == f.result[-1],
    ),
    (
        "the batch has as many images as there are kernels",
        "the batch has more or fewer images than kernels",
        lambda f: len(f.k) == len(f.x),
    ),
    (
        "the input has more than 3 channels",
        "the input has at most 3 channels",
        lambda f: f.x.shape[1] > 3,
    ),
    (
        "the input has more than 2 channels",
        "the input has at most 2 channels",
        lambda f: f.x.shape[1] > 2,
    ),
    ("the input has one row", "the input has several rows", lambda f: f.size[0] == 1),
    ("the input has one column", "the input has several columns", lambda f: f.size[1] == 1),
    ("the input has one row or one column", "the input has several rows and columns", lambda f: 1 in f.size),
    ("the bias is a tensor", "the bias is no tensor", lambda f: torch.is_tensor(f.given.get("bias"))),
    (
        "the bias holds a 0",
        "the bias holds no 0",
        lambda f: not isinstance(f.given.get("bias"), (bool, type(None))) and 0 in f.bias().flatten().tolist(),
    ),
    ("the bias holds a negative number", "no bias is negative", lambda f: min(f.bias().flatten().tolist()) < 0),
    (
        "the input holds fractions",
        "the input holds whole numbers only",
        lambda f: any(number % 1 for number in f.x.flatten().tolist()),
    ),
    (
        "all numbers of the input are negative",
        "some number of the input is 0 or more",
        lambda f: max(f.x.flatten().tolist()) < 0,
    ),
    ("the input holds a 0", "the input holds no 0", lambda f: 0 in f.x.flatten().tolist()),
    (
        "the tensors are views that are not contiguous",
        "the tensors are contiguous",
        lambda f: f.case.layout in ("transposed", "sliced"),
    ),
    (
        "the tensors are transposed views",
        "the tensors are no transposed views",
        lambda f: f.case.layout == "transposed",
    ),
]
TESTS = {phrase: test for phrase, _, test in OPPOSITES}
TESTS |= {phrase: negated(test) for _, phrase, test in OPPOSITES if phrase}


def holds(phrase: str, case: Case) -> bool:
    """Return whether a phrase is true of a call. Raises KeyError for a phrase that nobody wrote down here."""
    found = re.fullmatch(r"the call (leaves out|passes) (\w+)", phrase)
    if found:
        return (found[2] in case.arguments) == (found[1] == "passes")
    return bool(TESTS[phrase.replace("window", "kernel")](Facts(case)))


def inside(place: str, at: tuple[int, ...], shape: torch.Size) -> bool:
    """Return whether a position of a result lies in a place that a report names."""
    if place == "only at the border of the result":
        return any(at[axis] in (0, shape[axis] - 1) for axis in (-1, -2))
    found = re.search(r"(first|last|every) (image|channel|row|column) of the result(?: but the (first|last))?", place)
    assert found, place
    axis = {"image": 0, "channel": 1, "row": -2, "column": -1}[found[2]]
    first, last = at[axis] == 0, at[axis] == shape[axis] - 1
    if found[1] == "every":
        return not (first if found[3] == "first" else last)
    return first if found[1] == "first" else last
