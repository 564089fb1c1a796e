"""Compare the learner's answer with the expected one: shape, then dtype, then values. Nothing is broadcast."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F

from autograder.report import answer_messages as messages
from autograder.sandbox.answers import Answer, NoAnswer, Raised, Words, Wrong
from autograder.sandbox.worker.values import Opaque
from autograder.suite.cases import Case
from autograder.tolerance import TOLERANCE

# A learner chooses all of what is returned, so a message quotes only enough to show that it is something else.
MOST_AXES, LONGEST = 6, 9999
MOST_WORDS, MOST_LETTERS = 100, 20


def agree(answer: Answer, expected: torch.Tensor, *, gradient: bool = False, scale: float = 1.0) -> None:
    """Raise Wrong unless the answer is a float tensor with the expected shape and, to within 1e-4, the expected values.

    `gradient=True` accepts a result that requires grad, for steps that build a module. `scale` is the size of the terms
    that add up to a value: where they nearly cancel, float32 is only accurate to 1e-4 of that size.
    """
    got = same_shape(answer, expected)
    traits = answer.traits[0]
    if not got.is_floating_point():
        text = messages.WRONG_DTYPE.format(expected="float32", got=traits.dtype)
        raise Wrong(text, expected=expected, got=got)
    if traits.requires_grad and not gradient:
        raise Wrong(messages.HAS_GRADIENT, expected=expected, got=got)
    # With a scale below 1, an answer that is marked as near could be wrong.
    if got is expected or (answer.near is expected and scale >= 1):
        return
    if got.dtype is expected.dtype and torch.equal(got, expected):
        return
    _same_values(got.double(), expected.double(), scale)


def agree_on_integer(answer: Answer, expected: int) -> None:
    """Raise Wrong unless the answer is the expected int; a float or a tensor with the same number does not count."""
    if type(answer.value) is not int or answer.value != expected:
        template = messages.RETURNED_NO_NUMBER if answer.value is None else messages.EXPECTED_WHOLE_NUMBER
        text = template.format(expected=expected, what=what_is(answer.value))
        raise Wrong(text, expected=expected, got=answer.value)


def agree_on_truth(answer: Answer, expected: bool) -> None:
    """Raise Wrong unless the answer is the expected bool; a tensor or a number with the same truth does not count."""
    if type(answer.value) is not bool or answer.value != expected:
        template = messages.RETURNED_NO_TRUTH if answer.value is None else messages.EXPECTED_TRUTH
        text = template.format(expected=expected, what=what_is(answer.value))
        raise Wrong(text, expected=expected, got=answer.value)


def agree_in_part(
    answer: Answer, case: Case, names: Sequence[str], name: str, window: Any = None, *, gradient: bool = False
) -> None:
    """Raise Wrong unless the answer is a tuple of as many tensors as `names`, and the one called `name` is right.

    `window` finds the window for this tensor, as in `Space`. `gradient=True` accepts one that requires grad.
    """
    items, index, shown = answer.value, names.index(name), replace(case, window=window)
    if not isinstance(items, (tuple, list)) or len(items) != len(names):
        text = messages.EXPECTED_PARTS.format(count=len(names), names=", ".join(names), what=what_is(items))
        raise Wrong(text, case=shown, expected=case.expected[index])
    before = sum(isinstance(item, torch.Tensor) for item in items[:index])
    try:
        near = case.expected[index] if answer.near is case.expected else None
        part = Answer(items[index], answer.traits[before : before + 1], near=near)
        agree(part, case.expected[index], gradient=gradient)
    except Wrong as wrong:
        text = messages.IN_PART.format(name=name, message=wrong.message)
        raise Wrong(text, case=shown, expected=case.expected[index], got=wrong.got) from None


def same_shape(answer: Answer, expected: torch.Tensor) -> torch.Tensor:
    """Return the answer. Raises Wrong unless it is a tensor with the expected shape."""
    got = answer.value
    if not isinstance(got, torch.Tensor):
        template = messages.RETURNED_NOTHING if got is None else messages.EXPECTED_TENSOR
        if isinstance(got, Opaque) and "numpy." in got.what:
            template = messages.RETURNED_NUMPY
        raise Wrong(template.format(shape=shape_of(expected), what=what_is(got)), expected=expected)
    if got.shape != expected.shape:
        text = messages.WRONG_SHAPE.format(expected=shape_of(expected), got=shape_of(got))
        raise Wrong(text, expected=expected, got=got)
    return got


def differing(got: torch.Tensor, expected: torch.Tensor, scale: float = 1.0) -> torch.Tensor:
    """Return, for each value, whether two tensors of one shape differ by more than 1e-4."""
    return ~torch.isclose(got.double(), expected.double(), rtol=TOLERANCE, atol=TOLERANCE * scale)


def first_of(wrong: torch.Tensor, got: torch.Tensor) -> tuple[int, ...] | None:
    """Return the position of the first wrong value that is NaN or infinite, else of the first wrong value; or None."""
    positions = (wrong & ~torch.isfinite(got)).nonzero()
    positions = positions if len(positions) else wrong.nonzero()
    return tuple(positions[0].tolist()) if len(positions) else None


def _same_values(got: torch.Tensor, expected: torch.Tensor, scale: float) -> None:
    wrong = differing(got, expected, scale)
    first = first_of(wrong, got) if bool(wrong.any()) else None
    if first is None:
        return
    number = float(got[first])
    template = messages.WRONG_VALUE if math.isfinite(number) else messages.NOT_FINITE
    counts = {"wrong": int(wrong.sum()), "total": wrong.numel()}
    text = template.format(expected=float(expected[first]), got=number, position=list(first), **counts)
    raise Wrong(text, expected=expected, got=got)


def exact_zeros(answer: Answer, expected: torch.Tensor) -> None:
    """Raise Wrong unless the answer is exactly 0 wherever the expected answer is."""
    got = same_shape(answer, expected)
    bad = ((expected == 0) & (got != 0)).nonzero()
    if len(bad):
        position = bad[0].tolist()
        text = messages.NOT_ZERO.format(position=position, got=float(got[tuple(position)]))
        raise Wrong(text, expected=expected, got=got)


def convolves(matrix: torch.Tensor, kernel: torch.Tensor, image: torch.Tensor) -> None:
    """Raise Wrong unless the matrix (OH·OW, H·W) times the flattened image (H, W) is F.conv2d's answer."""
    expected = F.conv2d(image[None, None].double(), kernel[None, None].double()).flatten()
    got = matrix.double() @ image.double().flatten()
    close = torch.isclose(got, expected, rtol=TOLERANCE, atol=TOLERANCE)
    if not bool(close.all()):
        first = int((~close).nonzero()[0])
        figures = {"expected": float(expected[first]), "got": float(got[first]), "position": first}
        raise Wrong(messages.WRONG_PRODUCT.format(**figures), got=matrix)


