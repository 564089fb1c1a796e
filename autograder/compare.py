"""Is the learner's answer the expected one? Shape first, then dtype, then values; nothing is broadcast."""

from collections.abc import Sequence
from typing import Any

import torch

from autograder import messages
from autograder.sandbox.learner import Answer, Raised
from autograder.sandbox.values import Opaque
from autograder.verdict import Wrong

TOLERANCE = 1e-4


def agree(answer: Answer, expected: torch.Tensor, *, gradient: bool = False) -> None:
    """Raise Wrong unless the answer is a float tensor with the expected shape and, within 1e-4, values.

    `gradient=True` accepts a result that requires grad, for steps that build a module.
    """
    got = answer.value
    if not isinstance(got, torch.Tensor):
        template = messages.RETURNED_NOTHING if got is None else messages.EXPECTED_TENSOR
        raise Wrong(template.format(shape=_shape(expected), what=what_is(got)), expected=expected)
    if got.shape != expected.shape:
        text = messages.WRONG_SHAPE.format(expected=_shape(expected), got=_shape(got))
        raise Wrong(text, expected=expected, got=got)
    traits = answer.traits[0]
    if not got.is_floating_point():
        text = messages.WRONG_DTYPE.format(expected="float32", got=traits.dtype)
        raise Wrong(text, expected=expected, got=got)
    if traits.requires_grad and not gradient:
        raise Wrong(messages.HAS_GRADIENT, expected=expected, got=got)
    _same_values(got.double(), expected.double())


def _same_values(got: torch.Tensor, expected: torch.Tensor) -> None:
    close = torch.isclose(got, expected, rtol=TOLERANCE, atol=TOLERANCE)
    if bool(close.all()):
        return
    first = tuple(int(index) for index in (~close).nonzero()[0])
    figures = {"expected": float(expected[first]), "got": float(got[first]), "position": list(first)}
    if not bool(torch.isfinite(got[~close]).all()):
        bad = tuple(int(index) for index in (~torch.isfinite(got) & ~close).nonzero()[0])
        figures = {"expected": float(expected[bad]), "got": float(got[bad]), "position": list(bad)}
        raise Wrong(messages.NOT_FINITE.format(**figures), expected=expected, got=got)
    text = messages.WRONG_VALUE.format(**figures, wrong=int((~close).sum()), total=close.numel())
    raise Wrong(text, expected=expected, got=got)


def unchanged(answer: Answer, arguments: dict[str, Any]) -> None:
    """Raise Wrong where a tensor among the arguments was changed by the call."""
    for name, before in arguments.items():
        after = (answer.after or {}).get(name)
        if isinstance(before, torch.Tensor) and not (isinstance(after, torch.Tensor) and torch.equal(before, after)):
            raise Wrong(messages.CHANGED_ARGUMENT.format(name=name))


def raises(call: Any, kinds: Sequence[str]) -> None:
    """Raise Wrong unless call() makes the learner's function raise one of these exceptions (by class name)."""
    expected = " or ".join(kinds)
    try:
        answer = call()
    except Raised as raised:
        if not set(kinds) & set(raised.kinds):
            kind = raised.kinds[0] if raised.kinds else "an exception"
            if kind == "NotImplementedError":
                raise
            raise Wrong(messages.WRONG_ERROR.format(expected=expected, type=kind, message=raised.message)) from None
        return
    raise Wrong(messages.EXPECTED_ERROR.format(expected=expected, what=what_is(answer.value)))


def what_is(value: Any) -> str:
    """A value in words: "None", "a list of 3 items", "a tensor of float32 with shape (2, 2)"."""
    if isinstance(value, Opaque):
        return value.what
    if isinstance(value, torch.Tensor):
        return f"a tensor of {str(value.dtype).removeprefix('torch.')} with shape {_shape(value)}"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)} items"
    if value is None or isinstance(value, bool):
        return str(value)
    return f"the {'text' if isinstance(value, str) else 'number'} {str(value)[:60]}"


def _shape(tensor: torch.Tensor) -> str:
    return str(tuple(tensor.shape))
