"""Grade the strangers like learners' notebooks, and write docs/strangers.md: python tests/strangers"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from autograder import course
from autograder.course import Course
from autograder.judge import judge
from autograder.report.report import Outcome, Report
from autograder.sandbox.host import Sandbox
from autograder.suite.known_answers import KnownAnswer

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "strangers.md"
CORE = ("conv2d", "flatten", "full", "kernel_matrix", "transposed", "dilation_groups", "pooling")
LATER = ("api", "unfold", "fully_connected", "conv1d", "separable", "network", "gradient", "large_kernel", "deformable")
STEPS = (*CORE, *LATER)
HEAD = """\
# Wrong answers that the grader does not know

This page lists wrong answers that are not in the bank of known mistakes, for every step but `network`. Those in
`tests/strangers/<step>_corners.py` were invented from the stub alone, by somebody who had seen nothing else of the kit.
So were nearly all of those for the steps below `pooling` on this page. Most are wrong in a corner only. A test checks
that each one loses points, and that the grader names no false cause. Each is graded as `autograder check` grades a
notebook, under the course's own seed, but without the search for the line of a slip. `python tests/strangers` writes
this page.

“Nothing” under “named as” is right for a mistake that is not in the bank: the grader names nothing rather than guess.
Where a name stands there, the mistake turned out to be in the bank after all, written in another way, or has been added
since, and does not count as one of the ten. Or it answers all calls of one check as a known mistake does; a person has
read both. The last column holds what else is told of the first failed check: when the function goes wrong, and where in
its result.

**Results.** At first, some of the answers with mistakes in corners kept every point, as they do in other kits. Now each
of them has a case: an output, or an input, of one row; numbers of which one is 0 and two are equal; as many kernels as
channels, or as columns; a window of 1 × 1 with a stride, or as large as the image with padding; an argument changed in
place under one option only; a mode that is nearly one. Padding with −100 for the maximum had kept every point, too. The
grader had also named false causes, which are mended: an error of the wrong kind for a None, a pair of mistakes guessed
from too little, and two mistakes with a dense layer's weights that no case could distinguish.

**Not tried**, because the lessons do not ask for it: images of integers or of 64 bits, digits beyond the fourth, and
whether a result is a new tensor. If a function remembers something from one call to the next, that shows only where it
spoils a later call.
"""


def strangers(step: str) -> list[KnownAnswer]:
    """Return a step's wrong answers, each in a notebook with right ones to the step's other functions."""
    return [
        KnownAnswer(
            step=step,
            name=body.__name__,
            function=function,
            checks=(),
            description=body.__doc__,
            hint="",
            alias=body.__name__,
            before="",
            body=body,
            helpers=module.HELPERS,
        )
        for module in (loaded(name) for name in (step, f"{step}_corners") if (HERE / f"{name}.py").exists())
        for function, bodies in module.STRANGERS.items()
        for body in bodies
    ]


def loaded(name: str) -> ModuleType:
    """Load one of the modules by its path, because some have the names of suites."""
    spec = importlib.util.spec_from_file_location(f"strangers_{name}", HERE / f"{name}.py")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def graded(step: str, sandbox: Sandbox | None = None) -> list[tuple[KnownAnswer, Report]]:
    """Return the reports on a step's strangers. A sandbox has the limits of `kit`."""
    known = strangers(step)
    return list(zip(known, judge.grade(kit(), [each.submission for each in known], sandbox), strict=True))


def kit() -> Course:
    """Return the course without the search for the line of a slip."""
    whole = course.load(ROOT)
    return whole.model_copy(update={"limits": whole.limits.model_copy(update={"edit_calls": 0})})


def page(reports: dict[str, list[tuple[KnownAnswer, Report]]]) -> str:
    """Return the page of the docs."""
    return "\n".join([HEAD, *(table(step, found) for step, found in reports.items())])


def table(step: str, found: list[tuple[KnownAnswer, Report]]) -> str:
    """Return a step's part of the page."""
    heads = [f"## {step}\n", "| what is wrong | points | fails | named as | told besides |", "|---|---|---|---|---|"]
    return "\n".join([*heads, *(_row(known, report) for known, report in found), ""])


def _row(known: KnownAnswer, report: Report) -> str:
    failed = [check for check in report.checks if check.outcome is Outcome.FAILED]
    named = sorted({check.misconception for check in failed if check.misconception})
    fails = ", ".join(check.id for check in failed)
    says = f"{known.description} (`{known.name}`)"
    points = f"{report.score:g} of {report.max_score:g}"
    told = next((check.condition for check in failed if check.condition), "")
    return f"| {says} | {points} | {fails} | {', '.join(named) or 'nothing'} | {told} |"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page({step: graded(step) for step in STEPS}), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
