"""Turn a wrong answer into a counterexample: the call that went wrong, as plain numbers."""

import math
from typing import Any

import torch

from autograder.explain.disclosure import Shown
from autograder.report.report import Counterexample
from autograder.sandbox.answers import Wrong
from autograder.suite.cases import Case
from autograder.suite.compare import differing, first_of, what_is

MAX_NUMBERS = 400
# float32 has no more.
DIGITS = 7


def counterexample(wrong: Wrong, shown: Shown | None = None) -> Counterexample | None:
    """Return the call on which the learner's function went wrong, as nested lists; None where no call was made.

    `shown` limits what is shown of the answer; without it, all of the answer is shown.
    """
    if wrong.case is None or wrong.no_function:
        return None
    case = wrong.case
    position = first_wrong(wrong)
    # Where something other than the result is wrong, there is no expected result to compare with.
    result_is_right = wrong.counted or wrong.changed
    return Counterexample(
        snippet=snippet(case, wrong.changed),
        smallest=wrong.shrunk,
        arguments={name: plain(value, tiny=True) for name, value in case.arguments.items()},
        expected=None if result_is_right else plain(expected_of(wrong)),
        got=plain(rounded(wrong.got if shown is None else shown.got)),
        position=position,
        window=case.window(case.arguments, position) if position and case.window else None,
    )


def expected_of(wrong: Wrong) -> Any:
    """Return what the call should have returned."""
    return wrong.case.expected if wrong.expected is None else wrong.expected


def wrong_values(wrong: Wrong) -> torch.Tensor | None:
    """Return, for each value of the answer, whether it is wrong; None where the answer lacks the expected shape."""
    got, expected = wrong.got, expected_of(wrong)
    if not (isinstance(got, torch.Tensor) and isinstance(expected, torch.Tensor)) or got.shape != expected.shape:
        return None
    return None if got.is_complex() else differing(got, expected)


def first_wrong(wrong: Wrong) -> tuple[int, ...] | None:
    """Return the first position of the answer that differs; None where no single position is to blame."""
    values = wrong_values(wrong)
    return None if values is None else first_of(values, wrong.got)


def snippet(case: Case, changed: str = "") -> str:
    """Return the call as Python code that runs in the notebook; it prints the argument that the call changes."""
    codes = {name: _code(value, case.layout) for name, value in case.arguments.items()}
    before, after = "", ""
    if changed in codes:
        before, after = f"{changed} = {codes[changed]}\n", f"\nprint({changed})"
        codes[changed] = changed
    parts = [code if name in case.positional else f"{name}={code}" for name, code in codes.items()]
    call = f"{case.function}(\n" + "".join(f"    {part},\n" for part in parts) + ")"
    return before + call + after


def _code(value: Any, layout: str) -> str:
    """Return Python code for an argument. It gives a tensor the memory layout that it had in the call."""
    if not isinstance(value, torch.Tensor):
        return repr(value)
    axes = tuple(reversed(range(value.dim())))
    if layout == "transposed" and len(axes) > 1:
        back = ".T" if len(axes) == 2 else f".permute{axes}"
        return f"torch.tensor({plain(value.permute(axes), tiny=True)}){back}"
    if layout == "sliced" and len(axes) > 1:
        wider = ".repeat_interleave(2, -2).repeat_interleave(2, -1)[..., ::2, ::2]"
        return f"torch.tensor({plain(value, tiny=True)}){wider}"
    return f"torch.tensor({plain(value, tiny=True)})"


def rounded(value: Any) -> Any:
    """Return a value with no more digits than float32 has: further digits explain nothing."""
    if isinstance(value, torch.Tensor):
        return value.to(torch.float32) if value.dtype == torch.float64 or _is_long(value) else value
    return float(f"{value:.7g}") if isinstance(value, (int, float)) and abs(value) >= 10**DIGITS else value


def _is_long(value: torch.Tensor) -> bool:
    return value.dtype in (torch.int64, torch.uint64, torch.int32, torch.uint32) and bool(
        (value.double().abs() >= 10**DIGITS).any()
    )


def plain(value: Any, *, tiny: bool = False) -> Any:
    """Return a value for JSON: tensors as nested lists, NaN and infinity as words, large values by their shape.

    Numbers have four decimals. With `tiny`, a number that would be rounded to 0 keeps its first digits instead.
    """
    if isinstance(value, (torch.Tensor, list, tuple)) and _items(value) > MAX_NUMBERS:
        return what_is(value)
    if isinstance(value, torch.Tensor):
        return plain(value.tolist(), tiny=tiny)
    if isinstance(value, (list, tuple)):
        return [plain(item, tiny=tiny) for item in value]
    if isinstance(value, float):
        rounded = round(value, 4) if math.isfinite(value) else str(value)
        return float(f"{value:.4g}") if tiny and not rounded else rounded
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return what_is(value)


def _items(value: Any) -> int:
    """Return the count of numbers, words and empty lists in a value."""
    if isinstance(value, torch.Tensor):
        return math.prod(max(1, axis) for axis in value.shape)
    return max(1, sum(map(_items, value))) if isinstance(value, (list, tuple)) else 1
