"""Find arguments that a function never reads. The text of the code proves it, and nothing is run."""

import ast
from collections.abc import Sequence
from typing import Any

import torch

from autograder.explain.call import DEFAULTS
from autograder.notebooks.read import Submission
from autograder.sandbox import static_names
from autograder.suite.cases import Case

# With one of these, a function may read its arguments without their names.
INDIRECT = frozenset(("locals", "vars", "eval", "exec", "globals", "dir", "inspect", "sys", "_getframe", "f_locals"))


def unread(submission: Submission, function: str, wrong: Sequence[Case]) -> list[str]:
    """Return the options that the function never reads, and that every wrong call has switched on."""
    if not wrong:
        return []
    on = [
        name
        for name in ("dilation", "stride", "padding", "groups", "bias")
        if all(_is_on(case, name) for case in wrong)
    ]
    return [name for name in on if _never_read(submission, function, name)]


def _is_on(case: Case, name: str) -> bool:
    value: Any = case.arguments.get(name)
    if name == "bias":
        return value is not None and bool(torch.as_tensor(value).any())
    numbers = value if isinstance(value, (tuple, list)) else (value,)
    return value is not None and any(number != DEFAULTS[name] for number in numbers)


def _never_read(submission: Submission, function: str, name: str) -> bool:
    try:
        meaning = static_names.read(submission.cells, frozenset((function,))).get(function)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    if not isinstance(meaning, static_names.Definition) or meaning.called:
        return False
    node = meaning.node
    if not isinstance(node, ast.FunctionDef) or node.decorator_list:
        return False
    parameters = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
    words = static_names.words_in(node.body)
    return name in [parameter.arg for parameter in parameters] and not words & (INDIRECT | {name})
