"""Measure what the sandbox costs a submission: a locked-in worker against a bare fork of the same zygote.

    python benchmarks/sandbox_cost.py [repetitions]

Each repetition starts a worker, runs one cell, calls one function and ends the worker. The kinds take turns, so that a
busy machine slows all of them. `bare` has no layer at all, B has no namespaces, A has every layer, and `A, bans` also
disables the calls that most steps forbid.
"""

import statistics
import sys
import time
from pathlib import Path

from autograder import course
from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.host import Sandbox
from autograder.sandbox.session import Session
from autograder.sandbox.worker.isolation.lockdown import LAYERS
from autograder.suite.load import FORBIDS

KINDS = {"bare": LAYERS, "B": ("namespaces",), "A": (), "A, bans": ()}
SUBMISSION = Submission("benchmark", "benchmark", (Cell("cell", "def answer():\n    return None\n"),))
TARGET_MS = 10


def once(sandbox: Sandbox, forbids: tuple[str, ...]) -> float:
    """Return the milliseconds for one submission, from the fork to its end."""
    started = time.perf_counter()
    with Session(sandbox, SUBMISSION, forbids=forbids) as session:
        session.call("answer", {})
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Measure every kind and print one line each."""
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    limits = course.load(Path(__file__).resolve().parents[1]).limits
    sandboxes = {name: Sandbox(limits, without=without, unsafe=True).__enter__() for name, without in KINDS.items()}
    taken: dict[str, list[float]] = {name: [] for name in KINDS}
    for number in range(repetitions + 10):
        for name, sandbox in sandboxes.items():
            milliseconds = once(sandbox, FORBIDS if name == "A, bans" else ())
            if number >= 10:
                taken[name].append(milliseconds)
    for sandbox in sandboxes.values():
        sandbox.__exit__()
    bare = statistics.median(taken["bare"])
    print(f"{repetitions} submissions of each kind, in turns: medians, and 90th percentiles in brackets")
    for name, times in taken.items():
        middle, slow = statistics.median(times), sorted(times)[int(len(times) * 0.9)]
        line = f"{name:>7}  {middle:6.1f} ms  ({slow:6.1f} ms)"
        if name != "bare":
            line += f"  {middle - bare:+5.1f} ms over bare, {middle / bare:.2f} times; target {TARGET_MS} ms"
        print(line + (f"  (on this machine: tier {sandboxes[name].tier})" if name.startswith("A") else ""))


if __name__ == "__main__":
    main()
