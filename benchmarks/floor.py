"""Measure the floor: one warm process that just calls the learners' functions and PyTorch's on the hidden cases.

Run it as `python -m benchmarks.floor COURSE`. It prints JSON: CPU seconds of the loop, submissions, calls.
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
from autograder.key import Key
from autograder.notebooks.master import prelude
from autograder.suite.cases import Case, Space
from autograder.suite.load import load_suite
from benchmarks import school


def main(root: Path) -> None:
    """Run every submission to the course in `root`. All answers must be right."""
    torch.set_num_threads(1)
    the_course = course.load(root)
    cases = {assignment.id: cases_of(assignment.id, the_course.key) for assignment in the_course.assignments}
    submissions = list(school.submissions(the_course))
    for name, cells in submissions[: len(cases)]:
        run(prelude(the_course, name), cells, cases[name])
    started, calls = time.process_time(), 0
    for name, cells in submissions:
        calls += run(prelude(the_course, name), cells, cases[name])
    used = time.process_time() - started
    sys.stdout.write(json.dumps({"cpu": used, "submissions": len(submissions), "calls": calls}) + "\n")


def cases_of(name: str, key: Key) -> list[tuple[Space, Case]]:
    """Return all cases of a suite, each with the space that knows PyTorch's answer."""
    cases = []
    for check in load_suite(name).checks:
        spaces = {space.function: space for space in check.spaces}
        cases += [(spaces[case.function], case) for case in check.drawn(key)]
    return cases


def run(prelude: str, cells: Any, cases: list[tuple[Space, Case]]) -> int:
    """Run a submission's cells, then call its function and PyTorch's for each case. Return the number of cases."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for source in (prelude, *cells):
        exec(compile(source, "cell", "exec"), names)
    for space, case in cases:
        # Some cases expect an error. Some answers take their arguments by name only.
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
