"""A loop that never ends is found while it runs; one that may end is left alone."""

import linecache
import signal
import sys
import types
from typing import Any

import pytest

from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.answers import NoAnswer
from autograder.sandbox.host import Sandbox
from autograder.sandbox.session import Session
from autograder.sandbox.worker import endless

ENDLESS = {
    "always true": ("while True: look()", 2, []),
    "a number that is true": ("while 1: look()", 2, []),
    "nothing changes": ("i = 0\n    while i < n:\n        look()", 3, ["i", "n"]),
    "another name changes": (
        "i, j = 0, 0\n    while i < n and not j < 0:\n        look()\n        k = 1",
        3,
        ["i", "j", "n"],
    ),
    "the outer loop": (
        "i = 0\n    while i < n:\n        j = 0\n        while j < 2:\n            look(j)\n            j += 1",
        3,
        ["i", "n"],
    ),
    "the inner loop": ("i = j = 0\n    while i < n:\n        while j < n: look()\n        i += 1", 4, ["j", "n"]),
    "in a function that it calls": ("def helper(n):\n        while n > 0: look()\n    helper(n)", 3, ["n"]),
    "around a function that it calls": ("def helper():\n        return look()\n    while n: helper()", 4, ["n"]),
    "beside a comprehension": ("while n: [look() for _ in range(2)]", 2, ["n"]),
}
# What the loop changes, and which of these names; `i` is 40,000 at the look.
FAR = {
    "a step past the end": ("while i != n:\n        look()\n        i += 2", ["i"]),
    "a step that cannot meet the end": ("while i != 100_001:\n        look()\n        i += 2", ["i"]),
    "the wrong way": ("while i > n:\n        look()\n        i = i + 1", ["i"]),
    "the wrong way, down": ("i = -i\n    while i <= n:\n        look()\n        i -= n", ["i"]),
    "past it, down": ("i = -i\n    while i != n:\n        look()\n        i -= 1", ["i"]),
    "a step of zero": ("stride = 0\n    while n + n <= i:\n        look()\n        i += stride", ["i"]),
    "a step that is seldom taken": ("while -i < n:\n        look()\n        if n < 0: i += 1", ["i"]),
    "both at once": ("j = i\n    while n < i + j:\n        look()\n        i += 1\n        j += 2", ["i", "j"]),
    "a number that is never 0": ("while i:\n        look()\n        i += n", ["i"]),
    "beside another condition": ("while n and i >= 0:\n        look()\n        i += 1", ["i"]),
    "one condition of two": ("j = 0\n    while i > 0 or j < 3:\n        look()\n        i, j = i, j", None),
    "either condition": (
        "j = 0\n    while i > n or j > n:\n        look()\n        i += 1\n        j += 1",
        ["i", "j"],
    ),
}
MAY_END = {
    "the name is assigned": "while n:\n        look()\n        n -= 1",
    "it comes near the end": "i = 40_000\n    while i > n:\n        look()\n        i -= 1",
    "it comes near the end and meets it": "i = 40_000\n    while i >= n:\n        look()\n        i -= 1",
    "it meets the end from below": "i = -40_000\n    while i <= n:\n        look()\n        i += 1",
    "it meets the end": "i = 40_001\n    while i != 40_009:\n        look()\n        i += 4",
    "it comes from the other side": "i = -40_000\n    while i != n:\n        look()\n        i += 5",
    "forth and back": "i = 40_000\n    while i > n:\n        look()\n        i += 1\n        i -= 2",
    "a step that changes": "i = 40_000\n    while i > n:\n        look()\n        i += n\n        n = -n",
    "a step of another number that changes": (
        "i, k = 40_000, 1\n    while i > n:\n        look()\n        i += k\n        k = -k"
    ),
    "a sum with another number": "i, j = 40_000, 0\n    while i > n:\n        look()\n        i = j + 1",
    "in the condition": "while (n := n - 1):\n        look()",
    "a step that is called": "i = 40_000\n    while i > n:\n        look()\n        i += int('-1')",
    "a step that is a fraction": "i = 40_000\n    while i > n:\n        look()\n        i += 0.5",
    "a fraction": "i = 40_000.5\n    while i > n:\n        look()\n        i += 1",
    "an index may still be one": "i = 5000\n    while i >= n:\n        look()\n        i += 1",
    "multiplied": "i = 40_000\n    while i * i > n:\n        look()\n        i += 1",
    "doubled": "i = 40_000\n    while i > n:\n        look()\n        i *= 2",
    "changed and set": "i = 40_000\n    while i > n:\n        look()\n        i += 1\n        i = 0",
    "in a function of its own": "i = 40_000\n    while i > n:\n        look()\n        def g(i): i += 1",
    "two comparisons": "i = 40_000\n    while n < i < 50_000:\n        look()\n        i += 1",
    "one of two conditions ends it": "i = 40_000\n    while i > n and i < 50_000:\n        look()\n        i += 1",
    "the opposite": "i = 40_000\n    while not i < n:\n        look()\n        i -= 1",
    "an end that is assigned": "i = 40_000\n    while i > n:\n        look()\n        i += 1\n        n = 10**9",
    "deep in the loop": "while n:\n        look()\n        if n > 10**9:\n            n = 0",
    "by a loop over it": "while n:\n        look()\n        for n in range(3): pass",
    "by a walrus": "while n:\n        look()\n        (n := n - 1)",
    "by an import": "while n:\n        look()\n        import math as n",
    "it is deleted": "while n:\n        look()\n        del n",
    "a nested function assigns it": (
        "def less():\n        nonlocal n\n        n -= 1\n    while n:\n        look()\n        less()"
    ),
    "a list can change": "rows = []\n    same = rows\n    while not rows:\n        look()\n        same.append(1)",
    "a function is called": "while f.__name__ and len('x'):\n        look()",
    "a name of the whole notebook": "while GLOBAL:\n        look()",
    "break": "while True:\n        look()\n        if n > 10**9: break",
    "return": "while True:\n        look()\n        if n > 10**9: return",
    "raise": "while True:\n        look()\n        if n > 10**9: raise ValueError",
    "assert": "while True:\n        look()\n        assert n < 10**9",
    "yield": "while True:\n        look()\n        yield",
    "caught within": "while True:\n        try: look()\n        except ValueError: pass",
    "caught around": "try:\n        while True: look()\n    except StopIteration: pass",
    "caught by the caller": (
        "def helper():\n        while True: look()\n    try: helper()\n    except IndexError: pass"
    ),
    "a block that may catch": "with __import__('contextlib').suppress(ValueError):\n        while True: look()",
    "no such loop": "for i in range(2): look()",
    "beside the loop": "look()\n    while False: pass",
    "after the loop": "while n < 0: pass\n    look()",
}


