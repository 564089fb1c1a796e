"""Name a mistake in a step's own files, for its author: the file and line, the function, what is wrong, what to do."""

from collections.abc import Callable
from functools import partial
from typing import Any

from autograder.errors import Problem


def misuse(function: Callable[..., Any], what: str, remedy: str) -> Problem:
    """Return the problem with a function of a suite or a bank, or with what decorates it."""
    while isinstance(function, partial):
        function = function.func
    code = function.__code__
    return Problem(f"{code.co_filename}:{code.co_firstlineno}", f"{function.__name__} {what}", remedy)
