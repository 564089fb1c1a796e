"""Find a loop that can never end while it runs. Then nobody has to wait for the limit, and the learner learns which.

A `while` loop never ends where its condition stays true (`loop_condition.py`), and where it has no way out. Any doubt
counts as an end: a loop with another condition runs until the limit.
"""

import ast
import contextlib
import signal
import time
import types
import warnings
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any

from autograder.sandbox.worker import cells
from autograder.sandbox.worker.loop_condition import Loop, steps_of

# A call that has computed for so many CPU seconds is looked at. A loop that ends in an error has done so by then.
PATIENCE_SECONDS = 0.2
# Where a call may only compute for a short time, it is looked at well before that ends.
PART_OF_LIMIT = 4

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Statements that may lead out of a loop, or take up what is raised in it.
EXITS = (ast.Break, ast.Return, ast.Raise, ast.Assert, ast.Yield, ast.YieldFrom, ast.Await, ast.Global, ast.Nonlocal)
CATCHES = (ast.Try, ast.TryStar, ast.With, ast.AsyncWith)
# When the present call began, in the process's CPU seconds; empty between calls.
_begun: list[float] = []


class Endless(BaseException):
    """The call is in a loop that never ends. Not an Exception, so that `except Exception` does not catch it."""

    def __init__(self, place: dict[str, str], names: list[str], changed: list[str]) -> None:
        super().__init__(place["where"])
        self.place, self.names, self.changed = place, names, changed

    def reply(self) -> dict[str, Any]:
        """Return the reply to the call."""
        return {"status": "endless", **self.place, "names": self.names, "changed": self.changed}


def start_to_look(call_seconds: float) -> None:
    """Look from time to time, from now on. The sandbox does not let a worker set a timer later."""
    patience = min(PATIENCE_SECONDS, call_seconds / PART_OF_LIMIT)
    signal.signal(signal.SIGPROF, partial(_look, patience))
    signal.setitimer(signal.ITIMER_PROF, patience / 2, patience / 2)


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """Raise Endless in the block where it has computed for a while, and is in a loop that never ends."""
    _begun[:] = [time.process_time()]
    try:
        yield
    finally:
        _begun.clear()


def _look(patience: float, number: int, frame: types.FrameType | None) -> None:
    """Raise Endless where a function of the learner's is in a loop that never ends, and nothing would catch that."""
    if not _begun or time.process_time() - _begun[0] < patience:
        return
    found: Endless | None = None
    while frame is not None:
        filename, name = frame.f_code.co_filename, frame.f_code.co_name
        # Names like <listcomp> and <lambda> are of expressions, which hold no statement.
        if cells.is_cell(filename) and not name.startswith("<"):
            function = _function(cells.source_of(filename), name, frame.f_code.co_firstlineno)
            if function is None or any(isinstance(node, CATCHES) for node in ast.walk(function)):
                return
            found = found or _endless_loop(function, frame)
        frame = frame.f_back
    if found is not None:
        raise found


def _endless_loop(function: ast.AST, frame: types.FrameType) -> Endless | None:
    """Return the innermost loop around the line that this frame runs, if it never ends."""
    around = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.While) and node.lineno <= frame.f_lineno <= (node.body[-1].end_lineno or 0)
    ]
    code = frame.f_code
    # What nested functions see, they may change.
    own = {name: frame.f_locals[name] for name in set(code.co_varnames) - set(code.co_cellvars) & set(frame.f_locals)}
    for node in reversed(around):
        loop = Loop(node.test, steps_of(node), own)
        if not _has_exit(node) and loop.never_ends():
            return Endless(cells.place(code.co_filename, node.lineno), sorted(loop.names), sorted(loop.changed))
    return None


def _has_exit(loop: ast.While) -> bool:
    return any(isinstance(node, (*EXITS, *CATCHES, ast.Match)) for line in loop.body for node in ast.walk(line))


@lru_cache(maxsize=32)
def _function(source: str, name: str, first_line: int) -> ast.AST | None:
    """Return the function that begins at this line; None where that is not certain."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, FUNCTIONS)
        and node.name == name
        and min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) == first_line
    ]
    return found[0] if len(found) == 1 else None