def found(body: str) -> endless.Endless | None:
    """Run a function, and return the loop that is found at its first `look()`."""
    source = f"def f(n=5):\n    {body}\n"
    linecache.cache["<cell 1>"] = (len(source), None, source.splitlines(keepends=True), "<cell 1>")

    class NotFound(BaseException):
        """Nothing was found at the first look."""

    def look(*_: Any) -> None:
        endless._begun[:] = [-1e9]
        try:
            endless._look(0.2, signal.SIGPROF, sys._getframe())
        finally:
            endless._begun.clear()
        raise NotFound

    namespace: dict[str, Any] = {"look": look, "GLOBAL": 1}
    exec(compile(source, "<cell 1>", "exec"), namespace)
    try:
        made = namespace["f"]()
        if isinstance(made, types.GeneratorType):
            next(made)
    except NotFound:
        return None
    except endless.Endless as loop:
        return loop
    finally:
        del linecache.cache["<cell 1>"]
    raise AssertionError("the function never looked")


@pytest.mark.parametrize(("body", "line", "names"), ENDLESS.values(), ids=ENDLESS)
def test_a_loop_that_never_ends_is_found(body, line, names):
    loop = found(body)
    assert loop is not None
    assert (loop.place["where"], loop.names) == (f"cell 1, line {line}", names)
    assert loop.place["line"].startswith("while ")


@pytest.mark.parametrize(
    ("loop", "no", "yes"),
    [
        ("while n: g()", 0, 1),
        ("while n <= 40_000: n -= 1", 40_001, 40_000),
        ("while n >= 40_001: n += 1", 40_000, 40_001),
    ],
)
def test_the_head_of_a_loop_that_is_not_entered_is_no_loop(loop, no, yes):
    """A look may fall on the line of the condition, when it is false."""
    source = f"def f(n):\n    {loop}\n"
    frame: Any = types.SimpleNamespace(f_lineno=2, f_locals={"n": no})
    frame.f_code = types.SimpleNamespace(co_filename="<cell 1>", co_varnames=("n",), co_cellvars=())
    function = endless._function(source, "f", 1)
    assert endless._endless_loop(function, frame) is None
    frame.f_locals["n"] = yes
    assert endless._endless_loop(function, frame) is not None


@pytest.mark.parametrize(("body", "changed"), FAR.values(), ids=FAR)
def test_a_loop_that_moves_away_from_its_end_is_found(body, changed):
    loop = found(f"i = 40_000\n    {body}")
    assert (loop and loop.changed) == changed


@pytest.mark.parametrize("body", MAY_END.values(), ids=MAY_END)
def test_a_loop_that_may_end_is_left_alone(body):
    assert found(body) is None


def test_nothing_is_looked_at_between_calls_or_at_once():
    endless._look(0.2, signal.SIGPROF, sys._getframe())
    with endless.watched():
        assert endless._begun
        endless._look(0.2, signal.SIGPROF, sys._getframe())
    assert not endless._begun


@pytest.mark.slow
def test_a_worker_that_was_in_an_endless_loop_answers_the_next_call(sandbox: Sandbox):
    cells = (
        Cell("cell 1", "def f(n):\n    i = 0\n    while i < n:\n        total = i * 2\n    return total"),
        Cell("cell 2", "def g(): return 1.0\ndef h(n):\n    while n != 6:\n        n += 4"),
    )
    with Session(sandbox, Submission("conv2d", "test.ipynb", cells), "import torch") as session:
        with pytest.raises(NoAnswer) as stopped:
            session.call("f", {"n": 3})
        assert stopped.value.message == (
            "f was stopped in a loop that never ends (cell 1, line 3: while i < n:). "
            "Nothing in the loop changes i or n."
        )
        with pytest.raises(NoAnswer) as stopped:
            session.call("h", {"n": 3})
        assert stopped.value.message == (
            "h was stopped in a loop that never ends (cell 2, line 3: while n != 6:). "
            "The loop changes n, but its condition stays true for ever."
        )
        assert session.call("g", {}).value == 1
        assert session._meter.starts == 1