def adjoint(answer: Answer, case: Case, image: torch.Tensor) -> None:
    """Raise Wrong unless ⟨conv(x), y⟩ = ⟨x, conv_T(y)⟩, where y (h, w) is the input and conv_T(y) the answer.

    x is the image (h+KH-1, w+KW-1).
    """
    got = same_shape(answer, case.expected).double()
    image, y, kernel = (tensor.double() for tensor in (image, case.arguments["input"], case.arguments["kernel"]))
    left = F.conv2d(image[None, None], kernel[None, None])[0, 0] * y
    right = image * got
    # The terms may nearly cancel: what float32 can hold depends on their size.
    if not abs(float(left.sum() - right.sum())) <= TOLERANCE * (1 + float(left.abs().sum())):
        text = messages.NOT_ADJOINT.format(expected=float(left.sum()), got=float(right.sum()))
        raise Wrong(text, expected=case.expected, got=answer.value)


def unchanged(answer: Answer, arguments: Mapping[str, Any]) -> None:
    """Raise Wrong where the call changed a tensor among the arguments."""
    for name, before in arguments.items():
        after = (answer.after or {}).get(name)
        if isinstance(before, torch.Tensor) and not (isinstance(after, torch.Tensor) and torch.equal(before, after)):
            raise Wrong(messages.CHANGED_ARGUMENT.format(name=name), changed=name)


def unchanged_at_least(call: Any, arguments: Mapping[str, Any]) -> None:
    """Raise Wrong where `call()` changes a tensor among the arguments, but not where it raises: see `unchanged`."""
    try:
        answer = call()
    except NoAnswer:
        raise
    except Raised:
        return
    unchanged(answer, arguments)


def leaves_arguments(learner: Any, case: Case, *, must_return: bool = True, must_agree: bool = True) -> None:
    """Raise Wrong where a call changes a tensor among its arguments, or where its answer is wrong.

    A mistake with an option should cost the points of that option's check only. `must_return=False` is for calls that
    may raise because of such a mistake, `must_agree=False` for calls whose answers may be wrong because of it.
    """
    if not must_return:
        unchanged_at_least(lambda: learner.call(case, after=True), case.arguments)
        return
    answer = learner.call(case, after=True)
    unchanged(answer, case.arguments)
    if must_agree:
        agree(answer, case.expected)


def raises(call: Any, kinds: Sequence[str]) -> None:
    """Raise Wrong unless `call()` makes the learner's function raise one of these exceptions (names of classes)."""
    expected = " or ".join(kinds)
    try:
        answer = call()
    except Raised as raised:
        if not set(kinds) & set(raised.kinds):
            kind = raised.kinds[0] if raised.kinds else "an exception"
            if kind == "NotImplementedError":
                raise
            text = messages.WRONG_ERROR.format(expected=expected, message=raised.message)
            brief = messages.WRONG_ERROR_BRIEF.format(expected=expected, type=kind)
            briefest = messages.WRONG_ERROR_BRIEFEST.format(expected=expected)
            own = raised.words.own if raised.words else ""
            raise Wrong(text, words=Words(kind + own, kind, brief, briefest)) from None
        return
    raise Wrong(messages.EXPECTED_ERROR.format(expected=expected, what=what_is(answer.value)))


def what_is(value: Any) -> str:
    """Return a value in words: "None", "a list of 3 items", "a tensor of float32 with shape (2, 2)"."""
    if isinstance(value, Opaque):
        return value.what[:MOST_WORDS]
    if isinstance(value, torch.Tensor):
        return f"a tensor of {str(value.dtype).removeprefix('torch.')} with shape {shape_of(value)}"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)} items"
    if value is None or isinstance(value, bool):
        return str(value)
    return f"the {'text' if isinstance(value, str) else 'number'} {str(value)[:MOST_LETTERS]}"


def shape_of(tensor: torch.Tensor) -> str:
    """Return a shape in words: its first axes, with ">9999" for a very long one."""
    sizes = [str(size) if size <= LONGEST else f">{LONGEST}" for size in tensor.shape[:MOST_AXES]]
    sizes += ["…"] if tensor.dim() > MOST_AXES else []
    return f"({', '.join(sizes)}{',' * (len(sizes) == 1)})"
