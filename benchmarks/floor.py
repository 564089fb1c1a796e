"""The floor: one warm process that calls the learners' functions and PyTorch's on the hidden checks' cases; no more.

Run as `python -m benchmarks.floor COURSE`; prints JSON: CPU seconds of the loop, submissions, calls.
"""

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import torch

from autograder import course
from autograder.notebooks.master import prelude
from autograder.suite.cases import Case, Space
from autograder.suite.load import load_suite
from benchmarks import school


def main(root: Path) -> None:
    """Run everything that was handed in to the course in `root`; only right answers are expected."""
    torch.set_num_threads(1)
    the_course = course.load(root)
    cases = {one.id: cases_of(one.id, the_course.key) for one in the_course.assignments}
    papers = list(school.submissions(the_course))
    for name, cells in papers[: len(cases)]:
        run(prelude(the_course, name), cells, cases[name])
    started, calls = time.process_time(), 0
    for name, cells in papers:
        calls += run(prelude(the_course, name), cells, cases[name])
    used = time.process_time() - started
    sys.stdout.write(json.dumps({"cpu": used, "submissions": len(papers), "calls": calls}) + "\n")


def cases_of(name: str, seed: int) -> list[tuple[Space, Case]]:
    """All cases of a suite, each with the space that knows PyTorch's answer to it."""
    found = []
    for check in load_suite(name).checks:
        spaces = {space.function: space for space in check.spaces}
        found += [(spaces[case.function], case) for case in check.drawn(seed)]
    return found


def run(prelude: str, cells: Any, cases: list[tuple[Space, Case]]) -> int:
    """One submission: its cells, and a call of its function and of PyTorch's for each case; how many calls."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for source in (prelude, *cells):
        exec(compile(source, "cell", "exec"), names)
    for space, case in cases:
        # Some cases ask for an error; some answers take their arguments by name only.
        with contextlib.suppress(ValueError, AssertionError, RuntimeError):
            try:
                named = {name: value for name, value in case.arguments.items() if name not in case.positional}
                names[case.function](*(case.arguments[name] for name in case.positional), **named)
            except TypeError:
                names[case.function](**case.arguments)
        with contextlib.suppress(ValueError, AssertionError, RuntimeError):
            space.reference(**{**space.defaults, **case.arguments})
    return len(cases)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main(Path(sys.argv[1]))
